// data-confirm="DIALOG_ID" on a form: asks in that dialog first. Only for what cannot be undone;
// everything else acts at once and offers an undo.
// The dialog's button that goes on carries data-confirm-yes.

export function confirmFirst() {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const dialog = document.getElementById(form.dataset.confirm ?? "");
      if (!dialog || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      dialog.showModal();
      const answer = (click) => {
        if (!click.target.closest("[data-confirm-yes]")) return;
        form.dataset.confirmed = "yes";
        dialog.close();
        form.requestSubmit(event.submitter);
      };
      dialog.addEventListener("click", answer);
      dialog.addEventListener("close", () => dialog.removeEventListener("click", answer), { once: true });
    },
    true,
  );
}
