//! What JavaScript sees of Guildhall.
//!
//! Owns nothing but the names: everything hands its text on to `guildhall::ffi`, which is tested
//! natively and says what the texts are. Never decides, never converts, never throws: a refusal is a
//! reply, and `pkg/` makes an error of it.
//!
//! Three wasm files come from here, and what one has the others have not: whoever needs more than one loads more than
//! one. The fourth, the rule for passes, is `crates/pass`.

#[cfg(feature = "directory")]
mod directory;
#[cfg(not(any(feature = "directory", feature = "planning")))]
mod functions;
mod host_names;
#[cfg(feature = "planning")]
mod planning;
