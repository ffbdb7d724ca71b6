// The members of the open organization: roles, removal, and handing ownership over.
//
// Owns: the list of members. Never does: invite.

import { actionButton } from "../acting.js";
import { confirmed } from "../confirming.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, replace } from "../elements.js";
import { actions } from "../facts.js";
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
  const rows = members.data.map((member) => memberRow(organization, member));
  const more = members.hasMore && actionButton("Show more members", { work: moreMembers, kind: "secondary", key: "more" });
  replace(byId("member-list"), el("ul", { class: "rows" }, rows), more);
}

/** What people are called here: by name, else by id. */
export const called = (member) => member.name ?? member.userId;

const isMe = (member) => member.userId === state.me.principal.userId;

function memberRow(organization, member) {
  return el(
    "li",
    {},
    el(
      "div",
      { class: "row-text" },
      el("strong", {}, called(member), isMe(member) && " (you)"),
      el("span", { class: "fine" }, [member.email, member.userId].filter(Boolean).join(" · ")),
      el("span", { class: "badges" }, member.roles.map((role) => badge(role, role)), el("span", { class: "fine" }, "since ", instant(member.joinedAt))),
    ),
    isMe(member) ? null : el("div", { class: "row-actions" }, actionsOn(organization, member)),
  );
}

function actionsOn({ id, name }, member) {
  const who = called(member);
  const roles = member.roles.includes("admin") ? ["member"] : ["admin"];
  const common = (word) => ({ kind: "secondary small", key: `${word} ${member.userId}` });
  return [
    actionButton(`Make ${roles[0]}`, {
      ...common("role"),
      label: `Make ${who} ${roles[0]}`,
      rule: whenI(actions.changeRoles(member.userId, roles)),
      work: () => done(api.changeRoles(id, member.userId, roles), `${who} is ${roles[0]} now.`),
    }),
    actionButton("Make owner…", {
      ...common("transfer"),
      label: `Make ${who} the owner`,
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
