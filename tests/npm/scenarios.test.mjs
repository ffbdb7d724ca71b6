// The scenario corpus on `Directory`: the same rules as natively, in wasm, from the packed tarball.
//
// Owns: the package's name, and a directory that is another one for each answer, made of the last one's
// snapshot. Never does: look at an answer; the harness does.

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

/** Whatever is asked is asked of a copy of the directory that was asked before. */
const copied = (Directory) => class {
  #options;
  #snapshot;

  constructor(options) {
    this.#options = options;
  }

  fetch = (url, init) => this.#asked((directory) => directory.fetch(url, init));

  tick = () => this.#asked((directory) => directory.tick());

  async #asked(ask) {
    const directory = new Directory({ ...this.#options, snapshot: this.#snapshot });
    const answer = await ask(directory);
    this.#snapshot = await directory.snapshot();
    await directory.close();
    return answer;
  }
};

for (const [title, made] of [["on the directory of the packed package", (it) => it], ["on copies of it, made of a snapshot before each step", copied]]) {
  test(`the scenario corpus ${title}`, async (t) => {
    const { folder } = await installed(t);
    const Directory = made(await directoryIn(folder));
    for (const scenario of corpus()) {
      await t.test(scenario.title, () => runScenario(scenario, directorySite(Directory, scenario.settings)));
    }
  });
}
