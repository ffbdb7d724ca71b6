// Where Guildhall is: behind the service binding, or in this Worker's memory for a first look.
//
// Owns: that choice. Never does: keep anything: the one in memory is gone with its Worker.

import { Directory } from "guildhall/directory";

let inMemory;

export const installation = (env) => env?.GUILDHALL ?? (inMemory ??= new Directory());
