// The viewer of one file (templates/library/read.html). What it needs of pdf.js is fetched here, so that a browser
// that cannot read it shows the pages as pictures, as one without JavaScript does.

import { fail, show } from "./states.js";

const root = document.querySelector("[data-reader]");

async function start() {
  const { openFile, reasonOf } = await import("./opening.js").catch(() => ({}));
  if (!openFile) return fail(root, "old");
  try {
    const file = await openFile(root);
    const { lookAt } = await import("./viewing.js");
    lookAt(root, file);
    show(root, "pages");
  } catch (error) {
    fail(root, reasonOf(error));
  }
}

start();
