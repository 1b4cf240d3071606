/* A value becomes an input on click or Enter; Esc gives the old value back; Tab saves and goes to the next. */
const before = new WeakMap();

const cellOf = (target) => target.closest?.("[data-edit-url]");
const isEditing = (cell) => cell.hasAttribute("data-editing");

const edit = async (cell) => {
  if (!cell || isEditing(cell) || cell.hasAttribute("data-loading")) return;
  before.set(cell, [...cell.childNodes]);
  cell.toggleAttribute("data-loading", true);
  await htmx.ajax("GET", cell.dataset.editUrl, { source: cell, target: cell, swap: "innerHTML" });
  cell.removeAttribute("data-loading");
  const input = cell.querySelector("input:not([type=hidden]), select, textarea");
  if (!input) return;
  cell.toggleAttribute("data-editing", true);
  input.focus();
  if (input.select) input.select();
};

const restore = (cell) => {
  cell.removeAttribute("data-editing");
  cell.replaceChildren(...(before.get(cell) ?? []));
  cell.tabIndex = -1;
  cell.focus();
};

const neighbourOf = (cell, step) => {
  const every = [...cell.closest("table, .fields, .panel, body").querySelectorAll("[data-edit-url]")];
  return every[every.indexOf(cell) + step];
};

const isChanged = (form) =>
  [...form.elements].some((element) => {
    if (element.type === "checkbox") return element.checked !== element.defaultChecked;
    if (element instanceof HTMLSelectElement)
      return [...element.options].some((option) => option.selected !== option.defaultSelected);
    return "defaultValue" in element && element.value !== element.defaultValue;
  });

const save = (cell) => {
  const form = cell.querySelector("form");
  if (!form) return;
  if (isChanged(form)) form.requestSubmit();
  else restore(cell);
};

document.addEventListener("click", ({ target }) => {
  if (target.closest("a, button, input, select, textarea, label, [popover]") || window.getSelection()?.toString())
    return;
  edit(cellOf(target));
});

document.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
  if (!cell) return;
  if (!isEditing(cell)) {
    if ((event.key === "Enter" || event.key === "F2") && event.target === cell) {
      event.preventDefault();
      edit(cell);
    }
    return;
  }
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    restore(cell);
  } else if (event.key === "Tab") {
    event.preventDefault();
    const next = neighbourOf(cell, event.shiftKey ? -1 : 1);
    save(cell);
    edit(next);
  } else if (event.key === "Enter" && event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    save(cell);
  } else if (event.key === "Enter" && event.target.matches("input, select") && !event.defaultPrevented) {
    event.preventDefault();
    save(cell);
  }
});

/* Leaving a value means keeping it. */
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const cell = cellOf(target);
  if (!cell || !isEditing(cell) || cell.contains(relatedTarget)) return;
  setTimeout(() => {
    const away = target.isConnected && !cell.contains(document.activeElement) && document.hasFocus();
    if (cell.isConnected && isEditing(cell) && away && !cell.querySelector(":popover-open")) save(cell);
  });
});

/* A refused value comes back as a form with its error, inside the cell that stays. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 422 && detail.requestConfig.elt.matches(".cell-form")) detail.swapOverride = "innerHTML";
});
