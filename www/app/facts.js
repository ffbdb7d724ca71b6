// From what the API shows to what the rules decide on.
//
// Owns: the facts and commands of `decide`, built from the page's state. Never does: decide, ask
// the server, or invent a fact that would refuse: what the caller may not read is left to the server.

const millis = (text) => Date.parse(text);

const BUILT_IN = ["owner", "admin", "member"];

// Deciding needs ids and digests for what would be new; they are never sent anywhere.
const NEW_INVITATION = "inv_00000000000070008000000000000000";
const NEW_ROLE = "role_00000000000070008000000000000000";
const NO_DIGEST = "0".repeat(64);
const A_WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** My own membership, as far as `/v1/me` tells of it. */
export const membershipIn = ({ me }, reference) =>
  me?.memberships.find(({ organization }) => organization.id === reference || organization.slug === reference);

/**
 * What the roles of one of my memberships allow: `/v1/me` says it once for all memberships that name them. An own role
 * of the organization comes before a declared one of its key.
 */
export function grantsOf({ me }, { organization, roles }) {
  const named = me.roles.filter(({ key }) => roles.includes(key));
  const own = named.filter(({ organizationId }) => organizationId === organization.id);
  return [...own, ...named.filter(({ organizationId, key }) => organizationId === null && !own.some((role) => role.key === key))];
}

/** Whose memberships are known here: those on display, and my own. */
export function peopleOf(state) {
  const { organization, members, me } = state;
  const mine = membershipIn(state, organization.id);
  if (!mine || members.data.some(({ userId }) => userId === me.principal.userId)) return members.data;
  const { userId, email, emailVerified, name } = me.principal;
  const myself = { ...{ id: mine.id, userId, email, emailVerified, name }, roles: mine.roles, state: mine.state, joinedAt: new Date(0).toISOString() };
  return [myself, ...members.data];
}

/** A member's roles with `role` in place of `admin` and `member`. Rule: every other role stays. */
export const withRole = ({ roles }, role) => [role, ...roles.filter((held) => !BUILT_IN.includes(held))];

/** The facts about the open organization. */
export function factsOf(state) {
  const { organization, invitations } = state;
  return {
    organization: organizationFact(organization),
    members: byKey(peopleOf(state).map((member) => memberFact(organization, member)), "user"),
    invitations: byKey(invitations.data.map((invitation) => invitationFact(organization, invitation)), "id"),
    roles: byKey(customRoles(state), "key"),
  };
}

/** A command of `actor` about the open organization. */
export function commandOf(organization, actor, action) {
  return { actor, target: { organization: organization.id }, action };
}

/** The actions that people ask about, each as the rules name it. */
export const actions = {
  rename: (name) => ({ type: "organization.update", name, slug: null, metadata: null, settings: null, logoUrl: null }),
  deactivate: () => ({ type: "organization.deactivate" }),
  activate: () => ({ type: "organization.activate" }),
  delete: () => ({ type: "organization.delete" }),
  transfer: (to) => ({ type: "organization.transfer", to }),
  remove: (user) => ({ type: "member.remove", user }),
  leave: () => ({ type: "member.leave" }),
  changeRoles: (user, roles) => ({ type: "member.update", user, roles }),
  invite: (email, roles) => ({
    ...{ type: "invitation.create", invitation: NEW_INVITATION, email, roles, digest: NO_DIGEST },
    ...{ expiresAt: Date.now() + A_WEEK_MS, message: null, locale: null, notify: true },
  }),
  resend: (invitation) => ({
    ...{ type: "invitation.resend", invitation, digest: NO_DIGEST },
    ...{ expiresAt: Date.now() + A_WEEK_MS, notify: true },
  }),
  revoke: (invitation) => ({ type: "invitation.revoke", invitation }),
};

function organizationFact(shown) {
  const { id, slug, name, state, version, logoUrl = null, seatLimit = null, memberCount = 1 } = shown;
  return {
    ...{ id, slug, name, state, version, logoUrl, seatLimit, memberCount },
    // No rule reads metadata and settings, and not every member is shown them.
    metadata: shown.metadata ?? {},
    settings: shown.settings ?? {},
    owner: shown.ownerId,
    personal: shown.personal ?? false,
    pendingFree: !shown.countPending,
    pendingCount: shown.pendingInvitationCount ?? 0,
    createdAt: shown.createdAt ? millis(shown.createdAt) : 0,
    updatedAt: shown.updatedAt ? millis(shown.updatedAt) : 0,
  };
}

/**
 * The organization's own roles. Those of mine come with my membership; one that the caller may not read is taken to
 * allow nothing, which lets the server judge what is done to its holders.
 */
function customRoles(state) {
  const { organization, roles, members, invitations } = state;
  const mine = membershipIn(state, organization.id);
  const seen = [...members.data, ...invitations.data, mine].flatMap((row) => row?.roles ?? []).filter((key) => !BUILT_IN.includes(key));
  const own = mine ? grantsOf(state, mine) : [];
  const known = [...own, ...roles.data].filter(({ key }) => !BUILT_IN.includes(key));
  const permissions = new Map([...seen.map((key) => [key, []]), ...known.map((role) => [role.key, role.permissions])]);
  const fact = ([key, allowed]) => ({ ...{ id: NEW_ROLE, organization: organization.id, key, name: key }, permissions: allowed, createdAt: 0, updatedAt: 0 });
  return [...permissions].map(fact);
}

/** Rule: `owner` is shown among a member's roles but said by the organization, never by the member. */
function memberFact(organization, { id, userId, email, emailVerified, name, roles, state, joinedAt }) {
  const given = roles.filter((role) => role !== "owner");
  const stored = given.length ? given : ["admin"];
  return { ...{ id, organization: organization.id, user: userId, email, emailVerified, name }, roles: stored, state, joinedAt: millis(joinedAt) };
}

function invitationFact(organization, shown) {
  const { id, email, roles, state, message, locale } = shown;
  return {
    ...{ id, email, roles, state, message, locale },
    organization: organization.id,
    invitedBy: shown.invitedBy,
    digest: NO_DIGEST,
    generation: 1,
    createdAt: millis(shown.createdAt),
    expiresAt: millis(shown.expiresAt),
    answeredBy: null,
    closedAt: null,
  };
}

function byKey(rows, key) {
  return Object.fromEntries(rows.map((row) => [row[key], row]));
}
