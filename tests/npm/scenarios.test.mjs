// The scenario corpus on `Directory`: the same rules as natively, in wasm, from the packed tarball.
//
// Owns: a clock that moves. Never does: look at an answer; the harness does.

import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { corpus, runScenario } from "../harness/scenarios.mjs";
import { installed } from "./support/installed.mjs";

/** What a directory makes links of, and the only origin from which it takes a cookie's word. */
const origin = "http://localhost";

/** The class as a program in that folder imports it: by its name. */
async function directoryIn(folder) {
  const file = createRequire(join(folder, "main.js")).resolve("guildhall/directory");
  return (await import(pathToFileURL(file))).Directory;
}

const optionsOf = (settings) => ({ settings });

/** A directory whose clock moves by a millisecond with each look at it, and by what a scenario says. */
function site(Directory, settings) {
  let now = Date.UTC(2026, 0, 1);
  const directory = new Directory({ ...optionsOf(settings), now: () => (now += 1) });
  return {
    origin,
    now: () => now,
    send: (method, url, headers, body) => directory.fetch(url, { method, headers, body: body || undefined }),
    advance: (seconds) => { now += seconds * 1000; },
    tick: () => directory.tick(),
  };
}

test("the scenario corpus on the directory of the packed package", async (t) => {
  const { folder } = await installed(t);
  const Directory = await directoryIn(folder);
  for (const scenario of corpus()) {
    await t.test(scenario.title, () => runScenario(scenario, site(Directory, scenario.settings)));
  }
});
