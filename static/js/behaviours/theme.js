// data-theme-set="auto|light|dark" on a submit button: the page changes at once, the form is sent in the background.

import { showToast, words } from "./toast.js";

export function themeSwitch() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-theme-set]");
    if (!button?.form) return;
    event.preventDefault();
    document.documentElement.dataset.bsTheme = button.dataset.themeSet;
    for (const other of document.querySelectorAll("[data-theme-set]")) {
      other.setAttribute("aria-pressed", String(other.dataset.themeSet === button.dataset.themeSet));
    }
    const body = new FormData(button.form, button);
    const answer = await fetch(button.form.action, { method: "POST", body, redirect: "manual" }).catch(
      () => null,
    );
    if (!answer || answer.status >= 400) showToast(words("networkFailed"));
  });
}
