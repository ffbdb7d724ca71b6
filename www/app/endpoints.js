// The resources of the API that this page uses, by name.
//
// Owns: methods, paths and bodies. Never does: remember an answer or decide when to ask.

import { call } from "./api.js";

const organizationPath = (organization) => `/v1/organizations/${encodeURIComponent(organization)}`;
const memberPath = (organization, user) => `${organizationPath(organization)}/members/${encodeURIComponent(user)}`;
const invitationPath = (organization, id) => `${organizationPath(organization)}/invitations/${encodeURIComponent(id)}`;

/** A path with the parameters that have a value. */
function listPath(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** A command's path under which nothing happens and the answer tells what would. */
const tried = (path) => `${path}?dryRun=true`;

export const readSession = () => call("GET", "/dev/session");
export const signIn = (person) => call("POST", "/dev/session", { body: person });
export const signOut = () => call("DELETE", "/dev/session");
export const readOutbox = () => call("GET", "/dev/outbox");

export const readMe = () => call("GET", "/v1/me");
export const resolveCurrent = (search) => call("GET", `/v1/resolve${search}`);
export const chooseOrganization = (organization) => call("PUT", "/v1/me/current-organization", { body: { organization } });
export const forgetChoice = () => call("DELETE", "/v1/me/current-organization");

export const readSlug = (slug) => call("GET", `/v1/slugs/${encodeURIComponent(slug)}`);
export const listOrganizations = (parameters) => call("GET", listPath("/v1/organizations", parameters));
export const createOrganization = (body) => call("POST", "/v1/organizations", { body });
export const readOrganization = (organization) => call("GET", organizationPath(organization));
export const updateOrganization = ({ id, version }, body) => call("PATCH", organizationPath(id), { body, version });
export const deleteOrganization = ({ id, version }) => call("DELETE", organizationPath(id), { version });
export const tryDeletion = ({ id, version }) => call("DELETE", tried(organizationPath(id)), { version });
export const restoreOrganization = (id) => call("POST", `${organizationPath(id)}/restore`);
export const activateOrganization = (id) => call("POST", `${organizationPath(id)}/activate`);
export const deactivateOrganization = (id) => call("POST", `${organizationPath(id)}/deactivate`);
export const transferOwnership = (id, userId) => call("POST", `${organizationPath(id)}/transfer`, { body: { userId } });

export const withdrawOffer = (id) => call("DELETE", `${organizationPath(id)}/transfer`);
export const acceptOwnership = (id) => call("POST", `${organizationPath(id)}/transfer/accept`);
export const declineOwnership = (id) => call("POST", `${organizationPath(id)}/transfer/decline`);

export const listRoles = (id) => call("GET", `${organizationPath(id)}/roles`);
export const listMembers = (id, parameters) => call("GET", listPath(`${organizationPath(id)}/members`, parameters));
export const changeRoles = ({ id, version }, user, roles) => call("PATCH", memberPath(id, user), { body: { roles }, version });
export const removeMember = (id, user) => call("DELETE", memberPath(id, user));
export const leaveOrganization = (id) => call("DELETE", memberPath(id, "me"));

export const listInvitations = (id, parameters) => call("GET", listPath(`${organizationPath(id)}/invitations`, parameters));
export const tryInvitation = (id, body) => call("POST", tried(`${organizationPath(id)}/invitations`), { body });
export const inviteMember = (id, body, version) => call("POST", `${organizationPath(id)}/invitations`, { body, version });
export const resendInvitation = (id, invitation) => call("POST", `${invitationPath(id, invitation)}/resend`);
export const revokeInvitation = (id, invitation) => call("DELETE", invitationPath(id, invitation));

export const previewInvitation = (token) => call("POST", "/v1/invitations/preview", { body: { token } });
export const acceptInvitation = (key) => call("POST", "/v1/invitations/accept", { body: key });
export const declineInvitation = (key) => call("POST", "/v1/invitations/decline", { body: key });
export const activateRegistration = (body) => call("POST", "/v1/registrations/activate", { body });

const requestPath = (id, request) => `${organizationPath(id)}/join-requests/${encodeURIComponent(request)}`;
export const listJoinRequests = (id, parameters) => call("GET", listPath(`${organizationPath(id)}/join-requests`, parameters));
export const approveJoinRequest = (id, request) => call("POST", `${requestPath(id, request)}/approve`);
export const denyJoinRequest = (id, request) => call("POST", `${requestPath(id, request)}/deny`);

export const listDomains = (id, parameters) => call("GET", listPath(`${organizationPath(id)}/domains`, parameters));
export const verifyDomain = (id, domain) => call("POST", `${organizationPath(id)}/domains/${encodeURIComponent(domain)}/verify`);
