/* Toasts leave by themselves, wait while they are read, and go at once when used. */
const SHOWN = 8000;
const MOST = 3;
const toasts = document.getElementById("toasts");

const leave = (toast) => {
  toast.classList.add("toast--leaving");
  setTimeout(() => toast.remove(), 150);
};

const start = (toast) => {
  let timer;
  const wait = () => clearTimeout(timer);
  const run = () => {
    wait();
    timer = setTimeout(leave, SHOWN, toast);
  };
  for (const event of ["pointerenter", "focusin"]) toast.addEventListener(event, wait);
  for (const event of ["pointerleave", "focusout"]) toast.addEventListener(event, run);
  toast.addEventListener("htmx:afterRequest", () => leave(toast));
  run();
};

/* Shown anew, a popover comes above whatever dialog was opened since. */
const raise = () => {
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover();
};

const welcome = (added) => {
  added.forEach(start);
  [...toasts.children].slice(0, -MOST).forEach((toast) => toast.remove());
  if (added.length) raise();
};

if (toasts) {
  welcome([...toasts.children]);
  new MutationObserver((changes) => {
    welcome(changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node.matches?.(".toast")));
  }).observe(toasts, { childList: true });
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close-toast]")) leave(target.closest(".toast"));
});

/** Show one of the toasts that the page keeps in a <template>. */
export const showToast = (template) => {
  const source = document.getElementById(template);
  if (!source || !toasts) return;
  [...toasts.children].filter((toast) => toast.dataset.from === template).forEach((toast) => toast.remove());
  const toast = source.content.firstElementChild.cloneNode(true);
  toast.dataset.from = template;
  toasts.append(toast);
};
