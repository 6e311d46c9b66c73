// data-gone-after="SECONDS": what may be done only so long, such as an undo, leaves by itself; not while the focus is on it.

import { onLoaded } from "./loaded.js";

export function goneAfter() {
  onLoaded("[data-gone-after]", (element) => {
    const leave = () => {
      if (element.contains(document.activeElement)) setTimeout(leave, 2000);
      else element.remove();
    };
    setTimeout(leave, Number(element.dataset.goneAfter) * 1000);
  });
}
