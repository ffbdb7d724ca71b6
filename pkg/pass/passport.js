// A passport that has been believed: all memberships of one user, signed.
//
// Owns: its shape in JavaScript, and its answers as one table. Never does: believe (`verify.js`).

import { unreadable } from "../errors.js";
import { listed } from "../options.js";
import { afterwards, instant } from "./clock.js";
import { endOf, expired, Membership, none, statement, unknown } from "./member.js";

const noTeams = new Map();
const namesOf = ({ organization }) => [organization.id, organization.slug];

/** All memberships of one user, signed. */
export class Passport {
  /** The answers: a row for each membership, a column for each permission. Small, so that it stays near the processor. */
  #answers;
  #columns;
  #ends;
  #members = new Map();
  /** Where the rows begin while it is known that they hold; else `none`. */
  #now = none;
  #rows = new Map();
  /** The memberships that are over before the passport is. */
  #shorter;

  constructor({ said, skew, ...rest }) {
    this.#ends = said.ends + skew;
    this.#columns = new Map(said.permissions.map((permission, column) => [permission, column]));
    this.#answers = new Uint8Array(said.members.length * said.permissions.length);
    const members = said.members.map((each, place) => this.#membership({ said, skew, each, place, ...rest }));
    this.#shorter = members.filter((member) => endOf(member) < this.#ends);
    Object.assign(this, statement(said), { memberships: Object.freeze(members), hasMore: said.more });
    this.organizations = Object.freeze(members.map((member) => member.organization));
    Object.freeze(this);
  }

  #membership({ token, said, skew, each, place, explainPass }) {
    const explain = (permission, team) => explainPass({ token, passport: true, organization: each.id, permission, team });
    const ends = Math.min(each.until ?? Infinity, said.ends) + skew;
    const member = Object.freeze(new Membership({ said: each, permissions: said.permissions, teams: noTeams, ends, explain }));
    const row = place * said.permissions.length;
    for (const column of each.allowed) this.#answers[row + column] = 1;
    for (const name of namesOf(member)) {
      this.#members.set(name, member);
      this.#rows.set(name, row);
    }
    return member;
  }

  /** By id or slug. Whoever is not listed is no member, as far as this passport knows. Neither look-up waits for the other. */
  can(organization, permission) {
    const column = this.#columns.get(permission);
    const row = this.#now.get(organization);
    if (column !== undefined && row !== undefined) return this.#answers[row + column] === 1;
    return this.#answer(organization, permission);
  }

  #answer(organization, permission) {
    this.#live();
    if (!this.#columns.has(permission)) throw unknown(permission);
    if (this.#now.has(organization)) return this.can(organization, permission);
    return this.#members.get(organization)?.can(permission) ?? false;
  }

  /** Once in each run of the event loop: whether it is still good. A membership that is over answers by itself. */
  #live() {
    if (this.#now !== none) return;
    if (this.#ends <= instant()) throw expired();
    for (const member of this.#shorter) {
      if (endOf(member) <= instant()) namesOf(member).forEach((name) => this.#rows.delete(name));
    }
    this.#now = this.#rows;
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
    const list = listed(pairs, "pairs");
    const answers = new Uint8Array(list.length);
    let ends = this.#ends;
    for (let at = 0; at < list.length; at += 1) {
      if (!Array.isArray(list[at])) throw unreadable("an organization and a permission are expected", `pairs[${at}]`);
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
}

/** By what it can hold: one of another realm is as good. */
const hasRoom = (into, count) => ArrayBuffer.isView(into) && into.BYTES_PER_ELEMENT === 1 && into.length >= count;

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
    if (!hasRoom(into, this.#answers.length)) throw unreadable(`a Uint8Array of at least ${this.#answers.length} is expected`, "into");
    into.set(this.#answers);
    return into;
  }
}
