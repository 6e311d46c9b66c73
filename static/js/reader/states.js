// What is seen of the viewer: that the file is coming, that it is locked, its pages, or why there are none.

const find = (root, name) => root.querySelector(`[data-reader-${name}]`);

export function show(root, state) {
  find(root, "loading").hidden = state !== "loading";
  find(root, "locked").hidden = state !== "locked";
  root.classList.toggle("is-locked", state === "locked");
}

export function say(root, text) {
  const line = find(root, "said");
  line.textContent = text;
  find(root, "loading").hidden = !text;
}

// The same pictures that a browser without JavaScript shows stand behind <noscript>, as text until they are needed.
export function fail(root, cause) {
  const plain = find(root, "plain");
  if (!plain.hidden) return;
  show(root, "failed");
  root.classList.add("has-failed");
  const told = find(root, "failed").content.querySelector(`[data-cause="${cause}"]`);
  plain.innerHTML = cause === "gone" ? "" : root.querySelector("noscript").textContent;
  const [, ...pages] = plain.firstElementChild?.children ?? [];
  plain.replaceChildren(told.cloneNode(true), ...pages);
  plain.querySelector("[data-reader-again]")?.addEventListener("click", () => location.reload());
  plain.hidden = false;
  const page = plain.querySelector(`#p${root.dataset.readerFirst}`);
  if (page && root.dataset.readerFirst > 1) page.scrollIntoView();
}

// Asks for the password until `open` takes one; it goes to nobody but pdf.js in this page.
export function askForPassword(root, isWrong, use) {
  const form = find(root, "password");
  const field = form.querySelector("input");
  form.querySelector("[role=alert]").hidden = !isWrong;
  field.setAttribute("aria-invalid", String(isWrong));
  show(root, "locked");
  field.value = "";
  field.focus();
  form.onsubmit = (event) => {
    event.preventDefault();
    show(root, "loading");
    use(field.value);
  };
}
