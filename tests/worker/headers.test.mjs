// The headers that tell a browser what an answer may do, as workerd sends them: of the API, and of the pages, which
// the platform sends without asking the Worker. docs/headers.md is the table; docs/other-origins.md says what pages of
// other origins may read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { startWorker } from "../harness/worker.mjs";
import { signIn } from "./support/caller.mjs";

const cells = (line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", ""));
const rows = readFileSync(at("docs/headers.md"), "utf8").split("\n").filter((line) => line.startsWith("| `")).map(cells);

let worker;
let kurt;
before(async () => {
  worker = await startWorker({ vars: { ALLOWED_ORIGINS: "https://app.example https://*.preview.example" } });
  kurt = await signIn(worker, "kurt");
});
after(() => worker?.stop());

async function assertColumn(path, column, status = 200) {
  const response = await fetch(worker.origin + path, { redirect: "manual", headers: kurt.headers() });
  await response.arrayBuffer();
  assert.equal(response.status, status, path);
  for (const [name, ...values] of rows) {
    // Pages are kept as the platform sees fit; a loopback address is never pinned to TLS.
    if (name === "Cache-Control" && column === 3) continue;
    const expected = name === "Strict-Transport-Security" ? "" : values[column];
    assert.equal(response.headers.get(name) ?? "", expected, `${path}: ${name}`);
  }
}

test("answers of the API, problems, downloads and keys have the headers of their columns", async () => {
  assert.ok(rows.length >= 9);
  assert.equal((await kurt.post("/v1/organizations", { name: "Nirvana" })).status, 201);
  await assertColumn("/healthz", 0);
  await assertColumn("/v1/me", 0);
  await assertColumn("/v1/organizations/nowhere", 0, 404);
  await assertColumn("/no/such/path", 0, 404);
  await assertColumn("/v1/organizations/nirvana/export", 1);
  await assertColumn("/.well-known/jwks.json", 2);
});

test("pages, their scripts and the package's files have the headers of theirs", async () => {
  for (const path of ["/", "/docs", "/demo", "/app/main.js", "/style/base.css", "/favicon.svg", "/pkg/browser.js"]) await assertColumn(path, 3);
});

const from = (origin, path, init = {}) => fetch(worker.origin + path, { ...init, headers: { authorization: `Bearer ${kurt.token}`, ...init.headers, origin } });

test("every kind of answer is readable by allowed origins and by no other", async () => {
  const kinds = [["/v1/me", 200], ["/v1/organizations/nowhere", 404], ["/no/such/path", 404], ["/v1/organizations/nirvana/export", 200], ["/openapi.json", 200], ["/readyz", 200], ["/v1/organizations", 413, { method: "POST", headers: { "content-type": "application/json" }, body: " ".repeat(70_000) }]];
  for (const [path, status, init] of kinds) {
    for (const [origin, allowed, credentials] of [["https://app.example", "https://app.example", "true"], ["https://a.preview.example", "https://a.preview.example", null], ["https://evil.example", null, null], ["null", null, null]]) {
      const answer = await from(origin, path, init);
      await answer.arrayBuffer();
      assert.equal(answer.status, status, path);
      assert.deepEqual([answer.headers.get("access-control-allow-origin"), answer.headers.get("access-control-allow-credentials")], [allowed, credentials], `${path} ${origin}`);
      assert.match(answer.headers.get("vary"), /\borigin\b/, path);
    }
  }
});

test("a preflight is answered without a caller, with the methods of its resource", async () => {
  const headers = { "access-control-request-method": "PATCH", "access-control-request-headers": "authorization,guildhall-act-as", authorization: "Bearer wrong" };
  const answer = await from("https://app.example", "/v1/organizations/nirvana", { method: "OPTIONS", headers });
  assert.deepEqual([answer.status, await answer.text()], [204, ""]);
  assert.equal(answer.headers.get("access-control-allow-methods"), "GET, PATCH, DELETE, HEAD, OPTIONS");
  assert.match(answer.headers.get("access-control-allow-headers"), /^authorization, content-type, .*guildhall-act-as$/);
  assert.equal(answer.headers.get("access-control-max-age"), "7200");
});
