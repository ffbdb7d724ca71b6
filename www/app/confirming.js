// Asking before something that cannot be taken back.
//
// Owns: the one dialog of the page. Never does: the thing itself.

import { byId } from "./elements.js";

/**
 * Asks; true when the person says yes. With `typed`, that text has to be typed first, because an
 * organization is not deleted by a slip of the finger.
 */
export function confirmed({ title, text, yes, typed }) {
  const dialog = byId("confirm");
  const form = dialog.querySelector("form");
  const field = form.elements.namedItem("typed");
  say({ title, text, yes, typed });
  field.value = "";
  field.disabled = !typed;
  const check = () => (byId("confirm-yes").disabled = Boolean(typed) && field.value.trim() !== typed);
  field.oninput = check;
  check();
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  }).finally(() => say({}));
}

/** What a question said is not left behind it. */
function say({ title = "Question", text = "", yes = "Yes", typed }) {
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = yes;
  byId("confirm-typed").hidden = !typed;
  byId("confirm-expected").textContent = typed ?? "";
}
