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
import { fireCron, isFree, migrate, serve, untilReady } from "./steps/wrangler.mjs";

const defaultPort = 8787;
const cronEvery = 60_000;

function wantedPort() {
  const port = Number(process.env.PORT || defaultPort);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Failure(`PORT is \`${process.env.PORT}\`, which is no port number`, `PORT=${defaultPort} npm start`);
}

async function checkPort(port) {
  if (await isFree(port)) return;
  throw new Failure(`port ${port} is taken: another program (perhaps an earlier \`npm start\`) listens there`, `end that program, or use another port: PORT=${port + 1} npm start`);
}

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

const welcome = (origin) => `
  Guildhall is up: ${origin}

  Try first
    the console       open ${origin}/ in a browser
    demo data         npm run demo
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
  const port = wantedPort();
  await checkPort(port);
  await prepare();
  claimState();
  await bringUpToDate();
  await checkPort(port);
  const server = await step("starting the Worker", () => bringUp(port));
  keepCron(server.origin);
  console.log(welcome(server.origin));
  showLog(server);
  const code = await new Promise((resolve) => server.child.once("exit", resolve));
  if (!stopping) throw new Failure(`wrangler ended by itself (code ${code})`, "npm start", server.log().slice(-2000));
});
