/* Moving cards by mouse, thumb or keyboard; the server has the last word, and a refused card goes back. */
import { alongReading } from "./keys.js";
import { sortable } from "./sortable.js";

const columns = (board) => [...board.querySelectorAll("[data-column]")];
const cardsOf = (column) => [...column.querySelectorAll(":scope > [data-card]")];
let held;
let pending;

const placeOf = (card) => ({ column: card.parentElement, next: card.nextElementSibling });

const putBack = ({ card, from }) =>
  from.column.insertBefore(card, from.next?.parentElement === from.column ? from.next : null);

const isWhereItWas = ({ card, from }) => card.parentElement === from.column && card.nextElementSibling === from.next;

const send = (move) => {
  const { card } = move;
  if (isWhereItWas(move)) return;
  pending = move;
  const board = card.closest("[data-board]");
  htmx.ajax("POST", board.dataset.moveUrl.replace("/0/", `/${card.dataset.card}/`), {
    source: board,
    target: board,
    swap: "none",
    values: {
      value: card.parentElement.dataset.column,
      version: card.dataset.version,
      after: card.previousElementSibling?.dataset.card ?? "",
      before: card.nextElementSibling?.dataset.card ?? "",
    },
  });
};

const revert = () => {
  if (pending) putBack(pending);
  pending = null;
};

const attach = async (column) => {
  const Sortable = await sortable();
  if (Sortable.get(column)) return;
  let from;
  Sortable.create(column, {
    group: "board",
    draggable: "[data-card]",
    animation: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    delay: 180,
    delayOnTouchOnly: true,
    ghostClass: "board-card--ghost",
    dragClass: "board-card--drag",
    scrollSensitivity: 60,
    onStart: ({ item }) => {
      from = placeOf(item);
    },
    onEnd: ({ item }) => send({ card: item, from }),
  });
};

const attachAll = (root) => root.querySelectorAll("[data-board] [data-column]").forEach(attach);

document.addEventListener("htmx:load", ({ target }) => attachAll(target.parentElement ?? document));

/* A refusal, a lost connection or an unanswered question puts the card back; a change makes the move final. */
const isMove = (event) => event.target.matches?.("[data-board]");
document.addEventListener("htmx:responseError", (event) => isMove(event) && revert());
document.addEventListener("htmx:sendError", (event) => isMove(event) && revert());
document.addEventListener("cardMoved", () => {
  pending = null;
});
document.getElementById("dialog")?.addEventListener("close", () => setTimeout(revert));

const grab = (card) => {
  held = { card, from: placeOf(card) };
  card.toggleAttribute("data-held", true);
};

const release = () => {
  held.card.removeAttribute("data-held");
  const move = held;
  held = null;
  return move;
};

const moveHeld = (event) => {
  const { card } = held;
  const column = card.parentElement;
  const sideways = alongReading(event);
  if (sideways) {
    const every = columns(card.closest("[data-board]"));
    const target = every[every.indexOf(column) + sideways];
    target?.closest(".board__column").removeAttribute("data-folded");
    target?.insertBefore(card, cardsOf(target)[0] ?? null);
  } else if (event.key === "ArrowUp") {
    column.insertBefore(card, card.previousElementSibling ?? card.nextElementSibling);
  } else {
    cardsOf(column)[cardsOf(column).indexOf(card) + 1]?.after(card);
  }
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const walk = (card, event) => {
  const sideways = alongReading(event);
  const every = columns(card.closest("[data-board]")).filter((column) => !column.closest("[data-folded]"));
  const target = sideways ? every[every.indexOf(card.parentElement) + sideways] : card.parentElement;
  const index = cardsOf(card.parentElement).indexOf(card);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  const cards = target ? cardsOf(target) : [];
  (cards[Math.min(index + step, cards.length - 1)] ?? card).focus();
};

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || event.target !== card) return;
  if (event.key === " ") {
    event.preventDefault();
    if (held) send(release());
    else grab(card);
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    if (held) moveHeld(event);
    else walk(card, event);
  } else if (event.key === "Escape" && held) {
    event.stopPropagation();
    putBack(release());
    card.focus();
  } else if (event.key === "Enter") {
    card.querySelector("a")?.click();
  }
});
