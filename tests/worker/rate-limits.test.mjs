// Rate limits: requests that the platform counts, on the built Worker with limits that are bound.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { send } from "./support/caller.mjs";
import { startOddWorker, untilSaid } from "./support/odd-worker.mjs";

const limit = (name, namespace_id, limit) => ({ name, namespace_id, simple: { limit, period: 60 } });
const anonymous = 3;
const signedIn = 5;
const policies = { anonymous: `"anonymous";q=${anonymous};w=60`, signedIn: `"signed-in";q=${signedIn};w=60` };

const sha256 = (text) => createHash("sha256").update(text);
const keyStart = `gho_${Buffer.alloc(32, 7).toString("base64url")}`;
const operatorKey = keyStart + sha256(keyStart).digest("base64url").slice(0, 6);
const operatorKeys = [{ name: "backend", digest: sha256(operatorKey).digest("hex"), scopes: ["read", "act-as"] }];

const allowed = "https://app.example";

/** The real bindings, but for keys that a test has break. */
const bindings = `
  const breaking = (real) => new (class Ratelimit {
    limit(options) {
      if (options.key.includes("broken")) throw new Error("the limiter fell over");
      return real.limit(options);
    }
  })();
  return { RATE_LIMIT_ANONYMOUS: env.RATE_LIMIT_ANONYMOUS, RATE_LIMIT_SIGNED_IN: breaking(env.RATE_LIMIT_SIGNED_IN) };`;

let application;
let worker;
const received = [];

before(async () => {
  application = createServer((request, response) => {
    received.push(request.url);
    response.writeHead(200, { "content-type": "text/plain", "ratelimit-policy": '"theirs";q=1;w=1' }).end("ok");
  });
  await new Promise((resolve) => application.listen(0, "127.0.0.1", resolve));
  worker = await startOddWorker({
    bindings,
    vars: {
      RATE_LIMITS: `anonymous=${anonymous}/60, signed-in=${signedIn}/60`, ALLOWED_ORIGINS: allowed, SKIP_PATHS: "/assets/*", GATEWAY_ANONYMOUS: "pass",
      OPERATOR_KEYS: JSON.stringify(operatorKeys), ORIGIN_URL: `http://127.0.0.1:${application.address().port}`,
    },
    config: { ratelimits: [limit("RATE_LIMIT_ANONYMOUS", "1001", anonymous), limit("RATE_LIMIT_SIGNED_IN", "1002", signedIn)] },
  });
});
after(async () => {
  const log = worker?.log() ?? "";
  await worker?.stop();
  application.close();
  assert.doesNotMatch(log, /panicked|RuntimeError/);
});

/** The local platform counts from one full minute to the next: a test begins where it also ends. */
async function inOneMinute() {
  const rest = 60_000 - (Date.now() % 60_000);
  if (rest < 6_000) await pause(rest + 50);
}

const ask = (path, { address, headers, ...options } = {}) =>
  send(worker.origin, options.method ?? "GET", path, { ...options, headers: { ...(address !== undefined && { "x-test-address": address }), ...headers } });

const statuses = async (count, path, options) => {
  const all = [];
  for (let index = 0; index < count; index += 1) all.push((await ask(path, options)).status);
  return all;
};

let sessions = 0;

/** A session, asked for from an address of its own. */
async function session(userId) {
  const body = { userId, email: `${userId}@example.com`, emailVerified: true };
  const answer = await ask("/dev/session", { method: "POST", address: `198.51.100.${(sessions += 1)}`, body });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.token;
}

const limited = (answer, name) => {
  assert.deepEqual([answer.status, answer.body?.code], [429, "rate_limited"], answer.text);
  assert.equal(answer.headers.get("retry-after"), "60");
  assert.equal(answer.headers.get("ratelimit"), `"${name}";r=0;t=60`);
};

test("anonymous requests are limited by IPv4 address, whatever they ask for", async () => {
  await inOneMinute();
  const address = "203.0.113.1";
  assert.deepEqual(await statuses(2, "/v1/me", { address }), [401, 401]);
  const last = await ask("/v1/resolve", { address });
  assert.deepEqual([last.status, last.headers.get("ratelimit-policy"), last.headers.get("ratelimit")], [200, policies.anonymous, null]);
  const refused = await ask("/v1/me", { address });
  limited(refused, "anonymous");
  assert.equal(refused.headers.get("ratelimit-policy"), policies.anonymous);
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  assert.equal(refused.headers.get("cache-control"), "no-store");
  assert.match(refused.body.detail, /more than 3 requests in 60 seconds/);
  const registration = { organizationName: "Nirvana", email: "kurt@example.com" };
  limited(await ask("/v1/registrations", { method: "POST", address, body: registration }), "anonymous");
  assert.equal((await ask("/v1/me", { address: "203.0.113.2" })).status, 401);
  limited(await ask("/v1/me", { address: "::ffff:203.0.113.1" }), "anonymous");
});

test("anonymous requests are limited by the /64 of an IPv6 address", async () => {
  await inOneMinute();
  const answers = [];
  for (const end of ["::1", ":ffff:1:2:3", "::2", "::3"]) answers.push((await ask("/v1/me", { address: `2001:db8:1:2${end}` })).status);
  assert.deepEqual(answers, [401, 401, 401, 429]);
  assert.equal((await ask("/v1/me", { address: "2001:db8:1:3::1" })).status, 401);
});

test("requests without an address count together", async () => {
  await inOneMinute();
  assert.deepEqual(await statuses(anonymous + 1, "/v1/me", { address: "" }), [401, 401, 401, 429]);
  assert.equal((await ask("/v1/me", { address: "nonsense" })).status, 429);
});

test("requests of a user are limited by user id, from every address", async () => {
  await inOneMinute();
  const [kurt, krist] = [await session("kurt"), await session("krist")];
  const answers = [];
  for (let index = 0; index <= signedIn; index += 1) answers.push(await ask("/v1/me", { token: kurt, address: `203.0.113.${100 + index}` }));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200, 429]);
  limited(answers.at(-1), "signed-in");
  assert.ok(answers.every(({ headers }) => headers.get("ratelimit-policy") === policies.signedIn));
  assert.ok(answers.slice(0, -1).every(({ headers }) => headers.get("ratelimit") === null));
  assert.equal((await ask("/v1/me", { token: krist, address: "203.0.113.100" })).status, 200);
  limited(await ask("/v1/organizations", { method: "POST", token: await session("kurt"), body: { name: "Late" } }), "signed-in");
});

test("requests with a refused credential count as anonymous ones of their address", async () => {
  await inOneMinute();
  const address = "203.0.113.20";
  const token = await session("dave");
  assert.deepEqual(await statuses(anonymous, "/v1/me", { address, token: "ghs_forged.forged" }), [401, 401, 401]);
  limited(await ask("/v1/me", { address, token: "ghs_forged.forged" }), "anonymous");
  limited(await ask("/v1/me", { address }), "anonymous");
  assert.equal((await ask("/v1/me", { address, token })).status, 200, "a user is not limited with the address");
});

test("requests with an operator key are not counted, nor those in a user's name", async () => {
  await inOneMinute();
  const options = { address: "203.0.113.60", token: operatorKey };
  assert.deepEqual(await statuses(signedIn + 1, "/v1/users?q=kurt", options), Array(signedIn + 1).fill(200));
  const acting = { ...options, headers: { "guildhall-act-as": "pat" } };
  assert.deepEqual(await statuses(signedIn + 1, "/v1/me", acting), Array(signedIn + 1).fill(200));
  assert.equal((await ask("/v1/me", { token: await session("pat") })).status, 200);
});

test("answers that are the same for every caller are not counted", async () => {
  await inOneMinute();
  const address = "203.0.113.30";
  for (const path of ["/healthz", "/readyz", "/openapi.json", "/.well-known/jwks.json"]) {
    const answers = await statuses(anonymous + 1, path, { address });
    assert.deepEqual(answers, Array(anonymous + 1).fill(200), path);
    assert.equal((await ask(path, { address })).headers.get("ratelimit-policy"), null);
  }
  assert.deepEqual(await statuses(anonymous + 1, "/v1/nothing", { address }), Array(anonymous + 1).fill(404));
  assert.deepEqual(await statuses(anonymous + 1, "/v1/me", { address, method: "OPTIONS" }), Array(anonymous + 1).fill(204));
  assert.equal((await ask("/v1/me", { address })).status, 401);
});

test("requests for the application count, except for those that are passed on unseen", async () => {
  await inOneMinute();
  const address = "203.0.113.40";
  received.length = 0;
  assert.deepEqual(await statuses(anonymous + 1, "/assets/main.css", { address }), [200, 200, 200, 200]);
  const passed = await ask("/page", { address });
  assert.deepEqual([passed.status, passed.headers.get("ratelimit-policy")], [200, `"theirs";q=1;w=1, ${policies.anonymous}`]);
  assert.deepEqual(await statuses(2, "/page", { address, method: "POST", body: { x: 1 } }), [200, 200]);
  limited(await ask("/page", { address, method: "POST", body: { text: "x".repeat(100_000) } }), "anonymous");
  limited(await ask("/v1/me", { address }), "anonymous");
  assert.equal(received.length, anonymous + 1 + anonymous);
});

test("a page of an allowed origin reads that it has asked too often", async () => {
  await inOneMinute();
  const options = { address: "203.0.113.50", headers: { origin: allowed } };
  assert.deepEqual(await statuses(anonymous, "/v1/me", options), [401, 401, 401]);
  const answer = await ask("/v1/me", options);
  limited(answer, "anonymous");
  assert.equal(answer.headers.get("access-control-allow-origin"), allowed);
  const exposed = answer.headers.get("access-control-expose-headers").split(", ");
  assert.ok(["ratelimit", "ratelimit-policy", "retry-after"].every((name) => exposed.includes(name)));
});

test("a limit that fails lets requests through and is in the log", async () => {
  const token = await session("broken");
  assert.deepEqual(await statuses(signedIn + 2, "/v1/me", { token }), Array(signedIn + 2).fill(200));
  await untilSaid(worker, /the limit signed-in does not count: .*the limiter fell over/);
});

test("a limit that is bound and not set refuses the start", async () => {
  const other = await startOddWorker({ vars: { RATE_LIMITS: "signed-in=5/60" }, config: { ratelimits: [limit("RATE_LIMIT_ANONYMOUS", "1001", anonymous)] } });
  try {
    const ready = await send(other.origin, "GET", "/readyz");
    assert.deepEqual(ready.body.checks.map(({ code, setting }) => [code, setting]), [["setting_invalid", "RATE_LIMITS"], ["binding_missing", "RATE_LIMIT_SIGNED_IN"]]);
    await untilSaid(other, /RATE_LIMIT_ANONYMOUS is there, but `anonymous=requests\/seconds` is missing/);
  } finally {
    await other.stop();
  }
});
