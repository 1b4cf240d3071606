/* Files let fall on a `.drop` are those of its input. */
const boxOf = (target) => target.closest?.(".drop");

const over = (event, isOver) => {
  const box = boxOf(event.target);
  if (!box) return;
  event.preventDefault();
  box.toggleAttribute("data-over", isOver);
};

document.addEventListener("dragover", (event) => over(event, true));
document.addEventListener("dragleave", (event) => over(event, false));

document.addEventListener("drop", (event) => {
  over(event, false);
  const input = boxOf(event.target)?.querySelector("input[type=file]");
  if (!input || !event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
