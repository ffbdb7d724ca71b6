// The measurement in headless Chromium, bundled as an application would be.
//
// Owns: the bundle, its server and the page. Never does: measure.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { build } from "esbuild";
import { readyChromium } from "../../../scripts/steps/chromium.mjs";
import { at } from "../../../scripts/steps/places.mjs";
import { openPage } from "../../../tests/harness/browser.mjs";

const code = `
  import * as guildhall from "guildhall";
  import { portable } from "./contestants/portable.mjs";
  import { compete, finely } from "./runtimes/runtime.mjs";
  globalThis.measure = async (world) => {
    await guildhall.ready;
    return compete(await portable(world, guildhall), world, { ...finely, now: () => performance.now() });
  };`;

const bundle = ({ target, folder }) => build({
  stdin: { contents: code, resolveDir: at("benches", "check") },
  alias: { guildhall: join(target, "browser.js") },
  bundle: true, format: "esm", platform: "browser", target: "esnext", logLevel: "error",
  outfile: join(folder, "page.js"),
});

/** Alone in its process, a page's clock moves by 5 µs and not by 100, which is as long as a sample. */
const alone = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const types = { ".js": "text/javascript", ".wasm": "application/wasm" };

/** The bundle, and next to it the package's WebAssembly. */
function serve({ target, folder }) {
  const file = (path) => readFileSync(path === "/page.js" ? join(folder, "page.js") : join(target, path));
  const server = createServer(({ url }, response) => {
    if (url === "/") response.writeHead(200, { "content-type": "text/html", ...alone }).end('<!doctype html><script type="module" src="/page.js"></script>');
    else if (url in types || !types[extname(url)]) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": types[extname(url)] }).end(file(url));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

export async function onChromium(project) {
  await readyChromium();
  await bundle(project);
  const server = await serve(project);
  const { page, close } = await openPage();
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}`);
    await page.waitForFunction(() => globalThis.measure);
    const result = await page.evaluate((world) => globalThis.measure(world), project.world);
    return { runtime: `Chromium ${page.context().browser().version()}`, missing: [], ...result };
  } finally {
    await close();
    server.close();
  }
}
