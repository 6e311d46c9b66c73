// One file on its way to the server in checked parts (contentlib/library/uploads/parts_views.py), or straight to its
// store, by an address for each part (direct_views.py). A line that breaks, a server that is busy or a laptop that
// sleeps only pauses it; what came is never sent again. Where the store cannot be reached, the file comes through the
// application instead, and so do all others of this page.
//   const sending = new Sending(file, { url, key, token, aim, tell })
//   await sending.go() → the answer of `finish`; throws Refused with that of the server, or Stopped
//   tell("sending" | "paused" | "offline" | "checking", bytes)

const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];
// So often in a row the store may fail while the application answers: fewer times while nothing is there to lose.
const STORE_FAILS = { first: 2, later: 6 };

// What is under way when a line breaks is sent again, so a part is as large as the line carries in some seconds.
const PART_SECONDS = 4;
const SMALLEST = 2 ** 18;

let reachesStore = Boolean(globalThis.crypto?.subtle);

export class Refused extends Error {
  constructor(answer) {
    super(`refused: ${answer.status}`);
    this.answer = answer;
  }
}

export class Stopped extends Error {}
export class Unreadable extends Error {}

export class Sending {
  #running = true;
  #stopped = false;
  #failures = 0;
  #storeFailures = 0;
  #fitting = SMALLEST;
  #underWay = null;
  #wake = () => {};

  constructor(file, options) {
    this.file = file;
    Object.assign(this, options);
  }

  async go() {
    let place = await this.#begin();
    for (;;) {
      while (place < this.file.size) place = await this.#sendPart(place);
      this.tell("checking", place);
      const answer = await this.#insist(() => this.#ask("POST", `${this.address}/finish`), "checking");
      if (answer.status < 300) return answer;
      // The server lost what it had: it says where to go on.
      place = placeTold(answer, place);
    }
  }

  get isPaused() {
    return !this.#running;
  }

  pause() {
    this.#running = false;
    this.#underWay?.abort();
    this.tell("paused");
  }

  resume() {
    this.#running = true;
    this.#failures = 0;
    this.#wake();
  }

  stop() {
    this.#stopped = true;
    this.#underWay?.abort();
    this.#wake();
    // Also when the page is left at once.
    const headers = { "HX-Request": "true", "X-CSRFToken": this.token };
    if (this.address) fetch(this.address, { method: "DELETE", keepalive: true, headers });
  }

  async #sendPart(place) {
    const toStore = this.way === "store";
    // The store wants all parts of one size.
    const size = toStore ? this.part : Math.min(this.#fitting, this.part);
    const part = await read(this.file.slice(place, place + size));
    const headers = { "Upload-Offset": place, ...(await checksum(part)) };
    if (toStore) return this.#toStore(place, part, headers);
    const began = performance.now();
    const end = await this.#toServer(place, part, headers);
    const seconds = Math.max(performance.now() - began, 1) / 1000;
    this.#fitting = Math.max(Math.ceil((part.byteLength / seconds) * PART_SECONDS), SMALLEST);
    return end;
  }

  async #toServer(place, part, headers) {
    const answer = await this.#insist(() => {
      const typed = { "Content-Type": "application/octet-stream", ...headers };
      return this.#ask("PATCH", this.address, part, typed, this.#progress(place));
    });
    return placeTold(answer, place);
  }

  async #toStore(place, part, headers) {
    const asking = () => this.#ask("POST", `${this.address}/address`, null, headers);
    const told = await this.#insist(asking, "sending", (status) => status === 503);
    if (told.status === 503) return this.#storeFailed(place);
    if (told.status >= 300) return placeTold(told, place);
    const signed = JSON.parse(told.responseText);
    const answer = await this.#request("PUT", signed.address, part, signed.headers, this.#progress(place));
    if (answer.status === 200) {
      this.#storeFailures = 0;
      return place + part.byteLength;
    }
    return this.#running && !this.#stopped ? this.#storeFailed(place) : place;
  }

  // A line that breaks may mend; a store that no browser reaches will not.
  async #storeFailed(place) {
    this.#storeFailures += 1;
    if (this.#storeFailures < (place > 0 ? STORE_FAILS.later : STORE_FAILS.first)) {
      await this.#patience("sending", this.#storeFailures);
      return place;
    }
    reachesStore = false;
    return this.#begin();
  }

  #progress(place) {
    this.tell("sending", place);
    return (sent) => this.tell("sending", place + sent);
  }

  // Ask until there is an answer that asking again would not change, or one that the caller is waiting for.
  async #insist(ask, state = "sending", awaited = () => false) {
    for (;;) {
      await this.#whenRunning();
      const answer = await ask();
      if (this.#stopped) throw new Stopped();
      if (!this.#running) continue;
      if (awaited(answer.status)) return answer;
      const knowsPlace = answer.getResponseHeader("Upload-Offset") !== null;
      if (answer.status >= 200 && answer.status < 300) this.#failures = 0;
      else if (!isPassing(answer.status) && !knowsPlace) throw new Refused(answer);
      else if (!knowsPlace) {
        this.#failures += 1;
        await this.#patience(state, this.#failures);
        continue;
      }
      return answer;
    }
  }

  async #whenRunning() {
    while (!this.#running && !this.#stopped) {
      await new Promise((wake) => {
        this.#wake = wake;
      });
    }
    if (this.#stopped) throw new Stopped();
  }

  // Wait a little, longer each time, or until the line is back.
  async #patience(state, failures) {
    const seconds = RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length) - 1];
    if (state === "sending") this.tell("offline");
    await new Promise((wake) => {
      this.#wake = wake;
      setTimeout(wake, seconds * 1000);
      addEventListener("online", wake, { once: true });
    });
  }

  // Say what comes, and hear which way, in what parts and from where on.
  async #begin() {
    const body = new FormData();
    const facts = { ...this.aim, name: this.file.name, size: this.file.size, direct: reachesStore ? 1 : "" };
    for (const [name, value] of Object.entries(facts)) body.set(name, value);
    const begun = await this.#insist(() =>
      this.#ask("POST", this.url, body, { "Idempotency-Key": this.key }),
    );
    const { id, way, part, offset } = JSON.parse(begun.responseText);
    Object.assign(this, { address: `${this.url}/${id}`, way, part });
    return offset;
  }

  #ask(method, address, body = null, headers = {}, progress = null) {
    const ours = { "HX-Request": "true", "X-CSRFToken": this.token };
    return this.#request(method, address, body, { ...ours, ...headers }, progress);
  }

  #request(method, address, body, headers, progress) {
    return new Promise((answered) => {
      const request = new XMLHttpRequest();
      this.#underWay = request;
      request.open(method, address);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (progress) request.upload.addEventListener("progress", (event) => progress(event.loaded));
      request.addEventListener("loadend", () => answered(request));
      request.send(body);
    });
  }
}

// No answer at all, somebody else at work on it, too many at once, or the server's own trouble.
function isPassing(status) {
  return status === 0 || status === 409 || status === 429 || (status >= 500 && status !== 507);
}

function placeTold(answer, otherwise) {
  return Number(answer.getResponseHeader("Upload-Offset") ?? otherwise);
}

async function read(blob) {
  try {
    return await blob.arrayBuffer();
  } catch {
    throw new Unreadable();
  }
}

// Browsers offer this on secure addresses and on this machine; elsewhere the part goes without.
async function checksum(part) {
  if (!crypto.subtle) return {};
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", part));
  return { "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...digest))}:` };
}
