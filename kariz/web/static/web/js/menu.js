/* Popovers open beside their button; arrows walk through the items. */
import { neighbour } from "./keys.js";

const GAP = 4;
const opener = new WeakMap();

const place = (menu, button) => {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const rtl = document.dir === "rtl";
  const alignEnd = menu.dataset.align === "end";
  const wanted = rtl !== alignEnd ? anchor.right - width : anchor.left;
  const furthest = document.documentElement.clientWidth - width - GAP;
  const below = anchor.bottom + GAP;
  const fits = below + height <= window.innerHeight - GAP || anchor.top - height - GAP < 0;
  menu.style.left = `${Math.max(GAP, Math.min(wanted, furthest))}px`;
  menu.style.top = `${fits ? below : anchor.top - height - GAP}px`;
};

const buttonOf = (menu) => opener.get(menu) ?? document.querySelector(`[popovertarget="${menu.id}"]`);

document.addEventListener(
  "click",
  ({ target }) => {
    const button = target.closest("[popovertarget]");
    if (button?.popoverTargetElement) opener.set(button.popoverTargetElement, button);
    const item = target.closest(".menu__item");
    if (item && !item.closest("[data-stay]")) item.closest("[popover]")?.hidePopover();
  },
  true,
);

document.addEventListener(
  "toggle",
  ({ target: menu, newState }) => {
    if (!menu.matches?.(".menu[popover]")) return;
    const button = buttonOf(menu);
    button?.setAttribute("aria-expanded", String(newState === "open"));
    if (newState !== "open" || !button) return;
    place(menu, button);
    menu.querySelector("[autofocus], .menu__item, input")?.focus({ focusVisible: false });
  },
  true,
);

/* Content that arrives after opening changes the size. */
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const menu = target.closest?.(".menu:popover-open");
  if (menu && buttonOf(menu)) place(menu, buttonOf(menu));
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest?.(".menu:popover-open");
  if (!step || !menu || event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, .month"))
    return;
  event.preventDefault();
  neighbour(
    [...menu.querySelectorAll(".menu__item")].filter((item) => item.offsetParent),
    event.target,
    step,
  )?.focus();
});
