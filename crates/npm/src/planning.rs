//! The functions that need every rule: they share the directory's file.

use guildhall::ffi;
use wasm_bindgen::prelude::wasm_bindgen;

/// Decides a command.
#[wasm_bindgen]
pub fn decide(input: &str) -> String {
    ffi::decide(input)
}

/// Says what an event means.
#[wasm_bindgen]
pub fn evolve(input: &str) -> String {
    ffi::evolve(input)
}
