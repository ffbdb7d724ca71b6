// Passes and passports that have been believed.
//
// Owns: their shapes in JavaScript. Never does: believe (`verify.js`).

import { instant } from "./clock.js";
import { endOf, expired, Membership, placesOf, table, unknown } from "./member.js";

const statement = (said) => ({
  id: said.id,
  issuer: said.issuer,
  audience: said.audience,
  userId: said.userId,
  issuedAt: new Date(said.issuedAt),
  expiresAt: new Date(said.expiresAt),
});

const noTeams = new Map();

/** One membership, signed. */
export class Pass extends Membership {
  constructor({ token, said, skew, explainPass }) {
    const [member] = said.members;
    const teams = new Map(said.teams.map(([team, allowed]) => [team, table(said.permissions, allowed)]));
    const explain = (permission, team) => explainPass({ token, permission, team });
    super({ said: member, places: placesOf(said.permissions), answers: table(said.permissions, member.allowed), teams, ends: said.ends + skew, explain });
    Object.assign(this, statement(said), { teams: Object.freeze([...teams.keys()]), hasMoreTeams: said.more });
    Object.freeze(this);
  }
}

/** All memberships of one user, signed. */
export class Passport {
  #ends;
  #members = new Map();
  #places;

  constructor({ said, skew, ...rest }) {
    this.#ends = said.ends + skew;
    const places = placesOf(said.permissions);
    this.#places = places;
    const members = said.members.map((member) => membership({ said, skew, places, member, ...rest }));
    for (const member of members) {
      this.#members.set(member.organization.id, member);
      this.#members.set(member.organization.slug, member);
    }
    Object.assign(this, statement(said), { memberships: Object.freeze(members), hasMore: said.more });
    this.organizations = Object.freeze(members.map((member) => member.organization));
    Object.freeze(this);
  }

  /** By id or slug. Whoever is not listed is no member, as far as this passport knows. */
  can(organization, permission) {
    const member = this.#members.get(organization);
    return member === undefined ? this.#nobody(permission) : member.can(permission);
  }

  /** The membership of an organization, by id or slug; `undefined` where there is none. */
  pass(organization) {
    if (this.#ends <= instant()) throw expired();
    return this.#members.get(organization);
  }

  explain(organization, permission) {
    const member = this.pass(organization);
    if (member !== undefined) return member.explain(permission);
    return { permission, allowed: this.#nobody(permission), code: "not_a_member", missing: permission };
  }

  /** A question with many parts, decided once and asked often. */
  checks(pairs) {
    let ends = this.#ends;
    const answers = Uint8Array.from(pairs, ([organization, permission]) => {
      const member = this.#members.get(organization);
      if (member !== undefined) ends = Math.min(ends, endOf(member));
      return this.can(organization, permission);
    });
    return new Checks(answers, ends);
  }

  #nobody(permission) {
    if (this.#ends <= instant()) throw expired();
    if (!this.#places.has(permission)) throw unknown(permission);
    return false;
  }
}

function membership({ token, said, skew, places, member, explainPass }) {
  const explain = (permission) => explainPass({ token, passport: true, organization: member.id, permission });
  const ends = Math.min(member.until ?? Infinity, said.ends) + skew;
  return Object.freeze(new Membership({ said: member, places, answers: table(said.permissions, member.allowed), teams: noTeams, ends, explain }));
}

/** Many checks at once: their answers, until the first of their memberships ends. */
class Checks {
  #answers;
  #ends;

  constructor(answers, ends) {
    this.#answers = answers;
    this.#ends = ends;
  }

  get length() { return this.#answers.length; }

  /** 1 or 0 for each, in their order; into `into` if it is given. */
  run(into = new Uint8Array(this.#answers.length)) {
    if (this.#ends <= instant()) throw expired();
    into.set(this.#answers);
    return into;
  }
}
