//! The functions that need every rule.
//!
//! Owns their names in JavaScript. Never reads what is handed over.

use crate::host_names;
use guildhall::ffi;
use wasm_bindgen::prelude::wasm_bindgen;

/// Decides a command.
#[wasm_bindgen]
pub fn decide(input: &str) -> String {
    host_names::install();
    ffi::decide(input)
}

/// Checks the signature of a pass, where the runtime has no Ed25519.
#[wasm_bindgen(js_name = verifyPass)]
pub fn verify_pass(input: &str) -> String {
    ffi::verify_pass(input)
}

/// Says what an event means.
#[wasm_bindgen]
pub fn evolve(input: &str) -> String {
    host_names::install();
    ffi::evolve(input)
}
