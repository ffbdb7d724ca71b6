// A contender's database file with a world in it: filled once, kept, and copied for each run.
//
// Owns: `build/bench-edge/states`. Never does: go through a contender's commands (a million of them would take a
// day), or gather statistics.

import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, constants } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fingerprint } from "../../scripts/steps/fingerprint.mjs";
import { build } from "../../scripts/steps/places.mjs";
import { step } from "../../scripts/steps/report.mjs";
import { ask } from "./load.mjs";
import { serve } from "./server.mjs";
import { settle } from "./world.mjs";

export const scratch = join(build, "bench-edge");
export const database = "bench";

const touch = "export default { async fetch(request, env) { await env.DB.prepare('SELECT 1').all(); return new Response(null); } };";

const files = (folder) => readdirSync(join(folder, "d1", "miniflare-D1DatabaseObject")).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");

/** The file behind the D1 binding of a state folder. */
export const fileOf = (folder) => join(folder, "d1", "miniflare-D1DatabaseObject", files(folder)[0]);

/** D1 names its file itself: it is asked once, by a Worker that does nothing else. */
async function empty(folder) {
  const modules = [{ type: "ESModule", path: "/main.js", contents: touch }];
  const server = await serve([{ name: "touch", modules, d1Databases: { DB: database } }], folder);
  const { status, text } = await ask(server.port("touch"), { path: "/" });
  await server.stop();
  if (status !== 200) throw new Error(`D1 did not start: ${text}`);
}

function fill(folder, contender, world) {
  const open = new DatabaseSync(fileOf(folder));
  try {
    open.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = FILE");
    settle(open, world);
    contender.fill(open);
    open.exec("DROP TABLE temp.people; DROP TABLE temp.orgs; DROP TABLE temp.guests");
    open.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    open.close();
  }
}

async function make(folder, contender, world) {
  const draft = `${folder}-${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  await empty(draft);
  fill(draft, contender, world);
  if (existsSync(folder)) rmSync(draft, { recursive: true });
  else renameSync(draft, folder);
}

/** The kept state of a contender and a world, filled first if it is not there. */
async function kept(contender, world) {
  const hash = fingerprint([], settle.toString(), contender.state, world).slice(0, 16);
  const folder = join(scratch, "states", hash);
  if (!existsSync(folder)) {
    const people = (world.organizations * world.members + world.crowd).toLocaleString("en");
    await step(`filling the database of ${contender.name}: ${world.organizations.toLocaleString("en")} organizations, some ${people} members`, () => make(folder, contender, world));
  }
  return folder;
}

const running = join(scratch, "running");

/** A folder for one server of this run. */
export const folderFor = (name) => join(running, `${process.pid}-${name}`);

/** Removes what runs that were killed have left. */
export function sweep() {
  const isGone = (name) => !existsSync(`/proc/${name.split("-")[0]}`);
  for (const name of existsSync(running) ? readdirSync(running) : []) if (isGone(name)) rmSync(join(running, name), { recursive: true, force: true });
}

/** A copy of the state for one run, in `folder`. */
export async function stateFor(contender, world, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!contender.hasDatabase) return;
  const from = await kept(contender, world);
  cpSync(from, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
}
