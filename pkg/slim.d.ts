/**
 * The same names as `guildhall`, and nothing is loaded by itself: you hand in the WebAssembly.
 *
 * For bundlers and runtimes that have their own way with it. The files are `guildhall/core.wasm`,
 * `guildhall/pass.wasm` and `guildhall/planning.wasm`. Before, every function throws a `GuildhallError` of code `not_ready`.
 *
 * @packageDocumentation
 */

export * from "./index.js";

/** What is there already: a compiled `WebAssembly.Module`, or a file's bytes. Not every runtime's types know the name. */
export type LoadedWasm = object;

/** What has to be waited for: an answer, or the address of one. */
export type AwaitedWasm = Response | PromiseLike<Response> | URL | string;

// What is awaited goes first: it is an object too.
/**
 * Loads `guildhall/core.wasm`, for slugs, addresses and `resolveOrganization`: at once from a module
 * or bytes, else answers a promise. `ready` resolves with it. A second call changes nothing.
 *
 * @throws GuildhallError `not_ready` when it cannot be loaded or is another file; it can be tried again
 */
export function init(core: AwaitedWasm): Promise<void>;
export function init(core: LoadedWasm): void;
export function init(core: LoadedWasm | AwaitedWasm): Promise<void> | void;

/**
 * Loads `guildhall/pass.wasm`, for `verifyPass` and `verifyPassport`, in the same ways.
 *
 * @throws GuildhallError `not_ready` when it cannot be loaded or is another file; it can be tried again
 */
export function initPasses(pass: AwaitedWasm): Promise<void>;
export function initPasses(pass: LoadedWasm): void;
export function initPasses(pass: LoadedWasm | AwaitedWasm): Promise<void> | void;

/**
 * Loads `guildhall/planning.wasm`, for `decide` and `evolve` (and for `verifyPass` in a runtime
 * without Ed25519), in the same ways. `planning()` waits for it.
 *
 * @throws GuildhallError `not_ready` when it cannot be loaded or is another file; it can be tried again
 */
export function initPlanning(planning: AwaitedWasm): Promise<void>;
export function initPlanning(planning: LoadedWasm): void;
export function initPlanning(planning: LoadedWasm | AwaitedWasm): Promise<void> | void;
