// The measurement on workerd, as wrangler bundles and runs it.
//
// Owns: the Worker, and its clock, which stands still but while it waits. Never does: measure.

import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../../scripts/steps/places.mjs";
import { end } from "../../../scripts/steps/processes.mjs";
import { freePort, serve, untilReady } from "../../../scripts/steps/wrangler.mjs";

const code = (contestants, runtime) => `
  import * as guildhall from "guildhall";
  import { portable } from ${JSON.stringify(contestants)};
  import { coarsely, compete } from ${JSON.stringify(runtime)};
  const now = async () => { await scheduler.wait(0); return Date.now(); };
  export default { async fetch(request) {
    if (request.method === "GET") return new Response("ready");
    const world = await request.json();
    try {
      return Response.json(await compete(await portable(world, guildhall), world, { ...coarsely, now }));
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  } };`;

function settle(folder) {
  writeFileSync(join(folder, "worker.js"), code(at("benches", "check", "contestants", "portable.mjs"), at("benches", "check", "runtimes", "runtime.mjs")));
  writeFileSync(join(folder, "wrangler.json"), JSON.stringify({ name: "bench", main: "worker.js", compatibility_date: "2026-10-01" }));
  mkdirSync(join(folder, "tmp"), { recursive: true });
  return { TMPDIR: join(folder, "tmp"), WRANGLER_REGISTRY_PATH: join(folder, "registry") };
}

const version = () => JSON.parse(readFileSync(at("node_modules", "workerd", "package.json"), "utf8")).version;

export async function onWorkerd({ folder, world }) {
  const env = settle(folder);
  const server = serve({ port: await freePort(), state: join(folder, "state"), env, words: ["--config", join(folder, "wrangler.json")] });
  try {
    await untilReady(server);
    const response = await fetch(server.origin, { method: "POST", body: JSON.stringify(world) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${text}\n${server.log()}`);
    return { runtime: `workerd ${version()}`, missing: [], ...JSON.parse(text) };
  } finally {
    await end(server.child);
  }
}
