// My organizations: the list, opening one, and choosing the current one.
//
// Owns: the list. Never does: show what is inside an organization.

import { actionButton, run } from "../acting.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, nothing, replace } from "../elements.js";
import { listAgain, loadPerson, moreOrganizations, openOrganization } from "../loading.js";
import { state, watch } from "../state.js";
import { say } from "../telling.js";
import { restoreButton } from "./restoring.js";

/** Sets the view up. */
export function organizations() {
  const toggle = byId("inactive-too");
  toggle.addEventListener("change", () => run(toggle, () => listAgain(toggle.checked)));
  watch(show);
}

function show({ me, organizations, organization, inactiveToo }) {
  byId("inactive-too").checked = inactiveToo;
  if (!me) return replace(byId("organization-list"));
  const rows = organizations.data.map((row) => organizationRow(row, organization));
  const list = rows.length ? el("ul", { class: "rows" }, rows) : nothing("You are in no active organization. Create one, or accept an invitation.");
  replace(byId("organization-list"), list, organizations.hasMore && moreButton());
}

function moreButton() {
  return actionButton("Show more organizations", { work: moreOrganizations, kind: "secondary", key: "more" });
}

function organizationRow(row, open) {
  const isOpen = open?.id === row.id;
  return el(
    "li",
    { class: isOpen ? "open" : undefined },
    el("div", { class: "row-text" }, nameOf(row, isOpen), el("span", { class: "fine" }, el("code", {}, row.slug)), el("span", { class: "badges" }, badgesOf(row))),
    besideRow(row),
  );
}

/** A deleted organization opens for no member. */
function nameOf(row, isOpen) {
  if (row.state === "deleted") return el("strong", {}, row.name);
  const name = actionButton(row.name, { work: () => enter(row), kind: "link", key: `open ${row.id}` });
  if (isOpen) name.setAttribute("aria-current", "true");
  return name;
}

function besideRow(row) {
  if (row.state === "deleted") return restoreButton(row);
  if (isCurrent(row)) return el("span", { class: "current" }, "current");
  return row.state === "active" ? chooseButton(row) : null;
}

const badgesOf = (row) => [
  ...row.roles.map((role) => badge(role, role)),
  row.state !== "active" && badge(row.state, "warn"),
  row.purgeAt && el("span", { class: "fine" }, "until ", instant(row.purgeAt)),
];

const isCurrent = (row) => state.resolution?.organization?.id === row.id;

function chooseButton(row) {
  return actionButton("Make current", {
    ...{ work: () => choose(row), kind: "secondary small", key: `choose ${row.id}` },
    label: `Make current: ${row.name}`,
  });
}

async function choose(row) {
  await api.chooseOrganization(row.id);
  await loadPerson();
  say(`${row.name} is the current organization.`);
}

async function enter(row) {
  if (await openOrganization(row.id)) byId("organization-name").focus();
}
