// Where the page starts: sets the views up, then loads what the address asks for.
//
// Owns: the order of the first steps. Never does: anything that a view or a loader does.

import { keptLink, namedOrganization } from "./address.js";
import { loadCore } from "./core.js";
import { byId } from "./elements.js";
import { checkPerson, loadOutbox, loadPerson, openFirst, openOrganization, refresh } from "./loading.js";
import { state } from "./state.js";
import { problemBox } from "./telling.js";
import { Late, onAnnounced } from "./visit.js";
import { answering } from "./views/answering.js";
import { checking } from "./views/checking.js";
import { creating } from "./views/creating.js";
import { domains } from "./views/domains.js";
import { invitations } from "./views/invitations.js";
import { members } from "./views/members.js";
import { openedLink, showLink } from "./views/opened-link.js";
import { organization } from "./views/organization.js";
import { organizations } from "./views/organizations.js";
import { outbox } from "./views/outbox.js";
import { ownershipOffer } from "./views/ownership-offer.js";
import { requests } from "./views/requests.js";
import { resolving } from "./views/resolving.js";
import { signingIn } from "./views/signing-in.js";
import { focusWaiting } from "./views/waiting.js";

const views = [openedLink, answering, signingIn, organizations, creating, organization];
const panels = [ownershipOffer, requests, members, invitations, domains, checking, resolving, outbox];
for (const view of [...views, ...panels]) view();

async function start() {
  loadCore();
  const named = namedOrganization();
  await loadPerson();
  await Promise.all([loadOutbox(), openFirst()]);
  if (named) focusWaiting();
  await followLink();
}

/** Follows a link that was opened in this very tab, which loads nothing by itself. */
async function follow() {
  await followLink();
  const named = namedOrganization();
  if (!named || !state.me) return;
  if (await openOrganization(named)) focusWaiting();
}

/** The link in the address, or the one that was there before a reload. */
async function followLink() {
  const waiting = keptLink();
  if (waiting && waiting.token !== state.link?.token) await showLink(waiting);
}

function failed(failure) {
  if (!(failure instanceof Late)) byId("page-problems").replaceChildren(problemBox(failure));
}

const attempt = (work) => () => work().catch(failed);

addEventListener("hashchange", attempt(follow));
addEventListener("pageshow", ({ persisted }) => persisted && attempt(refresh)());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && attempt(checkPerson)());
onAnnounced(attempt(refresh));
attempt(start)();
