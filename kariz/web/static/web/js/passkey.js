/* Passkeys: fetches the question, lets the browser answer it, and sends the answer with the form. */
const bytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withIds = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

/* The options as the browser wants them: what JSON carries as text becomes bytes. */
const read = ({ publicKey: asked }) => ({
  ...asked,
  challenge: bytes(asked.challenge),
  user: asked.user && { ...asked.user, id: bytes(asked.user.id) },
  allowCredentials: withIds(asked.allowCredentials),
  excludeCredentials: withIds(asked.excludeCredentials),
});

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const written = (key) => ({
  id: key.id,
  rawId: text(key.rawId),
  type: key.type,
  clientExtensionResults: key.getClientExtensionResults(),
  response: Object.fromEntries(
    PARTS.filter((part) => key.response[part]).map((part) => [part, text(key.response[part])]),
  ),
});

const answer = async (form) => {
  const asked = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  const options = await asked.json();
  if (!asked.ok) throw new Error(options.problem);
  const publicKey = read(options);
  const key = await navigator.credentials[form.dataset.passkey]({ publicKey });
  form.elements.credential.value = JSON.stringify(written(key));
};

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey-unable]").forEach((notice) => notice.remove());
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-passkey-problem]");
      problem.hidden = true;
      try {
        await answer(form);
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
}
