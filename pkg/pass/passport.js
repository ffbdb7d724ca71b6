// A passport that has been believed: all memberships of one user, signed.
//
// Owns: its shape in JavaScript, and its answers as one table. Never does: believe (`verify.js`).

import { unreadable } from "../errors.js";
import { listed } from "../options.js";
import { afterwards, instant } from "./clock.js";
import { endOf, expired, Membership, none, over, statement, unknown } from "./member.js";

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
    if (!this.#columns.has(permission)) throw unknown(permission);
    if (this.#live() && this.#now.has(organization)) return this.can(organization, permission);
    return this.#members.get(organization)?.can(permission) ?? false;
  }

  /** The same where being over, of the passport or of the membership, is an error. */
  canOrThrow(organization, permission) {
    if (this.expired || this.#members.get(organization)?.expired) throw expired();
    return this.can(organization, permission);
  }

  /** Whether it is over. Then nothing may be done anywhere. */
  get expired() {
    return this.#now === none && this.#ends <= instant();
  }

  /** Whether it is still good: looked at once in each run of the event loop. A membership that is over answers by itself. */
  #live() {
    if (this.#now !== none) return true;
    if (this.expired) return false;
    for (const member of this.#shorter) {
      if (endOf(member) <= instant()) namesOf(member).forEach((name) => this.#rows.delete(name));
    }
    this.#now = this.#rows;
    afterwards(() => { this.#now = none; });
    return true;
  }

  /** The membership of an organization, by id or slug; `undefined` where there is none. */
  pass(organization) {
    return this.#members.get(organization);
  }

  explain(organization, permission) {
    const member = this.pass(organization);
    if (member !== undefined) return member.explain(permission);
    const allowed = this.can(organization, permission);
    return this.expired ? over(permission) : { permission, allowed, code: "not_in_passport", missing: permission };
  }

  /** A question with many parts, decided once and asked often. */
  checks(pairs) {
    const list = [...listed(pairs, "pairs")];
    return new Checks(list.length, () => this.#decided(list));
  }

  /** The answers, and until when they hold. By place: an iterator costs more than a check. */
  #decided(list) {
    const answers = new Uint8Array(list.length);
    const now = instant();
    let ends = this.#ends > now ? this.#ends : Infinity;
    for (let at = 0; at < list.length; at += 1) {
      if (!Array.isArray(list[at])) throw unreadable("an organization and a permission are expected", `pairs[${at}]`);
      const [organization, permission] = list[at];
      answers[at] = this.can(organization, permission) ? 1 : 0;
      if (this.#shorter.length > 0 && this.#endOf(organization) > now) ends = Math.min(ends, this.#endOf(organization));
    }
    return { answers, ends };
  }

  #endOf(organization) {
    const member = this.#members.get(organization);
    return member === undefined ? Infinity : endOf(member);
  }
}

/** By what it can hold: one of another realm is as good. */
const hasRoom = (into, count) => ArrayBuffer.isView(into) && into.BYTES_PER_ELEMENT === 1 && into.length >= count;

/** Many checks at once: their answers, decided again when one of their memberships ends. */
class Checks {
  #decide;
  #decided;

  constructor(length, decide) {
    this.length = length;
    this.#decide = decide;
    this.#decided = decide();
  }

  /** 1 or 0 for each, in their order; into `into` if it is given. */
  run(into = new Uint8Array(this.length)) {
    if (this.#decided.ends <= instant()) this.#decided = this.#decide();
    if (!hasRoom(into, this.length)) throw unreadable(`a Uint8Array of at least ${this.length} is expected`, "into");
    into.set(this.#decided.answers);
    return into;
  }
}
