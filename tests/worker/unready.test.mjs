// An installation that lacks something says what, answers 503 and never panics.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { send } from "./support/caller.mjs";
import { startOddWorker, untilSaid } from "./support/odd-worker.mjs";

const assertCalm = (worker) => assert.doesNotMatch(worker.log(), /panicked|RuntimeError|unreachable/);

/** For what the configuration itself decides: bindings, and kinds of values. */
async function withWorker(options, check) {
  const worker = await startOddWorker(options);
  try {
    await check(worker);
    assertCalm(worker);
  } finally {
    await worker.stop();
  }
}

let worker;
before(async () => { worker = await startWorker({ adjustable: true }); });
after(() => worker?.stop());

/** For settings alone: `null` takes one away. */
async function withSettings(settings, check) {
  await worker.adjust(settings);
  await check(worker);
  assertCalm(worker);
}

/** `/readyz` names each failed check, every API route answers 503 and sends the caller to the operator; only the log has values. */
async function assertUnready(worker, checks, value) {
  const { origin } = worker;
  assert.equal((await send(origin, "GET", "/healthz")).status, 200);
  const ready = await send(origin, "GET", "/readyz");
  assert.equal(ready.status, 503);
  assert.deepEqual(ready.body.checks.map(({ code, setting }) => [code, setting]), checks);
  const ids = new Set();
  for (const [method, path] of [["GET", "/v1/me"], ["POST", "/v1/organizations"], ["GET", "/v1/resolve"]]) {
    const answer = await send(origin, method, path, { body: method === "POST" ? { name: "x" } : undefined });
    assert.equal(answer.status, 503, path);
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    assert.equal(answer.body.code, "unavailable");
    assert.match(answer.body.detail, /operator must act/);
    assert.doesNotMatch(answer.body.detail, /send it again/);
    assert.match(answer.body.requestId, /^req_[0-9a-f]{32}$/);
    ids.add(answer.body.requestId);
    await untilSaid(worker, new RegExp(`request ${answer.body.requestId}: `));
    for (const [, setting] of checks) assert.ok(!answer.text.includes(setting), "callers are not told which");
  }
  assert.equal(ids.size, 3, "each request has an id of its own");
  for (const [, setting] of checks) await untilSaid(worker, new RegExp(`request .*\\b${setting}\\b`));
  if (value) {
    assert.ok(!ready.text.includes(value));
    await untilSaid(worker, new RegExp(value));
  }
}

test("a missing secret is named", () => withSettings({ SECRET_KEY: null }, (worker) => assertUnready(worker, [["setting_missing", "SECRET_KEY"]])));

test("a secret that is too short is named, and not shown", () => {
  return withSettings({ SECRET_KEY: "hunter2" }, async (worker) => {
    await assertUnready(worker, [["setting_invalid", "SECRET_KEY"]]);
    assert.doesNotMatch(worker.log(), /hunter2/);
  });
});

test("the development mode beside a public origin is refused", () => {
  return withSettings({ PUBLIC_ORIGIN: "https://guildhall.example" }, (worker) => assertUnready(worker, [["setting_invalid", "AUTH"]], "believes every caller"));
});

test("roles that are declared wrongly are refused, with their place in the log", () => {
  return withSettings({ ROLES: '{"billing":{"permissions":["invoice:burn"]}}' }, (worker) => assertUnready(worker, [["setting_invalid", "ROLES"]], "billing.permissions"));
});

test("a page of an allowed origin reads that the installation cannot work", () => {
  const origin = "https://app.example";
  return withWorker({ secrets: {}, vars: { ALLOWED_ORIGINS: origin } }, async (worker) => {
    const asks = { origin, "access-control-request-method": "GET" };
    const preflight = await send(worker.origin, "OPTIONS", "/v1/me", { headers: asks });
    assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-origin")], [204, origin]);
    const answer = await send(worker.origin, "GET", "/v1/me", { headers: { origin } });
    assert.deepEqual([answer.status, answer.headers.get("access-control-allow-origin")], [503, origin]);
  });
});

test("a missing database is named", () => withWorker({ config: { d1_databases: [] } }, (worker) => assertUnready(worker, [["binding_missing", "DB"]])));

test("a setting of the wrong type is named", () => {
  const vars = { INVITATION_LIFETIME: { days: 7 } };
  return withWorker({ vars }, (worker) => assertUnready(worker, [["setting_invalid", "INVITATION_LIFETIME"]]));
});

test("every setting that is wrong is named at once, and its value stands in the log alone", () => {
  const vars = { BASE_DOMAIN: "bands example", PERMISSIONS: "invoice:read Invoice.burn", RESERVED_SLUGS: "ok *", DOH_URL: "http://dns.example", TEAM_DEPTH: [3] };
  const checks = ["TEAM_DEPTH", "BASE_DOMAIN", "DOH_URL", "PERMISSIONS", "RESERVED_SLUGS"].map((setting) => ["setting_invalid", setting]);
  return withWorker({ vars, config: { d1_databases: [] } }, (worker) => assertUnready(worker, [...checks, ["binding_missing", "DB"]], "Invoice.burn"));
});

test("settings that are written in another way are read as they are meant", () => {
  const vars = { BASE_DOMAIN: "https://*.Bands.example:8787/", RESERVED_SLUGS: " acme-*, x1 ", PERMISSIONS: "invoice-line:markPaid\nBilling.v2:read" };
  const international = { ...vars, BASE_DOMAIN: "*.münchen.example" };
  const isReady = async ({ origin }) => assert.equal((await send(origin, "GET", "/readyz")).status, 200);
  return withSettings(vars, isReady).then(() => withSettings(international, isReady));
});

test("a database that never answers is told in time", () => {
  const bindings = `
    const get = (target, name) => {
      if (name === "batch") return () => new Promise(() => {});
      const value = Reflect.get(target, name);
      return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
    };
    return { DB: new Proxy(env.DB, { get }) };`;
  return withWorker({ bindings }, async ({ origin }) => {
    const ready = await send(origin, "GET", "/readyz");
    assert.equal(ready.status, 503);
    assert.deepEqual(ready.body.checks, [{ code: "database_unavailable", setting: "DB" }]);
  });
});

test("a setting that is a number in the configuration is read", () => {
  const vars = { SEAT_LIMIT: 16 };
  return withWorker({ vars }, async ({ origin }) => assert.equal((await send(origin, "GET", "/readyz")).status, 200));
});

test("migrations that were not applied are named", () => withWorker({ migrated: false }, async (worker) => {
  const ready = await send(worker.origin, "GET", "/readyz");
  assert.equal(ready.status, 503);
  assert.deepEqual(ready.body.checks, [{ code: "migrations_missing", setting: "DB" }]);
  await untilSaid(worker, /migrations apply/);

  const session = await send(worker.origin, "POST", "/dev/session", { body: { userId: "kurt", email: "kurt@example.com", emailVerified: true } });
  const { token } = session.body;
  const answer = await send(worker.origin, "GET", "/v1/me", { token });
  assert.equal(answer.status, 503);
  assert.equal(answer.body.code, "unavailable");
  assert.match(answer.body.detail, /operator must act/);
  assert.match(answer.headers.get("retry-after"), /^\d+$/);
}));

test("a cron without a database does no harm", () => withWorker({ config: { d1_databases: [] } }, async (worker) => {
  const response = await worker.cron();
  assert.equal(response.status, 200);
  await untilSaid(worker, /no tick: .*\bDB\b/);
}));
