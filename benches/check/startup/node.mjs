// A start on Node: a process of its own, the installed files as they lie there.
//
// Owns: that process. Never does: count how long Node itself takes to start.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { nodeBinary } from "../../../scripts/steps/places.mjs";
import { end, start as spawn } from "../../../scripts/steps/processes.mjs";

const code = `
  import { text } from "node:stream/consumers";
  const { file, world } = JSON.parse(await text(process.stdin));
  const before = performance.now();
  const { first } = await import(file);
  const answer = await first(world);
  const took = performance.now() - before;
  process.stdout.write("\\n" + JSON.stringify({ answer, took, version: process.versions.node }));`;

async function start(main, { file }, world) {
  const child = spawn(nodeBinary(), ["--no-warnings", main], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(JSON.stringify({ file: pathToFileURL(file).href, world }));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await end(child);
  const line = out.split("\n").at(-1);
  if (!line.startsWith("{")) throw new Error(errors.split("\n").find((each) => /Error/.test(each)) ?? "it ended");
  return JSON.parse(line);
}

async function open({ folder }, [nothing]) {
  const main = join(folder, "start.mjs");
  writeFileSync(main, code);
  const { version } = await start(main, nothing, {});
  return { runtime: `Node ${version}`, start: (...asked) => start(main, ...asked), close: () => {} };
}

export const node = { kind: "node", open };
