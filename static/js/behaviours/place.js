// Puts a floating panel beside what opened it, inside the window, whatever scrolls or clips around it.
// Without JavaScript the style sheet places it, which is right everywhere but in a scrolling board.

const GAP = 6;
const MARGIN = 8;

export function place(panel, anchor, { end = false, up = false, wide = false } = {}) {
  const at = anchor.getBoundingClientRect();
  Object.assign(panel.style, { position: "fixed", inset: "auto", maxHeight: "" });
  if (wide) panel.style.width = `${at.width}px`;
  const { width, height } = panel.getBoundingClientRect();
  const below = innerHeight - at.bottom - GAP - MARGIN;
  const above = at.top - GAP - MARGIN;
  const goesUp = up || (height > below && above > below);
  const left = end ? at.right - width : at.left;
  panel.style.left = `${Math.max(MARGIN, Math.min(left, document.documentElement.clientWidth - width - MARGIN))}px`;
  panel.style.maxHeight = `${Math.max(goesUp ? above : below, 120)}px`;
  panel.style.overflowY = "auto";
  if (goesUp) panel.style.bottom = `${innerHeight - at.top + GAP}px`;
  else panel.style.top = `${at.bottom + GAP}px`;
}
