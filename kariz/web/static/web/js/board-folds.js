/* Columns fold and stay folded, each board's on this device. */
const KEY = "kariz:folds";
const folds = () => JSON.parse(localStorage.getItem(KEY) ?? "{}");
const nameOf = (column) => `${window.location.pathname}:${column.querySelector("[data-column]").dataset.column}`;

document.addEventListener("click", ({ target }) => {
  const column = target.closest("[data-fold-column], .board__column[data-folded]")?.closest(".board__column");
  if (!column) return;
  const isFolded = column.toggleAttribute("data-folded");
  localStorage.setItem(KEY, JSON.stringify({ ...folds(), [nameOf(column)]: isFolded }));
});

document.addEventListener("htmx:load", ({ target }) => {
  const kept = folds();
  for (const column of (target.parentElement ?? document).querySelectorAll(".board__column"))
    column.toggleAttribute("data-folded", kept[nameOf(column)] ?? column.hasAttribute("data-folded"));
});
