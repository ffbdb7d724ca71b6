// The measurement on Node, in a process of its own: a world comes in, rows go out.
//
// Owns: nothing. Never does: share a process with the command, whose garbage is not to be measured.

import { text } from "node:stream/consumers";
import { everybody } from "../contestants/everybody.mjs";
import { compete, finely } from "./runtime.mjs";

const { world, entry } = JSON.parse(await text(process.stdin));
const { contestants, missing } = await everybody(world, await import(entry));
const result = await compete(contestants, world, { ...finely, now: () => performance.now() });
process.stdout.write(`\n${JSON.stringify({ ...result, missing, version: process.versions.node })}`);
