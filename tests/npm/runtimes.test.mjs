// The packed package in the runtimes that are not Node: Chromium, from static files under a strict
// policy, and workerd, as wrangler bundles it.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readyChromium } from "../../scripts/steps/chromium.mjs";
import { end } from "../../scripts/steps/processes.mjs";
import { freePort, serve as serveWorker, untilReady } from "../../scripts/steps/wrangler.mjs";
import { openPage } from "../harness/browser.mjs";
import { installed } from "./support/installed.mjs";
import { serveFiles } from "./support/served.mjs";

/** What a user does with both entries; the same file in every runtime. */
const use = `
  export async function use(core, { Directory }) {
    const system = new Directory();
    const send = (path, { headers, ...init } = {}) => system.fetch(path, { ...init, headers: { "content-type": "application/json", ...headers } });
    const post = (path, body, headers) => send(path, { method: "POST", body: JSON.stringify(body), headers });
    const { token } = await (await post("/dev/session", { userId: "kurt" })).json();
    const headers = { authorization: "Bearer " + token };
    await post("/v1/organizations", { name: "Nirvana" }, headers);
    const { principal, memberships } = await (await send("/v1/me", { headers })).json();
    const { outcome, roles } = core.resolveOrganization({ url: "/o/nirvana", caller: principal, memberships });
    const byCookie = await send("/v1/me", { headers: { cookie: "__Host-guildhall_session=" + token } });
    return { slug: core.suggestSlug("Foo Fighters"), outcome, roles, refused: refusal(core), byCookie: byCookie.status };
  }
  export function refusal({ parseSlug, GuildhallError }) {
    try { parseSlug("admin"); } catch (error) { return [error instanceof Error && error instanceof GuildhallError, error.code]; }
  }`;
const used = { slug: "foo-fighters", outcome: "resolved", roles: ["owner"], refused: [true, "slug_reserved"], byCookie: 200 };

const worker = `
  import * as core from "guildhall";
  import * as directory from "guildhall/directory";
  import { use } from "./use.js";
  await core.ready;
  export default { fetch: async () => Response.json(await use(core, directory)) };`;

const page = `
  import * as core from "/node_modules/guildhall/browser.js";
  import * as directory from "/node_modules/guildhall/directory/browser.js";
  import { refusal, use } from "./use.js";
  const early = refusal(core);
  globalThis.result = core.ready.then(async () => ({ early, ...(await use(core, directory)) }), async (failure) => {
    const late = refusal(core);
    const fetched = await new directory.Directory().fetch("/healthz").catch((error) => error.code);
    return { early, late, fetched, failure: [failure.code, failure.cause instanceof Error] };
  });`;

describe("the packed package", () => {
  const ends = [];
  let folder;

  before(async () => {
    ({ folder } = await installed({ after: (end) => ends.push(end) }));
    for (const [name, text] of Object.entries({ "use.js": use, "page.js": page, "worker.js": worker })) writeFileSync(join(folder, name), text);
  });
  after(() => ends.forEach((end) => end()));

  async function inChromium(t, without) {
    await readyChromium();
    const files = await serveFiles(folder, without);
    const { page, errors, close } = await openPage();
    t.after(async () => { await close(); files.close(); });
    await page.goto(files.origin);
    await page.waitForFunction(() => globalThis.result);
    return { result: await page.evaluate(() => globalThis.result), errors };
  }

  test("works in Chromium from static files under a strict policy, and says when it is too early", async (t) => {
    const { result, errors } = await inChromium(t);
    assert.deepEqual(result, { early: [true, "not_ready"], ...used });
    assert.deepEqual(errors, []);
  });

  test("says in Chromium that its WebAssembly is not there, and goes on saying so", async (t) => {
    const { result } = await inChromium(t, ".wasm");
    const notReady = [true, "not_ready"];
    assert.deepEqual(result, { early: notReady, late: notReady, fetched: "not_ready", failure: notReady.toReversed() });
  });

  test("works on workerd by its name", async (t) => {
    const config = join(folder, "wrangler.json");
    writeFileSync(config, JSON.stringify({ name: "user", main: "worker.js", compatibility_date: "2026-10-01" }));
    mkdirSync(join(folder, "tmp"));
    const env = { TMPDIR: join(folder, "tmp"), WRANGLER_REGISTRY_PATH: join(folder, "registry") };
    const server = serveWorker({ port: await freePort(), state: join(folder, "state"), env, words: ["--config", config] });
    t.after(() => end(server.child));
    await untilReady(server);
    assert.deepEqual(await (await fetch(server.origin)).json().catch(() => server.log()), used);
  });
});
