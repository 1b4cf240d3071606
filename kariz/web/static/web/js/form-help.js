/* Small courtesies of forms: submit on change, Ctrl+Enter saves, the first error gets the focus. */
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-submit-on-change]")) target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const form = event.target.form;
  if (!form || event.target.closest("[data-edit-url]")) return;
  event.preventDefault();
  form.requestSubmit();
});

const toFirstError = (root) => root.querySelector("[aria-invalid=true]")?.focus();

document.addEventListener("htmx:afterSettle", ({ target }) => toFirstError(target));
toFirstError(document);

/* A name that is cut off is told in full on hover. */
document.addEventListener("pointerover", ({ target }) => {
  if (!(target instanceof HTMLElement) || target.title || target.scrollWidth <= target.clientWidth) return;
  if (getComputedStyle(target).textOverflow === "ellipsis") target.title = target.textContent.trim();
});
