// Passes in Node: the rule's file is read with the first token.

import { readFileSync } from "node:fs";
import { vouch } from "../planning/node.js";
import * as wasm from "./rules.js";
import { verifiers } from "./verify.js";

let loaded = false;

function load() {
  if (!loaded) wasm.initSync({ module: readFileSync(new URL("../wasm/pass/guildhall_pass.wasm", import.meta.url)) });
  loaded = true;
  return wasm;
}

const { verifyPass, verifyPassport } = verifiers(load, vouch);

export { verifyPass, verifyPassport };
export { GuildhallError } from "../errors.js";
