// The open organization: what it is, and renaming, suspending, leaving and ending it.
//
// Owns: its head and its settings. Never does: members and invitations, which have views of their own.

import { actionButton, onSubmit } from "../acting.js";
import { showOrganization } from "../address.js";
import { confirmed } from "../confirming.js";
import * as api from "../endpoints.js";
import { badge, byId, counted, el, instant, replace } from "../elements.js";
import { actions } from "../facts.js";
import { closeOrganization, refresh } from "../loading.js";
import { whenI } from "../rules.js";
import { state, watch } from "../state.js";
import { problemBox, say } from "../telling.js";

let filledFor = null;
let inAddress = null;

/** Sets the view up. */
export function organization() {
  onSubmit(byId("rename-form"), rename);
  watch(show);
}

function show({ organization, organizationProblem }) {
  byId("organization").hidden = !organization;
  byId("organization-missing").hidden = !organizationProblem;
  byId("welcome").hidden = Boolean(organization || organizationProblem);
  replace(byId("organization-missing-problem"), organizationProblem && problemBox(organizationProblem));
  keepAddress(organization);
  fillForm(organization);
  if (!organization) return;
  replace(byId("organization-name"), organization.name);
  replace(byId("organization-badges"), badgesOf(organization));
  replace(byId("organization-facts"), factsLine(organization));
  replace(byId("organization-permissions"), permissionsOf(organization));
  replace(byId("organization-actions"), actionsOn(organization));
  gateRename();
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
  const seats = seatLimit === null ? "no seat limit" : counted(seatLimit, "seat");
  const facts = [
    ["Slug", el("code", {}, slug)],
    ["Version", String(version)],
    ["People", `${counted(memberCount, "member")}, ${pendingInvitationCount} invited, ${seats}`],
    ["Created", instant(createdAt)],
  ];
  return facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value)));
}

function permissionsOf({ permissions }) {
  return permissions.map((permission) => el("li", {}, el("code", {}, permission)));
}

/** The form is filled when another version is shown, not while somebody types into it. */
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
  const suspend = { work: () => act(api.deactivateOrganization(id), `${name} is deactivated.`), rule: whenI(actions.deactivate()) };
  const resume = { work: () => act(api.activateOrganization(id), `${name} is active again.`), rule: whenI(actions.activate()) };
  const leave = { work: () => leaveIt(organization), rule: whenI(actions.leave()), kind: "secondary", key: "leave" };
  const end = { work: () => deleteIt(organization), rule: whenI(actions.delete()), kind: "danger", key: "delete" };
  return [
    standing === "active"
      ? actionButton("Deactivate", { ...suspend, kind: "secondary", key: "state" })
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

async function leaveIt({ id, name }) {
  const text = `You will no longer see ${name}; somebody there has to invite you again.`;
  if (!(await confirmed({ title: `Leave ${name}?`, text, yes: "Leave" }))) return;
  await api.leaveOrganization(id);
  await gone(`You left ${name}.`);
}

async function deleteIt(organization) {
  const { name, slug } = organization;
  const text = `${name} ends with its members and invitations. Nobody can bring it back, and its slug is never given to anybody else.`;
  if (!(await confirmed({ title: `Delete ${name}?`, text, yes: "Delete for good", typed: slug }))) return;
  await api.deleteOrganization(organization);
  await gone(`${name} is deleted.`);
}

async function gone(told) {
  closeOrganization();
  await refresh();
  say(told);
  byId("organizations-heading").focus();
}
