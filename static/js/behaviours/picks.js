// data-picks around a list of boxes and a combobox: what is chosen there becomes one more box, ticked, and the combobox is empty again.

export function picks() {
  document.addEventListener("change", (event) => {
    const root = event.target.closest?.("[data-picks]");
    if (!root || !event.target.matches("input[type=hidden]") || !event.target.value) return;
    const field = root.querySelector("[role=combobox]");
    add(root, event.target.value, field.value);
    event.target.value = field.value = "";
  });
}

function add(root, value, label) {
  const list = root.querySelector("[data-picks-list]");
  const known = list.querySelector(`input[value="${CSS.escape(value)}"]`);
  if (known) {
    known.checked = true;
    return;
  }
  const line = root.querySelector("[data-picks-line]").content.cloneNode(true);
  line.querySelector("input").value = value;
  line.querySelector("span").textContent = label;
  list.append(line);
}
