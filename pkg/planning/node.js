// Planning in Node: the file is read with the first call.

import { readFileSync } from "node:fs";
import * as wasm from "../wasm/directory/guildhall_directory.js";
import { plan } from "./planning.js";

let loaded = false;

const { decide, evolve } = plan(() => {
  if (!loaded) wasm.initSync({ module: readFileSync(new URL("../wasm/directory/guildhall_directory_bg.wasm", import.meta.url)) });
  loaded = true;
  return wasm;
});

/** Nothing has to be awaited here. */
export const planning = async () => {};

export { decide, evolve };
