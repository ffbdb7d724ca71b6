// Inviting to the open organization, and the invitations that wait for an answer.
//
// Owns: the invite form and the list of the organization's invitations. Never does: show a token;
// the invited person alone gets it, by mail.

import { actionButton, onSubmit } from "../acting.js";
import { confirmed } from "../confirming.js";
import { parseEmail } from "../core.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, nothing, prose, replace, row } from "../elements.js";
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

/** Rule: an open invitation with other roles or teams is replaced only after a question. */
async function invite({ email, roles, message }) {
  const { id } = state.organization;
  const body = { email, roles: [roles], ...(message && { message }) };
  const trial = await api.tryInvitation(id, body);
  if (!(await mayReplace(trial, body))) return;
  const invitation = await api.inviteMember(id, body, trial.version);
  byId("invite-form").reset();
  await refresh();
  say(`${invitation.email} is invited.`);
}

/** What the trial says of an open invitation of the same address; the person is asked when it promises something else. */
async function mayReplace({ events }, { email, roles }) {
  const superseded = events.find(({ type }) => type === "invitation.superseded")?.data.invitationId;
  if (!superseded) return true;
  const open = state.invitations.data.find(({ id }) => id === superseded);
  if (open && isSame(open.roles, roles) && open.teams.length === 0) return true;
  const promises = open ? ` as ${open.roles.join(", ")}${open.teams.length > 0 ? " and into teams" : ""}` : "";
  const text = `${email} has an open invitation${promises}. It is replaced by one as ${roles.join(", ")}, and its link is void.`;
  return confirmed({ title: "Replace the open invitation?", text, yes: "Replace it" });
}

const isSame = (some, others) => some.length === others.length && some.every((role) => others.includes(role));

/** The same function that checks addresses on the server checks this one, before anything is sent. */
function checkAddress(field) {
  const text = field.value.trim();
  const checked = text ? parseEmail(text) : null;
  field.setCustomValidity(checked?.denial ? sentence(checked.denial.detail) : "");
}

/** The roles that can be given, built in, declared and own, as far as they may be read; a choice that still stands is kept. */
function offerRoles({ data }) {
  const select = byId("invite-form").elements.roles;
  const offered = data.filter(({ key, unknown }) => key !== "owner" && !unknown);
  const keys = offered.length > 0 ? offered.map(({ key }) => key).sort((one, other) => Number(other === "member") - Number(one === "member")) : ["member", "admin"];
  if (keys.join() === [...select.options].map(({ value }) => value).join()) return;
  const chosen = select.value;
  select.replaceChildren(...keys.map((key) => el("option", { value: key }, key)));
  select.value = keys.includes(chosen) ? chosen : "member";
}

function show({ organization, invitations, roles }) {
  if (!organization) {
    byId("invite-refused").replaceChildren();
    return replace(byId("invitation-list"));
  }
  const mayRead = organization.permissions.includes("invitation:read");
  offerRoles(roles);
  const rule = whenI(actions.invite("kim@example.com", ["member"]));
  byId("invite-form").hidden = !rule.allowed;
  byId("invite-refused").replaceChildren(...(rule.allowed ? [] : prose(`${sentence(rule.detail)} (${rule.code})`)));
  const rows = invitations.data.map((invitation) => invitationRow(organization, invitation));
  const empty = nothing(mayRead ? "No invitations yet." : "Hidden: your roles do not allow invitation:read.");
  const more = invitations.hasMore && actionButton("Show more invitations", { work: moreInvitations, kind: "secondary", key: "more" });
  replace(byId("invitation-list"), rows.length ? el("ul", { class: "rows" }, rows) : empty, more);
}

function invitationRow({ id }, invitation) {
  const { email, roles, state: standing, expiresAt } = invitation;
  const pending = standing === "pending";
  const texts = [
    el("strong", {}, email),
    el("span", { class: "badges" }, roles.map((role) => badge(role, role)), badge(standing, standing), pending && el("span", { class: "fine" }, "until ", instant(expiresAt))),
  ];
  return row(texts, pending && actionsOn(id, invitation), { class: pending ? undefined : "past" });
}

function actionsOn(id, invitation) {
  const common = (word) => ({ kind: "secondary small", key: `${word} ${invitation.id}` });
  return [
    actionButton("Send again", {
      ...common("resend"),
      label: `Send again: ${invitation.email}`,
      rule: whenI(actions.resend(invitation.id)),
      work: () => done(api.resendInvitation(id, invitation.id), `${invitation.email} gets a new link; the old one is void.`),
    }),
    actionButton("Revoke", {
      ...common("revoke"),
      label: `Revoke: ${invitation.email}`,
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
