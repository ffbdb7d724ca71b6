//! Layer 1: values and rules.
//!
//! Owns what an organization, a membership and an invitation *are*, who may change them, and what
//! each change means. Never performs IO, never reads a clock or a random source, never knows HTTP,
//! SQL or JavaScript. Neighbours: `app` calls [`decide`](decide::decide) and
//! [`resolve`](resolve::resolve); nothing in here calls outwards.

pub mod audit;
pub mod base64url;
mod calendar;
pub mod check;
pub mod claim;
pub mod command;
pub mod decide;
pub mod decision;
pub mod declared_roles;
pub mod denial;
pub mod domain_name;
pub mod door_limits;
pub mod email;
pub mod encoding;
pub mod event;
pub mod evolve;
pub mod facts;
pub mod host;
pub mod host_name;
pub mod id;
pub mod import;
pub mod invitation;
pub mod join_request;
pub mod json;
pub mod json_object;
pub mod link;
pub mod membership;
pub mod next_path;
pub mod operator;
pub mod order;
pub mod organization;
pub mod ownership;
pub mod pass;
pub mod permission;
pub mod policy;
pub mod principal;
pub mod quota;
pub mod read;
pub mod reference;
pub mod registration;
pub mod requirements;
pub mod reserved;
pub mod resolve;
pub mod role;
pub mod scope;
pub mod search;
pub mod secret;
pub mod slug;
pub mod spelling;
pub mod suppression;
pub mod table;
pub mod team;
pub mod text;
mod text_value;
pub mod time;
pub mod token;
pub mod webhook;
pub mod webhook_url;
