// The measurement on Node.
//
// Owns: starting it. Never does: measure.

import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { at, nodeBinary } from "../../../scripts/steps/places.mjs";
import { end, start } from "../../../scripts/steps/processes.mjs";

export async function onNode({ target, world }) {
  const child = start(nodeBinary(), ["--no-warnings", at("benches", "check", "runtimes", "node-child.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ world, entry: pathToFileURL(join(target, "node.js")).href }));
  const lines = (await text(child.stdout)).split("\n");
  await end(child);
  const { version, ...result } = JSON.parse(lines.at(-1));
  return { runtime: `Node ${version}`, ...result };
}
