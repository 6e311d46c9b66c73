// data-suggest around a search box whose list comes from the server by htmx (see components/search_box.html). Arrows mark
// a line, Enter follows it or, with none marked, searches; past the last line the arrows go on to the results of the page.
// With data-suggest="empty" there is a list only while nothing is typed, since the results themselves answer typing.

import { markOption } from "./mark-option.js";

const ROOT = "[data-suggest]";
const FIELD = `${ROOT} [role=combobox]`;
// Where a person is asking; a list that arrives after Esc or Enter must not open again.
const asking = new WeakSet();
// Where the arrows were when another list came: who has reached a line keeps it, if it is there still.
const reached = new WeakMap();

export function suggestions() {
  document.addEventListener("keydown", onKey);
  for (const kind of ["input", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (!event.target.matches(FIELD)) return;
      const root = event.target.closest(ROOT);
      if (isWanted(root)) asking.add(root);
      else close(root);
    });
  }
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.(FIELD) && !isWanted(event.target.closest(ROOT))) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const root = rootOfList(event.target);
    if (root) reached.set(root, root.querySelector("[role=option][aria-selected=true]")?.href);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const root = rootOfList(event.target);
    if (!root) return;
    mark(root, parts(root).lines.find((line) => line.href === reached.get(root)) ?? null);
    if (asking.has(root) && isWanted(root) && root.contains(document.activeElement)) open(root);
  });
  document.addEventListener("focusout", (event) => {
    const root = event.target.closest?.(ROOT);
    if (root && !root.contains(event.relatedTarget)) close(root);
  });
  // The list must not take the focus from the box before its click arrives.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest(`${ROOT} [role=listbox]`)) event.preventDefault();
  });
  document.addEventListener("click", onClick);
}

function rootOfList(list) {
  return list.matches?.(`${ROOT} [role=listbox]`) ? list.closest(ROOT) : null;
}

function parts(root) {
  return {
    field: root.querySelector("[role=combobox]"),
    list: root.querySelector("[role=listbox]"),
    lines: [...root.querySelectorAll("[role=option]")],
  };
}

function isWanted(root) {
  return root.dataset.suggest !== "empty" || !parts(root).field.value.trim();
}

function onKey(event) {
  if (!event.target.matches?.(FIELD) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
    return;
  const root = event.target.closest(ROOT);
  const { field, list, lines } = parts(root);
  const place = lines.findIndex((line) => line.id === field.getAttribute("aria-activedescendant"));
  if (event.key === "ArrowDown") down(event, root, place);
  else if (event.key === "ArrowUp" && !list.hidden) {
    event.preventDefault();
    mark(root, place === -1 ? lines.at(-1) : lines[place - 1]);
  } else if (event.key === "Enter") {
    if (place >= 0) {
      event.preventDefault();
      lines[place].click();
    }
    close(root);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close(root);
  }
}

// A key that is left alone here goes on to the results (see results.js).
function down(event, root, place) {
  const { list, lines } = parts(root);
  const hasResults = document.querySelector("[data-results] a[data-result]") !== null;
  if (list.hidden) {
    if (hasResults || !isWanted(root) || lines.length === 0) return;
    open(root);
  }
  if (place + 1 < lines.length) {
    event.preventDefault();
    mark(root, lines[place + 1]);
  } else if (hasResults) close(root);
  else {
    event.preventDefault();
    mark(root, null);
  }
}

function onClick(event) {
  const line = event.target.closest?.(`${ROOT} [role=option]`);
  if (!line) return;
  const root = line.closest(ROOT);
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (elsewhere) return;
  close(root);
  if (!line.dataset.words) return;
  event.preventDefault();
  const { field } = parts(root);
  field.value = line.dataset.words;
  field.form.requestSubmit();
}

function open(root) {
  const { field, list, lines } = parts(root);
  list.hidden = lines.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
}

function close(root) {
  asking.delete(root);
  const { field, list } = parts(root);
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  mark(root, null);
}

function mark(root, line) {
  const { field, lines } = parts(root);
  markOption(field, lines, line);
}
