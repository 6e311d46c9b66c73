// data-script-fill: what is typed into data-script-field="NAME" appears wherever the script has that merge field.
// What arrives with data-script-values fills the fields that the person has not typed into.
// Buttons with data-script-copy wait until every field is filled, or data-script-skip is ticked. See library/channels.py.

import { onLoaded } from "./loaded.js";

export function scriptFill() {
  onLoaded("[data-script-fill]", refresh);
  onLoaded("[data-script-values]", offer);
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      const root = event.target.closest?.("[data-script-fill]");
      if (root) refresh(root);
    });
  }
}

function offer(source) {
  const root = source.closest("[data-script-fill]");
  const values = JSON.parse(source.dataset.scriptValues);
  for (const input of root.querySelectorAll("[data-script-field]")) {
    if (input.value !== (input.dataset.offered ?? "")) continue;
    input.value = input.dataset.offered = values[input.dataset.scriptField] ?? "";
  }
  refresh(root);
}

function refresh(root) {
  const inputs = [...root.querySelectorAll("[data-script-field]")];
  for (const input of inputs) {
    const value = input.value.trim();
    for (const place of root.querySelectorAll(
      `.merge-field[data-field="${CSS.escape(input.dataset.scriptField)}"]`,
    )) {
      place.textContent = spelt(value, place) || `{{${input.dataset.scriptField}}}`;
      place.classList.toggle("is-filled", value !== "");
    }
  }
  const open = inputs.some((input) => input.value.trim() === "");
  const skipped = root.querySelector("[data-script-skip]")?.checked ?? false;
  for (const button of root.querySelectorAll("[data-script-copy]")) button.disabled = open && !skipped;
}

// WhatsApp would take a mark in a name for the beginning of bold words: there it becomes the sign that looks like it.
const STRAY = /(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu;
const LOOKALIKES = { "*": "\u2217", _: "\u02cd", "~": "\u223c", "`": "\u02cb" };

function spelt(value, place) {
  const words = value.replace(/\s+/g, " ");
  if (!place.closest('[data-channel="whatsapp"]')) return words;
  return words.replace(STRAY, (mark) => LOOKALIKES[mark]);
}
