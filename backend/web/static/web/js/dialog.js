// Native dialogs: data-dialog-open="id" opens, data-dialog-close closes, a press on the veil closes,
// and the focus goes back to what opened it. data-dialog-open-at-load opens one that holds an error.

import { openDialog, openerOf } from "./open_dialog.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog) {
      event.preventDefault();
      openDialog(dialog, opener);
    }
    return;
  }
  if (event.target.closest("[data-dialog-close]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// `close` does not bubble, so it is caught on its way down.
document.addEventListener(
  "close",
  (event) => {
    const opener = openerOf(event.target);
    if (opener?.isConnected) opener.focus();
  },
  true,
);

for (const dialog of document.querySelectorAll("dialog[data-dialog-open-at-load]")) openDialog(dialog, null);
