// Passing messages in the live region #toasts: they leave by themselves after data-toast seconds,
// wait while the pointer or the focus is on them, and keep their undo as long as they stand.

import { onLoaded } from "./loaded.js";

export function toasts() {
  onLoaded("[data-toast]", keepTime);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]")?.remove();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const undo = event.target.closest?.("[data-toast-undo]");
    if (undo && event.detail.successful) undo.closest("[data-toast]").remove();
  });
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => refuse(words("networkFailed")));
  }
  document.addEventListener("htmx:responseError", (event) => {
    // With an HX-Trigger the sentence arrives as the event below.
    if (!event.detail.xhr.getResponseHeader("HX-Trigger")) refuse(words("networkFailed"));
  });
  // HX-Trigger: {"toast": {"text": "…"}} from an answer that swaps nothing.
  document.addEventListener("toast", (event) => refuse(event.detail.text));
}

export function words(name) {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

// The sentence that an unsuccessful answer carries (see core/errorpages.py), or our own when there is none.
export function sentence(request) {
  const trigger = request.getResponseHeader("HX-Trigger");
  return (trigger && JSON.parse(trigger).toast?.text) || words("networkFailed");
}

// A passing message would lie behind an open dialog: what was refused there is said there, and what was done where it has room for that.
function refuse(text) {
  const refusal = document.querySelector("dialog[open] [data-dialog-refusal]");
  if (refusal) refusal.textContent = text;
  else showToast(text);
}

export function showToast(text) {
  const status = document.querySelector("dialog[open] [data-dialog-status]");
  if (status && text) {
    status.textContent = text;
    return;
  }
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const note = document.createElement("div");
  note.className = "toast-note";
  note.dataset.toast = "5";
  const sentence = document.createElement("p");
  sentence.className = "toast-text";
  sentence.textContent = text;
  note.append(sentence);
  region.append(note);
  keepTime(note);
}

function keepTime(note) {
  let left = Number(note.dataset.toast) * 1000;
  let started = 0;
  let timer = 0;
  const go = () => {
    started = Date.now();
    timer = setTimeout(() => note.remove(), left);
  };
  const wait = () => {
    clearTimeout(timer);
    left = Math.max(left - (Date.now() - started), 2000);
  };
  note.addEventListener("pointerenter", wait);
  note.addEventListener("pointerleave", go);
  note.addEventListener("focusin", wait);
  note.addEventListener("focusout", go);
  go();
}
