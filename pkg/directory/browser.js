// The directory's entry for browsers.
//
// Owns: where the file is. Never does: fetch it before a directory is used.

import init from "../wasm/directory/guildhall_directory.js";
import { notReady } from "../errors.js";
import { provide } from "./directory.js";

const url = new URL("../wasm/directory/guildhall_directory_bg.wasm", import.meta.url);

provide(() => init({ module_or_path: url }).catch((cause) => { throw notReady(`the WebAssembly could not be loaded from ${url}`, cause); }));

export { Directory, GuildhallError } from "./directory.js";
