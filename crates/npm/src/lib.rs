//! What JavaScript sees of Guildhall.
//!
//! Owns nothing but the names: everything hands its text on to `guildhall::ffi`, which is tested
//! natively and says what the texts are. Never decides, never converts, never throws: a refusal is a
//! reply, and `pkg/` makes an error of it.
//!
//! Three wasm files come from here, and what one has the others have not: whoever needs more than one loads more than
//! one. The fourth, the rule for passes, is `crates/pass`.

#[cfg(any(target_family = "wasm", test))]
#[cfg(not(feature = "directory"))]
mod blocks;
#[cfg(feature = "directory")]
mod directory;
#[cfg(not(feature = "directory"))]
mod exchange;
#[cfg(not(any(feature = "directory", feature = "planning")))]
mod functions;
#[cfg(feature = "directory")]
mod host_names;
#[cfg(all(target_family = "wasm", not(feature = "directory")))]
#[path = "runtime.rs"]
mod host_names;
#[cfg(all(feature = "planning", not(feature = "directory")))]
mod planning;

/// The standard library maps names itself outside WebAssembly.
#[cfg(not(any(target_family = "wasm", feature = "directory")))]
mod host_names {
    /// There is nothing to install.
    pub fn install() {}
}

#[cfg(all(target_family = "wasm", not(feature = "directory")))]
#[global_allocator]
static BLOCKS: blocks::Blocks = blocks::Blocks::new(|pages| {
    let before = core::arch::wasm32::memory_grow::<0>(pages);
    (before != usize::MAX).then(|| before.saturating_mul(65_536))
});
