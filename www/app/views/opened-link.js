// The link that was opened: an invitation, a link for many, or a registration.
//
// Owns: what it leads to, and its answer. Never does: put a token into the page or an address.

import { actionButton } from "../acting.js";
import { dropLink } from "../address.js";
import { Problem } from "../api.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, replace } from "../elements.js";
import { membershipIn } from "../facts.js";
import { openOrganization, refresh } from "../loading.js";
import { state, update, watch } from "../state.js";
import { problemBox, say } from "../telling.js";
import { registering, registrationLines } from "./registering.js";

/** Sets the view up. */
export function openedLink() {
  registering(ended);
  watch(show);
}

/** Shows what a token leads to; signing in is not needed for that. */
export async function showLink(link) {
  update({ link: link.kind === "invitation" ? await previewed(link) : link });
  byId("invited-heading").focus();
}

async function previewed(link) {
  try {
    return { ...link, preview: await api.previewInvitation(link.token) };
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure;
    if (isFinal(failure)) dropLink();
    return { ...link, problem: failure };
  }
}

/** Whether a refusal is about the token itself, which is then of no more use. */
const isFinal = ({ status, code }) => [404, 410].includes(status) || /^(invitation|registration)_(invalid|expired|revoked|used)$/.test(code);

function show({ link, me }) {
  byId("invited").hidden = !link;
  byId("invited-heading").textContent = headingOf(link);
  if (!link) {
    replace(byId("invited-actions"));
    return replace(byId("invited-body"));
  }
  replace(byId("invited-body"), linesOf(link, me));
  replace(byId("invited-actions"), actionsOf(link, me));
}

/** A problem that came of an answer is told beside it already. */
function linesOf({ preview, problem, isAnswered }, me) {
  if (problem) return isAnswered ? null : problemBox(problem);
  return preview ? previewLines(preview, me) : registrationLines();
}

function headingOf(link) {
  if (!link) return "Opened link";
  if (link.preview) return `You are invited to ${link.preview.organization.name}`;
  if (link.problem) return link.kind === "registration" ? "This registration cannot be confirmed" : "This invitation cannot be used";
  return "Confirm your registration";
}

const isOpen = ({ invitation }) => invitation.state === (invitation.kind === "link" ? "active" : "pending");

/** The caller's membership in the organization that a preview names, if they have one. */
const membershipOf = ({ organization }) => membershipIn(state, organization.slug);

function previewLines(preview, me) {
  const { invitation } = preview;
  const standing = isOpen(preview)
    ? el("p", { class: "fine" }, "Open until ", instant(invitation.expiresAt))
    : el("p", {}, "It is ", badge(invitation.state, "warn"), " and cannot be answered any more.");
  return [
    el("p", {}, ...whom(preview), " as ", invitation.roles.map((role) => badge(role, role))),
    invitation.message && el("blockquote", {}, invitation.message),
    invitation.allowedDomains?.length > 0 && el("p", {}, `It is for verified addresses at ${invitation.allowedDomains.join(", ")}.`),
    me && membershipOf(preview) ? el("p", {}, `You are a member of ${preview.organization.name} already.`) : standing,
  ];
}

function whom({ invitation, inviter }) {
  const host = inviter.name ?? "A member";
  if (invitation.kind === "link") return [`${host} invites everyone who has this link`];
  return [`${host} invites `, el("strong", {}, invitation.maskedEmail)];
}

function actionsOf(link, me) {
  const { preview, problem } = link;
  const open = !problem && (!preview || isOpen(preview));
  const later = actionButton(open ? "Not now" : "Close", { work: forget, kind: "secondary", key: "later" });
  const member = me && preview && membershipOf(preview);
  if (member) return [enterButton(member), actionButton("Close", { work: forget, kind: "secondary", key: "later" })];
  if (!open) return [later];
  if (!me) return [el("p", { class: "quiet" }, "Sign in to answer it; it waits here meanwhile."), later];
  return preview ? [...answersOf(link, me), later] : [later];
}

function enterButton({ organization }) {
  const work = async () => {
    forget();
    await openOrganization(organization.id);
    byId("organization-name").focus();
  };
  return actionButton(`Open ${organization.name}`, { work, key: "enter" });
}

/** A link for many asks nobody in particular, so that there is nothing to decline. */
function answersOf({ token, preview }, me) {
  const { name, slug } = preview.organization;
  const join = () => accept({ token }, { name, reference: slug });
  const declining = actionButton("Decline", { work: () => decline({ token }, name), kind: "secondary", key: "decline" });
  return [
    actionButton(`Join as ${me.principal.name ?? me.principal.userId}`, { work: join, key: "accept" }),
    preview.invitation.kind !== "link" && declining,
  ];
}

/** Accepts by token or by id, and opens the organization. */
export async function accept(key, { name, reference }) {
  await answered(key, api.acceptInvitation(key));
  await refresh();
  await openOrganization(reference);
  say(`You are a member of ${name}.`);
  byId("organization-name").focus();
}

/** Declines by token or by id. */
export async function decline(key, name) {
  await answered(key, api.declineInvitation(key));
  await refresh();
  say(`You declined the invitation to ${name}.`);
}

/** An answer by id may be about the opened invitation or about another, which then goes on waiting. */
async function answered(key, answer) {
  const about = key.token ?? (state.link?.preview?.invitation.id === key.invitationId && state.link?.token);
  await ended(answer, Boolean(about));
}

/** Waits for an answer by the opened link. A link that is used up is forgotten, and so is one that is refused for good. */
async function ended(answer, isAboutLink = true) {
  try {
    await answer;
    if (isAboutLink) forget();
  } catch (failure) {
    if (isAboutLink && failure instanceof Problem && isFinal(failure)) {
      dropLink();
      update({ link: { ...state.link, preview: null, problem: failure, isAnswered: true } });
    }
    throw failure;
  }
}

function forget() {
  dropLink();
  update({ link: null });
}
