// Words in the file, whatever their accents and case. Several words are first sought as they stand; where they stand
// nowhere together, each by itself. The address keeps them (?find=preço).

import { asked, isPageNamed, tell } from "./moving.js";
import { FindState, PDFFindController } from "./pdfjs.js";

const QUIET = 250;
const MARGIN = 12;
// A word of two letters stands everywhere.
const TELLING = 3;

export class Finder extends PDFFindController {
  // A page that has room in the window is shown from its top; within a longer one the hit comes to the middle.
  scrollMatchIntoView({ element = null, pageIndex = -1, matchIndex = -1 }) {
    const { pageIdx, matchIdx } = this._selected;
    if (!this._scrollMatches || !element || pageIndex !== pageIdx || matchIndex !== matchIdx) return;
    this._scrollMatches = false;
    const page = element.closest(".page");
    const below = element.getBoundingClientRect().bottom - page.getBoundingClientRect().top;
    const hasRoom = below < element.closest("[data-reader-view]").clientHeight - 2 * MARGIN;
    if (!hasRoom) return element.scrollIntoView({ block: "center", inline: "center" });
    page.scrollIntoView({ block: "start" });
    element.scrollIntoView({ block: "nearest", inline: "center" });
  }
}

export function finding({ root, file, bus }) {
  const part = (name) => root.querySelector(`[data-reader-${name}]`);
  const [field, told, form] = [part("words"), part("hit"), part("find")];
  const now = { words: "", apart: false };
  let waiting = 0;

  function seek(type, before = false) {
    const query = now.apart ? wordsOf(now.words) : now.words;
    bus.dispatch("find", {
      source: root,
      type,
      query,
      caseSensitive: false,
      entireWord: false,
      highlightAll: true,
      findPrevious: before,
      matchDiacritics: false,
    });
  }

  function begin(apart = false) {
    Object.assign(now, { words: field.value.trim(), apart });
    tell({ find: now.words });
    if (now.words) return seek("");
    say("", 0);
    bus.dispatch("findbarclose", { source: root });
  }

  function again(before) {
    clearTimeout(waiting);
    if (field.value.trim() !== now.words) begin();
    else if (now.words) seek("again", before);
  }

  function say(text, total) {
    told.textContent = text;
    told.toggleAttribute("data-none", Boolean(text) && total === 0);
    part("before").disabled = part("after").disabled = total === 0;
  }

  function count({ current, total }) {
    if (total === 0) return;
    const language = document.documentElement.lang;
    const words = root.dataset.readerHits
      .replace("{current}", current.toLocaleString(language))
      .replace("{total}", total.toLocaleString(language));
    say(words, total);
  }

  bus.on("updatefindmatchescount", ({ matchesCount }) => count(matchesCount));
  bus.on("updatefindcontrolstate", async ({ state, matchesCount }) => {
    if (state === FindState.PENDING) return;
    if (state !== FindState.NOT_FOUND) return count(matchesCount);
    if (!now.apart && wordsOf(now.words).length > 1) return begin(true);
    const { readerOnlyPictures, readerNoHits } = root.dataset;
    say((await hasWords(file, asked(root))) ? readerNoHits : readerOnlyPictures, 0);
  });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(begin, QUIET);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    again(true);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    again(false);
  });
  part("before").addEventListener("click", () => again(true));
  const open = () => {
    root.classList.add("is-finding");
    field.focus();
    field.select();
  };
  part("find-open").addEventListener("click", open);
  document.addEventListener("keydown", (event) => onCtrlF(event, field, open));
  bus.on("pagesinit", async () => {
    if (field.value.trim()) begin(isPageNamed() && !(await standsOn(file, asked(root), field.value)));
  });
}

// Pressed once more within the field, the keys are the browser's own again.
function onCtrlF(event, field, open) {
  const isFind = event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  const isSlash = event.key === "/" && !/^(INPUT|SELECT)$/.test(event.target.tagName);
  if ((!isFind || document.activeElement === field) && !isSlash) return;
  event.preventDefault();
  open();
}

function wordsOf(text) {
  const words = text.split(/\s+/).filter(Boolean);
  const telling = words.filter((word) => word.length >= TELLING);
  return telling.length > 0 ? telling : words;
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ");
}

async function textOf(file, number) {
  const page = await file.getPage(Math.min(number, file.numPages));
  const { items } = await page.getTextContent();
  return items.map(({ str, hasEOL }) => str + (hasEOL ? " " : "")).join("");
}

// Who is led to a page by several words is shown them there, together or each by itself: one page tells at once.
async function standsOn(file, number, words) {
  if (wordsOf(words).length < 2) return true;
  return folded(await textOf(file, number)).includes(folded(words.trim()));
}

async function hasWords(file, number) {
  return Boolean((await textOf(file, number)).trim());
}
