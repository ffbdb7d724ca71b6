// A start in Chromium: a page of a new profile, whose caches are empty; everybody bundled and minified.
//
// Owns: the bundles, their server, and the pages. Never does: count how long a page takes to be there.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, extname, join } from "node:path";
import { build } from "esbuild";
import { chromium as launcher } from "playwright-core";
import { findChromium, readyChromium } from "../../../scripts/steps/chromium.mjs";
import { at } from "../../../scripts/steps/places.mjs";
import { flags } from "../../../tests/harness/browser.mjs";

const types = { ".js": "text/javascript", ".wasm": "application/wasm" };
const cedar = at("benches", "check", "node_modules", "@cedar-policy", "cedar-wasm", "web", "cedar_wasm_bg.wasm");

const bundle = ({ file }, folder) => build({
  ...{ entryPoints: [file], outdir: join(folder, "bundles"), bundle: true, minify: true, splitting: true, format: "esm" },
  ...{ platform: "browser", target: "esnext", conditions: ["browser"], logLevel: "silent" },
});

/** What lies there, the bundles at the root; isolated, so that the page's clock is fine. */
function serve({ folder, target }) {
  const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const places = [(url) => join(folder, "bundles", url), (url) => join(target, url), (url) => url === `/${basename(cedar)}` && cedar];
  const file = (url) => places.map((place) => place(url)).map((path) => { try { return readFileSync(path); } catch { return undefined; } }).find(Boolean);
  const server = createServer(({ url }, response) => {
    const found = url === "/" ? "<!doctype html><title>start</title>" : types[extname(url)] && file(url);
    if (!found) response.writeHead(404).end();
    else response.writeHead(200, { ...isolated, "content-type": types[extname(url)] ?? "text/html" }).end(found);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** Runs in the page. */
async function timed([file, world]) {
  const before = performance.now();
  const { first } = await import(file);
  const answer = await first(world);
  return { answer, took: performance.now() - before };
}

async function start({ browser, origin, bundles }, { file }, world) {
  await bundles.get(file);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(origin);
    return await page.evaluate(timed, [`/${basename(file).replace(".mjs", ".js")}`, world]);
  } finally {
    await context.close();
  }
}

async function open(project, starters) {
  await readyChromium();
  const bundles = new Map(starters.map((each) => [each.file, bundle(each, project.folder)]));
  // Who cannot be bundled is missing when asked for.
  await Promise.allSettled(bundles.values());
  const server = await serve(project);
  const browser = await launcher.launch({ executablePath: findChromium(), headless: true, args: flags });
  const ready = { browser, bundles, origin: `http://127.0.0.1:${server.address().port}/` };
  return {
    runtime: `Chromium ${browser.version()}`,
    start: (...asked) => start(ready, ...asked),
    close: async () => { await browser.close(); server.close(); },
  };
}

export const chromium = { kind: "browser", open };
