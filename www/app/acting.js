// Turning a press or a submit into work that is done once, with its failure shown where it began.
//
// Owns: busy marks and the way from an error to its place. Never does: know what the work is.

import { Problem } from "./api.js";
import { el } from "./elements.js";
import { refresh } from "./loading.js";
import { state } from "./state.js";
import { clearProblem, say, showProblem } from "./telling.js";
import { currentVisit, isOver } from "./visit.js";

/** Runs `work(fields)` when the form is sent; a second press while it runs does nothing. */
export function onSubmit(form, work) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form, () => work(fieldsOf(form)));
  });
}

/** A button that runs `work` when pressed. `rule` is what the rules say; a refusal disables it. */
export function actionButton(text, { work, rule, kind = "", label, key }) {
  const refused = rule && !rule.allowed;
  const title = refused ? `${rule.code}: ${rule.detail}` : undefined;
  const attributes = { type: "button", class: kind, "aria-label": label, disabled: refused, title, key };
  const button = el("button", attributes, text);
  button.addEventListener("click", () => run(button, work));
  return button;
}

/**
 * Runs work on behalf of an element that is in the page already. Rule: what fails after the person who began it is
 * gone is shown to nobody.
 */
export async function run(origin, work) {
  if (origin.getAttribute("aria-busy") === "true") return;
  const visit = currentVisit();
  const place = origin instanceof HTMLFormElement ? origin : origin.closest("section, dialog");
  clearProblem(place);
  origin.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (failure) {
    if (!isOver(visit)) await showFailure(place, failure, visit);
  } finally {
    if (!isOver(visit)) origin.removeAttribute("aria-busy");
  }
}

/** Shows a failure beside what caused it, on a page that is up to date; a session that is over ends the visit. */
async function showFailure(place, failure, visit) {
  const wasSignedIn = state.me !== null;
  if (isOutdated(failure)) await refresh().catch(() => {});
  if (wasSignedIn && !state.me) say("Your session has ended: sign in again.");
  if (!isOver(visit)) showProblem(place, failure);
}

/** Whether a refusal means that what is on display is no longer so. */
function isOutdated(failure) {
  return failure instanceof Problem && [401, 404, 409, 410, 412].includes(failure.status);
}

/** The form's values by name; a checkbox is true or false, and empty text is left out. */
function fieldsOf(form) {
  const fields = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") fields[field.name] = field.checked;
    else if (field.value.trim() !== "") fields[field.name] = field.value.trim();
  }
  return fields;
}
