// The challenge for anonymous registrations: the built Worker, and a server of the test's own in the place of Turnstile.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { send } from "./support/caller.mjs";
import { startOddWorker, untilSaid } from "./support/odd-worker.mjs";

const secret = "0x4AAAAAAA-a-secret-of-a-test";
const success = { success: true, "error-codes": [], challenge_ts: "2026-12-01T00:00:00.000Z", hostname: "app.example", action: "registration", cdata: "" };
const failure = (...codes) => ({ success: false, "error-codes": codes });

/** What was asked, and under which idempotency key each token was spent. */
const asked = [];
const spent = new Map();
let siteverify;
let worker;

/** Turnstile, as its documentation has it: a token counts once, and again under the same idempotency key. */
function judged(form) {
  if (form.get("secret") !== secret) return failure("invalid-input-secret");
  const token = form.get("response");
  if (token.startsWith("forged")) return failure("invalid-input-response");
  const key = form.get("idempotency_key");
  if ((spent.get(token) ?? key) !== key) return failure("timeout-or-duplicate");
  spent.set(token, key);
  if (token.startsWith("elsewhere")) return { ...success, hostname: "evil.example" };
  if (token.startsWith("login")) return { ...success, action: "login" };
  return success;
}

async function answer(request, response) {
  const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
  asked.push({ method: request.method, url: request.url, type: request.headers["content-type"], ...Object.fromEntries(form) });
  const token = form.get("response") ?? "";
  if (token.startsWith("slow")) return undefined;
  if (token.startsWith("broken")) return request.socket.destroy();
  if (token.startsWith("redirect")) return response.writeHead(302, { location: "/yes" }).end(JSON.stringify(success));
  if (token.startsWith("500")) return response.writeHead(500).end(JSON.stringify(success));
  if (token.startsWith("garbage")) return response.end("<html>not now</html>");
  if (token.startsWith("long")) return response.end(JSON.stringify({ ...success, cdata: "x".repeat(100_000) }));
  return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(judged(form)));
}

before(async () => {
  siteverify = createServer(answer);
  await new Promise((resolve) => siteverify.listen(0, "127.0.0.1", resolve));
  const turnstile = { REGISTRATION_CHALLENGE: "turnstile", TURNSTILE_SECRET_KEY: secret, TURNSTILE_HOSTNAMES: "app.example", REGISTRATIONS_PER_ADDRESS: "100" };
  worker = await startWorker({ adjustable: true, vars: { ...turnstile, TURNSTILE_URL: `http://127.0.0.1:${siteverify.address().port}/siteverify` } });
});
after(async () => {
  const log = worker?.log() ?? "";
  await worker?.stop();
  siteverify.closeAllConnections();
  siteverify.close();
  assert.doesNotMatch(log, /panicked|RuntimeError/);
  // Before that, wrangler prints every variable; in production this one is a secret.
  assert.ok(!log.slice(log.indexOf("Ready on")).includes(secret), "the secret is not logged");
});

const registration = { organizationName: "Nirvana", email: "kurt@example.com" };

async function register(challenge, { origin = worker.origin, key, token, body = registration } = {}) {
  const headers = key === undefined ? {} : { "idempotency-key": key };
  return send(origin, "POST", "/v1/registrations", { token, headers, body: { ...body, ...(challenge !== undefined && { challenge }) } });
}

const code = ({ status, body }) => [status, body?.code ?? body?.state];
const questions = (token) => asked.filter(({ response }) => response === token);

test("an anonymous registration without an answer is refused, and no server is asked", async () => {
  asked.length = 0;
  for (const none of [undefined, null, ""]) {
    const refused = await register(none);
    assert.deepEqual([...code(refused), refused.body.param], [422, "challenge_required", "challenge"]);
  }
  for (const strange of ["x".repeat(2049), 5, ["token"]]) {
    const refused = await register(strange);
    assert.deepEqual([...code(refused), refused.body.param], [422, "invalid_value", "challenge"]);
  }
  const wrong = await register("token-of-a-wrong-form", { body: { ...registration, email: "nonsense" } });
  assert.deepEqual(code(wrong), [422, "email_invalid"]);
  assert.deepEqual(asked, [], "a token is not spent on a request that is refused anyway");
});

test("a token that Turnstile accepts registers, and Turnstile hears who asks", async () => {
  const token = `good&secret=${"x".repeat(2000)}`;
  assert.deepEqual(code(await register(token)), [202, "pending"]);
  const [question, ...more] = questions(token);
  assert.deepEqual(more, []);
  assert.deepEqual([question.method, question.url, question.type, question.secret], ["POST", "/siteverify", "application/x-www-form-urlencoded", secret]);
  assert.match(question.remoteip, /^(127\.0\.0\.1|::1)$/);
  assert.match(question.idempotency_key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a token counts for one request, and for the same one again", async () => {
  const key = randomUUID();
  assert.deepEqual(code(await register("once", { key })), [202, "pending"]);
  const again = await register("once", { key });
  assert.deepEqual([...code(again), again.headers.get("idempotent-replayed")], [202, "pending", "true"]);
  assert.equal(questions("once").length, 1, "a kept answer asks nobody");
  for (const other of [{}, { key: randomUUID() }, { key, body: { ...registration, email: "krist@example.com" } }]) {
    const refused = await register("once", other);
    assert.deepEqual([...code(refused), refused.body.param], [422, "challenge_failed", "challenge"]);
    assert.match(refused.body.detail, /used before/);
  }
});

test("a token that is forged, or of another page or form, registers nothing", async () => {
  const count = () => worker.d1("SELECT count(*) AS count FROM organizations")[0].count;
  const before = count();
  for (const token of ["forged", "elsewhere", "login"]) assert.deepEqual(code(await register(token)), [422, "challenge_failed"], token);
  assert.equal(count(), before);
});

test("a server that fails, lies or is slow makes 503, and the request may be sent again", async () => {
  const tokens = ["500", "garbage", "redirect", "broken", "long", "slow"];
  const answers = await Promise.all(tokens.map((token) => register(token)));
  for (const [index, answer] of answers.entries()) {
    assert.deepEqual(code(answer), [503, "challenge_unavailable"], tokens[index]);
    assert.match(answer.headers.get("retry-after"), /^\d+$/);
  }
  for (const said of [/answered 500/, /cannot be read/, /answered 302/, /not reached/, /answer is too long/, /took too long/]) await untilSaid(worker, said);
});

test("a caller who is signed in needs no answer, and a refused credential is refused first", async () => {
  asked.length = 0;
  const session = await send(worker.origin, "POST", "/dev/session", { body: { userId: "kurt", email: "kurt@example.com", emailVerified: true } });
  const { token } = session.body;
  assert.deepEqual(code(await register(undefined, { token })), [202, "pending"]);
  assert.deepEqual(code(await register("anything", { token })), [202, "pending"]);
  assert.deepEqual(code(await register("good-but-unseen", { token: "ghs_forged.forged" })), [401, "unauthenticated"]);
  assert.deepEqual(asked, []);
});

describe("settings", () => {
  after(() => worker.adjust({}));

  test("a wrong secret is the operator's to know", async () => {
    await worker.adjust({ TURNSTILE_SECRET_KEY: "0x4-another-secret" });
    assert.deepEqual(code(await register("good-2")), [503, "challenge_unavailable"]);
    await untilSaid(worker, /the challenge cannot be verified: Turnstile says `invalid-input-secret`/);
  });

  test("without a challenge the answer is passed over", async () => {
    asked.length = 0;
    await worker.adjust({ REGISTRATION_CHALLENGE: null });
    assert.deepEqual(code(await register("anything")), [202, "pending"]);
    assert.deepEqual(code(await register(undefined)), [202, "pending"]);
    assert.deepEqual(asked, []);
  });

  test("what is missing or not bound refuses the start", async () => {
    for (const [settings, check] of [
      [{ TURNSTILE_SECRET_KEY: null }, ["setting_missing", "TURNSTILE_SECRET_KEY"]],
      [{ TURNSTILE_URL: "https://verify.example.com" }, ["setting_invalid", "TURNSTILE_URL"]],
      [{ REGISTRATION_CHALLENGE: "captcha" }, ["setting_invalid", "REGISTRATION_CHALLENGE"]],
      [{ REGISTRATION_CHALLENGE: "service" }, ["binding_missing", "CHALLENGE"]],
      [{ RATE_LIMITS: "anonymous=60/60" }, ["binding_missing", "RATE_LIMIT_ANONYMOUS"]],
      [{ RATE_LIMITS: "signed-in=60/60" }, ["binding_missing", "RATE_LIMIT_SIGNED_IN"]],
      [{ RATE_LIMITS: "anonymous=60/30" }, ["setting_invalid", "RATE_LIMITS"]],
    ]) {
      await worker.adjust(settings);
      const ready = await send(worker.origin, "GET", "/readyz");
      assert.deepEqual(ready.body.checks.map(({ code, setting }) => [code, setting]), [check]);
      assert.equal((await register("good-3")).status, 503);
    }
  });
});

test("a service of the operator's own says yes or no", async () => {
  const service = `export default { async fetch(request) {
    const { challenge, action, address, idempotencyKey } = await request.json();
    const known = request.method === "POST" && new URL(request.url).pathname === "/verify" && action === "registration" && address !== undefined && idempotencyKey.length === 36;
    if (challenge === "odd") return Response.json({ ok: true });
    return Response.json({ success: known && challenge === "swordfish" });
  } };`;
  const config = { services: [{ binding: "CHALLENGE", service: "my-challenge" }] };
  const other = await startOddWorker({ vars: { REGISTRATION_CHALLENGE: "service" }, config, neighbours: { "my-challenge": service } });
  try {
    const { origin } = other;
    assert.deepEqual(code(await register(undefined, { origin })), [422, "challenge_required"]);
    assert.deepEqual(code(await register("guess", { origin })), [422, "challenge_failed"]);
    assert.deepEqual(code(await register("odd", { origin })), [503, "challenge_unavailable"]);
    assert.deepEqual(code(await register("swordfish", { origin })), [202, "pending"]);
    assert.doesNotMatch(other.log(), /panicked|RuntimeError/);
  } finally {
    await other.stop();
  }
});
