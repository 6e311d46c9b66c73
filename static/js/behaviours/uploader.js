// data-uploader="URL": a field for several files, by click or by dropping, each sent on its own with its progress.
// The server answers each with the HTML of its row (components/upload_row.html), or an error with a plain sentence.
// Without JavaScript the same form sends the files the ordinary way.
//   data-uploader-rows="ID" where the rows go · <template data-upload-row> how a row looks while it is under way
//   data-idempotent: each file carries an Idempotency-Key, so that a retry never makes a second asset.

import { sentence, words } from "./toast.js";

const AT_ONCE = 2;

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
    if (row && event.target.closest("[data-upload-cancel]")) row.upload?.abort();
    if (row && event.target.closest("[data-upload-retry]"))
      enqueue(row.closest("[data-upload-list]").form, row);
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-upload=sending], [data-upload=waiting]")) event.preventDefault();
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
    row.key = crypto.randomUUID();
    row.querySelector("[data-upload-name]").textContent = file.name;
    list.append(row);
    enqueue(form, row);
  }
}

function enqueue(form, row) {
  show(row, "waiting", "");
  form.waiting = [...(form.waiting ?? []), row];
  pump(form);
}

function pump(form) {
  form.running ??= 0;
  while (form.running < AT_ONCE && form.waiting.length > 0) {
    form.running += 1;
    send(form, form.waiting.shift()).finally(() => {
      form.running -= 1;
      pump(form);
    });
  }
}

function send(form, row) {
  return new Promise((finished) => {
    const upload = new XMLHttpRequest();
    row.upload = upload;
    upload.open("POST", form.dataset.uploader);
    upload.setRequestHeader("HX-Request", "true");
    upload.setRequestHeader("Idempotency-Key", row.key);
    const started = performance.now();
    upload.upload.addEventListener("progress", (event) => progress(row, event, started));
    upload.addEventListener("load", () => answer(row, upload));
    upload.addEventListener("error", () => show(row, "failed", words("networkFailed")));
    upload.addEventListener("abort", () => row.remove());
    upload.addEventListener("loadend", finished);
    const body = new FormData(form);
    body.set(form.dataset.uploaderField ?? "file", row.file, row.file.name);
    show(row, "sending", "");
    upload.send(body);
  });
}

function progress(row, event, started) {
  if (!event.lengthComputable) return;
  const bar = row.querySelector("progress");
  bar.max = event.total;
  bar.value = event.loaded;
  const speed = event.loaded / Math.max((performance.now() - started) / 1000, 0.1);
  show(row, "sending", `${size(event.loaded)} / ${size(event.total)} · ${size(speed)}/s`);
}

function answer(row, upload) {
  if (upload.status >= 200 && upload.status < 300) {
    const holder = document.createElement("template");
    holder.innerHTML = upload.responseText;
    const fresh = holder.content.firstElementChild;
    if (!fresh) return row.remove();
    row.replaceWith(fresh);
    htmx.process(fresh);
    return;
  }
  show(row, "failed", sentence(upload));
}

function show(row, state, text) {
  row.dataset.upload = state;
  row.querySelector("[data-upload-facts]").textContent = text;
}

function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const format = {
    style: "unit",
    unit: units[step],
    unitDisplay: "short",
    maximumFractionDigits: step > 1 ? 1 : 0,
  };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(bytes / 1000 ** step);
}
