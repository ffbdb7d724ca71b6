// The built Worker on workerd and D1, which says with each answer how many rows its statements read and wrote.
//
// Owns: the wrapper that counts, its folder, its process, and the database file beside it.
// Never does: change a statement or its result.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migratedState } from "../../tests/harness/worker.mjs";
import { build } from "../../scripts/steps/places.mjs";
import { end } from "../../scripts/steps/processes.mjs";
import { freePort, serve, untilReady } from "../../scripts/steps/wrangler.mjs";

const header = "x-rows";
const tick = "/counted/tick";

/** Counts until the answer is there; what goes on behind it (mails, hints) is waited for and not counted. */
const wrapper = `
  import Built from "./index.js";
  let counted;
  const count = (statements, results) => results.forEach(({ meta }, index) => {
    counted.statements += 1;
    counted.read += meta.rows_read;
    counted.written += meta.rows_written;
    if (meta.rows_read > 100) counted.large.push([meta.rows_read, statements[index].statement?.slice(0, 120)]);
  });
  const database = (real) => {
    const batch = async (statements) => {
      counted.trips += 1;
      const results = await real.batch(statements);
      count(statements, results);
      return results;
    };
    const get = (target, name) => {
      if (name === "batch") return batch;
      const value = Reflect.get(target, name);
      return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
    };
    return new Proxy(real, { get });
  };
  export default {
    async fetch(request, env, context) {
      const behind = [];
      const waiting = { waitUntil: (promise) => behind.push(promise), passThroughOnException: () => context.passThroughOnException() };
      counted = { trips: 0, statements: 0, read: 0, written: 0, large: [] };
      const built = new Built(waiting, { ...env, DB: database(env.DB) });
      const tick = () => built.scheduled({ cron: "* * * * *", scheduledTime: Date.now() }).then(() => new Response("{}"));
      const answer = await (new URL(request.url).pathname === "${tick}" ? tick() : built.fetch(request));
      const { status, headers } = answer;
      const told = new Headers(headers);
      told.set("${header}", JSON.stringify(counted));
      const text = await answer.text();
      await Promise.allSettled(behind);
      return new Response([204, 304].includes(status) ? null : text, { status, headers: told });
    },
  };`;

/** The file of the one database in a state folder. */
function databaseFile(state) {
  const folder = join(state, "v3", "d1", "miniflare-D1DatabaseObject");
  return join(folder, readdirSync(folder).find((file) => file.endsWith(".sqlite") && file !== "metadata.sqlite"));
}

function writeConfig(folder, vars) {
  writeFileSync(join(folder, "main.mjs"), wrapper);
  writeFileSync(join(folder, "secrets"), `SECRET_KEY="0123456789abcdef0123456789abcdef"\n`);
  mkdirSync(join(folder, "tmp"));
  const config = {
    name: "guildhall",
    main: join(folder, "main.mjs"),
    compatibility_date: "2026-10-01",
    d1_databases: [{ binding: "DB", database_name: "guildhall", database_id: "00000000-0000-0000-0000-000000000000" }],
    kv_namespaces: [{ binding: "HINTS", id: "00000000000000000000000000000000" }],
    vars: { AUTH: '[{"type":"dev"}]', ...vars },
  };
  writeFileSync(join(folder, "wrangler.json"), JSON.stringify(config));
}

/** A Worker that counts. Made by `startCounted`. */
class Counted {
  constructor(folder, state, server) {
    Object.assign(this, { folder, state, server, origin: server.origin });
  }

  /** One request, with its status, its body and `rows`: trips, statements, rows read and written. */
  async send(method, path, { token, body, headers = {} } = {}) {
    const all = { "content-type": "application/json", ...headers, ...(token && { authorization: `Bearer ${token}` }) };
    const ask = () => fetch(this.origin + path, { method, headers: all, body: body && JSON.stringify(body), redirect: "manual" });
    // While the rows are written nothing is sent, and the connection that was kept has been closed.
    const answer = await ask().catch(ask);
    const text = await answer.text();
    const parsed = /\/(problem\+)?json/.test(answer.headers.get("content-type") ?? "") && text ? JSON.parse(text) : undefined;
    return { status: answer.status, body: parsed, text, rows: JSON.parse(answer.headers.get(header)) };
  }

  /** The cron handler, once. */
  tick() {
    return this.send("POST", tick);
  }

  /** Runs SQL on the database's file, beside the Worker. */
  sql(work) {
    const database = new DatabaseSync(databaseFile(this.state), { timeout: 60_000 });
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  async stop() {
    await end(this.server.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts the built Worker with a counter around its database. */
export async function startCounted(vars = {}) {
  const made = await migratedState();
  const folder = mkdtempSync(join(tmpdir(), "guildhall-rows-"));
  const state = join(folder, "state");
  for (const name of ["index.js", "index_bg.wasm"]) cpSync(join(build, name), join(folder, name));
  cpSync(made, state, { recursive: true });
  writeConfig(folder, vars);
  const words = ["--config", join(folder, "wrangler.json"), "--env-file", join(folder, "secrets")];
  const env = { TMPDIR: join(folder, "tmp"), WRANGLER_REGISTRY_PATH: join(folder, "registry") };
  const server = serve({ port: await freePort(), state, env, words });
  await untilReady(server).catch(async (error) => { await end(server.child); throw error; });
  return new Counted(folder, state, server);
}
