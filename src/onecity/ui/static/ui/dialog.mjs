/* Native dialogs: data-dialog-open="id" opens; a click on the backdrop or Escape closes. */
export function startDialogs(root) {
  for (const button of root.querySelectorAll("[data-dialog-open]")) {
    if (button.dataset.ready) continue;
    button.dataset.ready = "1";
    button.addEventListener("click", (event) => {
      const dialog = document.getElementById(button.dataset.dialogOpen);
      if (!dialog?.showModal) return;
      event.preventDefault();
      dialog.showModal();
    });
  }
  for (const dialog of root.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
}
