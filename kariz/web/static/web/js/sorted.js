/* Lists whose order is a setting: dragged, or moved with Space and arrows. The order of inputs is the value. */
import { sortable } from "./sortable.js";

const SELECTOR = "[data-sorted]";

const changed = (list) => {
  list.dispatchEvent(new CustomEvent("sorted", { bubbles: true }));
  list.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
};

const attach = async (list) => {
  const Sortable = await sortable();
  if (Sortable.get(list)) return;
  // Sortable calls every place that a dragged row passes a change of its list; a change of the form is the drop.
  list.addEventListener("change", (event) => event.target === list && event.stopPropagation());
  Sortable.create(list, {
    handle: "[data-handle]",
    group: list.dataset.sorted || undefined,
    animation: 120,
    ghostClass: "sorted__row--ghost",
    onEnd: ({ to, item }) => {
      rename(item, to);
      changed(to);
    },
  });
};

/* An input that belongs to its list (`data-list-name`) is renamed when its row moves to another list. */
const rename = (row, list) => {
  for (const input of row.querySelectorAll("[data-list-name]")) if (list.dataset.name) input.name = list.dataset.name;
};

const rows = (list) => [...list.children];

const step = (row, by) => {
  const list = row.parentElement;
  const lists = list.dataset.sorted ? [...document.querySelectorAll(`[data-sorted="${list.dataset.sorted}"]`)] : [list];
  const index = rows(list).indexOf(row) + by;
  if (index >= 0 && index < rows(list).length) {
    if (by < 0) rows(list)[index].before(row);
    else rows(list)[index].after(row);
    return list;
  }
  const other = lists[lists.indexOf(list) + by];
  if (!other) return list;
  if (by < 0) other.append(row);
  else other.prepend(row);
  rename(row, other);
  return other;
};

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle?.closest(SELECTOR)) return;
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const isHeld = handle.getAttribute("aria-pressed") === "true";
  if (event.key === " " || event.key === "Enter" || (event.key === "Escape" && isHeld)) {
    event.preventDefault();
    handle.setAttribute("aria-pressed", String(!isHeld));
  } else if (by && isHeld) {
    event.preventDefault();
    const list = step(handle.closest(`${SELECTOR} > *`), by);
    handle.focus();
    changed(list);
  }
});

const attachAll = (root) => root.querySelectorAll(SELECTOR).forEach(attach);
document.addEventListener("htmx:load", ({ target }) => attachAll(target.parentElement ?? document));
