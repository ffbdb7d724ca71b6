// What waits for me in the open organization, as mails speak of it.
//
// Owns: leading there somebody who came by a mail's link. Never does: show what waits; its panels do.

import { state } from "../state.js";
import { byId } from "../elements.js";

/** Whether a domain's proof is missing, so that it has to be looked for again. */
export const isMissing = ({ state: standing, missingSince }) => standing === "lapsed" || Boolean(missingSince);

/** Whether I am the one who is asked to take over. */
export const isOffered = ({ nomination }) => nomination?.userId === state.me.principal.userId;

/** The heading of the first thing that waits, else the organization's name, gets the focus. */
export function focusWaiting() {
  const { organization, organizationProblem, requests, domains } = state;
  if (organizationProblem) byId("organization-missing-heading").focus();
  if (!organization) return false;
  const waiting = [
    isOffered(organization) && "offer-heading",
    requests.data.length > 0 && "requests-heading",
    domains.data.some(isMissing) && "domains-heading",
  ];
  byId(waiting.find(Boolean) || "organization-name").focus();
  return true;
}
