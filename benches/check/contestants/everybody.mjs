// Everybody: the portable ones, and those that run on Node only here.
//
// Owns: the list of the latter. Never does: hide that one is missing.

import { portable } from "./portable.mjs";

/** All contestants; `missing` are the peers that this Node cannot load. */
export async function everybody(world, api) {
  const contestants = await portable(world, api);
  const missing = [];
  for (const [name, entry] of Object.entries({ casbin: undefined, cedar: "@cedar-policy/cedar-wasm/nodejs", biscuit: undefined })) {
    try {
      contestants.push(await (await import(`./${name}.mjs`))[name](world, entry && (await import(entry))));
    } catch (error) {
      missing.push(`${name}: ${error.message ?? JSON.stringify(error)}`);
    }
  }
  return { contestants, missing };
}
