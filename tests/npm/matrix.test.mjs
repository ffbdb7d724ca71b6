// The packed package wherever it is promised to work: two Nodes, both ways to load, four bundlers.
//
// Owns: what is tried. Workers and plain static files are in `runtimes.test.mjs`, types in `types.test.mjs`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { readyChromium } from "../../scripts/steps/chromium.mjs";
import { nodeBinary } from "../../scripts/steps/places.mjs";
import { openPage } from "../harness/browser.mjs";
import { bundlers } from "./support/bundlers.mjs";
import { installed } from "./support/installed.mjs";
import { oldNode } from "./support/old-node.mjs";
import { serveFiles } from "./support/served.mjs";

const run = promisify(execFile);

/** One thing of each file of WebAssembly. */
const use = `
  async function use({ ready, suggestSlug, verifyPass, planning, decide }, { Directory }, { createClient }) {
    const code = async (call) => { try { return await call(); } catch (error) { return error.code ?? error; } };
    await ready;
    await planning();
    const directory = new Directory();
    const { token } = await createClient({ fetch: directory.fetch }).dev.signIn({ userId: "kurt" });
    const { slug } = await createClient({ fetch: directory.fetch, token }).organizations.create({ name: "Nirvana" });
    const leave = { actor: { userId: "kurt" }, target: { organization: "nirvana" }, action: { type: "member.leave" } };
    return [suggestSlug("Foo Fighters"), slug, await code(() => verifyPass("x", { jwks: { keys: [] } })), await code(() => decide({}, leave, 0))].join(" ");
  }`;
const used = "foo-fighters nirvana pass_invalid not_found";

const imports = 'import * as directory from "guildhall/directory"; import * as client from "guildhall/client";';
const whole = `${imports} import * as core from "guildhall"; ${use}\nexport const result = use(core, directory, client); globalThis.result = result;`;
/** For bundlers that take `.wasm` only where it is imported. The directory has no such door. */
const slim = (given) => `import * as core from "guildhall/slim";
  import coreWasm from "guildhall/core.wasm"; import passWasm from "guildhall/pass.wasm"; import planningWasm from "guildhall/planning.wasm";
  import * as client from "guildhall/client"; ${use}
  core.init(${given("coreWasm")}); core.initPasses(${given("passWasm")}); core.initPlanning(${given("planningWasm")});
  class Directory { fetch = async (url) => Response.json(url.endsWith("session") ? { token: "x" } : { slug: "nirvana" }, { status: 201 }); }
  export const result = use(core, { Directory }, client); globalThis.result = result;`;

const sources = {
  esbuild: slim((wasm) => `new URL(${wasm}, import.meta.url)`),
  "esbuild, one file": slim((wasm) => wasm),
};

describe("the packed package works", () => {
  const ends = [];
  let project;
  let entries;
  before(async () => {
    project = await installed({ after: (end) => ends.push(end) });
    const { exports } = JSON.parse(readFileSync(join(project.target, "package.json"), "utf8"));
    entries = Object.keys(exports).filter((name) => !/\.\w+$/.test(name)).map((name) => name.replace(/^\./, "guildhall"));
  });
  after(() => ends.forEach((end) => end()));

  async function bothWays(node) {
    writeFileSync(join(project.folder, "imports.mjs"), `${whole}\nconsole.log(await result);`);
    writeFileSync(join(project.folder, "requires.cjs"), `${use}
      use(require("guildhall"), require("guildhall/directory"), require("guildhall/client")).then(console.log);
      for (const file of ["core.wasm", "pass.wasm", "planning.wasm", "package.json"]) require.resolve("guildhall/" + file);
      for (const name of ${JSON.stringify(entries)}) import(name).then((imported) => {
        if (imported.GuildhallError && imported.GuildhallError !== require("guildhall").GuildhallError) throw new Error(name + " has an error of its own");
        for (const key of Object.keys(imported)) if (imported[key] !== require(name)[key]) throw new Error(name + " " + key);
      });`);
    for (const file of ["imports.mjs", "requires.cjs"]) {
      const { stdout, stderr } = await run(node, [file], { cwd: project.folder });
      assert.deepEqual([file, stdout, stderr], [file, `${used}\n`, ""]);
    }
  }

  test("in Node 20, imported and required", async () => bothWays(await oldNode()));
  test("in Node 24, imported and required", async () => bothWays(nodeBinary()));

  for (const [name, bundle] of Object.entries(bundlers)) {
    test(`bundled by ${name}, in Chromium`, async (t) => {
      const out = name.replace(/\W+/g, "-");
      mkdirSync(join(project.folder, out), { recursive: true });
      writeFileSync(join(project.folder, `${out}.js`), sources[name] ?? whole);
      await bundle(project.folder, `${out}.js`, out);
      writeFileSync(join(project.folder, out, "page.js"), 'import "./bundle.js";');
      assert.equal(await inChromium(t, join(project.folder, out)), used);
    });
  }

  async function inChromium(t, folder) {
    await readyChromium();
    const files = await serveFiles(folder);
    const { page, errors, close } = await openPage();
    t.after(async () => { await close(); files.close(); });
    await page.goto(files.origin);
    await page.waitForFunction(() => globalThis.result, undefined, { timeout: 20_000 }).catch((cause) => { throw new Error(errors.join("\n"), { cause }); });
    const result = await page.evaluate(() => globalThis.result);
    assert.deepEqual(errors, []);
    return result;
  }

  test("in one file, without anything beside it, in Node 20", async () => {
    const file = join(project.folder, "esbuild-one-file", "bundle.js");
    const code = `import(${JSON.stringify(file)}).then(({ result }) => result).then(console.log)`;
    assert.equal((await run(await oldNode(), ["--input-type=module", "-e", code])).stdout, `${used}\n`);
  });
});
