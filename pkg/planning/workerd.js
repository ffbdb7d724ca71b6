// Planning in Cloudflare Workers, where a `.wasm` import is a compiled module.

import module from "../wasm/directory/guildhall_directory_bg.wasm";
import * as wasm from "../wasm/directory/guildhall_directory.js";
import { plan } from "./planning.js";

let loaded = false;

const { decide, evolve } = plan(() => {
  if (!loaded) wasm.initSync({ module });
  loaded = true;
  return wasm;
});

/** Nothing has to be awaited here. */
export const planning = async () => {};

export { decide, evolve };
