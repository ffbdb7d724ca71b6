//! `claims` of an entry: which claim becomes what.
//!
//! Owns the form of paths and conditions, and the claims that make nobody a platform admin. Rule: a claim that users
//! write themselves, an address, and a role within a customer's organization give no power over the installation.

use super::Entry;
use super::preset::Preset;
use crate::app::config::ConfigError;
use crate::domain::denial::echo;
use crate::domain::email::Email;
use crate::domain::token::{ClaimPath, ClaimRules, Condition, Proof, Test};
use serde_json::Value;

/// The rules of a preset with what the entry says otherwise.
pub(super) fn rules(entry: &mut Entry, preset: &Preset) -> Result<ClaimRules, ConfigError> {
    let mut rules = preset.claims.clone();
    let Some(mut given) = entry.within("claims")? else { return Ok(rules) };
    if let Some(value) = given.value("userId") {
        rules.user_id = path(&given, "userId", value)?;
    }
    if let Some(value) = given.value("email") {
        rules.email = optional(&given, "email", value)?;
    }
    if let Some(value) = given.value("emailVerified") {
        rules.email_verified = proof(&given, value)?;
    }
    if let Some(value) = given.value("name") {
        rules.name = optional(&given, "name", value)?;
    }
    if let Some(value) = given.value("mfa") {
        rules.mfa = conditions(&given, "mfa", value)?;
    }
    if let Some(value) = given.value("kind") {
        rules.service = kind(&given, value)?;
    }
    if let Some(value) = given.value("platformAdmin") {
        rules.platform_admin = Some(admin(&given, value, preset)?);
    }
    given.end()?;
    Ok(rules)
}

const PATH: &str = "the name of a claim is expected, or a list of 1 to 8 names for a claim within objects";

/// A path: one name, dots and all, or a list of names.
fn path(entry: &Entry, name: &str, value: Value) -> Result<ClaimPath, ConfigError> {
    let values = if let Value::Array(values) = value { values } else { vec![value] };
    let text = |value: Value| if let Value::String(text) = value { Some(text) } else { None };
    let names: Option<Vec<String>> = values.into_iter().map(text).collect();
    names.and_then(ClaimPath::parse).ok_or_else(|| entry.refused(name, PATH))
}

/// A path, or false for none.
fn optional(entry: &Entry, name: &str, value: Value) -> Result<Option<ClaimPath>, ConfigError> {
    if value == Value::Bool(false) { Ok(None) } else { path(entry, name, value).map(Some) }
}

fn proof(entry: &Entry, value: Value) -> Result<Proof, ConfigError> {
    match value.as_str() {
        Some("always") => Ok(Proof::Always),
        Some("never") => Ok(Proof::Never),
        _ => path(entry, "emailVerified", value).map(Proof::Claim),
    }
}

/// The conditions of which one must hold: an object, a list of them, or false for none.
fn conditions(entry: &Entry, name: &'static str, value: Value) -> Result<Vec<Condition>, ConfigError> {
    match value {
        Value::Bool(false) => Ok(Vec::new()),
        Value::Array(values) => {
            let placed = values.into_iter().enumerate();
            placed.map(|(at, value)| condition(entry, &format!("{name}[{at}]"), value)).collect()
        }
        value => Ok(vec![condition(entry, name, value)?]),
    }
}

/// `{"claim": …, "value": …}` or `{"claim": …, "values": […]}`.
fn condition(entry: &Entry, name: &str, value: Value) -> Result<Condition, ConfigError> {
    let mut given = Entry::of(entry.setting(), format!("{}.{name}", entry.place()), value)?;
    let claim = given.value("claim").ok_or_else(|| given.missing("claim"))?;
    let path = path(&given, "claim", claim)?;
    let values = match (given.value("value"), given.value("values")) {
        (Some(one), None) => vec![one],
        (None, Some(Value::Array(values))) if !values.is_empty() => values,
        (None, None) => return Err(given.missing("value")),
        _ => return Err(given.refused("value", "one `value`, or a list `values`, is expected")),
    };
    let text = |value: Value| match value {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    let values: Option<Vec<String>> = values.into_iter().map(text).collect();
    let values = values.ok_or_else(|| given.refused("value", "texts, true or false are expected"))?;
    given.end()?;
    Ok(Condition { path, test: Test::Is(values) })
}

/// When a token is a program's: conditions, or one of the words for all tokens.
fn kind(entry: &Entry, value: Value) -> Result<Vec<Condition>, ConfigError> {
    match value.as_str() {
        Some("user") => Ok(Vec::new()),
        Some("service") => Ok(vec![Condition { path: ClaimPath::of("sub"), test: Test::Present }]),
        Some(_) => Err(entry.refused("kind", "`user`, `service`, or an object with `claim` and `value` is expected")),
        None => conditions(entry, "kind", value),
    }
}

/// Claims of OpenID Connect (Core 1.0, 5.1) that users edit, and addresses under other names.
const PROFILE: [&str; 23] = [
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "username",
    "profile",
    "picture",
    "website",
    "email",
    "emails",
    "email_verified",
    "emailVerified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "address",
    "updated_at",
    "upn",
    "unique_name",
];

/// Parts of names of claims that users write themselves, without punctuation and in lower case.
const WRITABLE: [&str; 2] = ["usermetadata", "unsafemetadata"];

fn admin(entry: &Entry, value: Value, preset: &Preset) -> Result<Condition, ConfigError> {
    let refused = |rule: &str| entry.refused("platformAdmin", rule);
    if let Some(reason) = preset.admin_refused {
        return Err(refused(reason));
    }
    let condition = condition(entry, "platformAdmin", value)?;
    let names = condition.path.names();
    let plain = |name: &String| {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>()
    };
    if names.iter().any(|name| WRITABLE.iter().any(|part| plain(name).contains(part))) {
        return Err(refused(&format!("users write `{}` themselves", echo(&condition.path.to_string()))));
    }
    let (first, last) = (names.first().map(String::as_str), names.last().map(String::as_str));
    let is_profile = |name: Option<&str>| name.is_some_and(|name| PROFILE.contains(&name));
    if is_profile(first) || is_profile(last) {
        return Err(refused("an address or a part of the profile gives no power"));
    }
    let foreign = |known: &&&str| {
        first.is_some_and(|first| first == **known || known.ends_with(':') && first.starts_with(**known))
    };
    if let Some(known) = preset.refused_for_admin.iter().find(foreign) {
        let rule = format!("`{known}` says something about a customer's organization or is written by users");
        return Err(refused(&rule));
    }
    let is_address =
        matches!(&condition.test, Test::Is(values) if values.iter().any(|value| Email::parse(value).is_ok()));
    if is_address {
        Err(refused("an address gives no power; name a role, a group or a user id"))
    } else {
        Ok(condition)
    }
}
