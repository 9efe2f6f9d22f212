// `data-dialog="id"` on a link: opens the dialog of that id, or fetches the link's page and shows its part of that id.
// Without script the link leads to the same page.

const openDialog = (dialog) => {
  dialog.showModal();
  // Where there is nothing to type, Enter must not do what the dialog asks about.
  const field = dialog.querySelector("[autofocus], .field--wrong .input, input:not([type=hidden]), select, textarea");
  (field ?? dialog.querySelector("[data-close]"))?.focus();
};

const fetchDialog = async (link, id) => {
  const answer = await fetchPage(link.href, {}, id);
  if (!answer) return;
  const part = answer.page.getElementById(id);
  if (!part) return location.assign(link.href);
  let dialog = document.adoptNode(part);
  if (!(dialog instanceof HTMLDialogElement)) {
    dialog = document.createElement("dialog");
    dialog.className = `dialog ${link.dataset.dialogClass ?? ""}`;
    dialog.append(part);
  }
  dialog.removeAttribute("open");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  wake(dialog);
  openDialog(dialog);
};

addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const opener = event.target.closest?.("[data-dialog]");
  if (opener && !opener.matches(":disabled, [aria-disabled=true]")) {
    event.preventDefault();
    const dialog = document.getElementById(opener.dataset.dialog);
    return dialog instanceof HTMLDialogElement ? openDialog(dialog) : fetchDialog(opener, opener.dataset.dialog);
  }
  const closer = event.target.closest?.("[data-close]");
  const dialog = closer?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    return dialog.close();
  }
  if (event.target instanceof HTMLDialogElement && isOutside(event)) event.target.close();
});

/** Whether the click met the veil around a dialog. */
const isOutside = ({ target, clientX, clientY }) => {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
};
