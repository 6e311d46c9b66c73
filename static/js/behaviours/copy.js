// data-copy="TEXT" or data-copy-from="ELEMENT_ID": puts the words on the clipboard, sign for sign as they stand there, and says so.
// data-copy-rich="TEXT" or data-copy-rich-from="ELEMENT_ID" beside data-copy-from copies that element as HTML, with these words for programs
// that take none. data-copied replaces the word "Copied"; an hx-post beside it records the use.

import { showToast, words } from "./toast.js";

export function copyText() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const { copy, copyFrom, copyRich, copyRichFrom } = button.dataset;
    const source = document.getElementById(copyFrom ?? "");
    const text = copy ?? copyRich ?? wordsOf(copyRichFrom ?? copyFrom);
    try {
      if (copyRich !== undefined || copyRichFrom) await copyHtml(source, text);
      else await navigator.clipboard.writeText(text);
      showToast(button.dataset.copied ?? words("copied"));
    } catch {
      if (source) getSelection().selectAllChildren(source);
      showToast(words("copyFailed"));
    }
  });
}

function wordsOf(id) {
  return document.getElementById(id ?? "")?.textContent ?? "";
}

// What is marked on our page as a field is only its words in somebody's mailbox.
async function copyHtml(source, text) {
  const copy = source.cloneNode(true);
  for (const field of copy.querySelectorAll(".merge-field")) field.replaceWith(field.textContent);
  const kinds = { "text/html": copy.innerHTML, "text/plain": text };
  const blobs = Object.entries(kinds).map(([type, content]) => [type, new Blob([content], { type })]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}
