// Taking a deletion back, while there is time.
//
// Owns: the card that follows a deletion, and the button. Never does: delete.

import { actionButton } from "../acting.js";
import * as api from "../endpoints.js";
import { byId, el, instant, replace } from "../elements.js";
import { openOrganization, refresh } from "../loading.js";
import { state, update } from "../state.js";
import { say } from "../telling.js";

/** Shows what became of the organization that was deleted last. */
export function showDeleted({ deleted }) {
  byId("organization-deleted").hidden = !deleted;
  byId("organization-deleted-heading").textContent = deleted ? `${deleted.name} is deleted` : "Deleted organization";
  if (!deleted) return replace(byId("organization-deleted-body"));
  const close = actionButton("Close", { work: () => update({ deleted: null }), kind: "secondary", key: "close deleted" });
  const mayRestore = deleted.ownerId === state.me?.principal.userId;
  const until = el("p", {}, mayRestore ? "You can restore it until " : "Its owner can restore it until ", instant(deleted.purgeAt), ".");
  replace(byId("organization-deleted-body"), until, el("div", { class: "row-actions" }, mayRestore && restoreButton(deleted), close));
}

/** A button that brings a deleted organization back. */
export function restoreButton({ id, name }) {
  return actionButton("Restore", {
    ...{ label: `Restore ${name}`, kind: "secondary small", key: `restore ${id}` },
    work: async () => {
      await api.restoreOrganization(id);
      await refresh();
      await openOrganization(id);
      say(`${name} is restored.`);
      byId("organization-name").focus();
    },
  });
}
