// data-page on the pages of a preview: an address with #p4 stays at that page while pictures and late parts of the
// document still change its height, until the reader moves. A page that is not shown leads to the last one that is.

const PAGES = "[data-page]";
const PATIENCE = 8000;
const MOVES = ["wheel", "touchstart", "pointerdown", "keydown"];

export function pagePlace() {
  shape();
  addEventListener("hashchange", lead);
  // Where somebody comes back to, the browser knows the place better.
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") lead();
}

// Pages of a file are mostly alike: the first picture tells how much room the others need.
async function shape() {
  const [first, ...others] = document.querySelectorAll(`${PAGES} img`);
  await first?.decode().catch(() => {});
  if (!first?.naturalWidth) return;
  for (const picture of others.filter((other) => !other.complete)) {
    picture.width = first.naturalWidth;
    picture.height = first.naturalHeight;
  }
}

function lead() {
  const pages = [...document.querySelectorAll(PAGES)];
  if (!/^#p\d+$/.test(location.hash) || pages.length === 0) return;
  const page = document.getElementById(location.hash.slice(1));
  const leftOut = document.querySelector("[data-pages-left-out]");
  if (page) {
    showFirst(page.querySelector("img"));
    hold(page, "start");
  }
  // The words that say what is left out stand below the last page, so they are brought into view.
  else if (leftOut) hold(leftOut, "end");
  else hold(pages.at(-1), "start");
}

function showFirst(picture) {
  if (picture) Object.assign(picture, { fetchPriority: "high", loading: "eager" });
}

function hold(element, block) {
  const keep = () => element.scrollIntoView({ block, behavior: "instant" });
  const stop = new AbortController();
  const { signal } = stop;
  for (const move of [...MOVES, "hashchange"])
    addEventListener(move, () => stop.abort(), { signal, passive: true });
  // Loading does not bubble, so it is caught on its way down.
  document.addEventListener("load", keep, { signal, capture: true });
  document.addEventListener("htmx:afterSettle", keep, { signal });
  setTimeout(() => stop.abort(), PATIENCE);
  keep();
}
