// Which answers the page fetches, and when it fetches them again.
//
// Owns: the order of reads and dropping an answer that has been overtaken.
// Never does: change anything on the server, or show anything.

import { readFragment } from "./address.js";
import { Problem } from "./api.js";
import * as api from "./endpoints.js";
import { forgetPerson, noPage, state, update } from "./state.js";

/** The person who is signed in, and everything of theirs; nobody is an answer too. */
export async function loadPerson() {
  const me = await orNothing(api.readMe(), 401);
  if (!me) {
    forgetPerson();
    update({ asked: true });
    return;
  }
  const [organizations, resolution] = await Promise.all([firstOrganizations(), resolveHere()]);
  update({ asked: true, me, organizations, resolution });
}

/** Opens an organization by id or slug; one that is not the caller's becomes a problem to show. */
let lastOpened = 0;
export async function openOrganization(reference) {
  const ticket = ++lastOpened;
  const found = await readWhole(reference).catch((problem) => ({ ...nothingOpen, organizationProblem: problem }));
  if (ticket === lastOpened && state.me) update(found);
  return found.organization;
}

/** Opens what the address names, else the organization that is current. */
export async function openFirst() {
  const first = readFragment().organization ?? state.resolution?.organization?.id;
  if (first && state.me) await openOrganization(first);
}

/** Closes what is open. */
export function closeOrganization() {
  lastOpened += 1;
  update(nothingOpen);
}

/** Reads again whatever is on display: after a write, somebody else's included. */
export async function refresh() {
  const open = state.organization;
  await Promise.all([loadPerson(), open && openOrganization(open.id), loadOutbox()]);
}

/** The mails that would have gone out; only a development server shows them. */
export async function loadOutbox() {
  const outbox = await orNothing(api.readOutbox(), 404, 405);
  update({ outbox: outbox?.data ?? null });
}

/** My organizations, from the first again, with or without the inactive ones. */
export async function listAgain(inactiveToo) {
  state.inactiveToo = inactiveToo;
  update({ organizations: await firstOrganizations() });
}

export const moreOrganizations = () =>
  grow("organizations", (cursor) => api.listOrganizations({ ...organizationFilter(), cursor }));
export const moreMembers = () =>
  grow("members", (cursor) => api.listMembers(state.organization.id, { limit: 100, cursor }));
export const moreInvitations = () =>
  grow("invitations", (cursor) => api.listInvitations(state.organization.id, { limit: 100, cursor }));

const nothingOpen = { organization: null, organizationProblem: null, members: noPage, invitations: noPage };

async function readWhole(reference) {
  const organization = await api.readOrganization(reference);
  const mayReadInvitations = organization.permissions.includes("invitation:read");
  const [members, invitations] = await Promise.all([
    api.listMembers(organization.id, { limit: 100 }),
    mayReadInvitations ? api.listInvitations(organization.id, { limit: 100 }) : noPage,
  ]);
  return { organization, organizationProblem: null, members, invitations };
}

const organizationFilter = () => ({ limit: 100, include: state.inactiveToo && "inactive" });
const firstOrganizations = () => api.listOrganizations(organizationFilter());

/** The page's own `?org=` is handed on, so that the server resolves the address that people see. */
async function resolveHere() {
  const organization = new URLSearchParams(location.search).get("org");
  const search = organization === null ? "" : `?${new URLSearchParams({ org: organization })}`;
  return api.resolveCurrent(search).catch((problem) => ({ outcome: problem.status === 404 ? "unknown" : problem.code }));
}

async function grow(name, load) {
  const shown = state[name];
  const next = await load(shown.nextCursor);
  if (state[name] === shown) update({ [name]: { ...next, data: [...shown.data, ...next.data] } });
}

async function orNothing(answer, ...statuses) {
  try {
    return await answer;
  } catch (failure) {
    if (failure instanceof Problem && statuses.includes(failure.status)) return null;
    throw failure;
  }
}
