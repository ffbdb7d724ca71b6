// What somebody may do in one organization, as a table: one look-up a check.
//
// Owns: the look-up. Never does: hold a rule: the core has decided every permission beforehand, and
// is asked again for its reasons.

import { refused } from "../errors.js";
import { listed } from "../options.js";
import { afterwards, instant } from "./clock.js";

export const expired = () => refused("pass_expired", "the pass has run out", "ask for another one");

/** The decision after the end. */
export const over = (permission) => ({ permission, allowed: false, code: "pass_expired", missing: permission });

/** Not everything that is no text can be made one. */
const shown = (name) => (typeof name === "string" ? name : `of type ${typeof name}`);

export const unknown = (permission) => refused("unknown_permission", "there is no such permission", `there is no permission \`${shown(permission)}\`; the installation's setting \`PERMISSIONS\` declares the application's own`, "permission");

const elsewhere = (team) => refused("team_not_in_pass", "the pass does not speak of the team", `ask the installation about ${shown(team)}`, "team");

/** Every permission with its answer. */
export function table(permissions, allowed) {
  const answers = new Map(permissions.map((permission) => [permission, false]));
  for (const place of allowed) answers.set(permissions[place], true);
  return answers;
}

/** What a pass and a passport both say of themselves. */
export const statement = (said) => ({
  id: said.id,
  issuer: said.issuer,
  audience: said.audience,
  userId: said.userId,
  issuedAt: new Date(said.issuedAt),
  expiresAt: new Date(said.expiresAt),
});

/** The answers while it is not known whether there are any: the next question finds none, and looks. */
export const none = new Map();

/** When a membership's answers end, in milliseconds: for this folder only. */
export let endOf;

/** One membership of a believed token. */
export class Membership {
  static { endOf = (member) => member.#ends; }

  #answers;
  #allowed;
  #ends;
  #explain;
  #permissions;
  /** The answers in the run of the event loop in which it was seen that they hold; else `none`. */
  #now = none;
  #teams;

  constructor({ said, permissions, teams, ends, explain }) {
    this.#allowed = said.allowed;
    this.#permissions = permissions;
    this.#teams = teams;
    this.#ends = ends;
    this.#explain = explain;
    this.organization = Object.freeze({ id: said.id, slug: said.slug, ...(said.name && { name: said.name }) });
    this.roles = Object.freeze(said.roles);
    this.version = said.version;
    this.epoch = said.epoch;
    this.isMember = true;
    this.isOwner = said.roles.includes("owner");
    this.isAdmin = this.isOwner || said.roles.includes("admin");
  }

  /** Made when it is asked for: a passport has many memberships, and answers by itself. */
  #table() {
    this.#answers ??= table(this.#permissions, this.#allowed);
    return this.#answers;
  }

  /** Whether it is over. Then nothing may be done. */
  get expired() {
    return this.#now === none && this.#ends <= instant();
  }

  /** Whether it is still good: looked at once in each run of the event loop. */
  #live() {
    if (this.expired) return false;
    if (this.#now === none) afterwards(() => { this.#now = none; });
    this.#now = this.#table();
    return true;
  }

  /** The answers in a team that the token speaks of; `undefined` is the organization as a whole. */
  #answersIn(team) {
    const answers = team === undefined ? this.#table() : this.#teams.get(team);
    if (answers === undefined) throw elsewhere(team);
    return answers;
  }

  #answer(permission, team) {
    const answer = this.#answersIn(team).get(permission);
    if (answer === undefined) throw unknown(permission);
    return this.#live() && answer;
  }

  /** One look-up tells yes, no, and that more has to be looked at. To V8, two ends are quicker than one. */
  can(permission, team) {
    if (team === undefined) {
      const answer = this.#now.get(permission);
      if (answer === true) return true;
      if (answer === false) return false;
    }
    return this.#answer(permission, team);
  }

  /** The same where being over is an error. */
  canOrThrow(permission, team) {
    if (this.expired) throw expired();
    return this.can(permission, team);
  }

  /** Each is looked up: one that does not exist is an error, whatever the others are. `reduce` would pass over a hole. */
  canAll(permissions, team) {
    let all = this.#live();
    for (const permission of listed(permissions, "permissions")) all = this.can(permission, team) && all;
    return all;
  }

  canAny(permissions, team) {
    let any = false;
    for (const permission of listed(permissions, "permissions")) any = this.can(permission, team) || any;
    return any;
  }

  explain(permission, team) {
    this.#answer(permission, team);
    return this.expired ? over(permission) : this.#explain(permission, team);
  }

  permissions(team) {
    const answers = [...this.#answersIn(team)];
    return this.#live() ? answers.filter(([, allowed]) => allowed).map(([permission]) => permission) : [];
  }
}
