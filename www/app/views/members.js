// The members of the open organization: roles, removal, and handing ownership over.
//
// Owns: the list of members. Never does: invite.

import { actionButton } from "../acting.js";
import { chosenRoles } from "../choosing.js";
import { confirmed } from "../confirming.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, nothing, replace, row } from "../elements.js";
import { actions, withRole } from "../facts.js";
import { moreMembers, refresh } from "../loading.js";
import { whenI } from "../rules.js";
import { state, watch } from "../state.js";
import { say } from "../telling.js";

/** Sets the view up. */
export function members() {
  watch(show);
}

function show({ organization, members }) {
  if (!organization) return replace(byId("member-list"));
  if (!organization.permissions.includes("member:read")) {
    return replace(byId("member-list"), nothing("Hidden: your roles do not allow member:read."));
  }
  const rows = members.data.map((member) => memberRow(organization, member));
  const more = members.hasMore && actionButton("Show more members", { work: moreMembers, kind: "secondary", key: "more" });
  replace(byId("member-list"), el("ul", { class: "rows" }, rows), more);
}

/** What people are called here: by name, else by id. */
export const called = (member) => member.name ?? member.userId;

const isMe = (member) => member.userId === state.me.principal.userId;

function memberRow(organization, member) {
  const texts = [
    el("strong", {}, called(member), isMe(member) && " (you)"),
    el("span", { class: "fine" }, [member.email, member.userId].filter(Boolean).join(" · ")),
    el("span", { class: "badges" }, member.roles.map((role) => badge(role, role)), el("span", { class: "fine" }, "since ", instant(member.joinedAt))),
  ];
  return row(texts, !isMe(member) && actionsOn(organization, member));
}

/** The owner's roles are the owner's to give on, so that there is nothing to choose. */
function actionsOn(organization, member) {
  const { id, name } = organization;
  const who = called(member);
  const role = member.roles.includes("admin") ? "member" : "admin";
  const roles = withRole(member, role);
  const common = (word) => ({ kind: "secondary small", key: `${word} ${member.userId}` });
  return [
    actionButton(`Make ${role}`, {
      ...common("role"),
      label: `Make ${role}: ${who}`,
      rule: whenI(actions.changeRoles(member.userId, roles)),
      work: () => done(api.changeRoles(organization, member.userId, roles), `${who} is ${role} now.`),
    }),
    actionButton("Roles…", {
      ...common("roles"),
      label: `Roles of ${who}`,
      rule: whenI(actions.changeRoles(member.userId, roles)),
      work: () => choose(organization, member),
    }),
    actionButton("Make owner…", {
      ...common("transfer"),
      label: `Make owner: ${who}`,
      rule: whenI(actions.transfer(member.userId)),
      work: () => transfer(id, name, member),
    }),
    actionButton("Remove…", {
      ...common("remove"),
      label: `Remove ${who}`,
      rule: whenI(actions.remove(member.userId)),
      work: () => remove(id, name, member),
    }),
  ];
}

async function choose(organization, member) {
  const held = member.roles.filter((role) => role !== "owner");
  const roles = await chosenRoles({ title: `Roles of ${called(member)}`, offered: offeredRoles(held), held });
  if (!roles || (roles.length === held.length && roles.every((role) => held.includes(role)))) return;
  await done(api.changeRoles(organization, member.userId, roles), `${called(member)} is ${roles.join(", ")} now.`);
}

/** The organization's roles as far as they may be read, and those that the member holds. */
function offeredRoles(held) {
  const listed = state.roles.data.length > 0 ? state.roles.data : ["admin", "member"].map((key) => ({ key, name: key }));
  const unlisted = held.filter((key) => !listed.some((role) => role.key === key));
  // A key without a role is refused: it goes with the next change.
  return [...listed.filter(({ key, unknown }) => key !== "owner" && !unknown), ...unlisted.map((key) => ({ key, name: key }))];
}

async function transfer(id, name, member) {
  const text = `${called(member)} will own ${name} and alone can delete it or hand it on. You stay as admin.`;
  if (!(await confirmed({ title: `Hand ${name} over?`, text, yes: `Make ${called(member)} the owner` }))) return;
  await done(api.transferOwnership(id, member.userId), `${called(member)} owns ${name} now.`);
}

async function remove(id, name, member) {
  const text = `${called(member)} will no longer see ${name} or do anything there.`;
  if (!(await confirmed({ title: `Remove ${called(member)}?`, text, yes: "Remove" }))) return;
  await done(api.removeMember(id, member.userId), `${called(member)} is removed.`);
}

async function done(answer, told) {
  await answer;
  await refresh();
  say(told);
}
