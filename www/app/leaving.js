// The end of a visit: everything that belongs to a person goes.
//
// Owns: what that is: answers on their way, the state, the token, the address, and what was typed into or left on the
// page. Never does: sign out; the server has done so, or has said that the session is over.

import { dropLink, showOrganization } from "./address.js";
import { ofNobody, update } from "./state.js";
import { clearProblems, say } from "./telling.js";
import { endVisit } from "./visit.js";

/** Leaves the page as a stranger finds it. */
export function leave() {
  endVisit();
  dropLink();
  showOrganization(null);
  clearPage();
  update({ ...ofNobody, asked: true });
}

/** What the views do not draw from the state. */
function clearPage() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  for (const form of document.forms) form.reset();
  for (const field of document.querySelectorAll("input, select")) field.setCustomValidity("");
  for (const details of document.querySelectorAll("details[open]")) details.open = false;
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  clearProblems();
  say("");
}
