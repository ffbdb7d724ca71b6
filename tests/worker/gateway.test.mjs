// The gateway: what is not Guildhall's own, on its way through the built Worker to an application on this machine.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { signPrincipal } from "../../pkg/upstream.js";
import { build } from "../../scripts/steps/places.mjs";
import { send, signIn } from "./support/caller.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";
import { add, body, found } from "./support/scenes.mjs";

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
const long = Buffer.alloc(1_500_000, "guildhall ");

/** A server that knows who asks; its secret is a test's. */
const upstream = { id: "a", secret: "0123456789abcdef0123456789abcdef" };
const authenticators = [{ type: "dev" }, { type: "upstream", keys: [upstream.id] }];

const received = [];
let server;
let worker;
let kurt;
let krist;
let nirvana;

/** Answers with what it got; some paths are answered otherwise. */
async function application(request, response) {
  const bytes = Buffer.concat(await request.toArray());
  const { method, url, headers } = request;
  received.push(url);
  const path = url.split("?")[0];
  if (path === "/broken") return request.socket.destroy();
  if (path === "/silent") return undefined;
  if (path === "/elsewhere") return response.writeHead(302, { location: "https://elsewhere.example/" }).end();
  if (path === "/empty") return response.writeHead(204).end();
  if (path === "/packed") return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(long));
  const seen = { method, url, headers, length: bytes.length, digest: digest(bytes) };
  const cookies = ["app=1; Path=/", "__Host-guildhall_session=forged; Path=/; Secure", "theme=dark; Path=/"];
  response.writeHead(path === "/missing" ? 404 : 200, { "content-type": "application/json", "guildhall-organization": "forged", "set-cookie": cookies, "x-app": "yes" });
  return response.end(method === "HEAD" ? undefined : JSON.stringify(seen));
}

before(async () => {
  server = createServer(application);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const vars = { ORIGIN_URL: `http://127.0.0.1:${server.address().port}`, GATEWAY_TIMEOUT: "2", SKIP_PATHS: "/assets/*", PERMISSIONS: "invoice:read", ALLOWED_ORIGINS: "https://app.example", AUTH: JSON.stringify(authenticators), UPSTREAM_KEYS: JSON.stringify({ [upstream.id]: upstream.secret }) };
  worker = await startOddWorker({ vars });
  kurt = await signIn(worker, "kurt");
  krist = await signIn(worker, "krist");
  nirvana = await found(kurt, "Nirvana");
  await add(kurt, nirvana, krist);
});
after(async () => {
  const log = worker?.log() ?? "";
  await worker?.stop();
  server.closeAllConnections();
  server.close();
  assert.doesNotMatch(log, /panicked|RuntimeError/);
  assert.doesNotMatch(log, /eyJ/, "no pass is logged");
});

const ask = (who, method, path, options = {}) => send(worker.origin, method, path, { token: who?.token, ...options });

const ours = (headers) => Object.keys(headers).filter((name) => name.startsWith("guildhall")).sort();

test("a member's request arrives vouched for, whatever they say themselves", async () => {
  const forged = { "Guildhall-User": "forged", "guildhall_user": "forged", "GUILDHALL-ROLES": "forged", "guildhall-platform-admin": "forged", "x-forwarded-host": "forged", cookie: "a=1; __Host-guildhall_x=forged" };
  const answer = await ask(krist, "GET", "/o/nirvana/invoices?page=2&x=%2F", { headers: forged });
  const seen = body(answer);
  assert.equal(seen.method, "GET");
  assert.equal(seen.url, "/o/nirvana/invoices?page=2&x=%2F");
  assert.equal(seen.headers["guildhall-organization"], nirvana.id);
  assert.equal(seen.headers["guildhall-organization-slug"], "nirvana");
  assert.equal(seen.headers["guildhall-user"], "krist");
  assert.equal(seen.headers["guildhall-roles"], "member");
  assert.match(seen.headers["guildhall-permissions"], /organization:read/);
  assert.match(seen.headers["guildhall-version"], /^\d+$/);
  assert.equal(seen.headers["guildhall-pass"].split(".").length, 3);
  assert.equal(seen.headers.cookie, "a=1");
  assert.equal(seen.headers.authorization, undefined);
  assert.equal(ours(seen.headers).length, 7);
  assert.doesNotMatch(JSON.stringify(seen.headers), /forged/);
  const claims = JSON.parse(Buffer.from(seen.headers["guildhall-pass"].split(".")[1], "base64url"));
  assert.equal(claims.aud, `http://127.0.0.1:${server.address().port}`);
  assert.equal(claims.org, nirvana.id);
});

test("the answer is the application's, but for what is Guildhall's to say", async () => {
  const answer = await ask(krist, "GET", "/missing");
  assert.equal(answer.status, 404);
  assert.equal(answer.body.url, "/missing");
  assert.equal(answer.headers.get("x-app"), "yes");
  assert.equal(answer.headers.get("guildhall-organization"), nirvana.id);
  assert.deepEqual(answer.headers.getSetCookie(), ["app=1; Path=/", "theme=dark; Path=/"]);
  assert.match(answer.headers.get("vary"), /cookie/);
  assert.ok(answer.headers.get("x-request-id"));
});

test("every method goes through", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const options = method === "DELETE" || method === "OPTIONS" ? {} : { body: { a: 1 } };
    const seen = body(await ask(kurt, method, "/x", options));
    assert.equal(seen.method, method);
    assert.equal(seen.headers["guildhall-user"], "kurt");
  }
  const head = await ask(kurt, "HEAD", "/x");
  assert.deepEqual([head.status, head.text, head.headers.get("x-app")], [200, "", "yes"]);
  const empty = await ask(kurt, "POST", "/empty");
  assert.deepEqual([empty.status, empty.text], [204, ""]);
});

test("bodies far beyond the API's limit flow through, both ways", async () => {
  const headers = kurt.headers({ "content-type": "application/octet-stream" });
  const sent = await fetch(`${worker.origin}/upload`, { method: "POST", headers, body: long });
  assert.equal(sent.status, 200);
  const seen = await sent.json();
  assert.deepEqual([seen.length, seen.digest], [long.length, digest(long)]);
  const packed = await fetch(`${worker.origin}/packed`, { headers: { authorization: headers.authorization } });
  assert.equal(digest(Buffer.from(await packed.arrayBuffer())), digest(long));
});

test("a signed write is read, checked and passed on once", async () => {
  const sign = (bytes, method = "POST") => signPrincipal(new Request(`${worker.origin}/o/nirvana/invoices`, { method, body: bytes }), { userId: "kurt" }, { ...upstream, origin: worker.origin });
  const bytes = long.subarray(0, 1_000_000);
  const signed = await sign(bytes);
  const again = signed.clone();
  const changed = new Request(signed.clone(), { body: Buffer.from("changed") });
  const first = await fetch(signed);
  const seen = await first.json();
  assert.deepEqual([first.status, seen.length, seen.digest, seen.headers["guildhall-user"]], [200, bytes.length, digest(bytes), "kurt"]);
  assert.equal(seen.headers["guildhall-principal"], undefined);
  const count = received.length;
  const code = async (request) => { const answer = await fetch(request); return [answer.status, (await answer.json()).code]; };
  assert.deepEqual(await code(again), [401, "signature_replayed"]);
  assert.deepEqual(await code(changed), [401, "unauthenticated"]);
  assert.deepEqual(await code(await sign(long)), [413, "body_too_large"]);
  assert.equal(received.length, count, "what is refused never arrives");
  const read = await signPrincipal(new Request(`${worker.origin}/o/nirvana/invoices`), { userId: "kurt" }, { ...upstream, origin: worker.origin });
  assert.deepEqual([(await fetch(read.clone())).status, (await fetch(read)).status], [200, 200]);
});

test("of the same signed command, sent many times at once, one is carried out", async () => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"Mudhoney"}' };
  const signed = await signPrincipal(new Request(`${worker.origin}/v1/organizations`, init), { userId: "mark" }, { ...upstream, origin: worker.origin });
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(signed.clone())));
  const codes = await Promise.all(answers.map(async (answer) => (await answer.json()).code ?? answer.status));
  assert.deepEqual(codes.sort(), [201, ...Array(7).fill("signature_replayed")]);
  assert.equal(worker.d1("SELECT count(*) AS count FROM organizations WHERE name = 'Mudhoney'")[0].count, 1);
});

test("a redirect is the client's to follow", async () => {
  const answer = await ask(kurt, "GET", "/elsewhere");
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), "https://elsewhere.example/");
});

test("what is refused never arrives", async () => {
  const before = received.length;
  const dave = await signIn(worker, "dave");
  const refused = [
    [undefined, "/", 401, "unauthenticated"],
    [undefined, "/o/nirvana/x", 401, "unauthenticated"],
    [kurt, "/o/nowhere/x", 404, "not_found"],
    [dave, "/o/nirvana/x", 404, "not_found"],
    [dave, "/", 409, "organization_required"],
    [kurt, "/o/nirvana/x?org=nowhere", 404, "not_found"],
  ];
  for (const [who, path, status, code] of refused) {
    for (const method of ["GET", "POST"]) {
      const answer = await ask(who, method, path);
      assert.deepEqual([answer.status, answer.body?.code], [status, code], `${method} ${path}`);
    }
  }
  assert.equal(received.length, before);
});

test("Guildhall's own paths never arrive", async () => {
  const before = received.length;
  for (const path of ["/v1/me", "/v1/nothing", "/dev/nothing", "/healthz", "/readyz", "/openapi.json", "/docs", "/.well-known/jwks.json", "/o/nirvana/v1/resolve"]) await ask(kurt, "GET", path);
  assert.equal(received.length, before);
});

test("a path without organization arrives as it came, in nobody's name", async () => {
  const seen = body(await ask(undefined, "GET", "/assets/logo.svg", { headers: { "guildhall-user": "forged" } }));
  assert.deepEqual(ours(seen.headers), []);
});

test("an application that breaks off or says nothing is a problem of its own", async () => {
  const broken = await ask(kurt, "POST", "/broken");
  assert.deepEqual([broken.status, broken.body.code], [502, "origin_unavailable"]);
  const silent = await ask(kurt, "POST", "/silent");
  assert.deepEqual([silent.status, silent.body.code], [504, "origin_timeout"]);
  body(await ask(kurt, "GET", "/after"));
});

/** An application behind a service binding. */
const neighbour = `export default {
  async fetch(request) {
    return Response.json({ url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() });
  },
}`;

test("an application may be behind a service binding", async () => {
  const config = { services: [{ binding: "ORIGIN", service: "application" }] };
  const bound = await startOddWorker({ config, neighbours: { application: neighbour } });
  try {
    const dave = await signIn(bound, "dave");
    await found(dave, "Scream");
    const seen = body(await send(bound.origin, "POST", "/x", { token: dave.token, body: { a: 1 }, headers: { "guildhall-user": "forged" } }));
    assert.equal(seen.url, `${bound.origin}/x`);
    assert.equal(seen.headers["guildhall-user"], "dave");
    assert.equal(seen.body, '{"a":1}');
  } finally {
    await bound.stop();
  }
});

test("without an application the console is served, by the Worker too", async () => {
  const assets = { directory: join(build, "assets"), binding: "ASSETS", run_worker_first: true };
  const alone = await startOddWorker({ config: { assets } });
  try {
    const page = await send(alone.origin, "GET", "/");
    assert.equal(page.status, 200);
    assert.match(page.text, /<!doctype html>/i);
    for (const method of ["GET", "POST"]) {
      const nothing = await send(alone.origin, method, "/nothing/here");
      assert.deepEqual([nothing.status, nothing.body?.code], [404, "not_found"], method);
    }
  } finally {
    await alone.stop();
  }
});

test("a preflight of an allowed origin is the application's to answer, and arrives with nothing else", async () => {
  const headers = { origin: "https://app.example", "access-control-request-method": "PUT", cookie: "app=1", "guildhall-user": "forged", "x-other": "1" };
  const answer = await ask(krist, "OPTIONS", "/o/nirvana/x", { headers, body: { a: 1 } });
  const seen = body(answer);
  assert.deepEqual([seen.method, seen.length, ours(seen.headers)], ["OPTIONS", 0, []]);
  for (const name of ["cookie", "authorization", "x-other"]) assert.equal(seen.headers[name], undefined, name);
  assert.deepEqual([seen.headers.origin, seen.headers["access-control-request-method"]], [headers.origin, "PUT"]);
  assert.equal(answer.headers.get("access-control-allow-origin"), null, "what the application does not allow is not allowed");
  const refused = await ask(undefined, "GET", "/o/nirvana/x", { headers: { origin: headers.origin } });
  assert.deepEqual([refused.status, refused.headers.get("access-control-allow-origin")], [401, headers.origin]);
  const stranger = await ask(undefined, "OPTIONS", "/o/nirvana/x", { headers: { ...headers, origin: "https://evil.example" } });
  assert.deepEqual([stranger.status, stranger.headers.get("access-control-allow-origin")], [401, null]);
});
