/* Walking a list without the mouse: j and k by row, arrows by cell, x ticks, Space peeks, Enter opens or edits. */
import { alongReading, isTyping, letter } from "./keys.js";

const rows = (table) => [...table.querySelectorAll("tbody tr[data-record]")];

const focus = (element) => {
  if (!element) return;
  element.tabIndex = -1;
  element.focus();
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
};

/* With the side panel open, the panel follows the row. */
const moveRow = (table, place, step) => {
  const every = rows(table);
  const row = place?.closest("tr");
  const next = row ? every[every.indexOf(row) + step] : every[0];
  const cell = place?.closest("td");
  focus(cell && next ? next.cells[cell.cellIndex] : next);
  if (table.querySelector("tr[data-open]")) next?.querySelector("[data-peek]")?.click();
};

const moveCell = (place, step) => {
  const row = place.closest("tr");
  const cell = place.closest("td");
  const next = cell ? row.cells[cell.cellIndex + step] : row.querySelector(".table__name");
  focus(next ?? row);
};

/* Each answers true when the key was its own. */
const meaning = {
  j: (table, place) => moveRow(table, place, 1),
  k: (table, place) => moveRow(table, place, -1),
  ArrowDown: (table, place) => place && moveRow(table, place, 1),
  ArrowUp: (table, place) => place && moveRow(table, place, -1),
  x: (table, place) => place?.closest("tr").querySelector("[data-tick]")?.click(),
  " ": (table, place) => place?.closest("tr").querySelector("[data-peek]")?.click(),
  o: (table, place) => place?.closest("tr").querySelector(".table__name a")?.click(),
};

const NEEDS_ROW = new Set(["ArrowDown", "ArrowUp", "x", " ", "o"]);

document.addEventListener("keydown", (event) => {
  const table = document.querySelector("table[data-rows]");
  const inDialog = document.querySelector("dialog[open], :popover-open");
  if (!table || inDialog || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const place = event.target.closest("tr[data-record], tr[data-record] td") ?? table.querySelector("tr[data-open]");
  const onControl = event.target.closest("a, button, input");
  const key = letter(event);
  const sideways = place && !onControl && alongReading(event);
  if (sideways) {
    event.preventDefault();
    return moveCell(place, sideways);
  }
  if (event.key === "Enter" && place?.matches("tr")) return place.querySelector(".table__name a")?.click();
  if (!meaning[key] || (NEEDS_ROW.has(key) && !place) || (key === " " && onControl)) return;
  event.preventDefault();
  meaning[key](table, place);
});

/* A press beside the links of a row, where there is nothing to edit, peeks too. */
document.addEventListener("click", ({ target }) => {
  const cell = target.closest?.("tr[data-record] > td:not([data-edit-url], .table__tick-cell)");
  if (!cell || target.closest("a, button, input, label") || window.getSelection()?.toString()) return;
  cell.parentElement.querySelector("[data-peek]")?.click();
});
