// From what the API shows to what the rules decide on.
//
// Owns: the facts and commands of `decide`, built from the page's state. Never does: decide, ask
// the server, or invent a fact: whoever is not on display is not in the facts.

const millis = (text) => Date.parse(text);

// Deciding needs ids and digests for what would be new; they are never sent anywhere.
const NEW_INVITATION = "inv_00000000000070008000000000000000";
const NO_DIGEST = "0".repeat(64);
const A_WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** The facts about the open organization. */
export function factsOf({ organization, members, invitations }) {
  return {
    organization: organizationFact(organization),
    members: byKey(members.data.map((member) => memberFact(organization, member)), "user"),
    invitations: byKey(invitations.data.map((invitation) => invitationFact(organization, invitation)), "id"),
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
  const { id, slug, name, state, version, metadata, settings, logoUrl, seatLimit, memberCount } = shown;
  return {
    ...{ id, slug, name, state, version, metadata, logoUrl, seatLimit, memberCount },
    // Plain members are not shown the settings, which no rule reads.
    settings: settings ?? {},
    owner: shown.ownerId,
    personal: shown.personal,
    pendingFree: !shown.countPending,
    pendingCount: shown.pendingInvitationCount,
    createdAt: millis(shown.createdAt),
    updatedAt: millis(shown.updatedAt),
  };
}

/** Rule: `owner` is shown among a member's roles but said by the organization, never by the member. */
function memberFact(organization, { id, userId, email, name, roles, joinedAt }) {
  const given = roles.filter((role) => role !== "owner");
  const stored = given.length ? given : ["admin"];
  return { id, organization: organization.id, user: userId, email, name, roles: stored, joinedAt: millis(joinedAt) };
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
