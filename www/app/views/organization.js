// The open organization: what it is, and renaming, suspending, leaving and ending it.
//
// Owns: its head and its settings. Never does: members and invitations, which have views of their own.

import { actionButton, onSubmit } from "../acting.js";
import { showOrganization } from "../address.js";
import { confirmed } from "../confirming.js";
import * as api from "../endpoints.js";
import { badge, byId, counted, el, instant, inWords, replace } from "../elements.js";
import { actions } from "../facts.js";
import { closeOrganization, refresh } from "../loading.js";
import { whenI } from "../rules.js";
import { state, update, watch } from "../state.js";
import { problemBox, say } from "../telling.js";
import { showDeleted } from "./restoring.js";

let filledFor = null;
let inAddress = null;

/** Sets the view up. */
export function organization() {
  onSubmit(byId("rename-form"), rename);
  watch(show);
}

function show(shown) {
  const { organization, organizationProblem, deleted } = shown;
  byId("organization").hidden = !organization;
  byId("organization-missing").hidden = !organizationProblem;
  byId("welcome").hidden = Boolean(organization || organizationProblem || deleted);
  replace(byId("organization-missing-problem"), organizationProblem && problemBox(organizationProblem));
  showDeleted(shown);
  keepAddress(organization);
  fillForm(organization);
  byId("organization-name").textContent = organization?.name ?? "Organization";
  replace(byId("organization-badges"), organization ? badgesOf(organization) : []);
  replace(byId("organization-facts"), organization ? factsLine(organization) : []);
  replace(byId("organization-hidden"), organization && hiddenLine(organization));
  replace(byId("organization-permissions"), organization ? permissionsOf(organization) : []);
  replace(byId("organization-actions"), organization ? actionsOn(organization) : []);
  if (organization) gateRename();
}

/** The address names what is open; a name that has not been opened yet stays until it is. */
function keepAddress(organization) {
  const slug = organization?.slug ?? null;
  if (slug === inAddress) return;
  inAddress = slug;
  showOrganization(slug);
}

const badgesOf = (organization) => [
  ...organization.roles.map((role) => badge(role, role)),
  organization.state !== "active" && badge(organization.state, "warn"),
];

function factsLine({ slug, version, memberCount, pendingInvitationCount, seatLimit, createdAt }) {
  const seats = seatLimit ? counted(seatLimit, "seat") : "no seat limit";
  const facts = [
    ["Slug", el("code", {}, slug)],
    ["Version", String(version)],
    memberCount !== undefined && ["People", `${counted(memberCount, "member")}, ${pendingInvitationCount} invited, ${seats}`],
    createdAt && ["Created", instant(createdAt)],
  ];
  return facts.filter(Boolean).map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value)));
}

/** What a panel shows, by the permission that it takes. */
const PANELS = {
  "organization:read": "its details",
  "member:read": "its members",
  "invitation:read": "its invitations",
  "member:add": "requests to join",
  "domain:read": "its domains",
};

/** Says what is hidden, so that an empty panel is not taken for an empty organization. */
function hiddenLine({ permissions }) {
  const hidden = Object.entries(PANELS).filter(([permission]) => !permissions.includes(permission));
  if (hidden.length === 0) return null;
  const named = hidden.flatMap(([permission, what], index) => [index > 0 && ", ", `${what} (`, el("code", {}, permission), ")"]);
  return ["Hidden, because your roles do not allow it: ", ...named, "."];
}

function permissionsOf({ permissions }) {
  return permissions.map((permission) => el("li", {}, el("code", {}, permission)));
}

/** The form is filled when another version is shown, not while a person types into it. */
function fillForm(organization) {
  const shown = organization && `${organization.id} ${organization.version}`;
  if (shown === filledFor) return;
  filledFor = shown;
  const { name, slug } = byId("rename-form").elements;
  name.value = organization?.name ?? "";
  slug.value = organization?.slug ?? "";
}

function gateRename() {
  const rule = whenI(actions.rename("Anything else"));
  const button = byId("rename-form").querySelector("button");
  button.disabled = !rule.allowed;
  button.title = rule.allowed ? "" : `${rule.code}: ${rule.detail}`;
}

async function rename({ name, slug }) {
  const now = state.organization;
  const change = { ...(name !== now.name && { name: name ?? "" }), ...(slug !== now.slug && { slug: slug ?? "" }) };
  if (Object.keys(change).length === 0) return say("Nothing to change.");
  await api.updateOrganization(now, change);
  await refresh();
  say("Saved.");
}

function actionsOn(organization) {
  const { id, name, state: standing } = organization;
  const suspend = { work: () => deactivateIt(organization), rule: whenI(actions.deactivate()) };
  const resume = { work: () => act(api.activateOrganization(id), `${name} is active again.`), rule: whenI(actions.activate()) };
  const leave = { work: () => leaveIt(organization), rule: whenI(actions.leave()), kind: "secondary", key: "leave" };
  const end = { work: () => deleteIt(organization), rule: whenI(actions.delete()), kind: "danger", key: "delete" };
  return [
    standing === "active"
      ? actionButton("Deactivate…", { ...suspend, kind: "secondary", key: "state" })
      : actionButton("Activate", { ...resume, kind: "secondary", key: "state" }),
    actionButton("Leave", leave),
    actionButton("Delete…", end),
  ];
}

async function act(answer, told) {
  await answer;
  await refresh();
  say(told);
}

async function deactivateIt({ id, name }) {
  const text = `${name} leaves its members' lists, and no request resolves to it any more. Nothing in it can be changed and invitations to it cannot be accepted, until it is activated again. Nothing is lost.`;
  if (!(await confirmed({ title: `Deactivate ${name}?`, text, yes: "Deactivate" }))) return;
  await act(api.deactivateOrganization(id), `${name} is deactivated.`);
}

async function leaveIt({ id, name }) {
  const text = `You will no longer see ${name}; another member has to invite you again.`;
  if (!(await confirmed({ title: `Leave ${name}?`, text, yes: "Leave" }))) return;
  await api.leaveOrganization(id);
  await gone(`You left ${name}.`);
}

/** Rule: the question says until when the answer can be taken back; the server tells, by a trial. */
async function deleteIt(organization) {
  const { id, name, slug, ownerId } = organization;
  const { outcome } = await api.tryDeletion(organization);
  const restorable = Boolean(outcome.body.purgeAt);
  const question = { title: `Delete ${name}?`, text: deletionText(organization, outcome.body), typed: slug };
  if (!(await confirmed({ ...question, yes: restorable ? "Delete" : "Delete for good" }))) return;
  const { purgeAt } = await api.deleteOrganization(organization);
  await gone(`${name} is deleted.`);
  if (!purgeAt) return;
  update({ deleted: { id, name, ownerId, purgeAt } });
  byId("organization-deleted-heading").focus();
}

function deletionText({ name, ownerId }, { purgeAt }) {
  const end = "ends with its members and invitations, and its slug is never given to another organization";
  if (!purgeAt) return `${name} ${end}. On this installation that happens at once and cannot be taken back.`;
  const who = ownerId === state.me.principal.userId ? "you" : "its owner";
  return `${name} disappears for all its members at once. Until ${inWords(purgeAt)} ${who} can restore it; then it ${end}.`;
}

async function gone(told) {
  closeOrganization();
  await refresh();
  say(told);
  byId("organizations-heading").focus();
}
