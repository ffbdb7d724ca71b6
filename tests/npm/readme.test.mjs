// The README of the package: every snippet is run where it belongs.
//
// Owns: where that is: with an `export default` on workerd, in HTML in Chromium, all others in Node; or where the
// word behind `js` says: in Node's test runner, in Vitest, in Chromium as a bundler would put it there.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { readyChromium } from "../../scripts/steps/chromium.mjs";
import { at, nodeBinary } from "../../scripts/steps/places.mjs";
import { end } from "../../scripts/steps/processes.mjs";
import { freePort, serve, untilReady } from "../../scripts/steps/wrangler.mjs";
import { openPage } from "../harness/browser.mjs";
import { installed } from "./support/installed.mjs";
import { serveFiles } from "./support/served.mjs";

const run = promisify(execFile);
const readme = readFileSync(at("pkg", "README.md"), "utf8");
const snippets = (language) => [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code]) => code);
function only(language) {
  const [code, ...others] = snippets(language);
  assert.deepEqual(others, []);
  return code;
}
const isWorker = (code) => code.includes("export default");

describe("the README's snippets", () => {
  const ends = [];
  let project;
  before(async () => {
    project = await installed({ after: (end) => ends.push(end) });
    symlinkSync(at("node_modules", "hono"), join(project.folder, "node_modules", "hono"), "dir");
  });
  after(() => ends.forEach((end) => end()));

  test("say in Node what they say they say", async () => {
    const all = snippets("js").filter((code) => !isWorker(code));
    assert.ok(all.length >= 6, String(all.length));
    for (const code of all) {
      const said = [...code.matchAll(/console\.log\(.*\)+; \/\/ (.*)$/gm)].map(([, text]) => text);
      assert.ok(said.length > 0);
      assert.equal(await project.node(code), `${said.join("\n")}\n`);
    }
  });

  /** Runs a snippet as a test file of its own, and gives what was said. */
  async function asTest(code, ...words) {
    writeFileSync(join(project.folder, "readme.test.js"), code);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return (await run(nodeBinary(), words, { cwd: project.folder, env: { ...env, CI: "1", NO_COLOR: "1" } })).stdout;
  }

  test("test an application with node:test", async () => {
    const said = await asTest(only("js node:test"), "--test", "--test-reporter=tap", "readme.test.js");
    assert.match(said, /^# pass 3$/m, said);
    assert.match(said, /^# fail 0$/m, said);
  });

  test("test an application with Vitest", async () => {
    symlinkSync(at("node_modules", "vitest"), join(project.folder, "node_modules", "vitest"), "dir");
    const said = await asTest(only("js vitest"), at("node_modules", "vitest", "vitest.mjs"), "run", "--reporter=tap-flat");
    assert.match(said, /^ok 1 /m, said);
    assert.doesNotMatch(said, /^not ok/m, said);
  });

  async function inChromium(t, code) {
    const paths = { "guildhall/directory": "directory/browser.js", "guildhall/client": "client/client.js" };
    const bundled = code.replace(/from "(guildhall[^"]*)"/g, (_, name) => `from "/node_modules/guildhall/${paths[name]}"`);
    writeFileSync(join(project.folder, "page.js"), bundled);
    await readyChromium();
    const files = await serveFiles(project.folder);
    const { page, messages, errors, close } = await openPage();
    t.after(async () => { await close(); files.close(); });
    await page.goto(files.origin);
    return { page, messages, errors };
  }

  test("keep a directory in Chromium", async (t) => {
    const code = only("js browser");
    const { page, messages, errors } = await inChromium(t, code);
    for (let left = 1000; left > 0 && messages.length + errors.length === 0; left -= 1) await page.waitForTimeout(20);
    assert.deepEqual([messages, errors], [[`log: ${/\/\/ (nirvana .*)$/m.exec(code)[1]}`], []]);
  });

  test("suggest a slug in Chromium while a name is typed", async (t) => {
    const [[, body, script]] = snippets("html").map((html) => /^([\s\S]*)<script type="module">([\s\S]*)<\/script>/.exec(html));
    const [imports, rest] = [script.match(/^ *import .*$/gm).join("\n"), script.replace(/^ *import .*$/gm, "")];
    writeFileSync(join(project.folder, "page.js"), `${imports}\ndocument.body.innerHTML = ${JSON.stringify(body)};\n${rest}`);
    await readyChromium();
    const files = await serveFiles(project.folder);
    const { page, errors, close } = await openPage();
    t.after(async () => { await close(); files.close(); });
    await page.goto(files.origin);
    await page.waitForFunction(() => document.querySelector("#slug")?.textContent === "foo-fighters");
    await page.fill("#name", "Them Crooked Vultures");
    assert.equal(await page.textContent("#slug"), "them-crooked-vultures");
    assert.deepEqual(errors, []);
  });

  test("answer on workerd", async (t) => {
    const [code, ...others] = snippets("js").filter(isWorker);
    assert.deepEqual(others, []);
    writeFileSync(join(project.folder, "worker.js"), code);
    const config = join(project.folder, "wrangler.json");
    writeFileSync(config, JSON.stringify({ name: "reader", main: "worker.js", compatibility_date: "2026-10-01", vars: { JWKS: { keys: [] } } }));
    mkdirSync(join(project.folder, "tmp"));
    const env = { TMPDIR: join(project.folder, "tmp"), WRANGLER_REGISTRY_PATH: join(project.folder, "registry") };
    const server = serve({ port: await freePort(), state: join(project.folder, "state"), env, words: ["--config", config] });
    t.after(() => end(server.child));
    await untilReady(server);
    const answer = await fetch(server.origin);
    assert.deepEqual([answer.status, await answer.text()], [401, /\/\/ (.*)$/m.exec(code)[1]]);
  });
});
