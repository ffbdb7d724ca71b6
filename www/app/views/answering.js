// The invitations to my verified address.
//
// Owns: their list. Never does: answer them, or show one whose link was opened.

import { actionButton } from "../acting.js";
import { badge, byId, el, instant, replace, row } from "../elements.js";
import { watch } from "../state.js";
import { accept, decline } from "./opened-link.js";

/** Sets the view up. */
export function answering() {
  watch(showMine);
}

function showMine({ me }) {
  const rows = me?.invitations.map(mineRow) ?? [];
  byId("invited-me").hidden = rows.length === 0;
  replace(byId("mine"), el("ul", { class: "rows" }, rows));
}

function mineRow(invitation) {
  const { id, roles, message, inviter, expiresAt } = invitation;
  const { name, slug } = invitation.organization;
  const key = { invitationId: id };
  const texts = [
    el("strong", {}, name),
    el("span", { class: "badges" }, roles.map((role) => badge(role, role)), el("span", { class: "fine" }, inviter.name && `from ${inviter.name}, `, "until ", instant(expiresAt))),
    message && el("blockquote", {}, message),
  ];
  return row(texts, [
    actionButton("Accept", { work: () => accept(key, { name, reference: slug }), kind: "small", label: `Accept the invitation to ${name}`, key: `accept ${id}` }),
    actionButton("Decline", { work: () => decline(key, name), kind: "secondary small", label: `Decline the invitation to ${name}`, key: `decline ${id}` }),
  ]);
}
