// Bodies over the limit: the answer is the problem document each time, whatever the length and however it is sent.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { signIn } from "./support/caller.mjs";

const megabyte = 1024 * 1024;

let worker;
let kurt;
before(async () => {
  worker = await startWorker();
  kurt = await signIn(worker, "kurt");
});
after(() => worker?.stop());

function assertTooLarge(status, type, text, what) {
  assert.deepEqual([status, type], [413, "application/problem+json"], `${what}: ${text.slice(0, 200)}`);
  const { code, detail } = JSON.parse(text);
  assert.deepEqual([code, detail], ["body_too_large", "at most 65536 bytes of body are accepted here"], what);
}

for (const size of [1, 3, 4, 10]) {
  test(`a body of ${size} MB with a length is answered 413 each time`, async () => {
    const text = `{"name":"${"x".repeat(size * megabyte)}"}`;
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const response = await fetch(`${worker.origin}/v1/organizations`, { method: "POST", headers: kurt.headers(), body: text });
      assertTooLarge(response.status, response.headers.get("content-type"), await response.text(), `attempt ${attempt}`);
    }
  });

  test(`a body of ${size} MB in chunks is answered 413`, async () => {
    const upload = request(`${worker.origin}/v1/organizations`, { method: "POST", headers: kurt.headers() });
    const answered = once(upload, "response");
    for (let sent = 0; sent < size * 16; sent += 1) {
      if (!upload.write(" ".repeat(megabyte / 16))) await once(upload, "drain");
    }
    upload.end();
    const [response] = await answered;
    const text = Buffer.concat(await response.toArray()).toString();
    assertTooLarge(response.statusCode, response.headers["content-type"], text, "in chunks");
  });
}

test("the connection can be used again", async () => {
  const response = await fetch(`${worker.origin}/v1/me`, { headers: kurt.headers() });
  assert.equal(response.status, 200);
});

test("a hundred invitations with messages of 1,000 characters are taken", async () => {
  assert.equal((await kurt.post("/v1/organizations", { name: "Nirvana" })).status, 201);
  const message = "\u{1f44b}".repeat(1000);
  const invitations = Array.from({ length: 100 }, (_, index) => ({ email: `p${index}@foo.example`, message, notify: false }));
  const escaped = JSON.stringify({ invitations }).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  assert.ok(escaped.length > 1_200_000);
  const response = await fetch(`${worker.origin}/v1/organizations/nirvana/invitations/bulk`, { method: "POST", headers: kurt.headers(), body: escaped });
  assert.equal(response.status, 200);
  const { data } = await response.json();
  assert.ok(data.every(({ status }) => status === "created"));
});
