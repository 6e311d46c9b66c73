// data-results around a list whose entries have a link with data-result: the arrows walk it, also from the search box.

export function resultNavigation() {
  document.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key) || event.altKey || event.ctrlKey) return;
    const links = [...document.querySelectorAll("[data-results] a[data-result]")];
    const place = links.indexOf(document.activeElement);
    const box = event.target.closest?.("[data-search-focus]");
    if (links.length === 0 || (place === -1 && !box)) return;
    if (box?.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? place + 1 : place - 1;
    if (next < 0) document.querySelector("[data-search-focus]")?.focus();
    else links[Math.min(next, links.length - 1)].focus();
  });
}
