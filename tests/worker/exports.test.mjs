// What the Worker lets others call: whatever its entrypoint has as a method is a public,
// unauthenticated RPC method for every Worker that is bound to it.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBuild } from "./support/load-build.mjs";

let built;
before(async () => { built = await loadBuild(); });

const methods = (entrypoint) => Object.getOwnPropertyNames(entrypoint.prototype).sort();

test("the entrypoint answers requests and crons, and has no other method", () => {
  assert.deepEqual(methods(built.default), ["constructor", "fetch", "scheduled"]);
});

test("nothing else that the module exports is an entrypoint", () => {
  const { default: entrypoint, ...others } = built;
  const base = Object.getPrototypeOf(entrypoint.prototype).constructor;
  const entrypoints = Object.entries(others).filter(([, value]) => value.prototype instanceof base);
  assert.equal(base.name, "WorkerEntrypoint");
  assert.deepEqual(entrypoints, []);
});

// The three are option classes of the `worker` crate itself, without a link to any data of ours.
test("the list of exports is the reviewed one", () => {
  assert.deepEqual(Object.keys(built).sort(), ["ContainerStartupOptions", "MinifyConfig", "R2Range", "default"]);
});
