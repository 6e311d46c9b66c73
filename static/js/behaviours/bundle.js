// data-bundle="URL": a field for a folder or a ZIP file, chosen or dropped. The server hears which files there are and says
// which of them to send; each is sent in parts to data-bundle-uploads (sending.js). The same folder or file chosen again
// goes on where it stopped. When all have come, the page of the import follows.

import { size } from "./byte-size.js";
import { Refused, Sending, Stopped, Unreadable } from "./sending.js";
import { sentence } from "./toast.js";

const AT_ONCE = 3;

export function bundles() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-bundle]");
    if (!form || event.target.type !== "file") return;
    const files = [...event.target.files];
    event.target.value = "";
    if (!files.length) return;
    if (event.target.matches("[data-bundle-archive]")) sendArchive(form, files[0]);
    else
      sendFolder(
        form,
        files.map((file) => [file.webkitRelativePath || file.name, file]),
      );
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, onDrag);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-bundle-pause]");
    if (button) pause(button.closest("[data-bundle]"), button);
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-bundle].is-sending")) event.preventDefault();
  });
}

function onDrag(event) {
  const form = event.target.closest?.("[data-bundle]");
  if (!form || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.toggle("is-over", event.type === "dragenter" || event.type === "dragover");
  if (event.type === "drop") dropped(form, event.dataTransfer);
}

async function dropped(form, transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const [only] = transfer.files;
  if (entries.length === 1 && entries[0].isFile && /\.zip$/i.test(only.name)) return sendArchive(form, only);
  told(form, form.dataset.bundleListing);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  sendFolder(form, found);
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((take) => entry.file(take, () => take(null)));
    if (file) found.push([entry.fullPath.replace(/^\//, ""), file]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A folder is told a hundred names at a time.
    const some = await new Promise((take) => reader.readEntries(take, () => take([])));
    if (!some.length) return;
    for (const one of some) await walk(one, found);
  }
}

async function sendArchive(form, file) {
  const list = { name: file.name, size: file.size, changed: file.lastModified };
  await deliver(form, list, (begun) => [{ file, aim: { run: begun.run } }]);
}

async function sendFolder(form, found) {
  if (!found.length) return refuse(form, form.dataset.bundleEmpty);
  // The same folder is told in the same order, whatever order it was read in; a file before its copies.
  found.sort(([one], [other]) => (bare(one) < bare(other) ? -1 : 1));
  const [name] = found[0][0].split("/");
  const list = { name, files: found.map(([path, file]) => [path, file.size]) };
  await deliver(form, list, (begun) =>
    begun.send.map(([place, id]) => ({ file: found[place][1], aim: { run: begun.run, file: id } })),
  );
}

const bare = (path) => path.replace(/\.[^./]*$/, "");

async function deliver(form, list, filesOf) {
  if (form.classList.contains("is-sending")) return;
  refuse(form, "");
  begin(form, list.name);
  try {
    const begun = await ask(form, form.dataset.bundle, list);
    const files = filesOf(begun);
    const place = await sendAll(form, files, list.files?.length ?? 0);
    const to = place ?? (await ask(form, begun.arrived, {})).to;
    form.classList.remove("is-sending");
    location.assign(to);
  } catch (error) {
    end(form);
    if (error instanceof Refused) refuse(form, sentence(error.answer));
    else if (error instanceof Unreadable) refuse(form, form.dataset.bundleUnreadable);
    else if (!(error instanceof Stopped)) throw error;
  }
}

// Some files at once; one that is refused keeps none of the others. Of a single archive, the answer says where it leads.
async function sendAll(form, files, whole) {
  const state = {
    form,
    whole,
    all: files.length,
    done: 0,
    bytes: files.reduce((sum, { file }) => sum + file.size, 0),
  };
  Object.assign(state, { sent: new Map(), marks: [] });
  form.sendings = new Set();
  const waiting = [...files];
  let answer = null;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      answer = await sendOne(state, next);
      state.done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return whole ? null : JSON.parse(answer.responseText).to;
}

async function sendOne(state, { file, aim }) {
  const { form } = state;
  const sending = new Sending(file, {
    url: form.dataset.bundleUploads,
    key: "",
    token: form.elements.csrf_token.value,
    aim,
    tell: (how, bytes) => progress(state, file, how, bytes),
  });
  form.sendings.add(sending);
  if (form.paused) sending.pause();
  try {
    return await sending.go();
  } catch (error) {
    if (state.whole && (error instanceof Refused || error instanceof Unreadable)) return null;
    throw error;
  } finally {
    form.sendings.delete(sending);
    progress(state, file, "sending", file.size);
  }
}

async function ask(form, address, body) {
  const headers = {
    "HX-Request": "true",
    "X-CSRFToken": form.elements.csrf_token.value,
    "Content-Type": "application/json",
  };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) }).catch(
    () => null,
  );
  if (answer?.ok) return answer.json();
  throw new Refused({
    status: answer?.status ?? 0,
    getResponseHeader: (name) => answer?.headers.get(name) ?? null,
  });
}

function begin(form, name) {
  form.classList.add("is-sending");
  form.paused = false;
  form.querySelector("[data-bundle-way]").hidden = false;
  form.querySelector("[data-bundle-field]").hidden = true;
  form.querySelector("[data-bundle-name]").textContent = name;
  told(form, form.dataset.bundleListing);
}

function end(form) {
  form.classList.remove("is-sending");
  form.querySelector("[data-bundle-way]").hidden = true;
  form.querySelector("[data-bundle-field]").hidden = false;
}

function pause(form, button) {
  form.paused = !form.paused;
  button.textContent = form.paused ? button.dataset.resume : button.dataset.pause;
  for (const sending of form.sendings ?? []) form.paused ? sending.pause() : sending.resume();
}

function progress(state, file, how, bytes) {
  const { form } = state;
  if (bytes !== undefined) state.sent.set(file, bytes);
  const sum = [...state.sent.values()].reduce((one, other) => one + other, 0);
  const bar = form.querySelector("progress");
  bar.max = Math.max(state.bytes, 1);
  bar.value = sum;
  const parts = [`${size(sum)} / ${size(state.bytes)}`];
  if (state.whole) {
    const files = form.dataset.bundleFiles.replace("{done}", state.whole - state.all + state.done);
    parts.unshift(files.replace("{all}", state.whole));
  }
  const words = { paused: "bundlePaused", offline: "bundleOffline" }[how];
  if (words) parts.push(form.dataset[words]);
  else if (how === "checking" && !state.whole) parts.push(form.dataset.bundleChecking);
  else parts.push(`${size(speed(state, sum))}/s`);
  told(form, parts.join(" · "));
}

// Bytes a second over the last moments.
function speed(state, sum) {
  const now = performance.now();
  state.marks = [...state.marks.filter(([at]) => now - at < 5000), [now, sum]];
  const [[since, before]] = state.marks;
  return Math.max(sum - before, 0) / Math.max((now - since) / 1000, 0.1);
}

function told(form, text) {
  form.querySelector("[data-bundle-facts]").textContent = text;
}

function refuse(form, text) {
  form.querySelector("[data-bundle-refusal]").textContent = text;
}
