// The packed package in the runtimes that are not Node: Chromium, from static files under a strict
// policy, and workerd, as wrangler bundles it.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readyChromium } from "../../scripts/steps/chromium.mjs";
import { at } from "../../scripts/steps/places.mjs";
import { end } from "../../scripts/steps/processes.mjs";
import { freePort, serve as serveWorker, untilReady } from "../../scripts/steps/wrangler.mjs";
import { openPage } from "../harness/browser.mjs";
import { installed } from "./support/installed.mjs";
import { serveFiles } from "./support/served.mjs";

/** What a user does with both entries; the same file in every runtime. */
const use = `
  import { corpus } from "./corpus.js";
  /** Those of the corpus that do not come to what is expected. */
  async function surprising({ verifyPass }) {
    const { jwks, tokens, expectations: { now, ...expected } } = corpus;
    const outcome = ({ token, jwks: own = jwks }) => verifyPass(token, { jwks: own, ...expected, now: now * 1000 }).then(() => "ok", (error) => error.code);
    const all = await Promise.all(tokens.map(async (each) => [each.name, await outcome(each), each.expect]));
    return [all.length, ...all.filter(([, came, expect]) => came !== expect)];
  }
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
    return { slug: core.suggestSlug("Foo Fighters"), outcome, roles, refused: refusal(core), byCookie: byCookie.status, surprising: await surprising(core) };
  }
  export function refusal({ parseSlug, GuildhallError }) {
    try { parseSlug("admin"); } catch (error) { return [error instanceof Error && error instanceof GuildhallError, error.code]; }
  }`;
const corpus = JSON.parse(readFileSync(at("tests", "fixtures", "malicious-tokens.json"), "utf8"));
const signatures = readFileSync(at("tests", "fixtures", "upstream-signatures.json"), "utf8");
/** What Ed25519 is called, and keys that check no signature. */
const pairs = corpus.tokens.filter(({ jwks }) => jwks);
const used = { slug: "foo-fighters", outcome: "resolved", roles: ["owner"], refused: [true, "slug_reserved"], byCookie: 200, surprising: [pairs.length] };

const worker = `
  import * as core from "guildhall";
  import * as directory from "guildhall/directory";
  import { signPrincipal } from "guildhall/upstream";
  import { use } from "./use.js";
  const { keys, origin, vectors } = ${signatures};
  async function unlike({ method, url, headers, body, principal, key, timestamp, nonce, header }) {
    const request = new Request(url, { method, headers, body: body || undefined });
    const signed = await signPrincipal(request, principal, { id: key, secret: keys[key], origin, now: timestamp * 1000, nonce });
    return signed.headers.get("guildhall-principal") !== header || (await signed.text()) !== body;
  }
  await core.ready;
  export default {
    async fetch() {
      const wrong = await Promise.all(vectors.map(unlike));
      return Response.json({ ...(await use(core, directory)), wrong: vectors.filter((_, at) => wrong[at]).map(({ title }) => title) });
    },
  };`;

/** Bound to itself: it answers for the installation too. The token is a good pass of somebody else's. */
const binder = (token, jwks) => `
  import { createClient } from "guildhall/client";
  import { verifyPass } from "guildhall/pass";
  const code = ({ code }) => code;
  const health = (options) => createClient(options).installation.health().then(({ status }) => status, code);
  const keys = (fetch) => verifyPass("${token}", { jwks: "https://guildhall.example/jwks", fetch }).catch(code);
  export default {
    async fetch(request, { GUILDHALL: bound }) {
      const { pathname } = new URL(request.url);
      if (pathname === "/healthz") return Response.json({ status: "ok" });
      if (pathname === "/jwks") return Response.json(${JSON.stringify(jwks)});
      const taken = [await health(bound), await health({ fetch: bound }), await health({ fetch: (url, init) => bound.fetch(url, init) }), await keys(bound)];
      return Response.json({ taken, detached: [await health({ fetch: bound.fetch, retries: 0 }), await keys(bound.fetch)] });
    },
  };`;

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
  let project;

  before(async () => {
    ({ folder } = project = await installed({ after: (end) => ends.push(end) }));
    for (const [name, text] of Object.entries({ "corpus.js": `export const corpus = ${JSON.stringify({ ...corpus, tokens: pairs })};`, "use.js": use, "page.js": page, "worker.js": worker })) writeFileSync(join(folder, name), text);
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

  async function onWorkerd(t, main, more) {
    const config = join(folder, "wrangler.json");
    writeFileSync(config, JSON.stringify({ name: "user", main, compatibility_date: "2026-10-01", ...more }));
    mkdirSync(join(folder, "tmp"), { recursive: true });
    const env = { TMPDIR: join(folder, "tmp"), WRANGLER_REGISTRY_PATH: join(folder, "registry") };
    const server = serveWorker({ port: await freePort(), state: join(folder, "state"), env, words: ["--config", config] });
    t.after(() => end(server.child));
    await untilReady(server);
    return (await fetch(server.origin)).json().catch(() => server.log());
  }

  test("works on workerd by its name, and signs each vector for upstreams there", async (t) => assert.deepEqual(await onWorkerd(t, "worker.js"), { ...used, wrong: [] }));

  test("asks through a service binding on workerd, whose method works on itself only", async (t) => {
    const [{ token }] = corpus.tokens.filter(({ name }) => name === "a good pass");
    const { Directory } = await project.import("directory/node.js");
    const jwks = await (await new Directory().fetch("/.well-known/jwks.json")).json();
    writeFileSync(join(folder, "binder.js"), binder(token, jwks));
    const answer = await onWorkerd(t, "binder.js", { services: [{ binding: "GUILDHALL", service: "user" }] });
    assert.deepEqual(answer, { taken: ["ok", "ok", "ok", "pass_unknown_key"], detached: ["unavailable", "unavailable"] });
  });
});
