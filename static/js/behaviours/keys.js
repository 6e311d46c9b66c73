// The keys that work anywhere: "/" goes to the search box, "?" lists the keys, Esc leaves a field.

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (isCommand(event) || event.defaultPrevented) return;
    if (event.key === "Escape") {
      if (isTyping(event.target)) leave(event);
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

// Brazilian keyboards without a key of its own write "/" and "?" with AltGr, which looks like Ctrl and Alt.
function isCommand(event) {
  return event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));
}

// A search field would empty itself while its results stay; a dialog closes by itself.
function leave(event) {
  if (event.target.closest("dialog")) return;
  event.preventDefault();
  event.target.blur();
}

function isTyping(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}
