// Everybody who is nothing but JavaScript, and Guildhall: they run in every runtime.
//
// Owns: the list, and its order: the measure comes first. Never does: load a peer for `ours`.

import { guildhall } from "./guildhall.mjs";
import { maps, strictMaps } from "./map.mjs";

/** Without peers: what the tests run. */
export const ours = async (world, api) => [maps(world), strictMaps(world), ...(await guildhall(world, api))];

export async function portable(world, api) {
  const [{ casl }, { betterAuth }, { betterAuthClient }] = await Promise.all([import("./casl.mjs"), import("./better-auth.mjs"), import("./better-auth-client.mjs")]);
  return [...(await ours(world, api)), casl(world), betterAuth(world), betterAuthClient(world)];
}
