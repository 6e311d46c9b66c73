// data-copy="TEXT" or data-copy-from="ELEMENT_ID": puts the words on the clipboard and says so.
// data-copied replaces the word "Copied"; an hx-post beside it records the use.

import { showToast, words } from "./toast.js";

export function copyText() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copyFrom ?? "");
    const text = button.dataset.copy ?? source?.innerText ?? "";
    try {
      await navigator.clipboard.writeText(text);
      showToast(button.dataset.copied ?? words("copied"));
    } catch {
      if (source) getSelection().selectAllChildren(source);
      showToast(words("copyFailed"));
    }
  });
}
