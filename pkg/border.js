// The border to WebAssembly: JSON text in, JSON text out.
//
// Owns: making text of whatever is handed in, and a value or an error of the reply.
// Never does: know a function by name.

import { GuildhallError, unreadable } from "./errors.js";

/** Far more than any use; below it no input makes the WebAssembly run out of memory. */
const longest = 4 * 1024 * 1024;

/** The text of what `make` gives. Getters, cycles and odd values may throw: that is a refusal too. */
export function text(make) {
  let json;
  try {
    json = JSON.stringify(make()) ?? "null";
  } catch (cause) {
    if (cause instanceof GuildhallError) throw cause;
    throw unreadable("it cannot be written as JSON", undefined, cause);
  }
  if (json.length > longest) throw unreadable(`more than ${longest} characters of JSON cannot be read`);
  return json;
}

/** The value of a reply, or the error in it thrown. */
export function value(reply) {
  const { value, error } = JSON.parse(reply);
  if (error) throw new GuildhallError(error);
  return value;
}
