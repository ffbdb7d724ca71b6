//! Presentation: the only place that knows the public field names.
//!
//! Never shows a digest; a token stands as a placeholder that is filled when the answer leaves.

mod resolution;

pub use resolution::{findings, resolution};
