// The local Worker: wrangler with its runtime, on a loopback address, without an account.
//
// Owns: how wrangler is called, and when the Worker behind it is ready.
// Never does: build anything, or listen on any other address than 127.0.0.1.

import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { at, build, logs, nodeBinary } from "./places.mjs";
import { capture, run, start } from "./processes.mjs";
import { Failure } from "./report.mjs";

export const host = "127.0.0.1";

const cli = (runtime) => at("node_modules", runtime, "wrangler-dist", "cli.js");
const patience = 90_000;
const pause = 25;

/** No question asked, no news fetched, nothing reported, nothing written outside the repository. */
const quiet = () => ({
  ...process.env,
  CI: "true",
  NO_COLOR: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NODE_COMPILE_CACHE: join(build, "node-cache"),
  WRANGLER_CACHE_DIR: join(build, "wrangler-cache"),
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(logs, "wrangler"),
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
  X_LOCAL_EXPLORER: "false",
  X_LOCAL_OBSERVABILITY: "false",
});

const command = (words, runtime = "wrangler") => ["--no-warnings", cli(runtime), ...words];

/** Runs wrangler to its end; answers its exit code and what it wrote. */
export const wrangler = (words) => capture(nodeBinary(), command(words), { env: quiet() });

/** Applies the migrations that a state folder has not seen yet. */
export async function migrate(state) {
  mkdirSync(state, { recursive: true });
  const words = ["d1", "migrations", "apply", "DB", "--local", "--persist-to", state];
  await run(nodeBinary(), command(words), { env: quiet(), log: "migrations", cure: "mend the migration named above, then run the command again" });
}

/** A port that nothing listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether this port can be listened on. */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Refuses a port on which something listens: its answers would be taken for the Worker's. */
export async function checkPort(port, again) {
  if (await isFree(port)) return;
  throw new Failure(`port ${port} is taken: another program (perhaps an earlier \`${again}\`) listens there`, `end that program, or use another port: PORT=${port + 1} ${again}`);
}

/** The port that `PORT` asks for, if it does. */
export function askedPort(again, usual) {
  if (!process.env.PORT) return undefined;
  const port = Number(process.env.PORT);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Failure(`PORT is \`${process.env.PORT}\`, which is no port number`, `PORT=${usual} ${again}`);
}

/**
 * Starts `wrangler dev`.
 *
 * @param {{port: number, state: string, vars?: Record<string, string>, env?: object, words?: string[], runtime?: string}} options
 *   `runtime` is the npm package of the wrangler to run, whose workerd is its own
 * @returns the child process, the Worker's origin, and `log()`: all that it has said
 */
export function serve({ port, state, vars = {}, env = {}, words = [], runtime }) {
  const origin = `http://${host}:${port}`;
  const all = { PUBLIC_ORIGIN: origin, ...vars };
  const given = Object.entries(all).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  const where = ["--local", "--ip", host, "--port", String(port), "--inspector-ip", host, "--inspector-port", "0", "--persist-to", state];
  const child = start(nodeBinary(), command(["dev", ...words, ...where, "--show-interactive-dev-session=false", ...given], runtime), { env: { ...quiet(), ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { said += text; });
  return { child, origin, log: () => said };
}

async function answers(url) {
  try {
    const response = await fetch(url, { redirect: "manual" });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Waits until the Worker answers; throws with what wrangler said if it ends before. */
export async function untilReady({ child, origin, log }) {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`wrangler ended before the Worker answered:\n${log()}`);
    if (await answers(`${origin}/healthz`)) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`the Worker did not answer within ${patience / 1000} s:\n${log()}`);
}

/** The checks of `/readyz` that fail: `[{ code, setting }]`; what is wrong with a value stands in the Worker's log. */
export async function failedChecks({ origin }) {
  const response = await fetch(`${origin}/readyz`);
  const { checks = [] } = await response.json();
  return checks;
}

/** Fires the Worker's cron handler once, as Cloudflare would every minute. */
export const fireCron = (origin) => fetch(`${origin}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
