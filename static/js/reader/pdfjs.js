// The parts of pdf.js, in the order in which they find each other.

import "../../vendor/pdfjs-6.5.438/pdf.min.mjs";

export * from "../../vendor/pdfjs-6.5.438/pdf.min.mjs";
export {
  EventBus,
  FindState,
  LinkTarget,
  PDFFindController,
  PDFLinkService,
  PDFViewer,
  ScrollMode,
} from "../../vendor/pdfjs-6.5.438/pdf_viewer.mjs";
