// The directory's entry for Cloudflare Workers, where a `.wasm` import is a compiled module.

import module from "../wasm/directory/guildhall_directory_bg.wasm";
import { initSync } from "../wasm/directory/guildhall_directory.js";
import { provide } from "./directory.js";

provide(() => initSync({ module }));

export { Directory, GuildhallError } from "./directory.js";
