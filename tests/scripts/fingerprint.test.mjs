// What is made again, and what is not.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fingerprint, isStale, make } from "../../scripts/steps/fingerprint.mjs";
import { stamps } from "../../scripts/steps/places.mjs";

const folder = mkdtempSync(join(tmpdir(), "guildhall-fingerprint-"));
const file = join(folder, "source");
const name = `test-${process.pid}`;
const part = (outputs = []) => ({ name, hash: fingerprint([folder], "1.0"), outputs });
after(() => [folder, join(stamps, name)].forEach((path) => rmSync(path, { recursive: true, force: true })));

test("content, names and versions count; times do not", () => {
  writeFileSync(file, "one");
  const before = fingerprint([folder], "1.0");
  utimesSync(file, 0, 0);
  assert.equal(fingerprint([folder], "1.0"), before);
  assert.notEqual(fingerprint([folder], "1.1"), before);
  writeFileSync(file, "two");
  assert.notEqual(fingerprint([folder], "1.0"), before);
});

test("a part is stale until it was made well, and again when an output is gone", async () => {
  assert.equal(isStale(part()), true);
  await assert.rejects(make(part(), () => Promise.reject(new Error("broken"))));
  assert.equal(isStale(part()), true);
  await make(part(), async () => {});
  assert.equal(isStale(part()), false);
  assert.equal(isStale(part([join(folder, "gone")])), true);
});
