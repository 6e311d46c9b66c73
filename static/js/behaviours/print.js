// data-print: prints the page as print.css sets it.

export function printing() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
