// Invitations to me: the one whose link was opened, and those to my verified address.
//
// Owns: preview, accept and decline. Never does: put a token into the page or an address.

import { actionButton } from "../acting.js";
import { dropToken } from "../address.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, replace } from "../elements.js";
import { openOrganization, refresh } from "../loading.js";
import { state, update, watch } from "../state.js";
import { problemBox, say } from "../telling.js";

/** Sets the view up. */
export function answering() {
  watch(showOpened);
  watch(showMine);
}

/** Shows what a token leads to; signing in is not needed for that. */
export async function previewToken(token) {
  try {
    update({ invited: { token, preview: await api.previewInvitation(token) } });
  } catch (problem) {
    update({ invited: { token, problem } });
  }
  byId("invited-heading").focus();
}

function showOpened({ invited, me }) {
  byId("invited").hidden = !invited;
  if (!invited) return replace(byId("invited-body"));
  const { preview, problem } = invited;
  byId("invited-heading").textContent = preview ? `You are invited to ${preview.organization.name}` : "This invitation cannot be used";
  const body = preview ? previewLines(preview) : problemBox(problem);
  replace(byId("invited-body"), body, el("div", { class: "row-actions" }, openedActions(invited, me)));
}

function previewLines({ invitation, inviter }) {
  return [
    el("p", {}, `${inviter.name ?? "A member"} invites `, el("strong", {}, invitation.maskedEmail), " as ", invitation.roles.map((role) => badge(role, role))),
    invitation.message && el("blockquote", {}, invitation.message),
    invitation.state === "pending"
      ? el("p", { class: "fine" }, "Open until ", instant(invitation.expiresAt))
      : el("p", {}, "It is ", badge(invitation.state, "warn"), " and cannot be answered any more."),
  ];
}

function openedActions({ token, preview }, me) {
  const later = actionButton(preview ? "Not now" : "Close", { work: forget, kind: "secondary", key: "later" });
  if (!preview || preview.invitation.state !== "pending") return [later];
  if (!me) return [el("p", { class: "quiet" }, "Sign in to answer it; it waits here meanwhile."), later];
  const { name, slug } = preview.organization;
  return [
    actionButton(`Join as ${me.principal.name ?? me.principal.userId}`, { work: () => accept({ token }, { name, reference: slug }), key: "accept" }),
    actionButton("Decline", { work: () => decline({ token }, name), kind: "secondary", key: "decline" }),
    later,
  ];
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
  return el(
    "li",
    {},
    el(
      "div",
      { class: "row-text" },
      el("strong", {}, name),
      el("span", { class: "badges" }, roles.map((role) => badge(role, role)), el("span", { class: "fine" }, inviter.name && `from ${inviter.name}, `, "until ", instant(expiresAt))),
      message && el("blockquote", {}, message),
    ),
    el(
      "div",
      { class: "row-actions" },
      actionButton("Accept", { work: () => accept(key, { name, reference: slug }), kind: "small", label: `Accept the invitation to ${name}`, key: `accept ${id}` }),
      actionButton("Decline", { work: () => decline(key, name), kind: "secondary small", label: `Decline the invitation to ${name}`, key: `decline ${id}` }),
    ),
  );
}

async function accept(key, { name, reference }) {
  await api.acceptInvitation(key);
  forgetAnswered(key);
  await refresh();
  await openOrganization(reference);
  say(`You are a member of ${name}.`);
  byId("organization-name").focus();
}

async function decline(key, name) {
  await api.declineInvitation(key);
  forgetAnswered(key);
  await refresh();
  say(`You declined the invitation to ${name}.`);
}

/** An answer by id may be about the opened invitation or about another, which then goes on waiting. */
function forgetAnswered({ token, invitationId }) {
  if (token || state.invited?.preview?.invitation.id === invitationId) forget();
}

function forget() {
  dropToken();
  update({ invited: null });
}
