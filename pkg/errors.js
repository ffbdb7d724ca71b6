// Refusals, as JavaScript knows them.
//
// Owns: the one class, and the wordings of what is refused before the rules are asked.
// Never does: decide that something is refused.

/** A refusal: `code` is stable, `message` is for people, `param` names what is wrong. */
export class GuildhallError extends Error {
  constructor({ code, title, message, param }, options) {
    super(message, options);
    this.code = code;
    this.title = title;
    if (param !== undefined) this.param = param;
  }
}

Object.defineProperty(GuildhallError.prototype, "name", { value: "GuildhallError", configurable: true, writable: true });

const because = (cause) => (cause === undefined ? undefined : { cause });

/** The functions were called before the WebAssembly was there. */
export const notReady = (message, cause) =>
  new GuildhallError({ code: "not_ready", title: "the WebAssembly is not loaded", message }, because(cause));

/** What was handed in cannot be said in JSON. */
export const unreadable = (message, param, cause) =>
  new GuildhallError({ code: "invalid_value", title: "a value breaks its rule", message, param }, because(cause));

/** What is not believed, or not known to a pass. The words are the core's for the same code. */
export const refused = (code, title, message, param) => new GuildhallError({ code, title, message, param });

/** Something of the runtime's failed. */
export const unavailable = (message, cause) =>
  new GuildhallError({ code: "unavailable", title: "it cannot be done now", message }, because(cause));

const stored = (code, title, message, cause) => new GuildhallError({ code, title, message, param: "persist" }, because(cause));

/** There is no IndexedDB: in Node, in Workers, and where a browser refuses it. */
export const storageMissing = (cause) =>
  stored("storage_missing", "there is nothing to keep a directory in", "this runtime has no IndexedDB, or refuses it: keep `snapshot()` yourself", cause);

/** The browser gives no more room. */
export const storageFull = (cause) =>
  stored("storage_full", "the browser's storage is full", "the request had no effect: it could not be saved", cause);

export const directoryClosed = () =>
  new GuildhallError({ code: "directory_closed", title: "the directory is closed", message: "it was closed before: open another one" });
