// The golden calls on the packed package: what `src/ffi/tests.rs` demands natively, in wasm.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

/** How JavaScript hands in what the core takes as one object. */
const ways = {
  parseSlug: (api, { text }) => api.parseSlug(text),
  suggestSlug: (api, { name }) => api.suggestSlug(name),
  parseEmail: (api, { text }) => api.parseEmail(text),
  resolveOrganization: (api, request) => api.resolveOrganization(request),
  setting: (api, { settings, key, fallback }) => api.setting(settings, key, fallback),
  decide: (api, { facts, command, now }) => api.decide(facts, command, now),
  evolve: (api, { facts, event }) => api.evolve(facts, event),
};

function reply(call) {
  try {
    return { value: call() };
  } catch ({ code, param }) {
    return { error: { code, ...(param !== undefined && { param }) } };
  }
}

test("the golden calls have their golden replies", async (t) => {
  const api = await (await installed(t)).import("node.js");
  for (const { title, call, input, reply: expected } of JSON.parse(readFileSync(at("tests/npm/golden.json"), "utf8"))) {
    await t.test(title, () => assert.deepEqual(reply(() => ways[call](api, input)), expected));
  }
});
