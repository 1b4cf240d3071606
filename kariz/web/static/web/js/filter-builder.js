/* Builds a condition: rows and groups from templates, kept as JSON in one hidden input. */
const builderOf = (target) => target.closest?.("[data-filter-builder]");

const values = (row) => {
  const inputs = [...row.querySelectorAll("[data-value]")].filter(
    (input) => input.type !== "checkbox" || input.checked,
  );
  const read = (input) => (input.multiple ? [...input.selectedOptions].map((option) => option.value) : input.value);
  return inputs.map(read);
};

const condition = (row) => {
  const field = row.querySelector("[data-field]")?.value;
  const operator = row.querySelector("[data-operator]")?.value;
  return field && operator ? [field, operator, ...values(row)] : null;
};

const parts = (group) => [...group.querySelector(":scope > [data-rows]").children];

const tree = (group) => ({
  [group.querySelector(":scope > .filter__match [data-match]")?.value ?? "all"]: parts(group)
    .map((part) => (part.matches("[data-group]") ? tree(part) : condition(part)))
    .filter((part) => part && (Array.isArray(part) || Object.values(part)[0].length)),
});

const write = (builder) => {
  const hidden = builder.querySelector("[data-filter]");
  const json = JSON.stringify(tree(builder.querySelector(":scope > [data-group]")));
  if (hidden.value === json) return;
  hidden.value = json;
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
};

const add = (button, kind) => {
  const builder = builderOf(button);
  const row = builder.querySelector(`template[data-new-${kind}]`).content.firstElementChild.cloneNode(true);
  button.closest("[data-group]").querySelector(":scope > [data-rows]").append(row);
  htmx.process(row);
  row.querySelector("select, input")?.focus();
  return builder;
};

document.addEventListener("click", ({ target }) => {
  const condition = target.closest("[data-add-condition]");
  const group = target.closest("[data-add-group]");
  const remove = target.closest("[data-remove]");
  if (!builderOf(target)) return;
  if (condition) write(add(condition, "condition"));
  if (group) write(add(group, "group"));
  if (!remove) return;
  const builder = builderOf(remove);
  remove.closest("[data-condition], [data-group]").remove();
  write(builder);
});

for (const event of ["input", "change"]) {
  document.addEventListener(event, ({ target }) => {
    const builder = builderOf(target);
    if (builder && !target.matches("[data-filter]")) write(builder);
  });
}

/* The server has sent the operators and the value box of another field. */
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const builder = builderOf(target);
  if (builder) write(builder);
});
