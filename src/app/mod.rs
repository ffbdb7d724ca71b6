//! Layer 2: use cases over small ports.
//!
//! Owns the order of things: load, decide, commit, effects. Never decides a rule (that is
//! `domain`), never knows HTTP (`wire`; authentication reads the head of a request as a value), SQL (`store`) or JavaScript (`crates`).

pub mod audit;
pub mod authentication;
pub mod auto_join;
pub mod cache_key;
pub mod cached;
pub mod challenge;
pub mod config;
mod contention;
pub mod django;
pub mod domains;
mod door_rows;
pub mod erase;
pub mod execute;
pub mod filters;
pub mod gateway;
pub mod installation;
pub mod invited;
pub mod keys;
pub mod mail;
pub mod mint;
pub mod operator_keys;
pub mod pass;
pub mod pass_keys;
pub mod ports;
pub mod read;
pub mod rows;
pub mod sweep;
pub mod team_rows;
pub mod touched;
pub mod trial;
pub mod upstream;
pub mod webhooks;
