// What each entry of the packed package costs a page, compressed, against its budget and the README.
//
// Owns: the table of budgets. Never does: count what an application has anyway (`hono`), or what is
// fetched only when it is needed (planning).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { bundled, sizeOf } from "./support/bundle.mjs";
import { installed } from "./support/installed.mjs";

const core = "wasm/core/guildhall_core.wasm";
const pass = "wasm/pass/guildhall_pass.wasm";
const directory = "wasm/directory/guildhall_directory_bg.wasm";

/** In kB of gz: `limit` holds today, `goal` is where it should be. Lower a limit with every saving. */
const budgets = {
  guildhall: { wasm: core, limit: 69, goal: 60 },
  "guildhall/pass": { wasm: pass, limit: 23.5, goal: 6.4 },
  "guildhall/slim": { wasm: core, limit: 68.5, goal: 60 },
  "guildhall/directory": { wasm: directory, limit: 714, goal: 250 },
  "guildhall/client": { limit: 6, goal: 6 },
  "guildhall/hono": { limit: 3.3, goal: 3 },
  "guildhall/upstream": { limit: 1.7, goal: 1.7 },
};

/** What others weigh, in kB of gz; the README shows the same. */
const peers = { "better-auth's client": 14.7, "better-auth's access": 1.7, CASL: 6.5, Biscuit: 730, Cedar: 1417 };

const kB = (bytes) => bytes / 1000;
const asNumber = (text) => Number(text.replace(",", ""));

describe("sizes", () => {
  let project;
  let sizes;
  let readme;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    readme = readFileSync(at("pkg", "README.md"), "utf8");
    const { exports } = JSON.parse(readFileSync(at("pkg", "package.json"), "utf8"));
    const code = Object.keys(exports).filter((name) => !/\.\w+$/.test(name)).map((name) => name.replace(/^\./, "guildhall"));
    sizes = {};
    for (const entry of code) sizes[entry] = kB(await sizeOf(project, entry, budgets[entry]?.wasm));
  });

  test("are within their budgets", () => {
    const rows = Object.entries(sizes).map(([entry, size]) => ({ entry, kB: Number(size.toFixed(1)), ...budgets[entry] }));
    console.table(Object.fromEntries(rows.map(({ entry, kB, limit, goal }) => [entry, { "kB gz": kB, limit, goal }])));
    assert.deepEqual(rows.filter(({ limit }) => limit === undefined), [], "an entry without a budget");
    assert.deepEqual(rows.filter(({ kB, limit }) => kB > limit), []);
  });

  test("are what the README says", () => {
    const said = Object.fromEntries([...readme.matchAll(/^\| `(guildhall[^`]*)` \|.* ([\d.,]+) kB \|$/gm)].map(([, entry, size]) => [entry, asNumber(size)]));
    assert.deepEqual(Object.keys(said).sort(), Object.keys(sizes).sort());
    for (const [entry, size] of Object.entries(sizes)) {
      assert.ok(Math.abs(said[entry] / size - 1) <= 0.08, `${entry}: the README says ${said[entry]} kB, it is ${size.toFixed(1)}`);
    }
    const others = Object.fromEntries([...readme.matchAll(/^\| ([^`|]+) \| ([\d.,]+) kB \|$/gm)].map(([, name, size]) => [name.trim(), asNumber(size)]));
    assert.deepEqual(others, peers);
  });

  test("leave out what is not used", async () => {
    for (const entry of ["guildhall", "guildhall/slim"]) {
      const { text, inputs } = await bundled(project.folder, `import { suggestSlug } from "${entry}"; console.log(suggestSlug("Foo Fighters"));`, { splitting: false });
      assert.deepEqual(inputs.filter((path) => /guildhall\/(planning|pass|slim|wasm\/(directory|pass|planning))\//.test(path)), [], entry);
      assert.ok(!/guildhall_(directory|pass|planning)/.test(text), `${entry} names WebAssembly that it does not need`);
    }
    const none = await bundled(project.folder, 'import "guildhall/slim";');
    assert.deepEqual(none.inputs.filter((path) => path.includes("guildhall/")), [], "slim loads nothing by itself");
  });
});
