// The directory's entry for Node.

import { readFileSync } from "node:fs";
import { initSync } from "../wasm/directory/guildhall_directory.js";
import { provide } from "./directory.js";

provide(() => initSync({ module: readFileSync(new URL("../wasm/directory/guildhall_directory_bg.wasm", import.meta.url)) }));

export { Directory, GuildhallError } from "./directory.js";
