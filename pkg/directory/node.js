// The directory's entry for Node.
//
// Owns: where the file is. Never does: read it before a directory is used.

import { bytesAt } from "../file.js";
import { initSync } from "../wasm/directory/guildhall_directory.js";
import { provide } from "./directory.js";

provide(() => initSync({ module: bytesAt(new URL("../wasm/directory/guildhall_directory_bg.wasm", import.meta.url)) }));

export { Directory, GuildhallError } from "./directory.js";
