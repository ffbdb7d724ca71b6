// KV is a hint: without it, or with one that fails, lies or lags, nobody gets in who is not a member.

import assert from "node:assert/strict";
import { test } from "node:test";
import { send, signIn } from "./support/caller.mjs";
import { startOddWorker, untilSaid } from "./support/odd-worker.mjs";
import { accept, body, found, invite, remove } from "./support/scenes.mjs";

/** A namespace that does this on each read and each write, in place of the real one. */
const namespace = (get, put) => `
  const memory = new Map();
  const HINTS = { async get(key) { ${get} }, async put(key, value) { ${put} }, getWithMetadata() {}, list() {}, delete() {} };
  return { HINTS };`;

const people = (worker) => Promise.all(["kurt", "dave"].map((name) => signIn(worker, name)));
const path = (organization) => `/v1/organizations/${organization.id}`;
const resolve = (person, organization, consistency, headers = {}) =>
  person.call("GET", `/v1/resolve?org=${organization.slug}&consistency=${consistency}`, undefined, { headers });

/** A new organization of the first person's with the second as a member. */
async function band(kurt, dave) {
  const organization = await found(kurt, "Nirvana");
  const { token } = await invite(kurt, organization, dave.email);
  body(await accept(dave, token));
  return organization;
}

/** What is refused to somebody who was removed at once, whatever a hint says. */
async function assertOut(dave, organization) {
  assert.equal((await resolve(dave, organization, "strong")).status, 404);
  assert.equal((await dave.get(path(organization))).status, 404);
  assert.equal((await dave.get(`${path(organization)}/members`)).status, 404);
  assert.equal((await dave.post(`${path(organization)}/invitations`, { email: "pat@example.com" })).status, 404);
  assert.equal((await dave.patch(path(organization), { name: "Foo Fighters" })).status, 404);
}

async function live(worker) {
  const [kurt, dave] = await people(worker);
  const organization = await band(kurt, dave);
  for (const consistency of ["strong", "cached", "cached"]) {
    const answer = body(await resolve(dave, organization, consistency));
    assert.equal(answer.outcome, "resolved");
    assert.equal(answer.organization.id, organization.id);
  }
  body(await remove(kurt, organization, dave));
  await assertOut(dave, organization);
}

async function on(options, check) {
  const worker = await startOddWorker(options);
  try {
    assert.equal((await send(worker.origin, "GET", "/readyz")).status, 200);
    await check(worker);
    assert.doesNotMatch(worker.log(), /panicked|RuntimeError/);
  } finally {
    await worker.stop();
  }
}

const liveOn = (options, said) => on(options, async (worker) => {
  await live(worker);
  if (said) await untilSaid(worker, said);
});

const down = 'throw new Error("KV is down")';
const remember = "memory.set(key, value)";

test("with KV everything works", () => liveOn({}));

test("without KV everything works, and the log says so", () => liveOn({ config: { kv_namespaces: [] } }, /HINTS is missing/));

test("with a KV that fails everything works, and the log says so", () =>
  liveOn({ bindings: namespace(down, down) }, /KV get failed[^]*KV is down/));

test("with a binding that is no KV everything works", () => liveOn({ bindings: 'return { HINTS: "text" }' }));

const nonsense = ["", "null", "{", "[1,2,3]", '{"version":-1}', '{"readAt":1,"entries":[{}]}', { version: 1 }, 42];

test("with a KV that talks nonsense everything works", () =>
  liveOn({ bindings: `let next = 0; const all = ${JSON.stringify(nonsense)}; ${namespace("return all[next++ % all.length]", "")}` }));

test("with a KV that never forgets, reads that ask for the truth or for a version get it", () => on({ bindings: namespace("return memory.get(key)", `if (!memory.has(key)) ${remember}`) }, async (worker) => {
  const [kurt, dave] = await people(worker);
  const organization = await band(kurt, dave);
  body(await resolve(dave, organization, "cached"));
  const { version } = body(await remove(kurt, organization, dave));

  await assertOut(dave, organization);
  const answer = await resolve(dave, organization, "cached", { "guildhall-min-version": String(version) });
  assert.notEqual(answer.status, 200, answer.text);
}));
