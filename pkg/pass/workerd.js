// Passes in Cloudflare Workers, where a `.wasm` import is a compiled module, and Ed25519 is always there.

import module from "../wasm/pass/guildhall_pass.wasm";
import { unavailable } from "../errors.js";
import * as wasm from "./rules.js";
import { verifiers } from "./verify.js";

let loaded = false;

function load() {
  if (!loaded) wasm.initSync({ module });
  loaded = true;
  return wasm;
}

const vouch = async () => { throw unavailable("this runtime has no Ed25519"); };

const { verifyPass, verifyPassport } = verifiers(load, vouch);

export { verifyPass, verifyPassport };
export { GuildhallError } from "../errors.js";
