/* Asks before what undo cannot reach: `hx-confirm` on requests, `data-confirm` on plain forms. */
const box = document.getElementById("confirm");

const ask = (question, { verb, agree }) => {
  box.querySelector("[data-question]").textContent = question;
  const button = box.querySelector("[data-agree]");
  button.textContent = verb ?? button.dataset.agree;
  box.returnValue = "";
  box.showModal();
  box.addEventListener("close", () => box.returnValue === "agree" && agree(), { once: true });
};

document.addEventListener("htmx:confirm", (event) => {
  const { question, elt, issueRequest } = event.detail;
  if (!question || !box) return;
  event.preventDefault();
  ask(question, { verb: elt.dataset.confirmVerb, agree: () => issueRequest(true) });
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.agreed !== undefined || !box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    ask(form.dataset.confirm, {
      verb: form.dataset.confirmVerb,
      agree: () => {
        form.dataset.agreed = "";
        form.requestSubmit(submitter);
      },
    });
  },
  true,
);
