// data-combobox: a text field whose list comes from the server by htmx (see components/combobox.html).
// Arrows choose, Enter takes, Esc closes; the chosen value stands in the hidden field.

import { markOption } from "./mark-option.js";
import { place } from "./place.js";

const ROOT = "[data-combobox]";
// Where a person looks for something; a list that arrives after the choice must not open again.
const asking = new WeakSet();

export function comboboxes() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", (event) => {
    const root = event.target.closest(ROOT);
    if (!root) return;
    asking.add(root);
    choose(root, "", null);
  });
  document.addEventListener("focusin", (event) => {
    const root = event.target.closest(ROOT);
    if (!root) return;
    asking.add(root);
    selectChosen(root);
  });
  // A chosen line is no question: the list offers the likely ones again.
  document.addEventListener("htmx:configRequest", (event) => {
    const root = event.target.closest?.(ROOT);
    if (root && parts(root).value.value) event.detail.parameters[event.target.name] = "";
  });
  // The list must not take the focus from the field before its click arrives.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest(`${ROOT} [role=option]`)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest(`${ROOT} [role=option]`);
    if (option) take(option.closest(ROOT), option);
    else if (event.target.matches(`${ROOT} [role=combobox]`)) selectChosen(event.target.closest(ROOT));
  });
  document.addEventListener("focusout", (event) => {
    const root = event.target.closest?.(ROOT);
    if (root && !root.contains(event.relatedTarget)) close(root);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const root = event.target.closest?.(ROOT);
    if (asking.has(root) && root.contains(document.activeElement)) open(root);
  });
}

function parts(root) {
  return {
    field: root.querySelector("[role=combobox]"),
    list: root.querySelector("[role=listbox]"),
    value: root.querySelector("input[type=hidden]"),
    options: [...root.querySelectorAll("[role=option]")],
  };
}

// Who comes to a chosen line wants another one, and what is typed replaces it.
function selectChosen(root) {
  const { field, value } = parts(root);
  if (value.value && document.activeElement === field) field.select();
}

function onKey(event) {
  const root = event.target.closest?.(ROOT);
  if (!root) return;
  const { field, list, options } = parts(root);
  const place = options.findIndex((option) => option.id === field.getAttribute("aria-activedescendant"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) return open(root);
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (options.length) mark(root, options[(place + step + options.length) % options.length]);
  } else if (event.key === "Enter" && !list.hidden) {
    // With the list open Enter is an answer to it; it never sends the form half-filled.
    event.preventDefault();
    if (place >= 0) take(root, options[place]);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    close(root);
  }
}

function open(root) {
  const { field, list, options } = parts(root);
  list.hidden = options.length === 0 && !list.textContent.trim();
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (!list.hidden) place(list, field, { wide: true });
}

function close(root) {
  asking.delete(root);
  const { field, list } = parts(root);
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  mark(root, null);
}

function mark(root, option) {
  const { field, options } = parts(root);
  markOption(field, options, option);
}

function take(root, option) {
  const { field } = parts(root);
  field.value = option.dataset.label ?? option.textContent.trim();
  choose(root, option.dataset.value, option);
  close(root);
}

function choose(root, value, option) {
  const { value: hidden } = parts(root);
  if (hidden.value === value) return;
  hidden.value = value;
  if (option) hidden.dispatchEvent(new Event("change", { bubbles: true }));
}
