/* Folds the sidebar to icons; a cookie tells the server, so that the next page is drawn folded. */
const YEAR = 60 * 60 * 24 * 365;

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-fold-sidebar]");
  if (!button) return;
  const state = document.documentElement.dataset.sidebar === "folded" ? "open" : "folded";
  document.documentElement.dataset.sidebar = state;
  button.setAttribute("aria-expanded", String(state === "open"));
  document.cookie = `sidebar=${state}; path=/; max-age=${YEAR}; samesite=lax`;
});
