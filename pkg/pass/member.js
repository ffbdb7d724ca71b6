// What somebody may do in one organization, as a table: one look-up a check, and a place in a list.
//
// Owns: the look-up. Never does: hold a rule: the core has decided every permission beforehand, and
// is asked again for its reasons.

import { refused } from "../errors.js";
import { instant, turn } from "./clock.js";

export const expired = () => refused("pass_expired", "the pass has run out", "ask for another one");

export const unknown = (permission) => refused("unknown_permission", "there is no such permission", `\`${String(permission)}\` is not declared`, "permission");

const elsewhere = (team) => refused("team_not_in_pass", "the pass does not speak of the team", `ask the installation about ${String(team)}`, "team");

/** Where each permission stands in a table. One for all tables of a token: it stays near the processor. */
export const placesOf = (permissions) => new Map(permissions.map((permission, place) => [permission, place]));

/** An answer for each permission, in its place. */
export function table(permissions, allowed) {
  const answers = permissions.map(() => false);
  for (const place of allowed) answers[place] = true;
  return answers;
}

/** When a membership's answers end, in milliseconds: for this folder only. */
export let endOf;

/** The same as one look-up. */
export const direct = (places, answers) => new Map([...places].map(([permission, place]) => [permission, answers[place]]));

/** One membership of a believed token. */
export class Membership {
  static { endOf = (member) => member.#ends; }

  #answers;
  #direct;
  #ends;
  #explain;
  #lived = -1;
  #places;
  #teams;

  constructor({ said, places, answers, teams, ends, explain }) {
    this.#places = places;
    this.#answers = answers;
    this.#direct = direct(places, answers);
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

  can(permission, team) {
    if (team === undefined && this.#lived === turn) {
      const answer = this.#direct.get(permission);
      if (answer !== undefined) return answer;
    }
    return this.#slowly(permission, team);
  }

  /** In a team, for the first time in a run of the event loop, or of what does not exist. */
  #slowly(permission, team) {
    if (this.#lived !== turn) this.#live();
    const answers = team === undefined ? this.#answers : this.#teams.get(team);
    if (answers === undefined) throw elsewhere(team);
    const place = this.#places.get(permission);
    if (place === undefined) throw unknown(permission);
    return answers[place];
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

  /** Of teams that the token speaks of; `undefined` is the organization as a whole. */
  permissions(team) {
    if (this.#lived !== turn) this.#live();
    const answers = team === undefined ? this.#answers : this.#teams.get(team);
    if (answers === undefined) throw elsewhere(team);
    return [...this.#places.keys()].filter((_, place) => answers[place]);
  }
}
