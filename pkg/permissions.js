// What may be done in one of the organizations that an answer of the API is about.
//
// Owns: the way from a membership to its roles and from those to permissions, in `GET /v1/me`, in a page of
// `GET /v1/organizations` and in what resolution answers.
// Never does: know what a role allows (the answer says it), or allow what is not certain.

import { unreadable } from "./errors.js";

/** The permissions; none where the answer lists no membership that gives power. */
export function permissionsOf(answer, organization, now = Date.now()) {
  const name = organization?.id ?? organization;
  if (typeof name !== "string") throw unreadable("an organization's id or slug is expected", "organization");
  const isNamed = (one) => one != null && (one.id === name || one.slug === name);
  const { outcome } = Object(answer);
  if (outcome !== undefined && outcome !== "choose") return isNamed(answer.organization) ? [...(answer.permissions ?? [])] : [];
  const [rows, roles] = listed(Object(answer));
  const row = rows.find((row) => isNamed(row.organization ?? row));
  return row && givesPower(row, instant(now)) ? allowed(row, roles, row.organization ?? row) : [];
}

function listed({ memberships, data, organizations, heldRoles, roles }) {
  const [rows, held] = [memberships ?? data ?? organizations, heldRoles ?? roles];
  if (Array.isArray(rows) && Array.isArray(held)) return [rows, held];
  throw unreadable("an answer with `memberships` and `roles`, a page of organizations or a resolution is expected", "answer");
}

function instant(now) {
  const at = Number(now);
  if (Number.isNaN(at)) throw unreadable("milliseconds or a `Date` are expected", "now");
  return at;
}

/** A row of memberships has its state as `state`; one of organizations as `membershipState`, where it is not active. */
function givesPower({ organization, state, membershipState = "active", until, requirementsMissing = [] }, now) {
  const isActive = (organization ? state : membershipState) === "active";
  return isActive && requirementsMissing.length === 0 && (until == null || now < Date.parse(until));
}

/** A role without an organization is the same in all of them, but for those that have an own role with its key. */
function allowed({ roles: keys }, roles, { id }) {
  const own = new Set(roles.filter(({ organizationId }) => organizationId === id).map(({ key }) => key));
  const isIts = ({ organizationId, key }) => (organizationId == null ? !own.has(key) : organizationId === id);
  const counts = (role) => isIts(role) && keys.includes(role.key);
  return [...new Set(roles.filter(counts).flatMap(({ permissions }) => permissions))];
}
