// A workerd of its own for a contender: miniflare's D1 and KV, and a socket for each Worker that leads straight to it.
//
// Owns: starting it, its process id, its folder, and its end. Never does: know what the Workers answer, or put
// miniflare's own entry Worker between the load and a contender.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { at } from "../../scripts/steps/places.mjs";
import { Failure } from "../../scripts/steps/report.mjs";

/** The miniflare that wrangler brings along, and so the workerd that the project pins. */
const require = createRequire(at("node_modules", "wrangler", "package.json"));
const { Miniflare, NoOpLog, convertV4MiniflareOptions = (options) => options } = require("miniflare");

/** miniflare, and the workerd that it starts. */
export const versions = () => {
  const own = createRequire(require.resolve("miniflare"));
  return { miniflare: require("miniflare/package.json").version, workerd: own("workerd/package.json").version };
};

export const compatibilityDate = /compatibility_date = "([^"]+)"/.exec(readFileSync(at("wrangler.toml"), "utf8"))[1];
const patience = 60_000;
const remembered = 40;

/** `[pid, name, parent]` of every process. */
function processes() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const [, name, rest] = /^\d+ \((.*)\) \S (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
      return [{ pid: Number(pid), name, parent: Number(rest.split(" ")[0]) }];
    } catch {
      return [];
    }
  });
}

const ours = () => processes().filter(({ name, parent }) => name === "workerd" && parent === process.pid).map(({ pid }) => pid);

const worker = ({ name, modules, flags = [], ...rest }) => ({
  ...{ name, modules, modulesRoot: "/", compatibilityDate, compatibilityFlags: flags },
  ...{ unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }], ...rest },
});

function options(workers, folder, said) {
  return convertV4MiniflareOptions({
    ...{ host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, log: new NoOpLog() },
    ...{ resourcePersistencePath: folder, workers: workers.map(worker) },
    handleStructuredLogs: ({ message }) => said.push(message) > remembered && said.shift(),
  });
}

const late = () => new Promise((_, reject) => setTimeout(reject, patience, new Error(`it was not ready within ${patience / 1000} s`)).unref());

/**
 * Starts a workerd with these Workers (`{name, modules, d1Databases, …}`, as miniflare takes them).
 *
 * @returns `{pid, port(worker), log(), stop()}`
 */
export async function serve(workers, folder) {
  const said = [];
  const before = new Set(ours());
  const miniflare = new Miniflare(options(workers, folder, said));
  const log = () => said.join("\n");
  try {
    await Promise.race([miniflare.ready, late()]);
    const ports = new Map();
    for (const { name } of workers) ports.set(name, Number((await miniflare.unsafeGetDirectURL(name)).port));
    const pid = ours().find((each) => !before.has(each));
    return { pid, port: (name) => ports.get(name), log, stop: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose().catch(() => {});
    throw new Failure(`workerd did not start \`${workers[0].name}\`: ${error.message}`, "see what it says above, then run the command again", log());
  }
}
