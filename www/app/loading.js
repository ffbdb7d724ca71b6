// Which answers the page fetches, and when it fetches them again.
//
// Owns: the order of reads, asking only for what the caller's permissions allow, and dropping an answer that has been
// overtaken. Never does: change anything on the server, or show anything.

import { namedOrganization } from "./address.js";
import { Problem } from "./api.js";
import * as api from "./endpoints.js";
import { grantsOf, membershipIn } from "./facts.js";
import { leave } from "./leaving.js";
import { noPage, nothingOpen, state, update } from "./state.js";
import { say } from "./telling.js";
import { currentVisit, isOver } from "./visit.js";

let lastLoaded = 0;
let lastOpened = 0;

/** The person who is signed in, and everything of theirs; nobody is an answer too. */
export async function loadPerson() {
  const ticket = ++lastLoaded;
  const me = await whoIsHere();
  if (ticket !== lastLoaded) return;
  const before = state.me?.principal;
  if (before && before.userId !== me?.principal.userId) leave();
  if (!me) return update({ asked: true });
  const [organizations, resolution] = await Promise.all([firstOrganizations(), resolveHere()]);
  if (ticket !== lastLoaded) return;
  update({ asked: true, me, organizations, resolution });
  if (before && before.userId !== me.principal.userId) say(`This browser is signed in as ${me.principal.name ?? me.principal.userId} now.`);
}

/**
 * Rule: a visitor's page is told who is signed in without a refusal, because a browser logs each refusal as an error.
 * An installation without the development mode has no such answer.
 */
async function whoIsHere() {
  if (!state.me) {
    const session = await orNothing(api.readSession(), 404, 405);
    update({ development: session !== null });
    if (session?.principal === null) return null;
  }
  return orNothing(api.readMe(), 401);
}

/** Opens an organization by id or slug; one that is not the caller's becomes a problem to show. */
export async function openOrganization(reference) {
  const [ticket, visit] = [++lastOpened, currentVisit()];
  const found = await readWhole(reference).catch(async (failure) => {
    if (!(failure instanceof Problem)) throw failure;
    await checkPerson();
    return { ...nothingOpen, organizationProblem: failure };
  });
  if (isOver(visit)) return null;
  if (ticket === lastOpened && state.me) update({ ...found, deleted: null });
  return found.organization;
}

/** Opens what the address names, else the organization that is current. */
export async function openFirst() {
  const first = namedOrganization() ?? state.resolution?.organization?.id;
  if (first && state.me) await openOrganization(first);
}

/** Closes what is open. */
export function closeOrganization() {
  lastOpened += 1;
  update(nothingOpen);
}

/** Reads again whatever is on display: after a write, another member's included. */
export async function refresh() {
  await loadPerson();
  const open = state.organization;
  await Promise.all([open && openOrganization(open.id), loadOutbox()]);
}

/** Looks whether another person has signed in meanwhile: by another tab, or without a page. No answer says nothing. */
export async function checkPerson() {
  if (!state.me) return;
  const session = await api.readSession().catch(() => null);
  if (session && session.principal?.userId !== state.me?.principal.userId) await refresh();
}

/** The mails that would have gone out. Rule: they are shown to a person, or to a visitor who asks for them. */
export async function loadOutbox({ asked = state.me !== null } = {}) {
  if (!asked) return;
  const outbox = await orNothing(api.readOutbox(), 404, 405);
  update({ outbox: outbox?.data ?? null });
}

/** My organizations, from the first again, with or without those that are not active. */
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
export const moreRequests = () =>
  grow("requests", (cursor) => api.listJoinRequests(state.organization.id, { ...PENDING, cursor }));
export const moreDomains = () =>
  grow("domains", (cursor) => api.listDomains(state.organization.id, { limit: 100, cursor }));

const PENDING = { state: "pending", limit: 100 };

async function readWhole(reference) {
  const organization = outsideOf(reference) ?? (await api.readOrganization(reference));
  const { id, permissions } = organization;
  const ifAllowed = (permission, read) => (permissions.includes(permission) ? read() : noPage);
  const [members, invitations, roles, requests, domains] = await Promise.all([
    ifAllowed("member:read", () => api.listMembers(id, { limit: 100 })),
    ifAllowed("invitation:read", () => api.listInvitations(id, { limit: 100 })),
    ifAllowed("role:read", () => api.listRoles(id)),
    ifAllowed("member:add", () => api.listJoinRequests(id, PENDING)),
    ifAllowed("domain:read", () => api.listDomains(id, { limit: 100 })),
  ]);
  return { organization, organizationProblem: null, members, invitations, roles, requests, domains };
}

/** What a member sees of an organization that their roles do not let them read: that they are in it. */
function outsideOf(reference) {
  const mine = membershipIn(state, reference);
  const works = mine?.state === "active" && mine.requirementsMissing.length === 0;
  if (!works) return null;
  const permissions = [...new Set(grantsOf(state, mine).flatMap((role) => role.permissions))];
  if (permissions.includes("organization:read")) return null;
  return { ...mine.organization, version: mine.version, roles: mine.roles, permissions };
}

const organizationFilter = () => ({ limit: 100, include: state.inactiveToo && "inactive,deleted" });
const firstOrganizations = () => api.listOrganizations(organizationFilter());

/** The page's own `?org=` is handed on, so that the server resolves the address that people see. */
async function resolveHere() {
  const organization = new URLSearchParams(location.search).get("org");
  const search = organization === null ? "" : `?${new URLSearchParams({ org: organization })}`;
  return api.resolveCurrent(search).catch((failure) => {
    if (!(failure instanceof Problem)) throw failure;
    return { outcome: failure.status === 404 ? "unknown" : failure.code };
  });
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
