/* The eye beside a password shows what was typed. Without a script there is no eye. */
for (const shown of document.querySelectorAll("[data-shown]")) {
  const input = shown.querySelector("input");
  const eye = shown.querySelector("button");
  eye.hidden = false;
  eye.addEventListener("click", () => {
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(isShown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => (input.type = "password"));
}
