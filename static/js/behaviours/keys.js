// The keys that work anywhere: "/" goes to the search box, "?" lists the keys, Esc leaves a field.

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") {
      if (isTyping(event.target)) event.target.blur();
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const box = document.querySelector("[data-search-focus]");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    }
    if (event.key === "?") {
      event.preventDefault();
      document.getElementById("keys-help")?.showModal();
    }
  });
}

function isTyping(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}
