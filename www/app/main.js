// Where the page starts: sets the views up, then loads what the address asks for.
//
// Owns: the order of the first steps. Never does: anything that a view or a loader does.

import { keepToken, keptToken, readFragment } from "./address.js";
import { loadCore } from "./core.js";
import { byId } from "./elements.js";
import { loadOutbox, loadPerson, openFirst, openOrganization } from "./loading.js";
import { state } from "./state.js";
import { problemBox } from "./telling.js";
import { answering, previewToken } from "./views/answering.js";
import { checking } from "./views/checking.js";
import { creating } from "./views/creating.js";
import { invitations } from "./views/invitations.js";
import { members } from "./views/members.js";
import { organization } from "./views/organization.js";
import { organizations } from "./views/organizations.js";
import { outbox } from "./views/outbox.js";
import { resolving } from "./views/resolving.js";
import { signingIn } from "./views/signing-in.js";

for (const view of [answering, signingIn, organizations, creating, organization, members, invitations, checking, resolving, outbox]) view();

async function start() {
  loadCore();
  await Promise.all([loadPerson(), loadOutbox()]);
  await openFirst();
  await takeInvitation();
}

/** Follows a link that was opened in this very tab, which loads nothing by itself. */
async function follow() {
  await takeInvitation();
  const { organization } = readFragment();
  if (organization && state.me && organization !== state.organization?.slug) await openOrganization(organization);
}

/** The invitation in the address, or the one that was there before a reload. */
async function takeInvitation() {
  const { token } = readFragment();
  if (token) keepToken(token);
  const waiting = keptToken();
  if (waiting && waiting !== state.invited?.token) await previewToken(waiting);
}

function failed(failure) {
  byId("page-problems").replaceChildren(problemBox(failure));
}

addEventListener("hashchange", () => follow().catch(failed));
start().catch(failed);
