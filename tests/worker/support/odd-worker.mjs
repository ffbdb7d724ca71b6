// A Worker whose configuration is not the one in `wrangler.toml`: something is missing, or more is bound.
//
// Owns: the configuration written for it, its copy of the build, its state, its process.
// Never does: change `wrangler.toml` or the state of another Worker.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { migratedState } from "../../harness/worker.mjs";
import { build } from "../../../scripts/steps/places.mjs";
import { end } from "../../../scripts/steps/processes.mjs";
import { fireCron, freePort, serve, untilReady } from "../../../scripts/steps/wrangler.mjs";

/** Settings under which everything works; secrets are apart, because wrangler prints the others. */
const settings = { AUTH: '[{"type":"dev"}]' };
const secrets = { SECRET_KEY: "0123456789abcdef0123456789abcdef" };

const database = { binding: "DB", database_name: "guildhall", database_id: "00000000-0000-0000-0000-000000000000" };
const hints = { binding: "HINTS", id: "00000000000000000000000000000000" };

const everything = { d1_databases: [database], kv_namespaces: [hints] };

const lines = (values) => Object.entries(values).map(([name, value]) => `${name}="${value}"\n`).join("");

function writeConfig(folder, name, config) {
  const path = join(folder, `${name}.json`);
  const whole = { name, compatibility_date: "2026-10-01", ...config };
  writeFileSync(path, JSON.stringify(whole));
  return ["--config", path];
}

/**
 * The built Worker inside another one, which may put a binding of its own into its place. A request with `x-test-address` comes from that
 * network address, because the platform would write over `cf-connecting-ip`; an empty one comes from none.
 */
const wrapped = (bindings) => `
  import Built from "./index.js";
  const from = (request) => {
    const address = request.headers.get("x-test-address");
    if (address === null) return request;
    const headers = new Headers(request.headers);
    headers.delete("x-test-address");
    headers.delete("cf-connecting-ip");
    if (address) headers.set("cf-connecting-ip", address);
    return new Request(request, { headers });
  };
  const replacements = (env) => { ${bindings} };
  let replaced;
  const inner = (env, context) => new Built(context, { ...env, ...(replaced ??= replacements(env)) });
  export default {
    fetch: (request, env, context) => inner(env, context).fetch(from(request)),
    scheduled: (event, env, context) => inner(env, context).scheduled(event),
  };`;

/** Another Worker beside it: JavaScript as text. */
function writeNeighbour(folder, [name, source]) {
  writeFileSync(join(folder, `${name}.mjs`), source);
  return writeConfig(folder, name, { main: join(folder, `${name}.mjs`) });
}

async function prepareFolder(migrated, given) {
  const made = migrated && await migratedState();
  const folder = mkdtempSync(join(tmpdir(), "guildhall-odd-"));
  for (const name of ["index.js", "index_bg.wasm"]) cpSync(join(build, name), join(folder, name));
  const state = join(folder, "state");
  if (made) cpSync(made, state, { recursive: true });
  writeFileSync(join(folder, "secrets"), lines(given));
  mkdirSync(join(folder, "tmp"));
  return { folder, state };
}

/** The file of the one database in a state folder. */
export function databaseFile(state) {
  const folder = join(state, "v3", "d1", "miniflare-D1DatabaseObject");
  return join(folder, readdirSync(folder).find((file) => file.endsWith(".sqlite") && file !== "metadata.sqlite"));
}

function query(state, sql, values) {
  const file = new DatabaseSync(databaseFile(state), { timeout: 5_000 });
  try {
    return file.prepare(sql).all(...values);
  } finally {
    file.close();
  }
}

/** Waits until the log, which is written beside the answers, says something. */
export async function untilSaid(worker, pattern) {
  for (let attempt = 0; attempt < 200 && !pattern.test(worker.log()); attempt += 1) await pause(25);
  assert.match(worker.log(), pattern);
}

/**
 * Starts the built Worker under a configuration of one's own.
 *
 * @param {{config?: object, vars?: object, secrets?: object, bindings?: string, neighbours?: object, migrated?: boolean, runtime?: string}} options
 *   `config` replaces whole sections of a configuration in which nothing is missing, `vars` are more
 *   settings, `bindings` is the body of a JavaScript function of `env` that gives bindings to put in
 *   the place of the real ones, `neighbours` are other Workers by name, `runtime` is another wrangler's package
 */
export async function startOddWorker({ config = {}, vars = {}, secrets: given = secrets, bindings = "", neighbours = {}, migrated = true, runtime }) {
  const { folder, state } = await prepareFolder(migrated, given);
  writeFileSync(join(folder, "main.mjs"), wrapped(bindings));
  const words = [
    ...writeConfig(folder, "guildhall", { main: join(folder, bindings ? "main.mjs" : "index.js"), ...everything, vars: { ...settings, ...vars }, ...config }),
    "--env-file", join(folder, "secrets"),
    ...Object.entries(neighbours).flatMap((neighbour) => writeNeighbour(folder, neighbour)),
  ];
  const env = { TMPDIR: join(folder, "tmp"), WRANGLER_REGISTRY_PATH: join(folder, "registry") };
  const server = serve({ port: await freePort(), state, env, words, runtime });
  const stop = async () => {
    await end(server.child);
    rmSync(folder, { recursive: true, force: true });
  };
  await untilReady(server).catch(async (error) => { await stop(); throw error; });
  const d1 = (sql, ...values) => query(state, sql, values);
  return { origin: server.origin, log: server.log, cron: () => fireCron(server.origin), d1, stop };
}
