// The directory's entry for Cloudflare Workers, where a `.wasm` import is a compiled module.
//
// Owns: how the module is imported. Never does: run it before a directory is used.

import module from "../wasm/directory/guildhall_directory_bg.wasm";
import { initSync } from "../wasm/directory/guildhall_directory.js";
import { provide } from "./directory.js";

provide(() => initSync({ module }));

export { Directory, GuildhallError } from "./directory.js";
