// `npm start`: from whatever is there to a Worker that answers on http://127.0.0.1:8787.
//
// Owns: the order check port, prepare, migrate, serve; the local stand-in for the cron; goodbye.
// Never does: reset the state (it stays in `build/state`), or listen beyond this machine.

import { join } from "node:path";
import { fingerprint, isStale, make } from "./steps/fingerprint.mjs";
import { take } from "./steps/lock.mjs";
import { at, state } from "./steps/places.mjs";
import { prepare } from "./steps/prepare.mjs";
import { stopOnSignals } from "./steps/processes.mjs";
import { command, Failure, say, step } from "./steps/report.mjs";
import { announce } from "./steps/serving.mjs";
import { askedPort, checkPort, failedChecks, fireCron, migrate, serve, untilReady } from "./steps/wrangler.mjs";

const again = "npm start";
const defaultPort = 8787;
const cronEvery = 60_000;

function claimState() {
  const { heldBy } = take(join(state, "in-use"));
  if (heldBy !== undefined) throw new Failure(`another \`npm start\` (process ${heldBy}) is using this folder's data`, `use that one, or end it first: kill ${heldBy}`);
}

async function bringUpToDate() {
  const part = { name: "migrations", hash: fingerprint([at("migrations")]), outputs: [join(state, "v3", "d1")] };
  if (isStale(part)) await step("applying the migrations to the local database", () => make(part, () => migrate(state)));
}

async function bringUp(port) {
  const server = serve({ port, state });
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
  await checkPort(port, again);
  await prepare();
  claimState();
  await bringUpToDate();
  await checkPort(port, again);
  const server = await step("starting the Worker", () => bringUp(port));
  announce(server.origin);
  keepCron(server.origin);
  console.log(welcome(server.origin, port));
  showLog(server);
  const code = await new Promise((resolve) => server.child.once("exit", resolve));
  if (!stopping) throw new Failure(`wrangler ended by itself (code ${code})`, "npm start", server.log().slice(-2000));
});
