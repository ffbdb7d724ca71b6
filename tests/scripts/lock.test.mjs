// Who holds a lock, and when it counts no longer.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { take } from "../../scripts/steps/lock.mjs";

const folder = mkdtempSync(join(tmpdir(), "guildhall-lock-"));
const file = join(folder, "lock");
after(() => rmSync(folder, { recursive: true }));

test("a lock is held until it is released", () => {
  const lock = take(file);
  assert.deepEqual(take(file), { heldBy: process.pid });
  lock.release();
  assert.equal(existsSync(file), false);
});

test("the lock of a process that is gone counts no longer", async () => {
  const child = spawn(process.execPath, ["--eval", ""]);
  await new Promise((resolve) => child.once("exit", resolve));
  writeFileSync(file, `${child.pid} 1`);
  take(file).release();
});

test("another process with the same number does not hold the lock", () => {
  writeFileSync(file, `${process.pid} long ago`);
  take(file).release();
});
