// What the doctor can know without the database: the configuration, the secrets, the migrations.
//
// Owns: reading each. Never does: judge, or show a secret's value.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nodeBinary } from "../places.mjs";
import { capture } from "../processes.mjs";
import { Failure } from "../report.mjs";
import { wrangler } from "../wrangler.mjs";

/** The configuration as wrangler reads it; a newer Node than this one may be needed for that. */
export async function readConfig(file) {
  if (!existsSync(file)) throw new Failure(`there is no \`${file}\``, "npm run doctor -- --config FILE");
  const script = new URL("./read-config.mjs", import.meta.url).pathname;
  const { code, out, err } = await capture(nodeBinary(), ["--no-warnings", script, resolve(file)]);
  if (code !== 0) throw new Failure(`\`${file}\` cannot be read`, "mend it, then run this again", err.slice(-2000));
  return JSON.parse(out);
}

/** `NAME="value"` lines, as wrangler takes them for local development. */
function parseVars(text) {
  const line = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^#\n]*))/gm;
  return Object.fromEntries([...text.matchAll(line)].map(([, name, double, single, plain]) => [name, double?.replaceAll("\\n", "\n") ?? single ?? plain.trim()]));
}

/** The secrets of a file of such lines, with their values. */
function secretsOf(file) {
  if (!existsSync(file)) throw new Failure(`there is no \`${file}\``, "npm run doctor -- --secrets FILE");
  return parseVars(readFileSync(file, "utf8"));
}

/** The secrets of this folder, with their values. */
export function localSecrets(config, given) {
  const file = join(dirname(resolve(config)), ".dev.vars");
  if (given) return { values: secretsOf(given) };
  return { values: existsSync(file) ? secretsOf(file) : {} };
}

/** Until its first deployment or secret a Worker is not there. */
const isNoWorker = (text) => /Worker "[^"]*".* not found/.test(text);

/** The names of the deployed secrets. Cloudflare shows no value to anybody: the values are those of a file, if one is given. */
export async function remoteSecrets(config, given) {
  const values = given ? secretsOf(given) : {};
  const { code, out, err } = await wrangler(["secret", "list", "--format", "json", "--config", config]);
  if (code !== 0) return isNoWorker(err + out) ? { names: [], values } : { unknown: reason(err || out), values };
  try {
    return { names: JSON.parse(out).map(({ name }) => name), values };
  } catch {
    return { unknown: "wrangler gave no list of secrets", values };
  }
}

/** The first sentence of what wrangler complains of. */
export function reason(text) {
  const lines = text.split("\n").map((line) => line.replace(/\u001b\[[0-9;]*m/g, "").replace(/^[✘\s]*(\[?ERROR\]?)?\s*/, "").trim());
  return (lines.find(Boolean) ?? "wrangler failed").slice(0, 200);
}

/** The names of the migrations of this folder, in order. */
export function migrationFiles(config, file) {
  const named = config.d1_databases?.find(({ binding }) => binding === "DB")?.migrations_dir ?? "migrations";
  const folder = resolve(dirname(resolve(file)), named);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".sql")).sort() : [];
}
