// A Worker of one's own for a test: the built one, on a free port, with a fresh database.
//
// Owns: its copy of the build, its state folder, its processes, and their end.
// Never does: build (`npm test` or `npm run build` does), or touch the data of `npm start`.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fingerprint } from "../../scripts/steps/fingerprint.mjs";
import { at, build } from "../../scripts/steps/places.mjs";
import { end, kill, stopOnSignals } from "../../scripts/steps/processes.mjs";
import { fireCron, freePort, migrate, serve, untilReady } from "../../scripts/steps/wrangler.mjs";

const attempts = 3;

/** The secret of every test Worker. */
export const secretKey = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const secrets = `SECRET_KEY="${secretKey}"\n`;

stopOnSignals();

/** A state folder with all migrations applied, made once per set of migrations and copied for each test. */
export async function migratedState() {
  const folder = join(build, "test-state", fingerprint([at("migrations")]).slice(0, 16));
  if (!existsSync(folder)) {
    const draft = `${folder}-${process.pid}`;
    await migrate(draft);
    if (existsSync(folder)) rmSync(draft, { recursive: true });
    else renameSync(draft, folder);
  }
  return folder;
}

const adjusting = "/dev/settings-of-the-test";

/**
 * The built Worker behind a way to give it other settings: starting it anew for each takes three seconds. It reads
 * its settings from the environment with every request, and one isolate serves them all here.
 */
const adjustable = `
  import Built from "./index.js";
  let settings = {};
  const built = (env, context) => new Built(context, { ...env, ...settings });
  export default {
    async fetch(request, env, context) {
      if (new URL(request.url).pathname !== "${adjusting}") return built(env, context).fetch(request);
      settings = await request.json();
      return new Response(null, { status: 204 });
    },
    scheduled: (event, env, context) => built(env, context).scheduled(event),
  };`;

/** What wrangler reads, copied: a build that goes on beside a test does not reload its Worker. */
function copyBuild(folder) {
  for (const name of ["index.js", "index_bg.wasm", "assets"]) cpSync(join(build, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, "adjustable.mjs"), adjustable);
  writeFileSync(join(folder, "secrets"), secrets);
  mkdirSync(join(folder, "tmp"));
}

const databaseFile = (state) => {
  const folder = join(state, "v3", "d1", "miniflare-D1DatabaseObject");
  const name = existsSync(folder) && readdirSync(folder).find((file) => file.endsWith(".sqlite") && file !== "metadata.sqlite");
  if (!name) throw new Error("the Worker has no database yet: are there migrations?");
  return join(folder, name);
};

/** Races invite the same address more often on one day than an operator would let anybody. */
const roomy = {
  INVITATIONS_PENDING: "100000",
  INVITATIONS_PER_DAY: "100000",
  INVITATIONS_PER_INVITER_AND_DAY: "100000",
  INVITATIONS_PER_RECIPIENT_AND_DAY: "100000",
};

/** A running Worker. Made by `startWorker`. */
class TestWorker {
  #folder;
  #options;
  #server;

  constructor(folder, state, options) {
    this.#folder = folder;
    this.#options = options;
    this.state = state;
  }

  async start(port) {
    const main = this.#options.adjustable ? "adjustable.mjs" : "index.js";
    const words = [join(this.#folder, main), "--config", at("wrangler.toml"), "--assets", join(this.#folder, "assets"), "--env-file", join(this.#folder, "secrets")];
    if (this.#options.testScheduled) words.push("--test-scheduled");
    const env = { TMPDIR: join(this.#folder, "tmp"), WRANGLER_REGISTRY_PATH: join(this.#folder, "registry"), WRANGLER_CI_DISABLE_CONFIG_WATCHING: "true" };
    this.#server = serve({ port, state: this.state, vars: { ...roomy, ...this.#options.vars }, env, words, runtime: this.#options.runtime });
    this.port = port;
    this.origin = this.#server.origin;
    await untilReady(this.#server);
    return this;
  }

  /** Everything that wrangler and the Worker have printed since the last start. */
  log() {
    return this.#server.log();
  }

  /** Puts settings over those it was started with, in place of what was put there before; it was started `adjustable`. */
  async adjust(settings) {
    const { status } = await fetch(this.origin + adjusting, { method: "PUT", body: JSON.stringify(settings) });
    if (status !== 204) throw new Error(`the Worker took no settings: ${status}`);
  }

  /** Runs the Worker's cron handler once, and waits for its end. */
  async cron() {
    const response = await fireCron(this.origin);
    return { status: response.status, outcome: await response.text() };
  }

  /** Runs one statement on the Worker's database file, beside the Worker; answers its rows. */
  d1(sql, ...values) {
    const database = new DatabaseSync(databaseFile(this.state), { timeout: 5_000 });
    try {
      return database.prepare(sql).all(...values);
    } finally {
      database.close();
    }
  }

  /** Kills every process of the Worker at once, as a power cut would. The state stays. */
  async kill9() {
    const gone = new Promise((resolve) => this.#server.child.once("exit", resolve));
    kill(this.#server.child);
    await gone;
  }

  /** Starts again on the same port and the same state, ending what still runs. */
  async restart() {
    await end(this.#server.child);
    return this.start(this.port);
  }

  /** Ends the Worker and removes what was made for it. */
  async stop() {
    await end(this.#server.child);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function startOnFreePort(worker) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await worker.start(await freePort());
    } catch (error) {
      await worker.kill9().catch(() => {});
      if (attempt === attempts || !/address already in use|EADDRINUSE/i.test(error.message)) throw error;
    }
  }
}

/**
 * Starts the built Worker and waits until it answers.
 *
 * @param {{vars?: Record<string, string>, persistTo?: string, testScheduled?: boolean, adjustable?: boolean, runtime?: string}} [options]
 *   `vars` override `wrangler.toml`; `persistTo` names a state folder to use and to keep, which is
 *   migrated if it does not exist; `testScheduled` adds wrangler's own `/__scheduled`; `adjustable` lets `adjust`
 *   change its settings while it runs; `runtime` is the npm package of another wrangler than the pinned one
 */
export async function startWorker(options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "guildhall-worker-"));
  const state = options.persistTo ?? join(folder, "state");
  if (!existsSync(state)) cpSync(await migratedState(), state, { recursive: true });
  copyBuild(folder);
  return startOnFreePort(new TestWorker(folder, state, options));
}
