//! What JavaScript sees of Guildhall.
//!
//! Owns nothing but the names: everything hands its text on to `guildhall::ffi`, which is tested
//! natively and says what the texts are. Never decides, never converts, never throws: a refusal is a
//! reply, and `pkg/` makes an error of it.
//!
//! Two wasm files come from here, and what one has the other has not: whoever needs both loads both. The
//! third, the rule for passes, is `crates/pass`.

#[cfg(feature = "directory")]
mod directory;
#[cfg(not(feature = "directory"))]
mod functions;
#[cfg(feature = "directory")]
mod planning;
