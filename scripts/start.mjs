// `npm start`: from whatever is there to a Worker that answers on http://127.0.0.1:8787.
//
// Owns: the order clear what was left behind, check port, prepare, migrate, serve; the local stand-in for the cron; goodbye.
// Never does: reset the state (it stays in `build/state`), or listen beyond this machine.

import { join } from "node:path";
import { fingerprint, isStale, make } from "./steps/fingerprint.mjs";
import { holder, leftBehind, take } from "./steps/lock.mjs";
import { at, state } from "./steps/places.mjs";
import { prepare } from "./steps/prepare.mjs";
import { endOthers, kill, stopOnSignals } from "./steps/processes.mjs";
import { command, Failure, say, step } from "./steps/report.mjs";
import { announce, served } from "./steps/serving.mjs";
import { askedPort, checkPort, failedChecks, fireCron, host, isFree, migrate, serve, untilReady } from "./steps/wrangler.mjs";

const again = "npm start";
const defaultPort = 8787;
const cronEvery = 60_000;

const lockFile = join(state, "in-use");

/** An `npm start` that was killed (`kill -9`) could not end its Worker: that one still listens, and writes into the same data. */
async function endLeftBehind() {
  const processes = leftBehind(lockFile);
  if (processes.length === 0) return;
  await step(`ending what an earlier \`npm start\` left running (process ${processes.join(", ")})`, () => endOthers(() => leftBehind(lockFile)));
}

/** A taken port is named; where it is this folder's own server that listens, so is its process. */
async function requirePort(port) {
  const own = served() === `http://${host}:${port}` && holder(lockFile);
  if (own && !(await isFree(port))) throw new Failure(`this folder's \`npm start\` (process ${own}) serves on port ${port} already`, `use that one, or end it first: kill ${own}`);
  await checkPort(port, again);
}

function claimState() {
  const lock = take(lockFile);
  if (lock.release) return lock;
  throw new Failure(`another \`npm start\` (process ${lock.heldBy}) is using this folder's data`, `use that one, or end it first: kill ${lock.heldBy}`);
}

async function bringUpToDate() {
  const part = { name: "migrations", hash: fingerprint([at("migrations")]), outputs: [join(state, "v3", "d1")] };
  if (isStale(part)) await step("applying the migrations to the local database", () => make(part, () => migrate(state)));
}

async function bringUp(port, lock) {
  const server = serve({ port, state });
  lock.names(server.child.pid);
  try {
    await untilReady(server);
  } catch (error) {
    throw new Failure("the Worker did not start", "mend what wrangler says above, then `npm start` again", server.log() || error.message);
  }
  const failed = await failedChecks(server);
  if (failed.length > 0) {
    const named = failed.map(({ code, setting }) => `${setting} (${code})`).join(", ");
    throw new Failure(`the Worker cannot work with its settings: ${named}`, "mend them in wrangler.toml or .dev.vars, then `npm start` again", server.log());
  }
  return server;
}

/** Cloudflare fires crons, wrangler does not: mails and webhooks would never leave the outbox here. */
function keepCron(origin) {
  setInterval(() => fireCron(origin).then((response) => response.arrayBuffer(), () => {}), cronEvery).unref();
}

function showLog({ child }) {
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => process.stdout.write(text.replaceAll("[wrangler:info] ", "")));
  }
}

const welcome = (origin, port) => `
  Guildhall is up: ${origin}

  Try first
    the console       open ${origin}/ in a browser
    demo data         ${port === defaultPort ? "" : `PORT=${port} `}npm run demo
    sign in           curl -s -X POST ${origin}/dev/session -H 'Content-Type: application/json' \\
                        -d '{"userId":"ada","email":"ada@example.com"}'

  Ctrl-C stops it. What you store stays in build/state. Requests are listed below.
`;

let stopping = false;
stopOnSignals(() => {
  stopping = true;
  console.log("\n  stopping; what was stored is kept in build/state");
}, 0);
await command(async () => {
  const port = askedPort(again, defaultPort) ?? defaultPort;
  await endLeftBehind();
  await requirePort(port);
  await prepare();
  const lock = claimState();
  await bringUpToDate();
  await requirePort(port);
  const server = await step("starting the Worker", () => bringUp(port, lock));
  announce(server.origin);
  keepCron(server.origin);
  console.log(welcome(server.origin, port));
  showLog(server);
  const code = await new Promise((resolve) => server.child.once("exit", resolve));
  kill(server.child);
  if (!stopping) throw new Failure(`wrangler ended by itself (code ${code})`, "npm start", server.log().slice(-2000));
});
