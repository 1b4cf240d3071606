/* Keys declared on the page by `data-key` ("c", "g l"); `?` lists them all. */
import { isTyping, letter } from "./keys.js";

const PAUSE = 900;
const list = document.getElementById("shortcuts");
let first = "";
let timer;

const find = (keys) =>
  [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === keys && each.checkVisibility());

const follow = (element) => (element.matches("input, select, textarea") ? element.focus() : element.click());

const name = (element) =>
  element.dataset.keyName ?? element.getAttribute("aria-label") ?? element.title ?? element.textContent;

const row = (element) => {
  const line = list.querySelector("template").content.firstElementChild.cloneNode(true);
  const [label, keys] = line.children;
  label.textContent = (name(element) || element.textContent).trim();
  keys.append(
    ...element.dataset.key
      .split(" ")
      .map((key) => Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() })),
  );
  return line;
};

const showList = () => {
  const seen = new Map([...document.querySelectorAll("[data-key]")].map((element) => [element.dataset.key, element]));
  list.querySelector("[data-page-keys]").replaceChildren(...[...seen.values()].map(row));
  list.showModal();
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  const key = letter(event);
  if (key === "?" && list) return showList();
  if (key.length > 1) return;
  const element = (first && find(`${first} ${key}`)) || find(key);
  first = element ? "" : key;
  clearTimeout(timer);
  timer = setTimeout(() => {
    first = "";
  }, PAUSE);
  if (!element) return;
  event.preventDefault();
  follow(element);
});
