// Passes and passports that have been believed.
//
// Owns: their shapes in JavaScript. Never does: believe (`verify.js`).

import { refused } from "../errors.js";
import { instant } from "./clock.js";
import { expired, Membership, table } from "./member.js";

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

/** All memberships of one user, signed. */
export class Passport {
  #ends;
  #known;
  #members = new Map();

  constructor({ said, skew, ...rest }) {
    this.#ends = said.ends + skew;
    this.#known = new Set(said.permissions);
    const members = said.members.map((member) => membership({ said, skew, member, ...rest }));
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

  /** A question with many parts, looked up once and asked often. */
  checks(pairs) {
    const places = new Map();
    const asked = Uint32Array.from(pairs, ([organization, permission]) => this.#place(places, organization, permission));
    return new Checks(() => { if (this.#ends <= instant()) throw expired(); }, asked, [...places.values()]);
  }

  #place(places, organization, permission) {
    const key = `${organization}\n${permission}`;
    if (!places.has(key)) places.set(key, { place: places.size, ask: () => this.can(organization, permission) });
    return places.get(key).place;
  }

  #nobody(permission) {
    if (this.#ends <= instant()) throw expired();
    if (!this.#known.has(permission)) throw refused("unknown_permission", "there is no such permission", `\`${String(permission)}\` is not declared`, "permission");
    return false;
  }
}

function membership({ token, said, skew, member, explainPass }) {
  const explain = (permission) => explainPass({ token, passport: true, organization: member.id, permission });
  const ends = Math.min(member.until ?? Infinity, said.ends) + skew;
  return Object.freeze(new Membership({ said: member, answers: table(said.permissions, member.allowed), teams: noTeams, ends, explain }));
}

/** Many checks at once: integers, no text. */
class Checks {
  #answers;
  #asked;
  #live;

  constructor(live, asked, places) {
    this.#live = live;
    this.#asked = asked;
    this.#answers = Uint8Array.from(places, ({ ask }) => ask());
  }

  get length() { return this.#asked.length; }

  /** 1 or 0 for each, in their order; into `into` if it is given. */
  run(into = new Uint8Array(this.#asked.length)) {
    this.#live();
    const answers = this.#answers;
    const asked = this.#asked;
    for (let index = 0; index < asked.length; index += 1) into[index] = answers[asked[index]];
    return into;
  }
}
