//! The native tests of the whole: one binary, so that what they share is compiled once.

mod scenarios;
mod support;
mod walk;
