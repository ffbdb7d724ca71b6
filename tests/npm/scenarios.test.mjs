// The scenario corpus on `Directory`: the same rules as natively, in wasm, from the packed tarball.
//
// Owns: the package's name. Never does: look at an answer; the harness does.

import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { directorySite } from "../harness/directory.mjs";
import { corpus, runScenario } from "../harness/scenarios.mjs";
import { installed } from "./support/installed.mjs";

/** The class as a program in that folder imports it: by its name. */
async function directoryIn(folder) {
  const file = createRequire(join(folder, "main.js")).resolve("guildhall/directory");
  return (await import(pathToFileURL(file))).Directory;
}

test("the scenario corpus on the directory of the packed package", async (t) => {
  const { folder } = await installed(t);
  const Directory = await directoryIn(folder);
  for (const scenario of corpus()) {
    await t.test(scenario.title, () => runScenario(scenario, directorySite(Directory, scenario.settings)));
  }
});
