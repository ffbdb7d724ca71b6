// The headers that tell a browser what an answer may do, as workerd sends them: of the API, and of the pages, which
// the platform sends without asking the Worker. docs/headers.md is the table.

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
  worker = await startWorker();
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
