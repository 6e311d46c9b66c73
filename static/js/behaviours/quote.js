// data-quote-bar: stands beside the words that somebody marks in a material, and its links take them along.
// Words that are typed or that colleagues wrote are no words of the material.

const BAR = "[data-quote-bar]";
const OTHER = "form, textarea, input, [id=feedback], .page-heading, nav, header, dialog";
const LONGEST = 500;
const GAP = 8;

export function quotes() {
  let timer = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 200);
  });
  document.addEventListener("mousedown", (event) => {
    // A click on the bar must not take the marking away before its link has been followed.
    if (event.target.closest(BAR)) event.preventDefault();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
}

function show() {
  const bar = document.querySelector(BAR);
  if (!bar) return;
  const marked = getSelection();
  const words = marked.toString().replace(/\s+/g, " ").trim();
  const range = marked.rangeCount && words ? marked.getRangeAt(0) : null;
  const within = element(range?.commonAncestorContainer);
  if (!within?.closest("main") || within.closest(OTHER)) return hide();
  for (const link of bar.querySelectorAll("[data-quote-link]")) {
    const address = new URL(link.href);
    address.searchParams.set("quote", words.slice(0, LONGEST));
    const page = pageOf(element(range.startContainer));
    if (page) address.searchParams.set("page", page);
    else address.searchParams.delete("page");
    link.href = address;
  }
  stand(bar, range.getBoundingClientRect());
}

function element(node) {
  return node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
}

// A page is numbered by its place on the material's page, or by the viewer.
function pageOf(within) {
  const page = within.closest("[data-page], [data-page-number]");
  return page?.dataset.pageNumber ?? page?.id.replace(/^p/, "");
}

function stand(bar, at) {
  bar.hidden = false;
  const { width, height } = bar.getBoundingClientRect();
  const room = document.documentElement.clientWidth - width - GAP;
  bar.style.left = `${Math.max(GAP, Math.min(at.left + at.width / 2 - width / 2, room))}px`;
  // Below the words on a phone, whose own menu stands above them.
  const above = at.top - height - GAP;
  const below = matchMedia("(pointer: coarse)").matches || above < GAP;
  bar.style.top = `${Math.min(below ? at.bottom + GAP : above, innerHeight - height - GAP)}px`;
}

function hide() {
  const bar = document.querySelector(BAR);
  if (bar) bar.hidden = true;
}
