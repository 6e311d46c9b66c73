// data-uploader="URL": a field for several files, by click or by dropping, each sent in parts with its progress
// (sending.js). It can be paused, goes on by itself when the line is back, and after a restart of the browser when
// the same file is chosen again. The server answers the last step with the HTML of the row
// (components/upload_row.html). Without JavaScript the same form sends the files the ordinary way.
//   data-uploader-rows="ID" where the rows go · <template data-upload-row> how a row looks while it is under way
//   data-uploader-aim='{"asset": 1}' what is to become of the files

import { size } from "./byte-size.js";
import { Refused, Sending, Stopped, Unreadable } from "./sending.js";
import { sentence } from "./toast.js";

const AT_ONCE = 2;
const UNDER_WAY = ["waiting", "sending", "offline", "checking"]
  .map((state) => `[data-upload=${state}]`)
  .join();

export function uploaders() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-uploader]");
    if (!form || event.target.type !== "file") return;
    add(form, event.target.files);
    event.target.value = "";
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, onDrag);
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-upload]");
    if (!row?.sending) return;
    if (event.target.closest("[data-upload-cancel]")) cancel(row);
    if (event.target.closest("[data-upload-pause]"))
      row.sending.isPaused ? row.sending.resume() : row.sending.pause();
    if (event.target.closest("[data-upload-retry]")) enqueue(row.closest("[data-upload-list]").form, row);
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector(UNDER_WAY)) event.preventDefault();
  });
}

function onDrag(event) {
  const form = event.target.closest?.("[data-uploader]");
  if (!form || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.toggle("is-over", event.type === "dragenter" || event.type === "dragover");
  if (event.type === "drop") add(form, event.dataTransfer.files);
}

function add(form, files) {
  const list = document.getElementById(form.dataset.uploaderRows);
  list.form = form;
  for (const file of files) {
    const row = form.querySelector("template[data-upload-row]").content.firstElementChild.cloneNode(true);
    row.file = file;
    row.querySelector("[data-upload-name]").textContent = file.name;
    list.append(row);
    enqueue(form, row);
  }
}

function enqueue(form, row) {
  show(row, "waiting", "");
  form.waiting = [...(form.waiting ?? []), row];
  row.sending = new Sending(row.file, {
    url: form.dataset.uploader,
    key: keyOf(row.file),
    token: form.querySelector("[name=csrf_token]").value,
    aim: JSON.parse(form.dataset.uploaderAim ?? "{}"),
    tell: (state, bytes) => progress(form, row, state, bytes),
  });
  pump(form);
}

// A file that the server checks, or that somebody paused, leaves the line to the next one.
function pump(form) {
  const list = document.getElementById(form.dataset.uploaderRows);
  const count = (...states) => list.querySelectorAll(states.map((state) => `[data-upload=${state}]`)).length;
  while (form.waiting.length > 0 && count("sending", "offline") < AT_ONCE && count("checking") < AT_ONCE) {
    const row = form.waiting.shift();
    show(row, "sending", "");
    send(form, row).finally(() => pump(form));
  }
}

async function send(form, row) {
  try {
    const answer = await row.sending.go();
    forget(row.file);
    arrived(row, answer.responseText);
  } catch (error) {
    if (error instanceof Stopped) return;
    if (error instanceof Refused) {
      // What the library does not take, it will not take under this key; a full disk may have room again.
      if (error.answer.status < 500) forget(row.file);
      show(row, "failed", sentence(error.answer));
    } else if (error instanceof Unreadable) show(row, "failed", form.dataset.uploaderUnreadable);
    else throw error;
  }
}

function cancel(row) {
  const form = row.closest("[data-upload-list]").form;
  form.waiting = form.waiting.filter((waiting) => waiting !== row);
  row.sending.stop();
  forget(row.file);
  row.remove();
}

function arrived(row, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.firstElementChild;
  if (!fresh) return row.remove();
  row.replaceWith(fresh);
  htmx.process(fresh);
}

// Bytes a second over the last moments, so that a pause does not count.
function speed(row, bytes) {
  const now = performance.now();
  row.marks = [...(row.marks ?? []).filter(([at]) => now - at < 5000), [now, bytes]];
  const [[since, before]] = row.marks;
  return Math.max(bytes - before, 0) / Math.max((now - since) / 1000, 0.1);
}

function progress(form, row, state, bytes) {
  report(form, row, state, bytes);
  pump(form);
}

function report(form, row, state, bytes) {
  if (bytes !== undefined) row.bytes = bytes;
  const bar = row.querySelector("progress");
  bar.max = row.file.size;
  bar.value = row.bytes ?? 0;
  const share = `${size(row.bytes ?? 0)} / ${size(row.file.size)}`;
  if (state === "sending") {
    const rate = speed(row, row.bytes);
    return show(row, state, rate < 1 ? share : `${share} · ${size(rate)}/s`);
  }
  row.marks = [];
  const told = { paused: "uploaderPaused", offline: "uploaderOffline", checking: "uploaderChecking" };
  show(row, state, `${share} · ${form.dataset[told[state]]}`);
}

function show(row, state, text) {
  row.dataset.upload = state;
  row.querySelector("[data-upload-facts]").textContent = text;
  const pause = row.querySelector("[data-upload-pause]");
  pause.textContent = state === "paused" ? pause.dataset.resume : pause.dataset.pause;
}

// The same file, chosen again after a restart, goes on under the same key.
function keyOf(file) {
  const known = localStorage.getItem(nameOf(file)) ?? crypto.randomUUID();
  localStorage.setItem(nameOf(file), known);
  return known;
}

function forget(file) {
  localStorage.removeItem(nameOf(file));
}

function nameOf(file) {
  return `upload ${file.name} ${file.size} ${file.lastModified}`;
}
