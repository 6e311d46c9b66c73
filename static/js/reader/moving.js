// From page to page: by the field, the arrows, the small pictures, the keys and the address, which always tells
// where the reader is (?page=12; #page=12 leads there too).

const QUIET = 250;
const PATIENCE = 8000;
const MOVES = ["wheel", "touchstart", "pointerdown", "keydown", "hashchange"];

export function moving(reader) {
  const { root, file, bus, viewer } = reader;
  const part = (name) => root.querySelector(`[data-reader-${name}]`);
  const field = part("number");
  part("count").textContent = file.numPages.toLocaleString(document.documentElement.lang);
  const go = (number) => {
    viewer.currentPageNumber = Math.min(Math.max(number, 1), file.numPages);
  };
  bus.on("pagesinit", () => {
    arrive(reader, asked(root));
    told(viewer.currentPageNumber);
  });
  bus.on("pagechanging", ({ pageNumber }) => told(pageNumber));
  function told(number) {
    field.value = number;
    part("back").disabled = number <= 1;
    part("on").disabled = number >= file.numPages;
    markThumb(root, number);
    part("home").hash = number > 1 ? `p${number}` : "";
    tell({ page: number > 1 ? number : null });
  }
  part("back").addEventListener("click", () => go(viewer.currentPageNumber - 1));
  part("on").addEventListener("click", () => go(viewer.currentPageNumber + 1));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("change", () => {
    const number = Number.parseInt(field.value, 10);
    if (number) go(number);
    field.value = viewer.currentPageNumber;
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reader-goto]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.readerGoto));
  });
  addEventListener("hashchange", () => {
    if (inHash()) go(inHash());
  });
  document.addEventListener("keydown", (event) => byKey(event, reader, go));
}

// Pages of several sizes get theirs while one is on the way to a late one, which must not slip away from it before
// the reader does anything.
function arrive({ viewer, bus, file }, number) {
  const page = Math.min(Math.max(number, 1), file.numPages);
  viewer.currentScaleValue = new URLSearchParams(location.search).get("zoom") ?? "auto";
  if (page === 1) return;
  viewer.scrollPageIntoView({ pageNumber: page });
  const stop = new AbortController();
  const options = { signal: stop.signal, passive: true, capture: true };
  for (const move of MOVES) addEventListener(move, () => stop.abort(), options);
  const keep = () => {
    if (viewer.currentPageNumber !== page) viewer.scrollPageIntoView({ pageNumber: page });
  };
  bus.on("pagerendered", keep, { signal: stop.signal });
  bus.on("find", () => stop.abort(), { signal: stop.signal });
  setTimeout(() => stop.abort(), PATIENCE);
}

export function asked(root) {
  return inHash() || Number(root.dataset.readerFirst) || 1;
}

export function isPageNamed() {
  return inHash() > 0 || new URLSearchParams(location.search).has("page");
}

function inHash() {
  return Number(/^#(?:page=|p)(\d+)$/.exec(location.hash)?.[1]) || 0;
}

function markThumb(root, number) {
  const rail = root.querySelector("[data-reader-rail]");
  rail?.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const thumb = rail?.querySelector(`[data-reader-goto="${number}"]`);
  if (!thumb) return;
  thumb.setAttribute("aria-current", "page");
  const { offsetTop, offsetHeight } = thumb.closest("li");
  const isSeen =
    offsetTop >= rail.scrollTop && offsetTop + offsetHeight <= rail.scrollTop + rail.clientHeight;
  if (!isSeen) rail.scrollTop = offsetTop - rail.clientHeight / 3;
}

let waiting = 0;
let news = {};

// Puts what has changed into the address, once somebody pauses; nothing is added to the history.
export function tell(changes) {
  Object.assign(news, changes);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(news)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    address.hash = "";
    news = {};
    history.replaceState(history.state, "", address);
  }, QUIET);
}

function byKey(event, { root, viewer, file }, go) {
  const target = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || document.querySelector("dialog[open]")) return;
  if (event.key === " " && target.closest("a, button")) return;
  const view = root.querySelector("[data-reader-view]");
  const isWider = view.scrollWidth > view.clientWidth;
  const here = viewer.currentPageNumber;
  // At its end, a page that is there alone is followed by the next.
  const scroll = (by) => {
    const before = view.scrollTop;
    view.scrollBy({ top: by, behavior: "instant" });
    if (view.scrollTop === before) go(here + Math.sign(by));
  };
  const screen = 0.9 * view.clientHeight;
  const act = {
    ArrowLeft: () => !isWider && go(here - 1),
    ArrowRight: () => !isWider && go(here + 1),
    ArrowUp: () => scroll(-60),
    ArrowDown: () => scroll(60),
    " ": () => scroll(event.shiftKey ? -screen : screen),
    PageUp: () => scroll(-screen),
    PageDown: () => scroll(screen),
    Home: () => go(1),
    End: () => go(file.numPages),
  }[event.key];
  if (!act || root.classList.contains("has-failed") || act() === false) return;
  event.preventDefault();
}
