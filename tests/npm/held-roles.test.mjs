// What answers about several organizations say of roles: enough to know every permission, once, and in few bytes.
//
// Owns: a crowd whose memberships are suspended, over, unproven and of roles of their own. Never does: know what a
// role allows: each organization's own answer is asked.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const application = Array.from({ length: 12 }, (_, number) => `thing${number}:read`);
const begin = Date.parse("2026-01-01T00:00:00Z");

describe("roles in answers about several organizations", () => {
  let api;
  let client;
  let Directory;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    [api, client] = [await project.import("node.js"), await project.import("client/client.js")];
    ({ Directory } = await project.import("directory/node.js"));
  });

  /** A directory with people who are signed in. */
  async function open(names, settings = {}) {
    const clock = { now: begin };
    const { fetch } = new Directory({ now: () => clock.now, settings: { PERMISSIONS: application.join(" "), MAX_OWNED_ORGANIZATIONS: "200", ...settings } });
    const people = {};
    for (const [name, more] of Object.entries(names)) {
      const { token } = await client.createClient({ fetch }).dev.signIn({ userId: name, email: `${name}@nirvana.com`, ...more });
      people[name] = client.createClient({ fetch, token });
      people[name].ask = async (path) => (await fetch(path, { headers: { authorization: `Bearer ${token}` } })).json();
    }
    return { clock, people };
  }

  async function crowd() {
    const world = await open({ kurt: { mfa: true }, dave: {}, root: { platformAdmin: true } });
    const { kurt } = world.people;
    const found = async (name, roles, dave) => {
      await kurt.organizations.create({ name });
      const organization = kurt.organization(name.toLowerCase());
      for (const [key, permissions] of Object.entries(roles)) await organization.roles.create({ key, name: key, permissions });
      await organization.members.add({ userId: "dave", ...dave });
      await organization.members.add({ userId: "root", roles: ["member"] });
      return organization;
    };
    await found("Bleach", { billing: ["thing0:*", "member:add"] }, { roles: ["billing"] });
    await found("Bliss", { billing: ["thing1:read"], lead: ["thing2:*", "audit:read"] }, { roles: ["member", "billing", "lead"] });
    await found("Hole", {}, { roles: ["admin"] });
    await (await found("Incesticide", { billing: ["thing3:read"] }, { roles: ["admin", "billing"] })).members.update("dave", { state: "suspended" });
    await found("Melvins", { billing: ["thing4:read"] }, { roles: ["billing"], until: new Date(begin + 60_000).toISOString() });
    await (await found("Scream", { billing: ["thing5:read"] }, { roles: ["billing"] })).update({ requirements: { mfa: true } });
    const road = await (await found("Wipers", { billing: ["thing6:read"] }, { roles: ["member"] })).teams.create({ name: "Road" });
    await kurt.organization("wipers").teams.members.put(road.id, "dave", { roles: ["admin"] });
    return world;
  }

  const slugs = ["bleach", "bliss", "hole", "incesticide", "melvins", "scream", "wipers"];
  const sorted = (list) => [...list].sort();

  async function truth(person, slug) {
    try {
      const { permissions, id } = await person.organization(slug).get();
      return { id, permissions: sorted(permissions) };
    } catch (refusal) {
      // Who may not read it has no power there, or one role without that permission: `check` tells.
      if (refusal.code !== "permission_denied") return { permissions: [] };
      const all = (await person.me.get({ organization: slug })).currentOrganization;
      return { id: all.organization.id, permissions: sorted(all.permissions) };
    }
  }

  test("give the permissions that each organization's own answer gives", async () => {
    const { clock, people } = await crowd();
    const { permissionsOf } = api;
    assert.equal(client.permissionsOf, permissionsOf);
    for (const name of ["kurt", "dave"]) {
      const person = people[name];
      const [me, page, choice] = [await person.me.get(), await person.organizations.list({ limit: 100 }).page(), await person.resolve()];
      assert.equal(choice.outcome, "choose");
      let some = 0;
      for (const slug of slugs) {
        const { id, permissions } = await truth(person, slug);
        const isChoice = choice.organizations.some((one) => one.slug === slug);
        for (const answer of [me, page, ...(isChoice ? [choice] : [])]) {
          assert.deepEqual(sorted(permissionsOf(answer, slug, clock.now)), permissions, `${name} ${slug}`);
          if (id) assert.deepEqual(sorted(permissionsOf(answer, { id }, new Date(clock.now))), permissions);
        }
        const here = api.resolveOrganization({ url: `/o/${slug}`, caller: me.principal, memberships: me.memberships, roles: me.roles, now: clock.now });
        assert.deepEqual(sorted(here.permissions ?? []), permissions, `offline, ${name} ${slug}`);
        some += permissions.length > 0;
      }
      assert.equal(some, name === "kurt" ? 7 : 5);
    }
  });

  test("give nothing for what is over, unknown or a platform admin's", async () => {
    const { clock, people: { dave, root } } = await crowd();
    const { permissionsOf } = api;
    const me = await dave.me.get();
    assert.deepEqual(permissionsOf(me, "melvins", clock.now), ["thing4:read"]);
    for (const late of [begin + 60_000, new Date(begin + 60_000), begin + 1e9]) assert.deepEqual(permissionsOf(me, "melvins", late), []);
    for (const nowhere of ["nowhere", "", "org_01890a5d0c0070008000000000000099", { id: "bleach!" }]) assert.deepEqual(permissionsOf(me, nowhere, clock.now), []);
    const roots = await root.me.get();
    assert.deepEqual(permissionsOf(roots, "bleach", clock.now), ["organization:read", "member:read", "team:read"]);
    // What is tampered with, or of a form that is not known, gives nothing.
    const [membership] = me.memberships;
    for (const odd of [{ state: "retired" }, { state: undefined }, { until: "soon" }, { requirementsMissing: ["badge"] }, { roles: ["ghost"] }]) {
      assert.deepEqual(permissionsOf({ ...me, memberships: [{ ...membership, ...odd }] }, "bleach", clock.now), [], JSON.stringify(odd));
    }
    assert.deepEqual(permissionsOf({ outcome: "none" }, "bleach"), []);
    assert.deepEqual(permissionsOf({ outcome: "unknown" }, "bleach"), []);
    const resolved = await dave.resolve({}, { organization: "bleach" });
    assert.deepEqual([permissionsOf(resolved, "bleach"), permissionsOf(resolved, "bliss")], [resolved.permissions, []]);
    for (const wrong of [undefined, null, "me", {}, { memberships: [] }, { roles: [] }, { memberships: {}, roles: [] }]) assert.throws(() => permissionsOf(wrong, "bleach"), { code: "invalid_value", param: "answer" });
    for (const wrong of [undefined, null, 5, {}]) assert.throws(() => permissionsOf(me, wrong), { code: "invalid_value", param: "organization" });
    assert.throws(() => permissionsOf(me, "bleach", "soon"), { code: "invalid_value", param: "now" });
  });

  test("stay small however many organizations there are", async () => {
    const { people: { kurt, dave } } = await open({ kurt: {}, dave: {} });
    const size = async (person, path) => JSON.stringify(await person.ask(path)).length;
    const sizes = {};
    for (let number = 1; number <= 100; number += 1) {
      await kurt.organizations.create({ name: `Organization ${number}` });
      const organization = kurt.organization(`organization-${number}`);
      await organization.roles.create({ key: "billing", name: "Billing", permissions: ["thing0:*", "thing1:*", "thing2:*"] });
      await organization.members.add({ userId: "dave", roles: ["admin", "billing"] });
      if (![31, 100].includes(number)) continue;
      for (const [name, person] of Object.entries({ owner: kurt, roles: dave })) {
        sizes[`${name} ${number}`] = [await size(person, "/v1/me"), await size(person, "/v1/organizations?limit=100"), await size(person, "/v1/resolve")];
      }
    }
    console.table(sizes);
    // A membership is some 300 bytes, an organization of the list some 500; what roles allow is said once.
    const [me, list, choice] = [0, 1, 2].map((answer) => Object.fromEntries(Object.entries(sizes).map(([name, all]) => [name, all[answer]])));
    assert.ok(me["owner 31"] <= 10_000 && me["owner 100"] <= 30_500 && me["roles 31"] <= 14_700 && me["roles 100"] <= 45_000, JSON.stringify(me));
    assert.ok(list["owner 31"] <= 17_000 && list["owner 100"] <= 52_500 && list["roles 100"] <= 67_000, JSON.stringify(list));
    assert.ok(choice["owner 31"] <= 6_000 && choice["owner 100"] <= 17_500 && choice["roles 100"] <= 32_000, JSON.stringify(choice));
  });
});
