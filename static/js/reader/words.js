// The names of pages, from our own words: pdf.js marks them and expects somebody who puts them in.

export function nameNewPages(root) {
  const name = (page) => {
    const label = root.dataset.readerLabel.replace("{number}", page.dataset.pageNumber);
    page.setAttribute("aria-label", label);
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node.matches?.(".page")) name(node);
    }
  }).observe(root.querySelector("[data-reader-pages]"), { childList: true });
}

// What pdf.js calls for other words, none of which are ever shown here.
export const SILENT = {
  getLanguage: () => document.documentElement.lang,
  getDirection: () => "ltr",
  get: async (_ids, _values, fallback) => fallback ?? "",
  translate: async () => {},
  translateOnce: async () => {},
  pause() {},
  resume() {},
  destroy: async () => {},
};
