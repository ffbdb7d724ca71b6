//! Guildhall: organizations, members and invitations at the edge.
//!
//! The root package is pure: values, rules, use cases over ports, HTTP as values and SQL as values.
//! It owns every decision. It never reads a clock, a random source, a socket or a file: those belong
//! to `crates/worker` and `crates/npm`, which execute and decide nothing.
//!
//! Layers, each of which sees only what stands before it: [`domain`] (values and rules), [`app`]
//! (use cases over ports), [`store`] (adapters that are still pure), [`wire`] (HTTP as values).

pub mod app;
pub mod domain;
pub mod ffi;
pub mod store;
pub mod wire;
