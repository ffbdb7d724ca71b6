// The WebAssembly files, as whatever your runtime or bundler makes of importing one: a compiled module
// (Workers), its bytes, or its address. `init`, `initPasses` and `initPlanning` of
// `guildhall/slim` take each of them.

declare const wasm: WebAssembly.Module | Uint8Array | string;
export default wasm;
