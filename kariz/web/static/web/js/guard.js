/* What was written is not lost by leaving: `form[data-guard]` asks first. */
const mark = ({ target }) => target.form?.matches("[data-guard]") && target.form.toggleAttribute("data-dirty", true);

document.addEventListener("input", mark);
document.addEventListener("change", mark);
document.addEventListener("submit", ({ target }) => target.removeAttribute("data-dirty"));

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});
