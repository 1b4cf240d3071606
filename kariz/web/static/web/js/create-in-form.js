/* A record made from inside another form, in the dialog above it, fills the box that asked. */
document.addEventListener("recordCreated", ({ detail }) => {
  const text = document.getElementById(detail.for);
  const id = text?.closest("[data-lookup]")?.querySelector("[data-lookup-id]");
  if (!id) return;
  text.value = detail.title;
  id.value = detail.id;
  id.dispatchEvent(new Event("change", { bubbles: true }));
  text.focus();
});
