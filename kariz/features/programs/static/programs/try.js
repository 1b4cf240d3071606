// Sends the request that a form of the API's page describes, as whoever is signed in, and shows the answer.
const token = () => document.querySelector('meta[name="csrf-token"]').content;

function address(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const input of form.querySelectorAll("input")) {
    if ("place" in input.dataset) path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.set(input.name, input.value);
  }
  return query.size ? `${path}?${query}` : path;
}

function options(form) {
  const method = form.dataset.try;
  const json = form.querySelector("[data-json]");
  const headers = method === "GET" ? {} : { "X-CSRFToken": token() };
  if (!json) return { method, headers };
  return { method, headers: { ...headers, "Content-Type": "application/json" }, body: json.value };
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-try]");
  if (!form) return;
  event.preventDefault();
  const shown = form.querySelector("pre");
  const answer = await fetch(address(form), options(form));
  shown.textContent = `${answer.status} ${answer.statusText}\n\n${readable(await answer.text())}`;
  shown.hidden = false;
});
