// What somebody may do in one organization, as a table: one look-up a check.
//
// Owns: the look-up. Never does: hold a rule: the core has decided every permission beforehand, and
// is asked again for its reasons.

import { refused } from "../errors.js";
import { instant, turn } from "./clock.js";

export const expired = () => refused("pass_expired", "the pass has run out", "ask for another one");

export const unknown = (permission) => refused("unknown_permission", "there is no such permission", `there is no permission \`${String(permission)}\``, "permission");

const elsewhere = (team) => refused("team_not_in_pass", "the pass does not speak of the team", `ask the installation about ${String(team)}`, "team");

/** Every permission with its answer. */
export function table(permissions, allowed) {
  const answers = new Map(permissions.map((permission) => [permission, false]));
  for (const place of allowed) answers.set(permissions[place], true);
  return answers;
}

/** When a membership's answers end, in milliseconds: for this folder only. */
export let endOf;

/** One membership of a believed token. */
export class Membership {
  static { endOf = (member) => member.#ends; }

  #answers;
  #ends;
  #explain;
  #lived = -1;
  #teams;

  constructor({ said, answers, teams, ends, explain }) {
    this.#answers = answers;
    this.#teams = teams;
    this.#ends = ends;
    this.#explain = explain;
    this.organization = Object.freeze({ id: said.id, slug: said.slug });
    this.roles = Object.freeze(said.roles);
    this.version = said.version;
    this.epoch = said.epoch;
    this.isMember = true;
    this.isOwner = said.roles.includes("owner");
    this.isAdmin = this.isOwner || said.roles.includes("admin");
  }

  /** Once in each run of the event loop: whether it is still good. */
  #live() {
    if (this.#ends <= instant()) throw expired();
    this.#lived = turn;
  }

  /** The answers in a team that the token speaks of; `undefined` is the organization as a whole. */
  #answersIn(team) {
    const answers = team === undefined ? this.#answers : this.#teams.get(team);
    if (answers === undefined) throw elsewhere(team);
    return answers;
  }

  can(permission, team) {
    if (this.#lived !== turn) this.#live();
    const answer = this.#answersIn(team).get(permission);
    if (answer === undefined) throw unknown(permission);
    return answer;
  }

  /** Each is looked up: one that does not exist is an error, whatever the others are. */
  canAll(permissions, team) {
    if (this.#lived !== turn) this.#live();
    return permissions.reduce((all, permission) => this.can(permission, team) && all, true);
  }

  canAny(permissions, team) {
    if (this.#lived !== turn) this.#live();
    return permissions.reduce((any, permission) => this.can(permission, team) || any, false);
  }

  explain(permission, team) {
    if (this.#lived !== turn) this.#live();
    return this.#explain(permission, team);
  }

  permissions(team) {
    if (this.#lived !== turn) this.#live();
    return [...this.#answersIn(team)].filter(([, allowed]) => allowed).map(([permission]) => permission);
  }
}
