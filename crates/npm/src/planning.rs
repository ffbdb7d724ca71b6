//! The functions that need every rule.
//!
//! Owns their names in JavaScript. Never reads what is handed over.
#![expect(unsafe_code, reason = "names of exports are the contract with JavaScript")]

use crate::exchange::functions;

functions! {
    /// Decides a command.
    "decide" decide
    /// Checks the signature of a pass, where the runtime has no Ed25519.
    "verifyPass" verify_pass
    /// Says what an event means.
    "evolve" evolve
}
