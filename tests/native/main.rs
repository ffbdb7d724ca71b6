//! The native tests of the whole: one binary, so that what they share is compiled once.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test stops at the first surprise"
)]

mod algorithm_names;
mod audit;
mod bodies;
mod collisions;
mod contention;
mod cost;
mod cross_origin;
mod declared_roles;
mod differential;
mod domains;
mod doors;
mod export;
mod feed;
mod foreign_tokens;
mod gateway;
mod gateway_credentials;
mod gateway_origins;
mod guide;
mod headers;
mod hints;
mod hosts;
mod invitation_races;
mod laws;
mod leaks;
mod malicious_passports;
mod malicious_tokens;
mod model;
mod one_core;
mod openapi;
mod operator_matrix;
mod passes;
mod plans;
mod races;
mod races_webhooks;
mod resolution;
mod rotation;
mod scenarios;
mod schema;
mod settings;
mod shapes;
mod sign_in_pages;
mod snapshots;
mod standard_tokens;
mod support;
mod teams;
mod terms;
mod trial;
mod upstream_vectors;
mod user_prefixes;
mod walk;
mod webhooks;
mod words;
