/* A record page follows its record: after a change its head and its open tab are fetched anew. */
const fetchInto = (url, target, swap) => htmx.ajax("GET", url, { source: target, target, swap });

/* What is being written stays, and so does the focus on a value. */
const isWriting = (region) => region.querySelector("[data-editing], [data-loading], form[data-dirty]");

const follow = async (region, url, swap) => {
  if (!region || isWriting(region)) return;
  const focused = region.contains(document.activeElement) ? document.activeElement.dataset.editUrl : null;
  await fetchInto(url, region, swap);
  if (focused) document.querySelector(`[data-edit-url="${CSS.escape(focused)}"]`)?.focus();
};

document
  .querySelector("[data-tabs] [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "nearest" });

const followAll = () => {
  const head = document.getElementById("record-head");
  const tab = head?.querySelector("[data-tabs] [aria-current]");
  const beside = document.querySelector("#panel [data-record-url]");
  if (head) follow(head, window.location.pathname + window.location.search, "outerHTML");
  if (tab) follow(document.getElementById("tab"), tab.getAttribute("hx-get"), "innerHTML");
  if (beside) follow(document.getElementById("panel"), beside.dataset.recordUrl, "innerHTML");
};

/* The answer that tells of the change is swapped in first: a value that was just saved is no longer being written. */
const SWAPPED = 60;
document.addEventListener("recordChanged", () => setTimeout(followAll, SWAPPED));
