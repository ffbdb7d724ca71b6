// Inviting to the open organization, and the invitations that wait for an answer.
//
// Owns: the invite form and the list of the organization's invitations. Never does: show a token;
// the invited person gets it by mail and nobody else does.

import { actionButton, onSubmit } from "../acting.js";
import { parseEmail } from "../core.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, nothing, prose, replace } from "../elements.js";
import { actions } from "../facts.js";
import { moreInvitations, refresh } from "../loading.js";
import { whenI } from "../rules.js";
import { state, watch } from "../state.js";
import { say, sentence } from "../telling.js";

/** Sets the view up. */
export function invitations() {
  const form = byId("invite-form");
  form.elements.email.addEventListener("input", () => checkAddress(form.elements.email));
  onSubmit(form, invite);
  watch(show);
}

async function invite({ email, roles, message }) {
  const invitation = await api.inviteMember(state.organization.id, { email, roles: [roles], ...(message && { message }) });
  byId("invite-form").reset();
  await refresh();
  say(`${invitation.email} is invited.`);
}

/** The same function that checks addresses on the server checks this one, before anything is sent. */
function checkAddress(field) {
  const text = field.value.trim();
  const checked = text ? parseEmail(text) : null;
  field.setCustomValidity(checked?.denial ? sentence(checked.denial.detail) : "");
}

function show({ organization, invitations }) {
  if (!organization) return replace(byId("invitation-list"));
  const mayRead = organization.permissions.includes("invitation:read");
  const rule = whenI(actions.invite("somebody@example.com", ["member"]));
  byId("invite-form").hidden = !rule.allowed;
  byId("invite-refused").replaceChildren(...(rule.allowed ? [] : prose(`${sentence(rule.detail)} (${rule.code})`)));
  const rows = invitations.data.map((invitation) => invitationRow(organization, invitation));
  const empty = nothing(mayRead ? "No invitations yet." : "Only those who may read invitations see them.");
  const more = invitations.hasMore && actionButton("Show more invitations", { work: moreInvitations, kind: "secondary", key: "more" });
  replace(byId("invitation-list"), rows.length ? el("ul", { class: "rows" }, rows) : empty, more);
}

function invitationRow({ id }, invitation) {
  const { email, roles, state: standing, expiresAt } = invitation;
  const pending = standing === "pending";
  return el(
    "li",
    { class: pending ? undefined : "past" },
    el(
      "div",
      { class: "row-text" },
      el("strong", {}, email),
      el("span", { class: "badges" }, roles.map((role) => badge(role, role)), badge(standing, standing), pending && el("span", { class: "fine" }, "until ", instant(expiresAt))),
    ),
    pending ? el("div", { class: "row-actions" }, actionsOn(id, invitation)) : null,
  );
}

function actionsOn(id, invitation) {
  const common = (word) => ({ kind: "secondary small", key: `${word} ${invitation.id}` });
  return [
    actionButton("Send again", {
      ...common("resend"),
      label: `Send the invitation of ${invitation.email} again`,
      rule: whenI(actions.resend(invitation.id)),
      work: () => done(api.resendInvitation(id, invitation.id), `${invitation.email} gets a new link; the old one is void.`),
    }),
    actionButton("Revoke", {
      ...common("revoke"),
      label: `Revoke the invitation of ${invitation.email}`,
      rule: whenI(actions.revoke(invitation.id)),
      work: () => done(api.revokeInvitation(id, invitation.id), `The invitation of ${invitation.email} is revoked.`),
    }),
  ];
}

async function done(answer, told) {
  await answer;
  await refresh();
  say(told);
}
