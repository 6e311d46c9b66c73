// The pages of an open file, with what moves among them.

import { Finder, finding } from "./finding.js";
import { SafeLinks, linksOnly } from "./links.js";
import { moving } from "./moving.js";
import { EventBus, PDFViewer, ScrollMode } from "./pdfjs.js";
import { printing } from "./printing.js";
import { SILENT, nameNewPages } from "./words.js";
import { zooming } from "./zooming.js";

// As many as a picture of a page has at most (contentlib/extraction/paint.py).
const MOST_PIXELS = 20_000_000;
const LONGEST_SIDE = 16_383;
// Annotations are painted, none becomes a field; links are laid over (links.js).
const PAINTED = 1;
// Of longer files one page is there at a time: a browser takes seconds to lay out thousands.
const MOST_TOGETHER = 1000;

export function lookAt(root, file) {
  const bus = new EventBus();
  const links = new SafeLinks({ eventBus: bus });
  const finder = new Finder({ eventBus: bus, linkService: links, delay: 0 });
  const viewer = new PDFViewer({
    container: root.querySelector("[data-reader-view]"),
    viewer: root.querySelector("[data-reader-pages]"),
    eventBus: bus,
    linkService: links,
    findController: finder,
    annotationMode: PAINTED,
    annotationEditorMode: -1,
    enableAutoLinking: false,
    maxCanvasPixels: MOST_PIXELS,
    maxCanvasDim: LONGEST_SIDE,
    l10n: SILENT,
  });
  if (file.numPages > MOST_TOGETHER) viewer.scrollMode = ScrollMode.PAGE;
  links.setViewer(viewer);
  nameNewPages(root);
  const reader = { root, file, bus, viewer, links };
  for (const begin of [moving, zooming, finding, printing]) begin(reader);
  viewer.setDocument(linksOnly(file));
  links.setDocument(file);
}
