// `.dev.vars`: the secrets of the local Worker, made up once for this clone.
//
// Owns: making the file if it is missing.
// Never does: change a file that is there, or know a secret of a deployment.

import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { at } from "./places.mjs";

const file = at(".dev.vars");

/** Writes a random SECRET_KEY for local use if there is none yet. */
export function readySecrets() {
  if (existsSync(file)) return;
  writeFileSync(file, `# Secrets of the local Worker, made up on first start; ignored by git.\nSECRET_KEY="${randomBytes(32).toString("hex")}"\n`, { mode: 0o600 });
}
