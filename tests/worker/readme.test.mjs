// The README's walk, run as it stands there against the built Worker.
//
// Owns: that the README tells the truth. Never does: a walk of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { at } from "../../scripts/steps/places.mjs";
import { startWorker } from "../harness/worker.mjs";

const readme = readFileSync(at("README.md"), "utf8");
const block = (language, after) => readme.slice(readme.indexOf(after)).match(new RegExp("```" + language + "\\n([\\s\\S]*?)```"))[1];

test("the walk prints what the README says", async (t) => {
  const worker = await startWorker();
  t.after(() => worker.stop());
  const script = block("sh", "## A walk");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { env: { ...process.env, ORIGIN: worker.origin } });
  assert.equal(stdout, block("json", "## A walk"));
});
