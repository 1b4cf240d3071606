/* Ctrl+K or `/`: type, walk with the arrows, go with Enter. */
import { isTyping, neighbour } from "./keys.js";

const palette = document.getElementById("palette");
const input = palette?.querySelector(".palette__input");
const results = () => [...palette.querySelectorAll("[role=option]")];

const choose = (option) => {
  results().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
};

const chosen = () => palette.querySelector("[role=option][aria-selected=true]");

const open = () => {
  if (palette.open) return;
  palette.showModal();
  input.select();
  if (!results().length) input.dispatchEvent(new Event("opened"));
};

const number = (options) =>
  options.forEach((option, index) => {
    option.id ||= `result-${index}`;
  });

if (palette) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open-palette]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("keydown", (event) => {
    const jump = (event.ctrlKey || event.metaKey) && event.code === "KeyK";
    const slash =
      event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !document.querySelector("dialog[open]");
    if (!jump && !slash) return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });

  palette.addEventListener("htmx:afterSwap", () => {
    number(results());
    choose(results()[0]);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); // else a search box only empties itself
      palette.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && results().length) {
      event.preventDefault();
      choose(neighbour(results(), chosen(), step));
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().dispatchEvent(
        new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }),
      );
    }
  });

  palette.addEventListener("click", ({ target }) => target.closest("[role=option]") && palette.close());
}
