// Content hashes: a part is made again only when something it is made from has changed.
//
// Owns: hashing files and folders, and the stamp that remembers the hash of the last good make.
// Never does: look at times of modification (a fresh checkout changes all of them).

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root, stamps } from "./places.mjs";

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesUnder(join(path, name)));
}

/** The hash of files and folders (their names and contents) and of any further words. */
export function fingerprint(paths, ...words) {
  const hash = createHash("sha256");
  for (const file of paths.flatMap(filesUnder)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update("\0");
  return hash.update(JSON.stringify(words)).digest("hex");
}

const stampFile = ({ name }) => join(stamps, name);

/** Whether a part `{name, hash, outputs}` must be made: never made, made from something else, or not all there. */
export function isStale(part) {
  const stamp = stampFile(part);
  return !existsSync(stamp) || readFileSync(stamp, "utf8") !== part.hash || !part.outputs.every(existsSync);
}

/** Makes a part, and remembers that only if it went well. */
export async function make(part, work) {
  rmSync(stampFile(part), { force: true });
  await work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stampFile(part), part.hash);
}
