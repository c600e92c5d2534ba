const openers = new WeakMap();

/** Open a dialog; the focus returns to `opener` when it closes. */
export function openDialog(dialog, opener = document.activeElement) {
  if (dialog.open) return;
  openers.set(dialog, opener);
  dialog.showModal();
}

/** What opened a dialog last, or undefined. */
export function openerOf(dialog) {
  return openers.get(dialog);
}
