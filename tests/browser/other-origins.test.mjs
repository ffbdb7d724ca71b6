// Pages of other origins, in a browser that enforces what the Worker allows: which may call, with what, and what they read.
//
// Owns: one page on three hosts, of which one is allowed in full, one by a wildcard and one not.
// Never does: test an operation.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { openPage } from "../harness/browser.mjs";
import { startWorker } from "../harness/worker.mjs";

let browser;
let server;
let worker;
let port;

before(async () => {
  server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>page</title>"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = server.address().port;
  worker = await startWorker({ vars: { ALLOWED_ORIGINS: `HTTP://LocalHost:${port}/ http://*.localhost:${port}` } });
  browser = await openPage();
});

after(async () => {
  await browser?.close();
  await worker?.stop();
  server.closeAllConnections();
  server.close();
});

/** Requests of a page on a host, one after the other: of each its status and what the page may read, or `blocked`. */
async function fromPage(host, requests, api = worker.origin) {
  await browser.page.goto(`http://${host}:${port}/`);
  return browser.page.evaluate(async ([api, requests]) => {
    const answers = [];
    for (const { path, read = [], body, ...init } of requests) {
      const json = body && { "content-type": "application/json" };
      const answer = await fetch(api + path, { ...init, headers: { ...json, ...init.headers }, body: body && JSON.stringify(body) }).catch(() => undefined);
      const text = await answer?.text();
      const headers = read.map((name) => answer?.headers.get(name));
      answers.push(answer ? { status: answer.status, headers, body: text ? JSON.parse(text) : undefined } : "blocked");
    }
    return answers;
  }, [api, requests]);
}

const signIn = (userId) => ({ path: "/dev/session", method: "POST", body: { userId, email: `${userId}@example.com`, emailVerified: true } });

/** A token, got without any page. */
async function token(userId) {
  const { path, body, ...init } = signIn(userId);
  const answer = await fetch(worker.origin + path, { ...init, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return (await answer.json()).token;
}

test("a page of an allowed origin works with a bearer token, and reads problems and headers", async () => {
  const authorization = `Bearer ${await token("kurt")}`;
  const [made, renamed, stale, known, missing, anonymous, nowhere, probe] = await fromPage("localhost", [
    { path: "/v1/organizations", method: "POST", headers: { authorization, "idempotency-key": "one", "x-request-id": "mine" }, body: { name: "Nirvana" }, read: ["etag", "location", "x-request-id"] },
    { path: "/v1/organizations/nirvana", method: "PATCH", headers: { authorization, "if-match": '"v1"', "guildhall-organization": "nirvana" }, body: { name: "Bliss" }, read: ["etag"] },
    { path: "/v1/organizations/nirvana", method: "PATCH", headers: { authorization, "if-match": '"v1"' }, body: { name: "Skid Row" } },
    { path: "/v1/organizations/nirvana", headers: { authorization, "if-none-match": "*" }, cache: "no-store" },
    { path: "/v1/organizations/nowhere", headers: { authorization } },
    { path: "/v1/me", read: ["www-authenticate"] },
    { path: "/no/such/path", method: "PUT", headers: { authorization } },
    { path: "/readyz" },
  ]);
  assert.deepEqual([made.status, made.headers], [201, ['"v1"', `/v1/organizations/${made.body.id}`, "mine"]]);
  assert.deepEqual([renamed.status, renamed.headers], [200, ['"v2"']]);
  assert.deepEqual([stale.status, stale.body.code], [412, "version_mismatch"]);
  assert.equal(known.status, 304);
  assert.deepEqual([missing.status, missing.body.code], [404, "not_found"]);
  assert.deepEqual([anonymous.status, anonymous.headers], [401, ["Bearer"]]);
  assert.deepEqual([nowhere.status, nowhere.body.code], [404, "not_found"]);
  assert.equal(probe.status, 200);
});

test("a page that a wildcard allows works with a bearer token, and with no credentials of the browser's", async () => {
  const headers = { authorization: `Bearer ${await token("krist")}` };
  const [me, withCookies] = await fromPage("pr-7.localhost", [{ path: "/v1/me", headers }, { path: "/healthz", credentials: "include" }]);
  assert.deepEqual([me.status, me.body.principal.userId], [200, "krist"]);
  assert.equal(withCookies, "blocked");
});

test("a page of any other origin reads nothing but the keys", async () => {
  const headers = { authorization: `Bearer ${await token("dave")}` };
  for (const host of ["127.0.0.1", "a.b.localhost"]) {
    const [keys, ...others] = await fromPage(host, [
      { path: "/.well-known/jwks.json" },
      { path: "/healthz" },
      { path: "/openapi.json" },
      { path: "/v1/me", headers },
      { path: "/v1/organizations", method: "POST", headers, body: { name: "Never" } },
    ]);
    assert.equal(keys.status, 200, host);
    assert.deepEqual(others, ["blocked", "blocked", "blocked", "blocked"], host);
  }
  const mine = await fetch(`${worker.origin}/v1/organizations`, { headers });
  assert.deepEqual((await mine.json()).data, [], "the preflight has kept the write from being sent");
});

test("cookies of the same site are read with, and change nothing", async () => {
  const api = worker.origin.replace("127.0.0.1", "localhost");
  const credentials = "include";
  await browser.page.goto(`${api}/`);
  const status = await browser.page.evaluate(async ({ path, body, method }) => {
    const answer = await fetch(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    return answer.status;
  }, signIn("grohl"));
  assert.equal(status, 201);
  const [me, changed] = await fromPage("localhost", [
    { path: "/v1/me", credentials },
    { path: "/v1/organizations", method: "POST", body: { name: "Never" }, credentials },
  ], api);
  assert.deepEqual([me.status, me.body.principal.userId], [200, "grohl"]);
  assert.deepEqual([changed.status, changed.body.code], [403, "origin_mismatch"]);
  const [elsewhere] = await fromPage("localhost", [{ path: "/v1/me", credentials }]);
  assert.equal(elsewhere.status, 401, "another site's page comes without cookies");
});
