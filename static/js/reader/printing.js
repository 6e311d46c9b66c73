// Prints the pages as pictures of this page: a PDF is handed to no reader but pdf.js, the printer's neither.

import { say } from "./states.js";

const DOTS = 150 / 72;
const MOST_PAGES = 200;
const MOST_PIXELS = 8_000_000;

export function printing({ root, file }) {
  const paper = document.querySelector("[data-reader-paper]");
  let isBusy = false;
  async function print() {
    if (isBusy) return;
    isBusy = true;
    try {
      await fill(paper, root, file);
      window.print();
    } finally {
      say(root, "");
      paper.replaceChildren();
      isBusy = false;
    }
  }
  root.querySelector("[data-reader-print]").addEventListener("click", print);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    print();
  });
}

async function fill(paper, root, file) {
  const total = Math.min(file.numPages, MOST_PAGES);
  const { readerPrinting, readerTooLong } = root.dataset;
  const sheets = [];
  for (let number = 1; number <= total; number += 1) {
    say(root, readerPrinting.replace("{number}", number).replace("{total}", total));
    sheets.push(await sheet(await file.getPage(number)));
  }
  paper.replaceChildren(...sheets);
  if (total < file.numPages) {
    say(root, readerTooLong.replace("{total}", total));
    await new Promise((go) => setTimeout(go, 2500));
  }
  await Promise.all([...paper.querySelectorAll("img")].map((image) => image.decode()));
}

async function sheet(page) {
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(DOTS, Math.sqrt(MOST_PIXELS / (width * height)));
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.ceil(viewport.width), height: Math.ceil(viewport.height) });
  await page.render({ canvas, viewport, intent: "print", annotationMode: 1 }).promise;
  const image = new Image();
  image.src = canvas.toDataURL("image/jpeg", 0.9);
  image.alt = "";
  const element = document.createElement("div");
  element.className = `reader-sheet${width > height ? " is-lying" : ""}`;
  element.append(image);
  page.cleanup();
  return element;
}
