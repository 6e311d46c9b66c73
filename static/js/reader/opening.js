// Opens the PDF: in parts, as they are needed, with nothing switched on that a PDF could act by.

import { GlobalWorkerOptions, InvalidPDFException, PasswordResponses, getDocument } from "./pdfjs.js";
import { askForPassword } from "./states.js";

// One request for each part; the application decides about every one.
const PART = 256 * 1024;
const MOST_IMAGE_PIXELS = 60_000_000;

export async function openFile(root) {
  const parts = new URL(root.dataset.readerParts, location.href).href;
  GlobalWorkerOptions.workerSrc = `${parts}pdf.worker.min.mjs`;
  GlobalWorkerOptions.rendererSrc = `${parts}pdf.renderer.min.mjs`;
  const task = getDocument({
    url: new URL(root.dataset.reader, location.href).href,
    rangeChunkSize: PART,
    disableStream: true,
    disableAutoFetch: true,
    enableXfa: false,
    isEvalSupported: false,
    useWasm: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    standardFontDataUrl: parts,
    wasmUrl: parts,
    verbosity: 0,
  });
  task.onPassword = (use, why) => {
    askForPassword(root, why === PasswordResponses.INCORRECT_PASSWORD, use);
  };
  const file = await task.promise;
  // A file that has no first page has none.
  await file.getPage(1);
  return file;
}

// Why a file is not shown, as states.js tells it.
export function reasonOf(error) {
  if (error instanceof InvalidPDFException) return "damaged";
  if (error?.status) return error.status === 404 || error.status === 403 ? "gone" : "offline";
  return error?.name === "UnknownErrorException" && !navigator.onLine ? "offline" : "damaged";
}
