// WebAssembly as a file, in Node.
//
// Owns: the words of a failure: a bundle, say, that left the file behind. Never does: say where it is (the entries do).

import { readFileSync } from "node:fs";
import { notReady } from "./errors.js";

/** What stands at a `file:` address. */
export function bytesAt(url) {
  try {
    return readFileSync(url);
  } catch (cause) {
    throw notReady(`the WebAssembly could not be read from ${url}: bundle it beside the code, or leave guildhall out of the bundle (in Next.js by \`serverExternalPackages: ["guildhall"]\` in next.config.js)`, cause);
  }
}
