// Asking which roles a member holds.
//
// Owns: the dialog with a check mark for each role. Never does: change a role.

import { byId, el } from "./elements.js";

/** Asks; gives the keys that are checked, or `null` when the person cancels. `offered` are roles, `held` are keys. */
export function chosenRoles({ title, offered, held }) {
  const dialog = byId("choose-roles");
  const boxes = offered.map(({ key }) => el("input", { type: "checkbox", name: "role", value: key, checked: held.includes(key) }));
  const labels = offered.map(({ key, name }, index) => el("label", { class: "check" }, boxes[index], name === key ? key : `${name} (${key})`));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const check = () => (byId("choose-roles-yes").disabled = chosen().length === 0);
  byId("choose-roles-title").textContent = title;
  byId("choose-roles-list").replaceChildren(...labels);
  byId("choose-roles-list").onchange = check;
  check();
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? chosen() : null), { once: true });
  }).finally(forget);
}

/** Whose roles they were is not left behind the question. */
function forget() {
  byId("choose-roles-title").textContent = "Roles";
  byId("choose-roles-list").replaceChildren();
}
