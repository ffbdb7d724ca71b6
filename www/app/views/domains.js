// The domains that the open organization claims, each with the record that proves it.
//
// Owns: the list, and looking for a proof again. Never does: claim a domain or give one up.

import { actionButton } from "../acting.js";
import * as api from "../endpoints.js";
import { badge, byId, el, instant, replace, row } from "../elements.js";
import { moreDomains, refresh } from "../loading.js";
import { watch } from "../state.js";
import { say } from "../telling.js";
import { isMissing } from "./waiting.js";

/** Sets the view up. */
export function domains() {
  watch(show);
}

function show({ organization, domains }) {
  byId("domains").hidden = !organization || domains.data.length === 0;
  if (!organization) return replace(byId("domain-list"));
  const rows = domains.data.map((domain) => domainRow(organization, domain));
  const more = domains.hasMore && actionButton("Show more domains", { work: moreDomains, kind: "secondary", key: "more" });
  replace(byId("domain-list"), el("ul", { class: "rows" }, rows), more);
}

function domainRow(organization, domain) {
  const { name, state: standing, record, missingSince } = domain;
  const proven = standing === "verified" && !isMissing(domain);
  const texts = [
    el("strong", {}, name),
    el("span", { class: "badges" }, badge(standing, proven ? "" : "warn"), missingSince && el("span", { class: "fine" }, "its record is missing since ", instant(missingSince))),
    proven ? null : el("span", { class: "fine" }, `${record.type} record `, el("code", {}, record.name), " with the value ", el("code", {}, record.value)),
  ];
  const mayVerify = !proven && organization.permissions.includes("domain:update");
  return row(texts, mayVerify && verifying(organization, domain));
}

function verifying({ id: organization }, { id, name }) {
  return actionButton("Look for the record", {
    ...{ label: `Look for the record of ${name}`, kind: "secondary small", key: `verify ${id}` },
    work: async () => {
      await api.verifyDomain(organization, id);
      await refresh();
      say(`${name} is verified.`);
    },
  });
}
