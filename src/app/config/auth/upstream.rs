//! The authenticator `upstream`, and the secret `UPSTREAM_KEYS`.

use super::{Authenticator, Entry, jwt};
use crate::app::config::{ConfigError, Settings, given};
use crate::app::upstream::{MIN_SECRET, Upstream, UpstreamKey};
use crate::domain::json::value_of;
use crate::domain::operator::{Vouch, Vouches};
use crate::domain::principal::IssuerName;
use crate::domain::token::UserPrefixes;
use serde_json::Value;

const SECRETS: &str = "UPSTREAM_KEYS";

/// Reads an entry: `{"type":"upstream","name"?,"keys":[…],"users"?,"mayVouch"?}`.
pub(super) fn upstream(entry: &mut Entry, settings: &Settings) -> Result<Upstream, ConfigError> {
    let name = entry.text("name")?.unwrap_or_else(|| "upstream".to_owned());
    let name = IssuerName::parse(&name).map_err(|denial| entry.refused("name", &denial.detail))?;
    let users = jwt::prefix(entry)?;
    let ids = entry.texts("keys")?.ok_or_else(|| entry.missing("keys"))?;
    if ids.len() > 2 {
        return Err(entry.refused("keys", "one key is expected, or two while they are exchanged"));
    }
    let keys = ids.iter().map(|id| key(entry, id, settings)).collect::<Result<_, _>>()?;
    let vouches = vouches(entry)?;
    Ok(Upstream { name, keys, users: UserPrefixes::new(users, Vec::new()), vouches })
}

fn vouches(entry: &mut Entry) -> Result<Vouches, ConfigError> {
    let words = match entry.value("mayVouch") {
        None => return Ok(Vouches::default()),
        Some(Value::Array(words)) => words,
        Some(_) => return Err(entry.refused("mayVouch", "a list of texts is expected")),
    };
    words.iter().try_fold(Vouches::default(), |all, word| {
        let vouch = word.as_str().and_then(Vouch::parse);
        let known: Vec<&str> = Vouch::ALL.iter().map(|vouch| vouch.as_str()).collect();
        let rule = || entry.refused("mayVouch", &format!("{word} is not one of {}", known.join(", ")));
        vouch.map(|vouch| all.with(vouch)).ok_or_else(rule)
    })
}

/// Refuses a key that an earlier upstream signs with: one signature would be two callers'.
pub(super) fn require_own_keys(entry: &Entry, list: &[Authenticator], new: &Authenticator) -> Result<(), ConfigError> {
    let Authenticator::Upstream(new) = new else { return Ok(()) };
    let known = list.iter().filter_map(|it| if let Authenticator::Upstream(it) = it { Some(it) } else { None });
    let ids: Vec<&str> = known.flat_map(|it| it.keys.iter()).map(UpstreamKey::id).collect();
    let own: Vec<&str> = new.keys.iter().map(UpstreamKey::id).collect();
    let again =
        own.iter().enumerate().find(|(place, id)| ids.contains(*id) || own.iter().take(*place).any(|it| it == *id));
    match again {
        Some((_, id)) => Err(entry.refused("keys", &format!("`{id}` is named already"))),
        None => Ok(()),
    }
}

/// A key by its id. The secrets are read anew for each: there are few.
fn key(entry: &Entry, id: &str, settings: &Settings) -> Result<UpstreamKey, ConfigError> {
    let text = given(settings.upstream_keys.as_deref()).ok_or(ConfigError::Missing(SECRETS))?;
    let secrets = match value_of(text.as_bytes()) {
        Ok(Value::Object(secrets)) => secrets,
        _ => return Err(ConfigError::Wrong(SECRETS, "a JSON object of key ids and secrets is expected")),
    };
    let secret = secrets.get(id).ok_or_else(|| entry.refused("keys", &format!("`{id}` is not in {SECRETS}")))?;
    let rule = || {
        let rule = format!(
            "`{id}` needs an id of 1 to 64 letters, digits, `-` and `_`, and a secret of {MIN_SECRET} bytes or more"
        );
        ConfigError::Refused(SECRETS, rule)
    };
    secret.as_str().and_then(|secret| UpstreamKey::new(id, secret)).ok_or_else(rule)
}

#[cfg(test)]
mod tests {
    use super::super::auth;
    use super::*;

    fn read(upstream: &str, secrets: Option<&str>) -> Result<Vec<Upstream>, String> {
        let settings = Settings {
            auth: Some(format!("[{upstream}]")),
            upstream_keys: secrets.map(str::to_owned),
            ..Settings::default()
        };
        let auth = auth(&settings, "https://guildhall.example").map_err(|error| error.to_string())?;
        Ok(auth.upstreams().cloned().collect())
    }

    #[test]
    fn an_upstream_has_its_keys_and_states_what_is_listed() {
        let secrets = r#"{"a": "0123456789abcdef0123456789abcdef", "b": "fedcba9876543210fedcba9876543210", "c": "x"}"#;
        let read =
            read(r#"{"type":"upstream","keys":["a","b"],"users":"up|","mayVouch":["email","sign_in"]}"#, Some(secrets));
        let [upstream] = read.unwrap().try_into().unwrap();
        assert_eq!(upstream.keys.iter().map(UpstreamKey::id).collect::<Vec<_>>(), ["a", "b"]);
        assert!(upstream.vouches.has(Vouch::Email) && upstream.vouches.has(Vouch::SignIn));
        assert!(!upstream.vouches.has(Vouch::Mfa) && !upstream.vouches.has(Vouch::PlatformAdmin));
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_without_a_secret() {
        let sound = r#"{"a": "0123456789abcdef0123456789abcdef"}"#;
        for (entry, secrets, said) in [
            (r#"{"type":"upstream"}"#, Some(sound), "AUTH[0].keys is missing"),
            (r#"{"type":"upstream","keys":["a"]}"#, None, "UPSTREAM_KEYS is missing"),
            (r#"{"type":"upstream","keys":["b"]}"#, Some(sound), "AUTH[0].keys: `b` is not in UPSTREAM_KEYS"),
            (r#"{"type":"upstream","keys":["a","b","c"]}"#, Some(sound), "AUTH[0].keys: one key is expected"),
            (r#"{"type":"upstream","keys":["a"]}"#, Some(r#"{"a":"0123456789"}"#), "a secret of 32 bytes or more"),
            (r#"{"type":"upstream","keys":["a"]}"#, Some(r#"["0123456789"]"#), "a JSON object of key ids"),
            (
                r#"{"type":"upstream","keys":["a"],"mayVouch":["admin"]}"#,
                Some(sound),
                r#"AUTH[0].mayVouch: "admin" is not one of"#,
            ),
            (r#"{"type":"upstream","keys":["a"],"mayVouch":"email"}"#, Some(sound), "AUTH[0].mayVouch: a list"),
            (r#"{"type":"upstream","keys":["a"],"mayVouchFor":[]}"#, Some(sound), "AUTH[0].mayVouchFor is unknown"),
            (r#"{"type":"upstream","keys":["a"],"users":"guildhall:"}"#, Some(sound), "AUTH[0].users:"),
            (
                r#"{"type":"upstream","keys":["a"]},{"type":"upstream","keys":["a"],"users":"b|"}"#,
                Some(sound),
                "AUTH[1].name",
            ),
            (
                r#"{"type":"upstream","keys":["a"]},{"type":"upstream","name":"b","keys":["a"],"users":"b|"}"#,
                Some(sound),
                "AUTH[1].keys",
            ),
            (
                r#"{"type":"upstream","keys":["a"],"users":"b"},{"type":"upstream","name":"b","keys":["a"],"users":"b|"}"#,
                Some(sound),
                "AUTH[1].users",
            ),
        ] {
            let error = read(entry, secrets).unwrap_err();
            assert!(error.contains(said) && !error.contains("0123456789"), "{entry}: {error}");
        }
    }
}
