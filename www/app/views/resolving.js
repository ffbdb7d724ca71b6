// Which organization is current: what the server says, and what the same rule says in this page.
//
// Owns: the comparison. Never does: let the answer here open anything.

import { actionButton } from "../acting.js";
import { resolveOrganization } from "../core.js";
import * as api from "../endpoints.js";
import { byId, el, replace } from "../elements.js";
import { loadPerson } from "../loading.js";
import { watch } from "../state.js";
import { say } from "../telling.js";

const SOURCES = {
  path: "named in the path",
  header: "named in a header",
  query: "named by ?org= in the address",
  host: "named by the host",
  remembered: "your earlier choice",
  pass: "named by a pass",
  only: "your only one",
  fallback: "shown to everybody",
};

/** Sets the view up. */
export function resolving() {
  watch(show);
}

function show({ me, resolution }) {
  if (!me || !resolution) return replace(byId("resolution"));
  const here = resolveHere(me, resolution);
  const rows = [resolutionRow("The server", resolution), here && resolutionRow("This page", here)];
  replace(byId("resolution"), el("dl", { class: "pairs" }, rows.filter(Boolean)), agreement(resolution, here), forgetButton(resolution));
}

/**
 * The rule that the Worker runs, on this page's address and the memberships that it has shown. The
 * remembered choice lies in a cookie that pages cannot read, so the server's word is taken for it.
 */
function resolveHere(me, { source, organization }) {
  const answer = resolveOrganization({
    url: location.href,
    caller: me.principal,
    memberships: me.memberships,
    roles: me.roles,
    remembered: source === "remembered" ? organization.id : null,
  });
  return answer && (answer.denial ? { outcome: answer.denial.code } : answer.value);
}

function resolutionRow(where, { outcome, organization, source }) {
  const reason = SOURCES[source] ?? source;
  const what = organization ? [el("strong", {}, organization.name), ` (${reason})`] : [outcomeText(outcome)];
  return el("div", {}, el("dt", {}, where), el("dd", {}, el("code", {}, outcome), " ", what));
}

function outcomeText(outcome) {
  const texts = { choose: "you have several: make one current", none: "you have none", unknown: "the address names none of yours" };
  return texts[outcome] ?? "";
}

function agreement(server, here) {
  if (!here) return null;
  const same = server.outcome === here.outcome && server.organization?.id === here.organization?.id;
  const text = same ? "Both ran the same rule and agree." : "They differ: the server knows something that this page does not.";
  return el("p", { class: "fine" }, text);
}

function forgetButton({ source }) {
  if (source !== "remembered") return null;
  return actionButton("Forget my choice", { work: forget, kind: "secondary small", key: "forget" });
}

async function forget() {
  await api.forgetChoice();
  await loadPerson();
  say("No organization is chosen any more.");
}
