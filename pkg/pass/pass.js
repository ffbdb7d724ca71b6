// Passes and passports that have been believed.
//
// Owns: their shapes in JavaScript. Never does: believe (`verify.js`).

import { afterwards, instant } from "./clock.js";
import { endOf, expired, Membership, none, table, unknown } from "./member.js";

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
    super({ said: member, answers: table(said.permissions, member.allowed), teams, ends: said.ends + skew, explain });
    Object.assign(this, statement(said), { teams: Object.freeze([...teams.keys()]), hasMoreTeams: said.more });
    Object.freeze(this);
  }
}

const namesOf = ({ organization }) => [organization.id, organization.slug];

/** All memberships of one user, signed. */
export class Passport {
  #answers = new Map();
  #ends;
  #known;
  #members = new Map();
  /** As a membership's: the answers while it is known that they hold. */
  #now = none;
  /** The memberships that are over before the passport is. */
  #shorter;

  constructor({ said, skew, ...rest }) {
    this.#ends = said.ends + skew;
    this.#known = new Set(said.permissions);
    const members = said.members.map((each) => this.#membership({ said, skew, each, ...rest }));
    this.#shorter = members.filter((member) => endOf(member) < this.#ends);
    Object.assign(this, statement(said), { memberships: Object.freeze(members), hasMore: said.more });
    this.organizations = Object.freeze(members.map((member) => member.organization));
    Object.freeze(this);
  }

  #membership({ token, said, skew, each, explainPass }) {
    const answers = table(said.permissions, each.allowed);
    const explain = (permission, team) => explainPass({ token, passport: true, organization: each.id, permission, team });
    const ends = Math.min(each.until ?? Infinity, said.ends) + skew;
    const member = Object.freeze(new Membership({ said: each, answers, teams: noTeams, ends, explain }));
    for (const name of namesOf(member)) {
      this.#members.set(name, member);
      this.#answers.set(name, answers);
    }
    return member;
  }

  /** By id or slug. Whoever is not listed is no member, as far as this passport knows. */
  can(organization, permission) {
    const answer = this.#now.get(organization)?.get(permission);
    if (answer === true) return true;
    if (answer === false) return false;
    return this.#answer(organization, permission);
  }

  #answer(organization, permission) {
    this.#live();
    return this.#now.get(organization)?.get(permission) ?? this.#nobody(organization, permission);
  }

  /** Once in each run of the event loop: whether it is still good. A membership that is over answers by itself. */
  #live() {
    if (this.#now !== none) return;
    if (this.#ends <= instant()) throw expired();
    for (const member of this.#shorter) {
      if (endOf(member) <= instant()) namesOf(member).forEach((name) => this.#answers.delete(name));
    }
    this.#now = this.#answers;
    afterwards(() => { this.#now = none; });
  }

  /** The membership of an organization, by id or slug; `undefined` where there is none. */
  pass(organization) {
    if (this.#ends <= instant()) throw expired();
    return this.#members.get(organization);
  }

  explain(organization, permission) {
    const member = this.pass(organization);
    if (member !== undefined) return member.explain(permission);
    return { permission, allowed: this.can(organization, permission), code: "not_in_passport", missing: permission };
  }

  /** A question with many parts, decided once and asked often. By place: an iterator costs more than a check. */
  checks(pairs) {
    this.#live();
    const list = Array.isArray(pairs) ? pairs : [...pairs];
    const answers = new Uint8Array(list.length);
    let ends = this.#ends;
    for (let at = 0; at < list.length; at += 1) {
      const [organization, permission] = list[at];
      answers[at] = this.can(organization, permission) ? 1 : 0;
      if (this.#shorter.length > 0) ends = Math.min(ends, this.#endOf(organization));
    }
    return new Checks(answers, ends);
  }

  #endOf(organization) {
    const member = this.#members.get(organization);
    return member === undefined ? Infinity : endOf(member);
  }

  #nobody(organization, permission) {
    if (!this.#known.has(permission)) throw unknown(permission);
    return this.#members.get(organization)?.can(permission) ?? false;
  }
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
