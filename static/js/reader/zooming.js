// Larger and smaller: by the buttons, the list, + and -, Ctrl and the wheel, or two fingers.

import { tell } from "./moving.js";
import { TouchManager } from "./pdfjs.js";

const LARGEST = 5;
const SMALLEST = 0.25;

export function zooming({ root, bus, viewer }) {
  const part = (name) => root.querySelector(`[data-reader-${name}]`);
  const [list, view] = [part("scale"), part("view")];
  const by = (steps) => {
    const scale = viewer.currentScale * 1.1 ** (2 * steps);
    viewer.currentScale = Math.min(Math.max(Math.round(scale * 20) / 20, SMALLEST), LARGEST);
  };
  part("larger").addEventListener("click", () => by(1));
  part("smaller").addEventListener("click", () => by(-1));
  list.addEventListener("change", () => {
    viewer.currentScaleValue = list.value;
  });
  bus.on("scalechanging", ({ scale, presetValue }) => {
    const known = [...list.options].find(({ value }) => value === (presetValue ?? String(scale)));
    const option = known ?? part("custom");
    if (!known) option.textContent = `${Math.round(scale * 100)} %`;
    list.value = option.value;
    tell({ zoom: presetValue === "auto" ? null : (presetValue ?? scale.toFixed(2)) });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT)$/.test(event.target.tagName))
      return;
    if (event.key === "+" || event.key === "=") by(1);
    if (event.key === "-") by(-1);
    if (event.key === "0") viewer.currentScaleValue = "page-width";
  });
  const at = (factor, x, y) => viewer.updateScale({ drawingDelay: 300, scaleFactor: factor, origin: [x, y] });
  view.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      at(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
    },
    { passive: false },
  );
  new TouchManager({
    container: view,
    signal: new AbortController().signal,
    onPinching: ([x, y], before, now) => at(now / before, x, y),
  });
  keepFitting(viewer, view);
}

// What is as wide as the window stays so when the window changes.
function keepFitting(viewer, view) {
  let width = view.clientWidth;
  new ResizeObserver(() => {
    if (view.clientWidth === width || !viewer.pdfDocument) return;
    width = view.clientWidth;
    const value = viewer.currentScaleValue;
    if (["auto", "page-width", "page-fit"].includes(value)) viewer.currentScaleValue = value;
  }).observe(view);
}
