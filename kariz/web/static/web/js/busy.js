/* A line at the top of the page while an answer takes longer than a blink. */
const BLINK = 150;
let waiting = 0;
let timer;

document.addEventListener("htmx:beforeRequest", () => {
  waiting += 1;
  if (waiting === 1) timer = setTimeout(() => document.documentElement.toggleAttribute("data-busy", true), BLINK);
});

document.addEventListener("htmx:afterRequest", () => {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(timer);
  document.documentElement.removeAttribute("data-busy");
});
