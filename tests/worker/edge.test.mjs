// The border between the runtime and the core: what comes in arrives as it was sent, what goes out
// is what was answered, and nothing that a client can send makes the Worker panic.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { send, signIn } from "./support/caller.mjs";
import { body } from "./support/scenes.mjs";

const limit = 64 * 1024;

let worker;
let kurt;
before(async () => {
  worker = await startWorker();
  kurt = await signIn(worker, "kurt");
});
after(async () => {
  const log = worker?.log();
  await worker?.stop();
  assert.doesNotMatch(log, /panicked|RuntimeError|Uncaught|Error converting/);
});

/** Sends bytes as they are; answers the first `count` bytes or more of what comes back. */
async function raw(text) {
  const socket = connect(worker.port, "127.0.0.1");
  socket.end(text, "latin1");
  const chunks = await socket.toArray().catch(() => []);
  return Buffer.concat(chunks).toString("latin1");
}

const get = (target, lines = []) => raw([`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${worker.port}`, "Connection: close", ...lines, "", ""].join("\r\n"));

const statusOf = (answer) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

/** An upload without a length whose end never comes: whoever waits for it waits for ever. */
async function endless(path, bytes) {
  const headers = kurt.headers({ "idempotency-key": "endless" });
  const upload = request(worker.origin + path, { method: "POST", headers });
  upload.on("error", () => {});
  for (let sent = 0; sent < bytes; sent += 8192) upload.write(" ".repeat(8192));
  const [response] = await once(upload, "response");
  const answer = JSON.parse(Buffer.concat(await response.toArray()));
  upload.destroy();
  return { status: response.statusCode, body: answer };
}

test("a body of exactly the limit is read, one byte more is refused", async () => {
  const head = '{"name":"Nirvana"';
  const fit = (length) => `${head}${" ".repeat(length - head.length - 1)}}`;
  const headers = kurt.headers();
  const post = (text) => fetch(`${worker.origin}/v1/organizations`, { method: "POST", headers, body: text });

  assert.equal((await post(fit(limit))).status, 201);
  const refused = await post(fit(limit + 1));
  assert.equal(refused.status, 413);
  assert.equal((await refused.json()).code, "body_too_large");
});

test("a body without an end is refused once it is too long", async () => {
  const answer = await endless("/v1/organizations", limit + 8192);
  assert.equal(answer.status, 413);
  assert.equal(answer.body.code, "body_too_large");
});

test("an upload that breaks off does no harm", async () => {
  const socket = connect(worker.port, "127.0.0.1");
  const lines = ["POST /v1/organizations HTTP/1.1", `Host: 127.0.0.1:${worker.port}`, `Authorization: Bearer ${kurt.token}`, "Content-Type: application/json", "Content-Length: 1000", "", '{"name":"Broken off"}'];
  socket.write(lines.join("\r\n"));
  await once(socket, "ready");
  socket.destroy();

  assert.equal((await kurt.get("/v1/me")).status, 200);
  assert.deepEqual(worker.d1("SELECT id FROM organizations WHERE name = 'Broken off'"), []);
});

test("a method that HTTP does not know is not taken for GET", async () => {
  const answer = await send(worker.origin, "PURGE", "/v1/me", { token: kurt.token });
  assert.equal(answer.status, 405);
  assert.match(answer.headers.get("allow"), /GET/);
});

test("HEAD answers as GET does, without a body", async () => {
  const answer = await send(worker.origin, "HEAD", "/v1/me", { token: kurt.token });
  assert.equal(answer.status, 200);
  assert.equal(answer.text, "");
  assert.equal(answer.headers.get("cache-control"), "no-store");
});

test("an answer without content is one", async () => {
  const answer = await kurt.delete("/dev/session");
  assert.equal(answer.status, 204);
  assert.equal(answer.text, "");
});

test("cookies are set one header each", async () => {
  const response = await fetch(`${worker.origin}/dev/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ userId: "krist", email: "krist@example.com" }) });
  for (const cookie of response.headers.getSetCookie()) assert.match(cookie, /^[^=,;]+=[^,]*;/);
  assert.ok(response.headers.getSetCookie().length >= 1);
});

test("odd addresses get an answer of ours", async () => {
  const targets = ["/v1/slugs/%00", "/v1/slugs/%ff%fe", "/v1/me?a=%ff&b=|{}\"<>^`", '/v1/{"|}^`\\', "/v1//me", `/v1/slugs/${"a".repeat(70_000)}`, "/v1/slugs/\xe9"];
  for (const target of targets) {
    const status = statusOf(await get(target, [`Authorization: Bearer ${kurt.token}`]));
    assert.ok(status >= 400 && status < 500 || target.startsWith("/v1/me?") && status === 200, `${target.slice(0, 60)} gave ${status}`);
  }
});

test("odd headers get an answer of ours", async () => {
  const lines = ["Authorization: Bearer \xff\xfe", "Authorization: \xe9", "Cookie: =;;==\x80", "Guildhall-Organization: \xf0\x9f\x8e\xb8", `X-Long: ${"x".repeat(4000)}`];
  for (const line of lines) {
    const status = statusOf(await get("/v1/me", [line]));
    assert.ok(status >= 400 && status < 500, `${line.slice(0, 60)} gave ${status}`);
  }
});

test("a request id is on every answer", async () => {
  const seen = new Set();
  for (const path of ["/healthz", "/v1/me", "/v1/nothing"]) seen.add((await send(worker.origin, "GET", path)).headers.get("x-request-id"));
  assert.equal(seen.size, 3);
  assert.ok(![...seen].includes(null));
});

test("the cap of an import is its own", async () => {
  const answer = await kurt.post("/v1/imports/django", { padding: "x".repeat(2 * limit) });
  assert.notEqual(answer.status, 413, answer.text);
  assert.equal(body({ status: answer.status < 500 ? 200 : answer.status, text: answer.text, body: true }), true);
});
