// One file on its way to the server in checked parts (contentlib/library/uploading_views.py). A line that breaks, a
// server that is busy or a laptop that sleeps only pauses it; what was answered is never sent again.
//   const sending = new Sending(file, { url, key, token, aim, tell })
//   await sending.go() → the answer of `finish`; throws Refused with that of the server, or Stopped
//   tell("sending" | "paused" | "offline" | "checking", bytes)

const RETRY_SECONDS = [1, 2, 4, 8, 15, 30];

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
  #request = null;
  #wake = () => {};

  constructor(file, options) {
    this.file = file;
    Object.assign(this, options);
  }

  async go() {
    const begun = await this.#insist(() => this.#begin());
    const { id, part, offset } = JSON.parse(begun.responseText);
    this.address = `${this.url}/${id}`;
    let place = offset;
    for (;;) {
      while (place < this.file.size) place = await this.#sendPart(place, part);
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
    this.#request?.abort();
    this.tell("paused");
  }

  resume() {
    this.#running = true;
    this.#failures = 0;
    this.#wake();
  }

  stop() {
    this.#stopped = true;
    this.#request?.abort();
    this.#wake();
    // Also when the page is left at once.
    const headers = { "HX-Request": "true", "X-CSRFToken": this.token };
    if (this.address) fetch(this.address, { method: "DELETE", keepalive: true, headers });
  }

  async #sendPart(place, size) {
    const part = await read(this.file.slice(place, place + size));
    const digest = await checksum(part);
    const answer = await this.#insist(() => {
      this.tell("sending", place);
      const headers = { "Upload-Offset": place, "Content-Type": "application/octet-stream", ...digest };
      return this.#ask("PATCH", this.address, part, headers, (sent) => this.tell("sending", place + sent));
    });
    return placeTold(answer, place);
  }

  // Ask until there is an answer that asking again would not change.
  async #insist(ask, state = "sending") {
    for (;;) {
      await this.#whenRunning();
      const answer = await ask();
      if (this.#stopped) throw new Stopped();
      if (!this.#running) continue;
      const knowsPlace = answer.getResponseHeader("Upload-Offset") !== null;
      if (answer.status >= 200 && answer.status < 300) this.#failures = 0;
      else if (!isPassing(answer.status) && !knowsPlace) throw new Refused(answer);
      else if (!knowsPlace) {
        await this.#patience(state);
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
  async #patience(state) {
    const seconds = RETRY_SECONDS[Math.min(this.#failures, RETRY_SECONDS.length - 1)];
    this.#failures += 1;
    if (state === "sending") this.tell("offline");
    await new Promise((wake) => {
      this.#wake = wake;
      setTimeout(wake, seconds * 1000);
      addEventListener("online", wake, { once: true });
    });
  }

  #begin() {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...this.aim, name: this.file.name, size: this.file.size })) {
      body.set(name, value);
    }
    return this.#ask("POST", this.url, body, { "Idempotency-Key": this.key });
  }

  #ask(method, address, body = null, headers = {}, progress = null) {
    return new Promise((answered) => {
      const request = new XMLHttpRequest();
      this.#request = request;
      request.open(method, address);
      const all = { "HX-Request": "true", "X-CSRFToken": this.token, ...headers };
      for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
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
