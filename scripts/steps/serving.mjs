// Which server is this folder's own: where `npm start` serves now.
//
// Owns: the note that says so, for commands that write into that server's data.
// Never does: believe the note of another folder (a copied one has it, too), or of a process that has ended.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identity, runningAs } from "./lock.mjs";
import { root, state } from "./places.mjs";

const file = join(state, "serving.json");

/** Says that this process serves this folder's data at `origin`, until it ends. */
export function announce(origin) {
  writeFileSync(file, JSON.stringify({ origin, folder: root, process: identity(process.pid) }));
  process.once("exit", () => rmSync(file, { force: true }));
}

/** The origin of this folder's server, while it runs. */
export function served() {
  try {
    const { origin, folder, process } = JSON.parse(readFileSync(file, "utf8"));
    return folder === root && runningAs(process) ? origin : undefined;
  } catch {
    return undefined;
  }
}
