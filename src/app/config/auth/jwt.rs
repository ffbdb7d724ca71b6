//! A JWT issuer, read from an entry of `AUTH`.
//!
//! Owns the fields that every type has, and the rules between them. What a type knows by itself comes from
//! [`preset`](super::preset); a field of the entry stands above it.

use super::claims;
use super::preset::{Preset, preset};
use super::{Authenticator, Entry, nearest};
use crate::app::config::{Address, ConfigError, host_of, is_loopback};
use crate::domain::denial::echo;
use crate::domain::principal::IssuerName;
use crate::domain::token::{Algorithm, Audience, Issuer, KeySet, KeySource, Leeway, UserPrefix, UserPrefixes};
use serde_json::Value;

/// The word that switches the check of the audience off.
const NONE: &str = "none";

/// The issuer of an entry whose type is one of [`TYPES`](super::preset::TYPES).
///
/// # Errors
/// [`ConfigError`] for the first field that is missing or wrong.
pub(super) fn issuer(entry: &mut Entry, kind: &'static str) -> Result<Issuer, ConfigError> {
    let mut preset = preset(entry, kind)?;
    let audience = audience(entry)?;
    let authorized_parties = entry.texts("authorizedParties")?.unwrap_or_default();
    let client_ids = entry.texts("clientIds")?.unwrap_or_default();
    let substituted = !authorized_parties.is_empty() || !client_ids.is_empty();
    let by_preset = preset.audience.take();
    let audience = match audience.or(by_preset) {
        Some(audience) => audience,
        None if substituted => Audience::Unchecked,
        None => return Err(audience_missing(entry, &preset)),
    };
    Ok(Issuer {
        name: name(entry, kind)?,
        keys: keys(entry, &mut preset)?,
        issuers: std::mem::take(&mut preset.issuers),
        algorithms: algorithms(entry)?.unwrap_or_else(|| preset.algorithms.to_vec()),
        audience,
        authorized_parties,
        client_ids,
        uses: std::mem::take(&mut preset.uses),
        leeway: leeway(entry)?,
        users: UserPrefixes::new(prefix(entry)?, Vec::new()),
        claims: claims::rules(entry, &preset)?,
    })
}

fn name(entry: &mut Entry, kind: &str) -> Result<String, ConfigError> {
    let name = entry.text("name")?.unwrap_or_else(|| kind.to_owned());
    IssuerName::parse(&name).map_err(|denial| entry.refused("name", &denial.detail))?;
    Ok(name)
}

/// What the entry says of the audience; `None` if it says nothing.
fn audience(entry: &mut Entry) -> Result<Option<Audience>, ConfigError> {
    let Some(given) = entry.texts("audience")? else { return Ok(None) };
    match given.iter().any(|one| one == NONE) {
        true if given.len() > 1 => Err(entry.refused("audience", "`none` stands alone")),
        true => Ok(Some(Audience::Unchecked)),
        false => Ok(Some(Audience::OneOf(given))),
    }
}

/// Rule: that tokens for other applications are accepted as well is said, never forgotten.
fn audience_missing(entry: &Entry, preset: &Preset) -> ConfigError {
    let rule = format!("it is missing: {}, or \"none\" to accept tokens for every application", preset.audience_hint);
    entry.refused("audience", &rule)
}

fn leeway(entry: &mut Entry) -> Result<Leeway, ConfigError> {
    let given = entry.whole("leeway", 0..=120)?;
    Ok(given.and_then(|seconds| Leeway::new(u64::from(seconds))).unwrap_or_default())
}

/// What the ids of its users begin with; the empty text is one prefix of them.
pub(super) fn prefix(entry: &mut Entry) -> Result<UserPrefix, ConfigError> {
    let Some(value) = entry.value("users") else { return Ok(UserPrefix::default()) };
    let prefix = value.as_str().and_then(UserPrefix::parse);
    prefix.ok_or_else(|| entry.refused("users", UserPrefix::RULE))
}

fn algorithms(entry: &mut Entry) -> Result<Option<Vec<Algorithm>>, ConfigError> {
    let Some(names) = entry.texts("algorithms")? else { return Ok(None) };
    let known = |name: &String| {
        Algorithm::parse(name).ok_or_else(|| {
            let words = Algorithm::ALL.iter().map(|algorithm| algorithm.as_str());
            let meant = nearest(name, words).map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
            let rule = format!("`{}` is not one of {}{meant}", echo(name), Algorithm::NAMES);
            entry.refused("algorithms", &rule)
        })
    };
    names.iter().map(known).collect::<Result<_, _>>().map(Some)
}

/// Inline keys stand above an address, which stands above what the type knows. Rule: two sources are a mistake.
fn keys(entry: &mut Entry, preset: &mut Preset) -> Result<KeySource, ConfigError> {
    let inline = entry.value("keys").map(|value| inline(entry, &value)).transpose()?;
    let url = match entry.text("jwksUrl")? {
        Some(url) => Some(address(entry, "jwksUrl", &url)?),
        None => None,
    };
    match (inline, url) {
        (Some(_), Some(_)) => Err(entry.refused("jwksUrl", "`keys` is given as well; one of the two is expected")),
        (Some(keys), None) => Ok(KeySource::Inline(keys)),
        (None, Some(url)) => Ok(KeySource::Url(url)),
        (None, None) => match preset.keys.take() {
            Some(keys) => Ok(keys),
            None => discovery(entry, &preset.issuers),
        },
    }
}

fn inline(entry: &Entry, value: &Value) -> Result<KeySet, ConfigError> {
    let rule = |rule: &str| entry.refused("keys", rule);
    let set = KeySet::parse(&value.to_string()).map_err(|fault| rule(&fault.to_string()))?;
    if let Some(skipped) = set.skipped().first() {
        let kid = skipped.kid.as_deref().map(|kid| format!(" `{}`", echo(kid))).unwrap_or_default();
        return Err(rule(&format!("the key{kid} cannot be used: {}", skipped.reason)));
    }
    if set.keys().is_empty() { Err(rule("at least one public key is expected")) } else { Ok(set) }
}

fn discovery(entry: &Entry, issuers: &[String]) -> Result<KeySource, ConfigError> {
    let issuer = issuers.first().map(String::as_str).unwrap_or_default();
    address(entry, "issuer", issuer).map(|_| KeySource::Discovery(issuer.to_owned()))
}

/// Rule: keys come over a line that others cannot write into.
pub(super) fn address(entry: &Entry, name: &str, text: &str) -> Result<String, ConfigError> {
    let address = Address::parse(text).filter(|address| address.is_secure() || address.is_local());
    let rule = format!("an https address is expected (http on this machine alone), not `{}`", echo(text));
    address.map(|_| text.trim().to_owned()).ok_or_else(|| entry.refused(name, &rule))
}

/// Rule: an installation that others reach asks nothing of this machine for keys. `http` is for development, where all
/// of it is on one machine; elsewhere another program that listens there would sign for everyone.
pub(super) fn require_far_keys(
    entry: &Entry,
    has_url: bool,
    issuer: &Issuer,
    public_origin: &str,
) -> Result<(), ConfigError> {
    let (KeySource::Url(text) | KeySource::Discovery(text)) = &issuer.keys else { return Ok(()) };
    let is_plain = Address::parse(text).is_none_or(|address| !address.is_secure());
    if !is_plain || is_loopback(host_of(public_origin)) {
        return Ok(());
    }
    let rule =
        format!("an https address is expected (http beside a loopback PUBLIC_ORIGIN alone), not `{}`", echo(text));
    Err(entry.refused(if has_url { "jwksUrl" } else { "issuer" }, &rule))
}

/// Rule: an `iss` belongs to one issuer, so that a token says which one judges it.
pub(super) fn require_own_iss(entry: &Entry, list: &[Authenticator], new: &Authenticator) -> Result<(), ConfigError> {
    let Authenticator::Token(_, new) = new else { return Ok(()) };
    for known in list {
        let Authenticator::Token(_, known) = known else { continue };
        if let Some(iss) = known.issuers.iter().find(|iss| new.matches(iss)) {
            let rule = format!("`{}` is the issuer of `{}` already", echo(iss), known.name);
            return Err(entry.refused("issuer", &rule));
        }
    }
    Ok(())
}
