// The table of decisions: every permission with its answer and its reason.
//
// Owns: its rows, the filter and the words for each code. Never does: decide: the pass is asked.

import { el } from "../app/elements.js";

const columns = ["Permission", "Allowed", "Code", "Granted by", "Missing"];

const reasons = {
  granted_by_role: ({ grantedBy }) => (grantedBy ? `The role ${grantedBy} allows it.` : "A role held in the team allows it."),
  permission_denied: () => "No role held here allows it.",
  not_in_passport: () => "The passport lists no such membership.",
};

/** Every decision, by whatever `explain` is. */
export const decisions = (permissions, explain) => permissions.map((permission) => explain(permission));

/** Those that are looked for. */
export const wanted = (all, { text, only }) =>
  all.filter(({ permission, allowed }) => permission.includes(text.trim().toLowerCase()) && (only === "" || (only === "yes") === allowed));

// Rule: the roles are written down because a table that is laid out as blocks, as on a phone,
// is no table to a screen reader any more.
export function decisionTable(rows) {
  const head = el("tr", { role: "row" }, columns.map((name) => el("th", { role: "columnheader", scope: "col" }, name)));
  return el("table", { class: "decisions", role: "table", "aria-labelledby": "table-heading" },
    el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, rows.map(row)));
}

const cell = (name, ...content) => el("td", { role: "cell", "data-column": name }, content);

function row(decision) {
  const { permission, allowed, code, grantedBy, missing } = decision;
  return el("tr", { role: "row", class: allowed ? "allowed" : "refused" },
    el("th", { role: "rowheader", scope: "row" }, el("code", {}, permission)),
    cell("Allowed", el("strong", { class: allowed ? "yes" : "no" }, allowed ? "yes" : "no")),
    cell("Code", el("code", {}, code), el("span", { class: "fine reason" }, reasons[code]?.(decision) ?? "")),
    cell("Granted by", grantedBy ?? "–"),
    cell("Missing", missing ? el("code", {}, missing) : "–"));
}
