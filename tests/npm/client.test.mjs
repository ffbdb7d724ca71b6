// The client of the packed package against the whole system in memory: every method, every answer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";
import { typesOf } from "./support/types.mjs";
import { methods, watched } from "./support/watched.mjs";

const all = async (list) => {
  const rows = [];
  for await (const row of list) rows.push(row);
  return rows;
};

describe("the client", () => {
  const seen = new Set();
  let project;
  let types;
  let tables;
  let api;
  let Directory;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("client/client.js");
    tables = await project.import("client/operations.js");
    ({ Directory } = await project.import("directory/node.js"));
    types = typesOf(project.target);
  });

  /** An installation; `as("kurt")` is the client of a person. */
  function installation() {
    const directory = new Directory();
    const client = (token, more) => watched(api.createClient({ baseUrl: "https://guildhall.example", fetch: directory.fetch, token, ...more }), tables, types, seen);
    const as = async (name, more) => client((await client().dev.signIn({ userId: name, email: `${name}@nirvana.com`, emailVerified: true, ...more })).token);
    return { as, client, tick: () => directory.tick() };
  }

  const refused = (promise, code, status) => assert.rejects(promise, (error) => {
    assert.ok(error instanceof api.GuildhallError, error.stack);
    assert.deepEqual([error.code, error.status], [code, status]);
    assert.ok(error.title && error.message && error.requestId);
    return true;
  });

  test("has types that compile", () => assert.deepEqual(types.faults, []));

  test("is about the caller and the installation", async () => {
    const { as, client } = installation();
    const kurt = await as("kurt");
    assert.equal((await kurt.me.get()).principal.userId, "kurt");
    await kurt.organizations.create({ name: "Nirvana" });
    await kurt.organizations.create({ name: "Fecal Matter", slug: "fecal" });
    assert.deepEqual((await all(kurt.organizations.list({ limit: 1 }))).map(({ slug }) => slug), ["fecal", "nirvana"]);
    assert.equal((await kurt.slugs.check("nirvana")).available, false);
    assert.equal((await kurt.me.chooseOrganization({ organization: "nirvana", next: "/songs" })).next, "/songs");
    assert.equal((await kurt.resolve({ explain: true }, { organization: "nirvana" })).outcome, "resolved");
    assert.equal((await kurt.settle({ next: "/" }, { organization: "fecal", explain: true })).next, "/");
    assert.equal(await kurt.me.forgetChoice(), undefined);
    assert.equal((await kurt.me.passport({ audience: "songs" })).organizations.length, 2);
    const anybody = client();
    assert.equal((await anybody.installation.health()).status, "ok");
    assert.equal((await anybody.installation.readiness()).status, "ready");
    assert.equal((await anybody.installation.keys()).keys.length, 1);
    assert.equal((await anybody.installation.description()).openapi, "3.1.0");
    assert.deepEqual(await anybody.dev.session(), { principal: null });
    assert.equal((await kurt.dev.session()).principal.userId, "kurt");
    assert.equal(await anybody.dev.signOut(), undefined);
    await refused(anybody.me.get(), "unauthenticated", 401);
  });

  test("is about an organization's life", async () => {
    const { as } = installation();
    const kurt = await as("kurt");
    await kurt.organizations.create({ name: "Nirvana", settings: { tempo: 117 }, metadata: { genre: "grunge" } });
    const nirvana = kurt.organization("nirvana");
    const { version } = await nirvana.get();
    assert.equal((await nirvana.update({ slug: "nirvana-band" }, { ifMatch: version })).version, version + 1);
    assert.equal((await nirvana.get({ minVersion: version + 1 })).slug, "nirvana-band");
    await refused(kurt.organization("nirvana-band").update({ name: "Nirvana" }, { ifMatch: version }), "version_mismatch", 412);
    const band = kurt.organization("nirvana-band");
    assert.deepEqual((await band.settings.all()).settings, { tempo: 117 });
    assert.deepEqual([(await band.settings.get("tempo")).value, (await band.settings.get("key", { fallback: '"E"' })).value], [117, "E"]);
    assert.equal((await band.check({ permissions: ["member:add"] })).allowed, true);
    assert.equal((await band.pass({ audience: "songs", expiresIn: 60 })).slug, "nirvana-band");
    assert.equal((await band.deactivate()).state, "inactive");
    assert.equal((await band.activate()).state, "active");
    const trial = await band.delete({ dryRun: true });
    assert.equal(trial.outcome.body.state, "deleted");
    assert.equal((await band.delete()).deleted, true);
    assert.equal((await band.restore()).state, "active");
    await band.delete();
    const operator = await as("operator", { platformAdmin: true });
    assert.equal((await operator.organization((await all(kurt.organizations.list({ include: "deleted" })))[0].id).purge()).deleted, true);
  });

  test("is about members, roles and teams", async () => {
    const { as } = installation();
    const kurt = await as("kurt");
    await kurt.organizations.create({ name: "Nirvana" });
    const nirvana = kurt.organization("nirvana");
    for (const userId of ["krist", "dave", "chad"]) await nirvana.members.add({ userId, email: `${userId}@nirvana.com`, name: userId });
    assert.equal((await nirvana.members.add({ userId: "krist" }, { ifAbsent: true })).created, false);
    assert.deepEqual((await all(nirvana.members.list({ sort: "name", limit: 2 }))).map(({ userId }) => userId), ["kurt", "chad", "dave", "krist"], "whoever has no name comes first");
    assert.equal((await nirvana.members.list({ limit: 1 }).page()).hasMore, true);
    assert.equal((await nirvana.members.update("krist", { title: "bass" })).title, "bass");
    assert.equal((await nirvana.members.get("me")).userId, "kurt");
    const role = await nirvana.roles.create({ key: "drummer", name: "Drummer", permissions: ["member:read"] });
    assert.equal((await nirvana.roles.get(role.id)).key, "drummer");
    assert.equal((await nirvana.roles.update("drummer", { name: "Drums" })).name, "Drums");
    await nirvana.members.update("dave", { roles: ["drummer"] });
    assert.equal((await nirvana.roles.delete("drummer", { moveTo: "member" })).membersMoved, 1);
    assert.ok((await all(nirvana.roles.list())).every(({ builtIn }) => builtIn));
    await teams(nirvana);
    assert.equal((await nirvana.members.remove("chad")).removed, true);
    assert.equal((await nirvana.ownership.transfer({ userId: "krist", requireAcceptance: true })).nomination.userId, "krist");
    await nirvana.ownership.withdraw();
    await nirvana.ownership.transfer({ userId: "krist", requireAcceptance: true });
    await (await as("krist")).organization("nirvana").ownership.decline();
    await nirvana.ownership.transfer({ userId: "krist", requireAcceptance: true });
    assert.equal((await (await as("krist")).organization("nirvana").ownership.accept()).ownerId, "krist");
  });

  async function teams(nirvana) {
    const rhythm = await nirvana.teams.create({ name: "Rhythm" });
    const drums = await nirvana.teams.create({ name: "Drums", parentId: rhythm.id });
    assert.equal((await nirvana.teams.get(drums.id)).parentId, rhythm.id);
    assert.equal((await nirvana.teams.update(drums.id, { name: "Percussion" })).name, "Percussion");
    assert.equal((await nirvana.teams.members.put(drums.id, "dave", { roles: ["member"] })).created, true);
    assert.equal((await nirvana.teams.members.get(drums.id, "dave")).teamId, drums.id);
    assert.equal((await all(nirvana.teams.members.list(drums.id))).length, 1);
    assert.equal((await nirvana.teams.members.remove(drums.id, "dave")).removed, true);
    assert.equal((await all(nirvana.teams.list())).length, 2);
    assert.equal((await nirvana.teams.delete(rhythm.id, { cascade: true })).subteamsDeleted, 1);
  }

  test("is about those who come in", async () => {
    const { as, client } = installation();
    const [kurt, krist, dave, chad] = await Promise.all(["kurt", "krist", "dave", "chad"].map((name) => as(name)));
    await kurt.organizations.create({ name: "Nirvana" });
    const nirvana = kurt.organization("nirvana");
    const { token } = await nirvana.invitations.create({ email: "krist@nirvana.com", roles: ["admin"], notify: false });
    assert.equal((await client().invitations.preview({ token })).organization.slug, "nirvana");
    assert.equal((await all(krist.me.invitations.list())).length, 1);
    assert.deepEqual((await krist.invitations.accept({ token })).roles, ["admin"]);
    const many = await nirvana.invitations.createMany({ invitations: [{ email: "dave@nirvana.com" }, { email: "nobody" }] });
    const [{ invitation }] = many.data;
    assert.equal((await nirvana.invitations.resend(invitation.id)).id, invitation.id);
    assert.equal((await dave.invitations.decline({ invitationId: invitation.id, suppress: "organization" })).suppressed, "organization");
    const [wish] = await all(dave.me.suppressions.list());
    assert.equal(await dave.me.suppressions.remove(wish.organization.id), undefined);
    const { id } = await nirvana.invitations.create({ email: "chad@nirvana.com" });
    assert.equal((await nirvana.invitations.revoke(id)).state, "revoked");
    assert.equal((await all(nirvana.invitations.list({ state: "revoked" }))).length, 1);
    assert.ok((await all(kurt.dev.outbox.list())).some(({ kind }) => kind === "invitation"));
    await links(nirvana, chad);
  });

  async function links(nirvana, chad) {
    const link = await nirvana.links.create({ maxUses: 3 });
    assert.equal((await nirvana.links.get(link.id)).uses, 0);
    const { token } = await nirvana.links.rotate(link.id);
    assert.equal((await chad.invitations.preview({ token })).invitation.kind, "link");
    assert.equal((await chad.invitations.accept({ token })).linkId, link.id);
    assert.equal((await nirvana.links.update(link.id, { disabled: true })).state, "disabled");
    assert.equal((await all(nirvana.links.list())).length, 1);
    assert.equal((await nirvana.links.delete(link.id)).deleted, true);
  }

  test("is about those who ask to be let in, and domains", async () => {
    const { as } = installation();
    const kurt = await as("kurt");
    await kurt.organizations.create({ name: "Nirvana" });
    const nirvana = kurt.organization("nirvana");
    await nirvana.update({ joinRequests: "open" });
    const domain = await nirvana.domains.create({ name: "nirvana.com" });
    await kurt.dev.dns({ name: domain.record.name, txt: [domain.record.value] });
    assert.equal((await nirvana.domains.verify(domain.id)).state, "verified");
    assert.equal((await nirvana.domains.update(domain.id, { policy: "request" })).policy, "request");
    assert.equal((await nirvana.domains.get(domain.id)).name, "nirvana.com");
    assert.equal((await all(nirvana.domains.list())).length, 1);
    const [krist, dave, chad, pat] = await Promise.all(["krist", "dave", "chad", "pat"].map((name) => as(name)));
    assert.equal((await all(krist.me.joinableOrganizations.list()))[0].domain, "nirvana.com");
    const ask = (who) => who.organization("nirvana").joinRequests.create({ message: "hello" });
    const asked = [await ask(krist), await ask(dave), await ask(chad), await ask(pat)];
    assert.equal((await nirvana.joinRequests.approve(asked[0].id, { roles: ["admin"] })).state, "approved");
    assert.equal((await nirvana.joinRequests.deny(asked[1].id)).state, "denied");
    assert.equal((await chad.organization("nirvana").joinRequests.withdraw(asked[2].id)).state, "withdrawn");
    assert.equal((await pat.organization("nirvana").joinRequests.delete(asked[3].id)).state, "withdrawn");
    assert.equal((await all(nirvana.joinRequests.list())).length, 4);
    assert.equal((await all(krist.me.joinRequests.list({ state: "approved" }))).length, 1);
    assert.equal((await nirvana.domains.delete(domain.id)).deleted, true);
  });

  test("is about what happened, and who hears of it", async () => {
    const { as } = installation();
    const kurt = await as("kurt");
    await kurt.organizations.create({ name: "Nirvana" });
    const nirvana = kurt.organization("nirvana");
    await nirvana.members.add({ userId: "krist" });
    const webhook = await nirvana.webhooks.create({ url: "https://hooks.nirvana.com/", events: ["member.*"] });
    assert.ok(webhook.secret.startsWith("whsec_"));
    assert.equal((await nirvana.webhooks.get(webhook.id)).state, "active");
    assert.ok((await nirvana.webhooks.rotate(webhook.id)).secret !== webhook.secret);
    assert.equal((await nirvana.webhooks.update(webhook.id, { description: "roadie" })).description, "roadie");
    assert.equal((await nirvana.webhooks.test(webhook.id)).state, "pending");
    await nirvana.members.add({ userId: "dave" });
    assert.ok((await all(nirvana.webhooks.deliveries.list(webhook.id))).length >= 1);
    assert.equal((await all(nirvana.webhooks.list())).length, 1);
    assert.equal((await nirvana.webhooks.delete(webhook.id)).deleted, true);
    assert.equal((await nirvana.events.verify()).valid, true);
    const listed = await all(nirvana.events.list({ limit: 2 }));
    assert.deepEqual((await all(nirvana.events.export({ limit: 3 }))).map(({ id }) => id), listed.map(({ id }) => id));
    const kinds = (await all(nirvana.export({ limit: 2 }))).map(({ kind }) => kind);
    assert.deepEqual([kinds[0], kinds.at(-1), kinds.includes("member")], ["export", "end", true]);
  });

  test("is about an installation's operators and its door", async () => {
    const { as, client } = installation();
    const krist = await as("krist");
    assert.equal((await client().registrations.create({ organizationName: "Sweet 75", email: "krist@nirvana.com" })).state, "pending");
    const mail = (await all(krist.dev.outbox.list())).find(({ kind }) => kind === "registration");
    assert.equal((await krist.registrations.activate({ token: mail.token })).state, "active");
    const operator = await as("operator", { platformAdmin: true });
    const dump = JSON.parse(readFileSync(at("examples/django-organizations.json"), "utf8"));
    assert.ok((await operator.imports.django(dump, { userId: "username" })).organizations.length > 0);
    const founded = await operator.organizations.create({ name: "Probot", ownerId: "taylor" });
    assert.deepEqual([founded.ownerId, founded.roles], ["taylor", undefined]);
    assert.deepEqual((await all(operator.organizations.list({ all: true, q: "prob" }))).map(({ slug }) => slug), ["probot"]);
    const [taylor] = await all(operator.users.find({ q: "taylor" }));
    assert.deepEqual(taylor.memberships.map(({ organization, roles }) => [organization.slug, roles]), [["probot", ["owner"]]]);
    const events = await all(operator.events.list({ limit: 2 }));
    assert.equal((await operator.events.list({ after: events.at(-1).position }).page()).lastPosition, events.at(-1).position);
    assert.deepEqual((await operator.operations()).webhooks.failing, []);
    await refused(krist.operations(), "permission_denied", 403);
    assert.equal((await operator.users.erase("somebody", { emails: ["somebody@nirvana.com"] })).complete, true);
  });

  test("has been asked everything", () => {
    const called = [...methods(tables.everywhere, ""), ...methods(tables.within, "organization.")].map(([name]) => name);
    assert.deepEqual(called.filter((name) => !seen.has(name)), []);
  });
});
