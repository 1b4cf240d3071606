/* Every htmx request carries the CSRF token, and a request that fails says so. */
import { showToast } from "./toast.js";

const token = document.querySelector("meta[name=csrf-token]")?.content;

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = token;
});

document.addEventListener("htmx:sendError", () => showToast("toast-offline"));
document.addEventListener("htmx:timeout", () => showToast("toast-offline"));

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401) window.location.reload();
  else showToast(status === 403 || status === 404 ? "toast-refused" : "toast-failed");
});
