// data-results around a list whose entries have a link with data-result: the arrows walk it, from the search box too and
// from anywhere on the page once something was searched for. Esc goes back to the box. A link with data-search-words leaves
// these words in the box.

export function resultNavigation() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const links = [...document.querySelectorAll("[data-results] a[data-result]")];
    const place = links.indexOf(document.activeElement);
    const box = document.querySelector("[data-search-focus]");
    if (event.key === "Escape" && place >= 0) box?.focus();
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || links.length === 0) return;
    if (place === -1 && !walksFrom(document.activeElement, box)) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? place + 1 : place - 1;
    if (next < 0) box?.focus();
    else links[Math.min(next, links.length - 1)].focus();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-search-words]");
    const box = document.querySelector("[data-search-focus]");
    if (link && box) box.value = link.dataset.searchWords;
  });
}

function walksFrom(element, box) {
  if (element === box) return box.getAttribute("aria-expanded") !== "true";
  return element === document.body && Boolean(box?.value);
}
