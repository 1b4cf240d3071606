/* Ticked rows: ranges with Shift, kept while paging, counted in the bulk bar, sent with every bulk request. */
const KEY = "kariz:ticked:";
let last;

const list = () => document.querySelector("[data-select-rows]");
const bar = () => document.querySelector("[data-bulk-bar]");
const key = () => KEY + list().dataset.selectRows;
const boxes = () => [...list().querySelectorAll("[data-tick]")];

const inDigits = (number) => {
  const { lang, dataset } = document.documentElement;
  return new Intl.NumberFormat(`${lang}-u-nu-${dataset.digits || "latn"}`).format(number);
};

const read = () => new Set(JSON.parse(sessionStorage.getItem(key()) ?? "[]"));
const write = (ids) => sessionStorage.setItem(key(), JSON.stringify([...ids]));

const show = () => {
  if (!list()) return;
  const ids = read();
  for (const box of boxes()) {
    box.checked = ids.has(box.value);
    box.closest("tr, [data-card]")?.setAttribute("aria-selected", String(box.checked));
  }
  const ticked = boxes().filter((box) => box.checked).length;
  const whole = list().querySelector("[data-tick-page]");
  if (whole) {
    whole.checked = ticked > 0 && ticked === boxes().length;
    whole.indeterminate = ticked > 0 && ticked < boxes().length;
  }
  if (!bar()) return;
  bar().hidden = ids.size === 0;
  const count = bar().querySelector("[data-count]");
  if (count) count.textContent = inDigits(ids.size);
};

const tick = (some, on) => {
  const ids = read();
  for (const box of some) {
    if (on) ids.add(box.value);
    else ids.delete(box.value);
  }
  write(ids);
  show();
};

const clear = () => {
  if (!list()) return;
  write([]);
  last = null;
  show();
};

const range = (from, to) => {
  const every = boxes();
  const [start, end] = [every.indexOf(from), every.indexOf(to)].sort((a, b) => a - b);
  return every.slice(start, end + 1);
};

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.matches("[data-tick]")) {
    tick(event.shiftKey && last?.isConnected ? range(last, target) : [target], target.checked);
    last = target;
  } else if (target.matches("[data-tick-page]")) {
    tick(boxes(), target.checked);
  } else if (target.closest("[data-clear-ticks]")) {
    clear();
  }
});

/* Requests made from the bulk bar or the Actions menu carry the ids, whichever page they were ticked on. */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!list() || !detail.elt.closest("[data-bulk-bar], [data-with-ticks]")) return;
  detail.parameters.delete("ids");
  for (const id of read()) detail.parameters.append("ids", id);
});

document.addEventListener("submit", ({ target }) => {
  if (!list() || target.id !== list().dataset.bulkForm) return;
  const here = new Set(boxes().map((box) => box.value));
  for (const id of read()) {
    if (here.has(id)) continue;
    target.append(Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value: id }));
  }
});

document.addEventListener("clearTicks", clear);
document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);
show();
