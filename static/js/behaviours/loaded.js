// Runs a function on every element that matches, now and whenever htmx brings a new one.

export function onLoaded(selector, run) {
  const visit = (root) => {
    if (root.matches?.(selector)) run(root);
    for (const element of root.querySelectorAll(selector)) run(element);
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
}
