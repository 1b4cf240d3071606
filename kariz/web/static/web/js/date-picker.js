/* A month beside a date's text box. The server draws the month, in the reader's calendar; the text stays the truth. */
import { alongReading } from "./keys.js";

const boxOf = (target) => target.closest?.("[data-date]");

const ask = (box, month) => {
  const popover = box.querySelector("[data-month]");
  const url = new URL(box.dataset.monthUrl, window.location.href);
  url.searchParams.set("value", box.querySelector("input").value);
  if (month) url.searchParams.set("month", month);
  return htmx.ajax("GET", url.pathname + url.search, { source: popover, target: popover, swap: "innerHTML" });
};

const days = (popover) => [...popover.querySelectorAll("[data-day]")];

const focusDay = (popover) =>
  (
    popover.querySelector("[data-day][aria-selected=true]") ??
    popover.querySelector(".month__day--today") ??
    days(popover)[0]
  )?.focus({ preventScroll: true });

document.addEventListener(
  "toggle",
  async ({ target, newState }) => {
    if (newState !== "open" || !target.matches?.("[data-month]")) return;
    await ask(boxOf(target));
    focusDay(target);
  },
  true,
);

document.addEventListener("click", async ({ target }) => {
  const box = boxOf(target);
  const day = target.closest("[data-day]");
  const turn = target.closest("[data-turn-month]");
  if (!box) return;
  if (turn) await ask(box, turn.dataset.turnMonth);
  if (!day) return;
  const input = box.querySelector("input");
  input.value = day.dataset.day;
  day.closest("[popover]").hidePopover();
  input.focus();
  for (const event of ["input", "change"]) input.dispatchEvent(new Event(event, { bubbles: true }));
});

document.addEventListener("keydown", (event) => {
  const popover = event.target.closest?.("[data-month]");
  if (event.key === "ArrowDown" && event.altKey && boxOf(event.target)) {
    event.preventDefault();
    return boxOf(event.target).querySelector("[data-month]").showPopover();
  }
  if (!popover || !event.target.matches("[data-day]")) return;
  const step = alongReading(event) || { ArrowUp: -7, ArrowDown: 7 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  days(popover)[days(popover).indexOf(event.target) + step]?.focus();
});
