// data-row-link on a row: a click on its empty parts follows the link in its heading cell. The link itself stays the way for keys.

export function rowLinks() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row-link]");
    if (!row || event.target.closest("a, button, input, label, select, summary, details")) return;
    if (getSelection().toString()) return;
    row.querySelector("th a, a[data-result]")?.click();
  });
}
