/* The pressed tab is marked at once, before its content arrives; arrows walk along the tabs. */
import { alongReading, neighbour } from "./keys.js";

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const tab = target.closest?.("[data-tabs] a");
  if (!tab) return;
  tab
    .closest("[data-tabs]")
    .querySelectorAll("[aria-current]")
    .forEach((each) => each.removeAttribute("aria-current"));
  tab.setAttribute("aria-current", "page");
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[data-tabs] a");
  const step = tab && alongReading(event);
  if (!step) return;
  event.preventDefault();
  neighbour([...tab.closest("[data-tabs]").querySelectorAll("a")], tab, step).focus();
});

/* Where the tabs are wider than the screen, the current one is in sight. */
for (const tab of document.querySelectorAll("[data-tabs] [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}
