/* What arrives in a `dialog[data-fetched]` opens it; closing empties it and returns the focus. */
const FIRST = "[autofocus], [aria-invalid=true], .dialog__body :is(input:not([type=hidden]), select, textarea)";
const opener = new WeakMap();

const open = (dialog) => {
  if (!dialog.open) {
    opener.set(dialog, document.activeElement);
    dialog.showModal();
  }
  dialog.querySelector(FIRST)?.focus();
};

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.matches?.("dialog[data-fetched]")) return;
  if (target.childElementCount) open(target);
  else target.close();
});

document.addEventListener(
  "close",
  ({ target }) => {
    if (!target.matches?.("dialog[data-fetched]")) return;
    target.replaceChildren();
    if (opener.get(target)?.isConnected) opener.get(target).focus();
  },
  true,
);

document.addEventListener("click", ({ target }) => {
  const asked = target.closest("[data-open-dialog]");
  if (asked) document.getElementById(asked.dataset.openDialog)?.showModal();
  if (target.closest("[data-close-dialog]")) target.closest("dialog")?.close();
});

/* A press that starts and ends on the scrim means "never mind", unless something was written. */
document.addEventListener("pointerdown", ({ target }) => {
  if (!(target instanceof HTMLDialogElement) || !target.open) return;
  if (target.querySelector("form[data-dirty]")) return;
  target.addEventListener("pointerup", (event) => event.target === target && target.close(), { once: true });
});

/* The browser sends the form first; what it answers with may be a file, which leaves the page as it is. */
document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-closes-dialog]")) setTimeout(() => target.closest("dialog")?.close());
});

document.addEventListener("closeDialog", () => {
  document.querySelectorAll("dialog[data-fetched][open]").forEach((dialog) => dialog.close());
});
