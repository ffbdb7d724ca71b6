// What a race needs to be there before it starts.
//
// Owns: short names for ordinary calls that must succeed.
// Never does: race.

import assert from "node:assert/strict";

const path = (organization) => `/v1/organizations/${organization.id}`;

/** The body of an answer that must have this status. */
export function body(answer, status = 200) {
  assert.equal(answer.status, status, `${answer.status}: ${answer.text}`);
  return answer.body;
}

/** A new organization of this person's. */
export const found = async (owner, name) => body(await owner.post("/v1/organizations", { name }), 201);

/** The token of an invitation that nobody is mailed. */
export async function invite(inviter, organization, email, roles = ["member"]) {
  const invitation = { email, roles, notify: false };
  return body(await inviter.post(`${path(organization)}/invitations`, invitation), 201);
}

/** Makes somebody a member without an invitation. */
export async function add(inviter, organization, { userId, email, name }, roles = ["member"]) {
  return body(await inviter.post(`${path(organization)}/members`, { userId, email, name, roles }), 201);
}

export const accept = (person, token) => person.post("/v1/invitations/accept", { token });
export const remove = (person, organization, other) => person.delete(`${path(organization)}/members/${other.userId}`);
export const leave = (person, organization) => person.delete(`${path(organization)}/members/me`);
export const transfer = (person, organization, to) => person.post(`${path(organization)}/transfer`, { userId: to.userId });

/** What is stored, as plain objects. */
export const rows = (worker, sql, ...values) => worker.d1(sql, ...values).map((row) => ({ ...row }));

/** The user ids of an organization's members, as stored. */
export function members(worker, organization) {
  const rows = worker.d1("SELECT user FROM memberships WHERE organization = ? ORDER BY user", organization.id);
  return rows.map((row) => row.user);
}

/** The user id of an organization's owner, as stored. */
export const owner = (worker, organization) => worker.d1("SELECT owner FROM organizations WHERE id = ?", organization.id)[0].owner;
