//! The contract with other languages: JSON text in, JSON text out.
//!
//! Owns the list of functions, how their input is read, and how a refusal looks from outside. Never
//! holds a rule (those are `domain`'s and `wire`'s) and never sees the language that calls:
//! `crates/npm` re-exports what is here and is otherwise empty, so that what JavaScript is promised
//! is tested natively.
//!
//! Why text and not one conversion for each type: the border is crossed once each way, the parser
//! bounds the depth of whatever a caller hands in, and a native test sees the very bytes that
//! JavaScript does.

pub mod authentication;
pub mod directory;
mod exchange;
mod in_order;
pub mod pass;
mod place;
mod reply;
mod resolve;
mod rows;
mod settings;
pub mod snapshot;

pub use settings::check as check_settings;

use crate::domain;
use crate::domain::command::Command;
use crate::domain::declared_roles::DeclaredRoles;
use crate::domain::email::Email;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::json::Json;
use crate::domain::permission::Catalog;
use crate::domain::policy::Policy;
use crate::domain::read::{Fields, within};
use crate::domain::slug::Slug;
use serde::Serialize;

/// Checks a slug: `{text}` -> the slug.
///
/// ```
/// use guildhall::ffi::parse_slug;
/// assert_eq!(parse_slug(r#"{"text":"nirvana"}"#), r#"{"value":"nirvana"}"#);
/// assert!(parse_slug(r#"{"text":"admin"}"#).starts_with(r#"{"error":{"code":"slug_reserved","#));
/// ```
pub fn parse_slug(input: &str) -> String {
    reply::to(input, |fields| {
        let text: String = fields.take("text")?;
        Slug::parse(&text)
    })
}

/// Suggests a slug for a name: `{name}` -> a slug.
pub fn suggest_slug(input: &str) -> String {
    reply::to(input, |fields| {
        let name: String = fields.take("name")?;
        Ok(Slug::suggest(&name))
    })
}

/// Reads an address of mail: `{text}` -> `{address, canonical}`.
pub fn parse_email(input: &str) -> String {
    reply::to(input, |fields| {
        let text: String = fields.take("text")?;
        Email::parse(&text).map(Address::from)
    })
}

/// Finds the organization of a request: `{url, headers?, caller?, memberships?, config?, remembered?}`
/// -> `{outcome, organization?, …}`, as `GET /v1/resolve` answers.
pub fn resolve_organization(input: &str) -> String {
    reply::with(input, resolve::organization)
}

/// Checks the signature of a pass where the runtime cannot: `{token, passport?, jwks}` -> `true`.
pub fn verify_pass(input: &str) -> String {
    reply::to(input, pass::verify)
}

/// The value of a setting, or the fallback: `{settings?, key, fallback?}` -> a value.
///
/// ```
/// use guildhall::ffi::setting;
/// assert_eq!(setting(r#"{"settings":{"theme":"dark"},"key":"theme"}"#), r#"{"value":"dark"}"#);
/// assert_eq!(setting(r#"{"settings":null,"key":"theme","fallback":"light"}"#), r#"{"value":"light"}"#);
/// ```
pub fn setting(input: &str) -> String {
    reply::with(input, |fields| {
        let settings =
            fields.any("settings").map(|settings| Fields::of(settings).map_err(|denial| denial.at("settings")));
        let key: String = fields.take("key")?;
        let found = settings.transpose()?.and_then(|mut settings| settings.stored(&key));
        Ok(found.or(fields.any("fallback")).map_or("null", Json::as_str).to_owned())
    })
}

/// Decides a command: `{facts, command, now, permissions?, roles?}` -> `{events, notices, outcome}`. The
/// permissions are those that the application declares besides the built-in ones, the roles those that the operator
/// declares for all organizations, in the form of the setting `ROLES`.
pub fn decide(input: &str) -> String {
    reply::to(input, |fields| {
        let (facts, command): (Facts, Command) = (fields.take("facts")?, fields.take("command")?);
        command.actor.user_id.require_trimmed().map_err(|denial| denial.at("command.actor.userId"))?;
        let now = fields.instant("now")?;
        let catalog = Catalog::declare(&fields.or_default::<Vec<String>>("permissions")?)?;
        let roles = fields.any("roles").map(|roles| DeclaredRoles::read(roles, &catalog)).transpose();
        let catalog = catalog.with_roles(roles.map_err(|denial| within("roles", denial))?.unwrap_or_default());
        let policy = Policy { catalog, ..Policy::default() };
        domain::decide::decide(&policy, &facts, &command, now)
    })
}

/// Says what an event means: `{facts, event}` -> the facts after it.
pub fn evolve(input: &str) -> String {
    reply::to(input, |fields| {
        let (mut facts, event): (Facts, Event) = (fields.take("facts")?, fields.take("event")?);
        domain::evolve::evolve(&mut facts, &event);
        Ok(facts)
    })
}

/// An address in both of its forms.
#[derive(Serialize)]
struct Address {
    address: String,
    canonical: String,
}

impl From<Email> for Address {
    fn from(email: Email) -> Self {
        Address { canonical: email.canonical().to_owned(), address: email.into() }
    }
}

#[cfg(test)]
mod tests;
