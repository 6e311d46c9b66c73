// Of what a PDF can lead to only pages of its own and addresses of the web or of mail are left.

import { LinkTarget, PDFLinkService } from "./pdfjs.js";

const SAFE = ["http:", "https:", "mailto:"];

export class SafeLinks extends PDFLinkService {
  constructor(options) {
    super({
      ...options,
      externalLinkTarget: LinkTarget.BLANK,
      externalLinkRel: "noopener noreferrer nofollow",
    });
  }

  addLinkAttributes(link, url, _newWindow) {
    this.externalLinkEnabled = SAFE.includes(new URL(url, "about:blank").protocol);
    super.addLinkAttributes(link, url, true);
    link.title = url;
  }

  executeNamedAction(action) {
    if (["NextPage", "PrevPage", "FirstPage", "LastPage"].includes(action)) super.executeNamedAction(action);
  }

  executeSetOCGState() {}
}

// Notes, attachments and fields are part of the picture of a page; only its links become elements over it.
export function linksOnly(file) {
  const getPage = file.getPage.bind(file);
  const seen = new WeakSet();
  file.getPage = async (number) => {
    const page = await getPage(number);
    if (!seen.has(page)) {
      const all = page.getAnnotations.bind(page);
      page.getAnnotations = async (options) => (await all(options)).filter(isLink);
      seen.add(page);
    }
    return page;
  };
  return file;
}

function isLink({ subtype, attachment, actions, resetForm }) {
  return subtype === "Link" && !attachment && !actions && !resetForm;
}
