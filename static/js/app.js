// Starts every behaviour once; each listens on the document, so parts swapped in later need no second start.

import { beacons } from "./behaviours/beacon.js";
import { bundles } from "./behaviours/bundle.js";
import { confirmFirst } from "./behaviours/confirm.js";
import { copyText } from "./behaviours/copy.js";
import { comboboxes } from "./behaviours/combobox.js";
import { dialogs } from "./behaviours/dialog.js";
import { goneAfter } from "./behaviours/gone-after.js";
import { keys } from "./behaviours/keys.js";
import { menus } from "./behaviours/menu.js";
import { mentions } from "./behaviours/mention.js";
import { pagePlace } from "./behaviours/page-place.js";
import { printing } from "./behaviours/print.js";
import { quotes } from "./behaviours/quote.js";
import { palette } from "./behaviours/palette.js";
import { picks } from "./behaviours/picks.js";
import { resultNavigation } from "./behaviours/results.js";
import { rowLinks } from "./behaviours/row-link.js";
import { scriptFill } from "./behaviours/script-fill.js";
import { sheets } from "./behaviours/sheet.js";
import { suggestions } from "./behaviours/suggest.js";
import { themeSwitch } from "./behaviours/theme.js";
import { toasts } from "./behaviours/toast.js";
import { uploaders } from "./behaviours/uploader.js";
import { wordCounts } from "./behaviours/word-count.js";

for (const start of [
  beacons,
  bundles,
  confirmFirst,
  copyText,
  comboboxes,
  dialogs,
  suggestions,
  palette,
  goneAfter,
  keys,
  mentions,
  menus,
  pagePlace,
  printing,
  quotes,
  picks,
  resultNavigation,
  rowLinks,
  scriptFill,
  sheets,
  themeSwitch,
  toasts,
  uploaders,
  wordCounts,
]) {
  start();
}
