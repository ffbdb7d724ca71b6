// Random organizations and what is asked of them, as steps of a scenario: what to expect is what the
// first installation answers.
//
// Owns: the dice, who there is, what happens, and which parts of an answer count. Never does: know a
// right answer.

import { said } from "./scenarios.mjs";

/** Mulberry32: the same numbers for the same seed. */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const chance = (likely) => next() < likely;
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  const some = (list, likely) => list.filter(() => chance(likely));
  const shuffled = (list) => list.map((each) => [next(), each]).sort(([one], [other]) => one - other).map(([, each]) => each);
  return { below, chance, pick, shuffled, some };
}

const mayBeDeclared = ["invoice:read", "invoice:pay", "invoice:void", "report:read", "report:share", "project:read", "project:archive", "door:open"];

/** Permissions that an application could declare. */
export const randomApplication = (seed) => [...dice(seed).some(mayBeDeclared, 0.6), "invoice:refund"];

const crowd = { kurt: { mfa: true }, krist: {}, dave: {}, pat: { emailVerified: false }, chad: {}, root: { platformAdmin: true } };
const founders = ["kurt", "krist"];
const customRoles = ["bass", "drums", "voice"];
const noPermission = ["*", "invoice:*", "member", "Member:read", "member:read ", "", "invoice:burn", "constructor", "__proto__"];

/** One world on its way: steps are written down, nothing is done. */
class World {
  teams = [];
  steps = [];

  constructor(seed, permissions) {
    const random = dice(seed);
    const people = Object.entries(crowd).map(([name, more]) => [name, { userId: `${name}-${seed}`, email: `${name}-${seed}@example.com`, name, ...more }]);
    const wildcards = [...new Set(permissions.map((each) => `${each.split(":")[0]}:*`))];
    Object.assign(this, { seed, permissions, random, wildcards, people: Object.fromEntries(people), names: Object.keys(crowd) });
  }

  does(as, line, body, more) {
    this.steps.push({ as, do: line, ...(body !== undefined && { body }), sort: "command", ...more });
  }

  user = (name) => this.people[name].userId;
  anybody = () => this.random.pick(this.names);
  /** Mostly whoever founded it; what others may not do is refused, and that is an answer, too. */
  actor = ({ founder }) => (this.random.chance(0.8) ? founder : this.anybody());
  granted = () => this.random.some([...this.permissions, ...this.wildcards], 0.15);
  held = () => this.random.some(["member", ...customRoles, "admin"], 0.35);
  team = (organization) => this.random.pick(this.teams.filter((each) => each.organization === organization))?.id ?? "team_0";

  found(place) {
    const [slug, founder] = [`w${this.seed}-${place}`, founders[place % founders.length]];
    const organization = { founder, slug, path: `/v1/organizations/${slug}` };
    this.does(founder, "POST /v1/organizations", { name: `World ${place}`, slug }, { save: { [`org${place}`]: "/id" } });
    for (const key of customRoles) this.does(founder, `POST ${organization.path}/roles`, { key, permissions: this.granted() });
    for (const name of this.names) if (name !== founder && this.random.chance(0.75)) this.joins(organization, founder, name);
    for (let count = this.random.below(4); count > 0; count -= 1) this.builds(organization);
    for (const name of this.names) if (this.random.chance(0.6)) this.places(organization, founder, name);
    return organization;
  }

  joins({ path }, by, name) {
    this.does(by, `POST ${path}/members`, { userId: this.user(name), roles: this.held(), ...(this.random.chance(0.15) && { until: "${inAnHour}" }) });
  }

  builds(organization) {
    const id = `team${this.teams.length}`;
    const parentId = this.random.chance(0.6) && this.teams.some((each) => each.organization === organization) ? this.team(organization) : null;
    this.does(organization.founder, `POST ${organization.path}/teams`, { name: id, parentId }, { save: { [id]: "/id" } });
    this.teams.push({ id: `\${${id}}`, organization });
  }

  places(organization, by, name) {
    this.does(by, `PUT ${organization.path}/teams/${this.team(organization)}/members/${this.user(name)}`, { roles: this.held() });
  }

  /** Something that changes who may do what. */
  happens(organization) {
    const { path } = organization;
    const [by, name, key] = [this.actor(organization), this.anybody(), this.random.pick(customRoles)];
    const member = `${path}/members/${this.user(name)}`;
    this.random.pick([
      () => this.joins(organization, by, name),
      () => this.places(organization, by, name),
      () => this.does(by, `PATCH ${member}`, { roles: this.held() }),
      () => this.does(by, `PATCH ${member}`, { state: this.random.pick(["suspended", "suspended", "active"]) }),
      () => this.does(by, `PATCH ${member}`, { until: this.random.pick(["${inAnHour}", null]) }),
      () => this.does(by, `DELETE ${member}`),
      () => this.does(name, `DELETE ${path}/members/me`),
      () => this.does(by, `PATCH ${path}/roles/${key}`, { permissions: this.granted() }),
      () => this.does(by, `DELETE ${path}/roles/${key}?moveTo=${this.random.pick(["member", ...customRoles])}`),
      () => this.does(by, `PATCH ${path}/teams/${this.team(organization)}`, { parentId: this.random.pick([this.team(organization), null]) }),
      () => this.does(by, `DELETE ${path}/teams/${this.team(organization)}`),
      () => this.does(by, `DELETE ${path}/teams/${this.team(organization)}/members/${this.user(name)}`),
      () => this.does(by, `POST ${path}/transfer`, { userId: this.user(name) }),
      () => this.does(by, `PATCH ${path}`, { requirements: { [this.random.pick(["mfa", "verifiedEmail"])]: this.random.chance(0.3) } }),
      () => this.does(by, `POST ${path}/${this.random.pick(["deactivate", "activate", "activate"])}`, {}),
      () => this.random.chance(0.3) && this.does(by, `DELETE ${path}`),
    ])();
  }

  asks(organization, round) {
    const { path, slug } = organization;
    for (const as of this.names) {
      const check = (more) => this.does(as, `POST ${path}/check`, { permissions: this.random.shuffled(this.permissions), ...more }, { sort: "check", round, slug });
      check({});
      if (this.random.chance(0.7)) check({ team: this.random.chance(0.85) ? this.team(organization) : this.random.pick(["team_0", ...this.teams.map(({ id }) => id)]) });
      if (this.random.chance(0.4)) check({ userId: this.random.chance(0.9) ? this.user(this.anybody()) : "nobody", ...(this.random.chance(0.3) && { team: this.team(organization) }) });
      if (this.random.chance(0.3)) check({ permissions: [this.random.pick(this.permissions), this.random.pick(noPermission)] });
      this.does(as, `POST ${path}/passes`, {}, { sort: "pass", round, slug });
    }
  }
}

/**
 * A scenario without expectations: organizations are made, much happens, everything is asked, some
 * more happens, everything is asked again.
 *
 * @param {number} seed
 * @param {string[]} permissions the name of every permission that exists
 */
export function randomWorld(seed, permissions) {
  const world = new World(seed, permissions);
  const organizations = [0, 1].map((place) => world.found(place));
  for (const round of [0, 1]) {
    for (const each of organizations) for (let count = 5; count > 0; count -= 1) world.happens(each);
    for (const each of organizations) world.asks(each, round);
    for (const as of world.names) world.does(as, "POST /v1/me/passport", {}, { sort: "passport", round });
  }
  const { people, steps } = world;
  return { people, steps, slugs: organizations.map(({ slug }) => slug), noPermission };
}

const absent = (...names) => Object.fromEntries(names.map((name) => [name, "$absent"]));
const only = (object, ...names) => Object.fromEntries(names.filter((name) => name in object).map((name) => [name, object[name]]));

/** What a token says, but for its times and its name, and the ids of organizations, which are in its own writing. */
function claims(token) {
  const [{ alg, typ }, { orgs, ...rest }] = said(token);
  const names = ["sub", "app", "org", "slug", "ver", "epoch", "roles", "perms", "teams", "moreTeams", "more"];
  return { $token: [{ alg, typ }, { ...absent(...names), ...only(rest, ...names), ...(orgs && { orgs: orgs.map(([, ...row]) => ["$any", ...row]) }) }] };
}

const shown = {
  command: (body) => only(body, "version"),
  check: ({ allowed, version, decisions }) => ({ allowed, version, decisions: decisions.map((each) => ({ ...absent("grantedBy", "grantedIn", "missing"), ...each })) }),
  pass: (body) => ({ ...only(body, "userId", "organizationId", "slug", "version", "epoch", "hasMoreTeams"), token: claims(body.token) }),
  passport: (body) => ({ ...only(body, "userId", "organizations", "omitted", "hasMore"), token: claims(body.token) }),
};

const refusal = (body) => ({ ...absent("param", "detail"), ...only(body, "code", "title", "param", "detail") });

/** What every other installation is expected to answer where one has answered so. */
export const expectation = ({ sort }, { status, body }) => ({ status, ...(body && { body: (status < 400 ? shown[sort] : refusal)(body) }) });
