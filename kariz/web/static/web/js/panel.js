/* What arrives in #panel opens beside the list; Esc or Back on a phone closes it. */
const panel = document.getElementById("panel");
let opener;
let watcher;

const mark = (row) => {
  document.querySelectorAll("tr[data-open]").forEach((each) => each.removeAttribute("data-open"));
  row?.setAttribute("data-open", "");
};

const close = () => {
  if (!panel || panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  watcher?.destroy();
  mark(null);
  if (opener?.isConnected) opener.focus();
};

const open = () => {
  panel.hidden = false;
  panel.focus();
  if (!("CloseWatcher" in window)) return;
  watcher?.destroy();
  watcher = new CloseWatcher();
  watcher.onclose = close;
};

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target !== panel) return;
  const row = detail.elt.closest("tr, [data-card]");
  if (row) opener = row.querySelector("a") ?? row;
  else if (panel.hidden) opener = detail.elt;
  mark(row);
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target !== panel) return;
  if (panel.childElementCount) open();
  else close();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close-panel]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !("CloseWatcher" in window) && !event.defaultPrevented) close();
});

document.addEventListener("closePanel", close);
