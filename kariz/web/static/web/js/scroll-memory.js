/* A list is found again where it was left: scroll of `[data-scroll]` boxes, kept by address. */
const here = () => window.location.pathname + window.location.search;
const key = (box, path = here()) => `kariz:scroll:${path}:${box.dataset.scroll}`;
const boxes = () => document.querySelectorAll("[data-scroll]");

const keep = (path) => {
  for (const box of boxes()) sessionStorage.setItem(key(box, path), JSON.stringify([box.scrollLeft, box.scrollTop]));
};

window.addEventListener("pagehide", () => keep());
document.addEventListener("htmx:beforeHistorySave", ({ detail }) => keep(detail.path));

const isReturn = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
if (isReturn) {
  for (const box of boxes()) {
    const [left, top] = JSON.parse(sessionStorage.getItem(key(box)) ?? "[0,0]");
    box.scrollTo(left, top);
  }
}
