// Telling the person what happened: the status line, and problems beside what caused them.
//
// Owns: wording around a problem document, and marking the field at fault.
// Never does: decide what is a problem.

import { Problem } from "./api.js";
import { byId, el, prose } from "./elements.js";

const STATUS_SHOWN_MS = 6000;
let fading;

/** Says something that went well; screen readers hear it, others see it for a while. */
export function say(text) {
  const status = byId("status");
  status.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => status.replaceChildren(), STATUS_SHOWN_MS);
}

/** Shows a failure in the nearest place for problems, and leads to the field at fault. */
export function showProblem(near, failure) {
  say("");
  placeFor(near).replaceChildren(problemBox(failure));
  const field = near instanceof HTMLFormElement && failure.param ? near.elements.namedItem(failure.param) : null;
  if (!(field instanceof HTMLElement)) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** Takes away what an earlier attempt left. */
export function clearProblem(near) {
  placeFor(near).replaceChildren();
  unmark(near);
}

/** Takes away every problem on the page. */
export function clearProblems() {
  for (const place of document.querySelectorAll("[data-problems]")) place.replaceChildren();
  unmark(document);
}

function unmark(within) {
  for (const field of within.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/** A problem of the server's, or a refusal of the package's, as an element; `alert` makes it heard at once. */
export function problemBox(failure) {
  const known = failure instanceof Problem || failure.name === "GuildhallError";
  const title = known ? failure.title : "something on this page went wrong";
  const detail = failure.detail ?? (failure instanceof Problem ? null : failure.message);
  const reference = failure.requestId && el("span", {}, "request ", el("code", {}, failure.requestId));
  return el(
    "div",
    { class: "problem", role: "alert" },
    el("p", {}, el("strong", {}, sentence(title)), detail && detail !== title ? [" ", ...prose(sentence(detail))] : null),
    el("p", { class: "fine" }, el("code", {}, failure.code ?? "error"), reference && [" · ", reference]),
  );
}

/** Messages of the API are lower case without a full stop; a page shows sentences. */
export function sentence(text) {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function placeFor(near) {
  return near.querySelector("[data-problems]") ?? near.closest("section, dialog").querySelector("[data-problems]");
}
