// Requests to join the open organization, to be approved or denied.
//
// Owns: the list of those that wait. Never does: ask to join.

import { actionButton } from "../acting.js";
import * as api from "../endpoints.js";
import { byId, el, instant, replace, row } from "../elements.js";
import { moreRequests, refresh } from "../loading.js";
import { watch } from "../state.js";
import { say } from "../telling.js";

/** Sets the view up. */
export function requests() {
  watch(show);
}

function show({ organization, requests }) {
  byId("requests").hidden = !organization || requests.data.length === 0;
  if (!organization) return replace(byId("request-list"));
  const rows = requests.data.map((request) => requestRow(organization, request));
  const more = requests.hasMore && actionButton("Show more requests", { work: moreRequests, kind: "secondary", key: "more" });
  replace(byId("request-list"), el("ul", { class: "rows" }, rows), more);
}

function requestRow({ id: organization }, { id, userId, email, name, message, createdAt }) {
  const who = name ?? userId;
  const common = (word) => ({ label: `${word}: ${who}`, key: `${word} ${id}` });
  const texts = [
    el("strong", {}, who),
    el("span", { class: "fine" }, [email, userId].filter(Boolean).join(" · "), " · since ", instant(createdAt)),
    message && el("blockquote", {}, message),
  ];
  return row(texts, [
    actionButton("Approve", { ...common("Approve"), kind: "small", work: () => done(api.approveJoinRequest(organization, id), `${who} is a member now.`) }),
    actionButton("Deny", { ...common("Deny"), kind: "secondary small", work: () => done(api.denyJoinRequest(organization, id), `The request of ${who} is denied.`) }),
  ]);
}

async function done(answer, told) {
  await answer;
  await refresh();
  say(told);
}
