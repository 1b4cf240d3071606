/* Light, dark or the system's, shown before the server has kept it. */
document.addEventListener("click", ({ target }) => {
  const choice = target.closest("[data-theme-choice]");
  if (!choice) return;
  document.documentElement.dataset.theme = choice.dataset.themeChoice;
  choice.parentElement
    .querySelectorAll("[data-theme-choice]")
    .forEach((each) => each.setAttribute("aria-pressed", String(each === choice)));
});
