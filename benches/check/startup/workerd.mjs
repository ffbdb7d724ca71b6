// A start on workerd: a process of its own, everybody bundled and minified, WebAssembly as modules.
//
// Owns: that process, and the clock beside it: workerd's own stands still. Modules are compiled before
// a Worker can be asked, so the time runs from the start of the process to the end of the first answer.

import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import workerdPackage from "workerd";
import { end, kill, start as spawn } from "../../../scripts/steps/processes.mjs";

const { default: binary, version } = workerdPackage;

const main = (file) => `
  import { first } from ${JSON.stringify(file)};
  export default { fetch: async (request) => {
    const world = await request.json();
    return first(world).then((answer) => Response.json({ answer }), (error) => new Response(String(error), { status: 500 }));
  } };`;

/** A module as workerd's configuration names it. */
const module_ = ({ path }) => `(name = "${basename(path)}", ${path.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${basename(path)}")`;

const config = (modules) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${modules.map(module_).join(", ")}], compatibilityDate = "2026-10-01", compatibilityFlags = ["nodejs_compat"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);`;

/** The bundle of one starter in a folder of its own; answers its configuration. */
async function bundle({ file }, folder) {
  const outdir = join(folder, "workerd", basename(file, ".mjs"));
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build({
    ...{ stdin: { contents: main(file), resolveDir: folder }, outfile: join(outdir, "main.js"), absWorkingDir: folder },
    ...{ bundle: true, minify: true, format: "esm", target: "esnext", conditions: ["workerd", "worker"], metafile: true, logLevel: "silent" },
    ...{ external: ["node:*"], alias: { fs: "node:fs" }, loader: { ".wasm": "copy" }, assetNames: "[name]" },
  });
  const modules = Object.keys(metafile.outputs).map((path) => ({ path: join(folder, path) })).sort(({ path }) => (path.endsWith("main.js") ? -1 : 1));
  const written = join(outdir, "config.capnp");
  writeFileSync(written, config(modules));
  return written;
}

/** The port, as soon as workerd says on its third channel that it listens. */
async function listening(child) {
  for await (const line of createInterface(child.stdio[3])) {
    const { event, port } = JSON.parse(line);
    if (event === "listen") return port;
  }
  throw new Error("it ended");
}

/** One request on one connection. */
const ask = (port, world) => new Promise((resolve, reject) => {
  const sent = request({ host: "127.0.0.1", port, method: "POST", agent: false }, async (response) => resolve({ status: response.statusCode, said: await text(response) }));
  sent.once("error", reject).end(JSON.stringify(world));
});

async function start(configs, { file }, world) {
  const config = await configs.get(file);
  const before = performance.now();
  const child = spawn(binary, ["serve", config, "--control-fd=3"], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const errors = text(child.stderr);
  try {
    const { status, said } = await ask(await listening(child), world);
    const took = performance.now() - before;
    if (status !== 200) throw new Error(said);
    return { answer: JSON.parse(said).answer, took };
  } catch (error) {
    kill(child);
    const line = (await errors).split("\n").find((each) => /error/i.test(each));
    throw line ? new Error(line, { cause: error }) : error;
  } finally {
    await end(child, 0);
  }
}

async function open({ folder }, starters) {
  const configs = new Map(starters.map((each) => [each.file, bundle(each, folder)]));
  // Who cannot be bundled is missing when asked for.
  await Promise.allSettled(configs.values());
  return { runtime: `workerd ${version}`, start: (...asked) => start(configs, ...asked), close: () => {} };
}

/** The start of a process varies more than what is measured: it takes more of them. */
export const workerd = { kind: "workerd", open, often: 4 };
