//! The list of authenticators, read from its settings.

use super::{AuthSettings, Authenticator, Channel, Entry, jwt, nearest, preset, upstream};
use crate::app::config::{ConfigError, Settings, given, host_of, is_loopback};
use crate::domain::denial::echo;
use crate::domain::json::value_of;
use crate::domain::token::{UserPrefix, UserPrefixes};
use serde_json::Value;

/// What an entry's `type` can be beside the types of issuers.
const TYPES: [&str; 2] = ["dev", "upstream"];

const EXPECTED: &str = "a JSON array of authenticators is expected, like [{\"type\":\"dev\"}]";

/// The most authenticators.
const MOST: usize = 32;

pub(in crate::app::config) fn auth(settings: &Settings, public_origin: &str) -> Result<AuthSettings, ConfigError> {
    if given(settings.auth_mode.as_deref()).is_some() {
        let instead = "it is no setting any more: write AUTH = '[{\"type\":\"dev\"}]' in place of AUTH_MODE = \"dev\"";
        return Err(ConfigError::Wrong("AUTH_MODE", instead));
    }
    let mut list: Vec<Authenticator> = Vec::new();
    for mut entry in entries(settings)? {
        let authenticator = authenticator(&mut entry, (settings, public_origin))?;
        require_apart(&entry, &list, &authenticator)?;
        entry.end()?;
        list.push(authenticator);
    }
    Ok(AuthSettings::new(beside_others(list)))
}

/// Rule: names are unique, a key signs for one upstream, and user ids of two authenticators never meet.
fn require_apart(entry: &Entry, list: &[Authenticator], new: &Authenticator) -> Result<(), ConfigError> {
    if *new == Authenticator::Dev && list.contains(new) {
        return Err(entry.refused("type", "`dev` stands in the list already"));
    }
    if let Some(name) = new.name().filter(|name| list.iter().any(|known| known.name() == Some(name))) {
        return Err(entry.refused("name", &format!("`{name}` is the name of an earlier one; give each a `name`")));
    }
    let meets = |known: &&Authenticator| known.users().zip(new.users()).is_some_and(|(known, new)| known.meets(new));
    if let Some(other) = list.iter().find(meets) {
        let name = other.name().unwrap_or_default();
        return Err(
            entry.refused("users", &format!("user ids would meet those of `{name}`; give each a prefix of its own"))
        );
    }
    jwt::require_own_iss(entry, list, new)?;
    upstream::require_own_keys(entry, list, new)
}

fn authenticator(
    entry: &mut Entry,
    (settings, public_origin): (&Settings, &str),
) -> Result<Authenticator, ConfigError> {
    let kind = entry.required("type")?;
    match kind.as_str() {
        "dev" => dev(entry, public_origin),
        "upstream" => upstream::upstream(entry, settings).map(Authenticator::Upstream),
        other => match preset::TYPES.into_iter().find(|known| *known == other) {
            Some(known) => {
                let has_url = entry.has("jwksUrl");
                let issuer = jwt::issuer(entry, known)?;
                jwt::require_far_keys(entry, has_url, &issuer, public_origin)?;
                Ok(Authenticator::Token(channel(known), Box::new(issuer)))
            }
            None => {
                let words = TYPES.into_iter().chain(preset::TYPES);
                let meant = nearest(other, words).map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
                Err(entry.refused("type", &format!("`{}` is no authenticator{meant}", echo(other))))
            }
        },
    }
}

/// The header in which the tokens of a type come.
fn channel(kind: &str) -> Channel {
    match kind {
        "access" | "cloudflare-access" => Channel::Access,
        _ => Channel::Authorization,
    }
}

/// Tells each authenticator the prefixes of all others, once all are known.
fn beside_others(mut list: Vec<Authenticator>) -> Vec<Authenticator> {
    let prefixes: Vec<UserPrefix> = list.iter().filter_map(Authenticator::users).cloned().collect();
    for authenticator in &mut list {
        let users = match authenticator {
            Authenticator::Dev => continue,
            Authenticator::Upstream(upstream) => &mut upstream.users,
            Authenticator::Token(_, issuer) => &mut issuer.users,
        };
        let own = users.own().clone();
        let others = prefixes.iter().filter(|prefix| **prefix != own).cloned().collect();
        *users = UserPrefixes::new(own, others);
    }
    list
}

/// Rule: where callers say who they are without proof, people reach the installation on this machine only.
fn dev(entry: &Entry, public_origin: &str) -> Result<Authenticator, ConfigError> {
    if is_loopback(host_of(public_origin)) {
        return Ok(Authenticator::Dev);
    }
    Err(entry.refused("type", "`dev` believes every caller and needs a loopback PUBLIC_ORIGIN"))
}

/// The entries of all variables, in their order. Rule: a gap is an error, because a variable that was forgotten in a
/// deployment would otherwise take its authenticators along silently.
fn entries(settings: &Settings) -> Result<Vec<Entry>, ConfigError> {
    let mut found = Vec::new();
    let mut gap = None;
    for (name, text) in variables(settings) {
        match (given(text.as_deref()), gap) {
            (None, _) => gap = gap.or(Some(name)),
            (Some(_), Some("AUTH")) => return Err(ConfigError::Missing("AUTH")),
            (Some(_), Some(gap)) => {
                return Err(ConfigError::Refused(gap, format!("it is missing, and {name} is there")));
            }
            (Some(text), None) => found.extend(in_variable(name, text)?),
        }
    }
    if found.is_empty() {
        let none = ConfigError::Refused("AUTH", format!("no authenticator is in it: {EXPECTED}"));
        return Err(if gap == Some("AUTH") { ConfigError::Missing("AUTH") } else { none });
    }
    if found.len() > MOST {
        return Err(ConfigError::Wrong("AUTH", "at most 32 authenticators are possible"));
    }
    Ok(found)
}

fn variables(settings: &Settings) -> [(&'static str, &Option<String>); 9] {
    [
        ("AUTH", &settings.auth),
        ("AUTH_2", &settings.auth_2),
        ("AUTH_3", &settings.auth_3),
        ("AUTH_4", &settings.auth_4),
        ("AUTH_5", &settings.auth_5),
        ("AUTH_6", &settings.auth_6),
        ("AUTH_7", &settings.auth_7),
        ("AUTH_8", &settings.auth_8),
        ("AUTH_9", &settings.auth_9),
    ]
}

fn in_variable(name: &'static str, text: &str) -> Result<Vec<Entry>, ConfigError> {
    let fault = |what: String| ConfigError::Refused(name, what);
    let value = value_of(text.as_bytes()).map_err(|what| fault(format!("{what}: {EXPECTED}")))?;
    let values = match value {
        Value::Array(values) => values,
        Value::Object(_) => return Entry::of(name, name.to_owned(), value).map(|entry| vec![entry]),
        _ => return Err(fault(EXPECTED.to_owned())),
    };
    let placed = values.into_iter().enumerate();
    placed.map(|(place, value)| Entry::of(name, format!("{name}[{place}]"), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: &str = "http://127.0.0.1:8787";

    fn read(text: &str) -> Result<AuthSettings, String> {
        auth(&Settings { auth: Some(text.to_owned()), ..Settings::default() }, LOCAL).map_err(|error| error.to_string())
    }

    #[test]
    fn one_object_and_an_array_of_it_are_the_same() {
        assert_eq!(read(r#"{"type":"dev"}"#), read(r#"[{"type":"dev"}]"#));
        assert_eq!(read(r#"[{"type":"dev"}]"#).unwrap().list(), [Authenticator::Dev]);
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_the_nearest_word() {
        for (text, said) in [
            (r#"[{"type":"dev","nam":"x"}]"#, "AUTH[0].nam is unknown"),
            (r#"[{"typ":"dev"}]"#, "AUTH[0].typ is unknown; did you mean \"type\"?"),
            (r#"[{"type":"dve"}]"#, "AUTH[0].type: `dve` is no authenticator; did you mean \"dev\"?"),
            (r#"{"type":"saml"}"#, "AUTH.type: `saml` is no authenticator"),
            (r#"[{"type":7}]"#, "AUTH[0].type: a text is expected"),
            (r#"[{}]"#, "AUTH[0].type is missing"),
            (r#"[7]"#, "AUTH[0]: an object is expected"),
            (r#"[{"type":"dev"},{"type":"dev"}]"#, "AUTH[1].type: `dev` stands in the list already"),
            (r#"[{"type":"dev","type":"dev"}]"#, "`type` stands twice in one object"),
            ("dev", "expected value at line 1 column 1: a JSON array of authenticators is expected"),
            ("[]", "no authenticator is in it"),
            ("\"dev\"", "a JSON array of authenticators is expected"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn further_variables_are_joined_and_a_gap_is_refused() {
        let some = |text: &str| Some(text.to_owned());
        let read = |settings: Settings| auth(&settings, LOCAL).map_err(|error| error.to_string());
        let twice = Settings { auth: some("[]"), auth_2: some(r#"[{"type":"dev"}]"#), ..Settings::default() };
        assert_eq!(read(twice).unwrap().list(), [Authenticator::Dev]);
        let gap = Settings { auth: some("[]"), auth_3: some(r#"[{"type":"dev"}]"#), ..Settings::default() };
        assert_eq!(read(gap).unwrap_err(), "the setting AUTH_2 is wrong: it is missing, and AUTH_3 is there");
        let odd = Settings { auth: some("[]"), auth_2: some(r#"[{"type":"dve"}]"#), ..Settings::default() };
        assert!(read(odd).unwrap_err().contains("AUTH_2[0].type: `dve` is no authenticator; did you mean \"dev\"?"));
        assert_eq!(read(Settings::default()).unwrap_err(), "the setting AUTH is missing");
    }

    #[test]
    fn the_former_setting_is_refused_with_what_to_write_instead() {
        let former = Settings { auth_mode: Some("dev".to_owned()), ..Settings::default() };
        let error = auth(&former, LOCAL).unwrap_err();
        assert_eq!(error.setting(), "AUTH_MODE");
        assert!(error.to_string().contains(r#"AUTH = '[{"type":"dev"}]'"#));
    }

    #[test]
    fn the_development_authenticator_needs_a_loopback_origin() {
        let dev = Settings { auth: Some(r#"[{"type":"dev"}]"#.to_owned()), ..Settings::default() };
        let error = auth(&dev, "https://guildhall.example").unwrap_err();
        assert!(error.to_string().contains("needs a loopback PUBLIC_ORIGIN"), "{error}");
    }
}
