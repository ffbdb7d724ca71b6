// The WebAssembly files, as whatever your runtime or bundler makes of importing one: a compiled module
// (Workers), its bytes, or its address. `init`, `initPasses` and `initPlanning` of
// `guildhall/slim` take each of them.

// A `WebAssembly.Module`, a `Uint8Array`, or a text: not every runtime's types know the first.
declare const wasm: object | string;
export default wasm;
