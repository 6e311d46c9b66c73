// data-dialog-open="ID" opens a native dialog, data-dialog-close closes the one around it, so does a click beside it.
// A dialog that htmx brings with data-dialog-show opens at once; HX-Trigger: closeDialog closes all.

import { onLoaded } from "./loaded.js";

export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      leaveMenu(opener);
      document.getElementById(opener.dataset.dialogOpen)?.showModal();
      return;
    }
    if (event.target.closest("[data-dialog-close]")) {
      event.preventDefault();
      event.target.closest("dialog")?.close();
      return;
    }
    if (event.target instanceof HTMLDialogElement && isBeside(event)) event.target.close();
  });
  document.addEventListener("closeDialog", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });
  onLoaded("dialog[data-dialog-show]", (dialog) => {
    dialog.removeAttribute("data-dialog-show");
    if (!dialog.open) dialog.showModal();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const refusal = event.target.closest?.("dialog")?.querySelector("[data-dialog-refusal]");
    if (refusal) refusal.textContent = "";
  });
  onLoaded("[data-focus-on-load]", (element) => element.focus());
}

// A dialog gives the focus back to where it was, so it must have left the menu before that closes.
function leaveMenu(opener) {
  const menu = opener.closest("details[data-menu]");
  if (!menu) return;
  menu.querySelector("summary").focus();
  menu.open = false;
}

function isBeside(event) {
  const box = event.target.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
