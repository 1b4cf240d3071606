/* Several records chosen one after another: each becomes a chip with its id, the box is free for the next. */
const changed = (box) => box.dispatchEvent(new Event("change", { bubbles: true }));

document.addEventListener("change", ({ target }) => {
  const box = target.matches("[data-lookup-id]") && target.closest("[data-links]");
  if (!box || !target.value) return;
  const text = box.querySelector("[data-lookup-text]");
  const chip = box.querySelector("template").content.firstElementChild.cloneNode(true);
  const held = [...box.querySelectorAll(":scope > .chip input")].map((input) => input.value);
  if (!held.includes(target.value)) {
    chip.querySelector("bdi").textContent = text.value;
    chip.querySelector("input").value = target.value;
    box.querySelector("[data-lookup]").before(chip);
  }
  target.value = text.value = "";
  changed(box);
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-unlink]");
  if (!button) return;
  const box = button.closest("[data-links]");
  button.closest(".chip").remove();
  changed(box);
});
