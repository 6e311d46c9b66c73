// details[data-menu]: a click outside or Esc closes it, and opening one closes the others (dialog.js leaves it for a dialog).

import { place } from "./place.js";

export function menus() {
  // `toggle` and `scroll` do not bubble, so they are caught on their way down.
  document.addEventListener("toggle", (event) => settle(event.target), true);
  document.addEventListener("scroll", () => open().forEach(settle), { capture: true, passive: true });
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.preventDefault();
    }
  });
  // In a menu the arrows go from entry to entry, as everywhere else on a desktop.
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-menu][open]");
    if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const entries = [...menu.querySelectorAll(".menu-panel a, .menu-panel button:not([disabled])")];
    const place = entries.indexOf(document.activeElement);
    const step = event.key === "ArrowDown" ? 1 : -1;
    entries.at((place + step + entries.length) % entries.length)?.focus();
    event.preventDefault();
  });
}

function settle(menu) {
  if (!menu.matches?.("details[data-menu][open]")) return;
  const aligned = { end: menu.classList.contains("is-end"), up: menu.classList.contains("is-up") };
  place(menu.querySelector(".menu-panel"), menu, aligned);
}
