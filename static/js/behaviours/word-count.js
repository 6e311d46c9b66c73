// data-word-count="ID" on a text field: its words are counted into that element while one types.
// data-word-most="35" is the limit; beyond it the count says so by its state, as the server will.

import { onLoaded } from "./loaded.js";

export function wordCounts() {
  onLoaded("[data-word-count]", count);
  document.addEventListener("input", (event) => {
    if (event.target.dataset?.wordCount) count(event.target);
  });
}

function count(field) {
  const place = document.getElementById(field.dataset.wordCount);
  const words = field.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const most = Number(field.dataset.wordMost);
  place.textContent = `${words} / ${most}`;
  place.dataset.state = words > most ? "bad" : "quiet";
}
