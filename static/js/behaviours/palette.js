// data-palette: the dialog that Ctrl+K (Cmd+K) opens over any page. Enter follows the line of its list that is marked: the first, until
// the arrows reach another one. A line with hx-get opens as a card in the dialog, with the focus on its first copy button: so Enter copies, and so does C.
// Esc goes back to the list, then closes. Enter pressed before the list for the words has come waits for it.

import { markOption } from "./mark-option.js";

const FIELD = "[data-palette-field]";
// Enter came before the list; and the words that the list on show answers.
let isWaiting = false;
let answeredWords = null;

export function palette() {
  document.addEventListener("keydown", onShortcut);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("input", (event) => {
    if (!event.target.matches(FIELD)) return;
    isWaiting = false;
    showList();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.target.matches?.(FIELD)) return;
    // Words that still stood there when the dialog was opened are no other search.
    if (event.detail.triggeringEvent?.type === "palette-asks") event.detail.parameters.again = "1";
  });
  // Not sooner: only now a line asks for its card, and the buttons of a script that waits for its fields are disabled.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "palette-list") onList(event.detail.requestConfig);
    else if (event.target.id === "palette-card" && event.target.hidden) onCard();
  });
  document.addEventListener("htmx:responseError", () => {
    isWaiting = false;
  });
  document.addEventListener(
    "close",
    (event) => {
      if (event.target.matches?.("[data-palette]")) clear();
    },
    true,
  );
}

function parts() {
  const root = document.querySelector("[data-palette]");
  return {
    root,
    field: root.querySelector(FIELD),
    list: root.querySelector("#palette-list"),
    card: root.querySelector("#palette-card"),
    back: root.querySelector("[data-palette-back]"),
    lines: [...root.querySelectorAll("#palette-list [role=option]")],
  };
}

function onShortcut(event) {
  const isOurs = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isOurs || event.key.toLowerCase() !== "k" || !document.querySelector("[data-palette]")) return;
  event.preventDefault();
  open();
}

function open() {
  const { root, field } = parts();
  const other = document.querySelector("dialog[open]:not([data-palette])");
  if (other) return;
  if (!root.open) {
    root.showModal();
    answeredWords = null;
    field.dispatchEvent(new Event("palette-asks", { bubbles: true }));
  }
  showList();
  field.focus();
  field.select();
}

function onKey(event) {
  const root = event.target.closest?.("[data-palette]");
  if (!root || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
    return;
  if (event.target.matches(FIELD)) onFieldKey(event);
  else if (event.key === "Escape" && !parts().card.hidden) goBack(event);
  else if (event.key === "Enter" && event.target.matches("[data-script-field]")) copyWords(event);
  else if (event.key.toLowerCase() === "c" && !event.target.matches("input, textarea, select"))
    copyWords(event);
}

function copyWords(event) {
  const copy = firstCopy();
  if (!copy) return;
  event.preventDefault();
  copy.click();
}

function onFieldKey(event) {
  const { field, lines, card } = parts();
  const place = lines.findIndex((line) => line.id === field.getAttribute("aria-activedescendant"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : place < 0 ? 0 : -1;
    if (lines.length) markOption(field, lines, lines[(place + step + lines.length) % lines.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (place >= 0 && answeredWords === field.value) lines[place].click();
    else isWaiting = answeredWords !== field.value;
  } else if (event.key === "Escape" && !card.hidden) goBack(event);
}

function onClick(event) {
  if (event.target.closest("[data-palette-open]")) open();
  else if (event.target.closest("[data-palette-back]")) goBack(event);
  else leaveFor(event);
}

// What opens a dialog of its own takes the place of this one.
function leaveFor(event) {
  if (event.target.closest("[data-palette] [hx-target='#dialogs']")) parts().root.close();
}

function goBack(event) {
  event.preventDefault();
  showList();
  parts().field.focus();
}

// A list answers the words it was asked with: by now others may be typed, and asked for.
function onList({ parameters }) {
  const { field, lines } = parts();
  answeredWords = parameters[field.name] ?? "";
  markOption(field, lines, answeredWords ? lines[0] : null);
  if (!isWaiting || answeredWords !== field.value) return;
  isWaiting = false;
  lines[0]?.click();
}

function onCard() {
  const { root, field, list, card, back } = parts();
  field.setAttribute("aria-expanded", "false");
  list.hidden = true;
  card.hidden = back.hidden = false;
  root.scrollTop = 0;
  root.classList.add("is-card");
  const copy = firstCopy();
  const waits = card.querySelector("[data-script-field]:placeholder-shown");
  (copy && !copy.disabled ? copy : (waits ?? card.querySelector("[data-palette-title]"))).focus();
}

function showList() {
  const { root, field, list, card, back } = parts();
  field.setAttribute("aria-expanded", "true");
  card.replaceChildren();
  card.hidden = back.hidden = true;
  list.hidden = false;
  root.classList.remove("is-card");
  for (const words of root.querySelectorAll("[data-dialog-status], [data-dialog-refusal]"))
    words.textContent = "";
}

function firstCopy() {
  return parts().card.querySelector("[data-first-copy]");
}

function clear() {
  isWaiting = false;
  showList();
}
