// Who holds a lock, and when it counts no longer.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { take } from "../../scripts/steps/lock.mjs";
import { at } from "../../scripts/steps/places.mjs";

const folder = mkdtempSync(join(tmpdir(), "guildhall-lock-"));
const file = join(folder, "lock");
const lockFile = at("scripts", "steps", "lock.mjs");
const stateOf = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)[0];
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

test("a zombie holds no lock", { skip: process.platform !== "linux" && "the parent below is told by /proc" }, async (t) => {
  const holder = `import { take } from ${JSON.stringify(lockFile)}; take(${JSON.stringify(file)}); console.log(process.pid); setInterval(() => {}, 1000);`;
  // The shell becomes `sleep`, which never asks for the exit code of what the shell began.
  const parent = spawn("sh", ["-c", '"$0" --input-type=module --eval "$1" & exec sleep 60', process.execPath, holder], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => parent.kill("SIGKILL"));
  const pid = Number(await once(parent.stdout, "data"));
  assert.deepEqual(take(file), { heldBy: pid });
  process.kill(pid, "SIGKILL");
  while (stateOf(pid) !== "Z") await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(existsSync(file), "it was killed: its lock is still there");
  take(file).release();
  assert.equal(stateOf(pid), "Z");
});

test("another process with the same number does not hold the lock", () => {
  writeFileSync(file, `${process.pid} long ago`);
  take(file).release();
});
