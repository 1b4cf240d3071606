/* One record chosen by typing a part of its name: the text is shown, the id is sent. */
import { neighbour } from "./keys.js";

const boxOf = (target) => target?.closest?.("[data-lookup]");
const part = (box, name) => box.querySelector(`[data-lookup-${name}]`);
const options = (box) => [...part(box, "list").querySelectorAll("[role=option]")];
const marked = (box) => part(box, "list").querySelector("[aria-selected=true]");

const mark = (box, option) => {
  options(box).forEach((each) => each.setAttribute("aria-selected", String(each === option)));
  option?.scrollIntoView({ block: "nearest" });
};

const close = (box) => {
  part(box, "list").replaceChildren();
  part(box, "text").setAttribute("aria-expanded", "false");
};

const choose = (box, option) => {
  const text = part(box, "text");
  const id = part(box, "id");
  text.value = option.dataset.text ?? option.textContent.trim();
  id.value = option.dataset.id;
  close(box);
  id.dispatchEvent(new Event("change", { bubbles: true }));
};

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.matches?.("[data-lookup-list]")) return;
  const box = boxOf(target);
  if (!box.contains(document.activeElement)) return close(box);
  part(box, "text").setAttribute("aria-expanded", String(options(box).length > 0));
  mark(box, options(box)[0]);
});

/* Text that was typed over no longer names the record that was chosen. */
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-lookup-text]")) part(boxOf(target), "id").value = "";
});

/* Pressing an option must not blur the box first. */
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-lookup-list]")) event.preventDefault();
});

document.addEventListener("click", ({ target }) => {
  const option = target.closest("[data-lookup-list] [data-id]");
  if (option) choose(boxOf(option), option);
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!event.target.matches?.("[data-lookup-text]")) return;
    const box = boxOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!options(box).length) return;
    if (step) {
      event.preventDefault();
      mark(box, neighbour(options(box), marked(box), step));
    } else if ((event.key === "Enter" || event.key === "Tab") && marked(box)?.dataset.id) {
      if (event.key === "Enter") event.preventDefault();
      choose(box, marked(box));
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(box);
    }
  },
  true,
);

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const box = boxOf(target);
  if (box && !box.contains(relatedTarget)) close(box);
});
