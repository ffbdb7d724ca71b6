//! Settings on trial: what the Worker would say of them.
//!
//! Owns the reply for whoever deploys: the faults, and what a deployment should know of settings that work. Never a
//! rule of its own: [`Config`] reads the settings as the Worker does.

use super::reply;
use crate::app::config::{Address, AuthSettings, Authenticator, Config, ConfigError, Settings};
use crate::domain::denial::Denial;
use crate::domain::table::Table;
use serde::Serialize;

/// Looks at settings: `{settings: {NAME: text}, unreadable?: [NAME]}` ->
/// `{faults, development, loopback, roles, prefixes, audienceNone}`. The unreadable ones are there and neither text nor
/// number. Names that are no setting's are passed over, as the Worker passes over other variables.
pub fn check(input: &str) -> String {
    reply::to(input, |fields| {
        let named: Table<Name, String> = fields.or_default("settings")?;
        let unreadable: Vec<String> = fields.or_default("unreadable")?;
        fields.end()?;
        let settings = Settings::gather(|name| Ok::<_, Denial>(named.get(&Name(name.to_owned())).cloned()))?;
        Ok(Checked::of(&settings).with_unreadable(&unreadable))
    })
}

/// The name of a variable.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = Denial;
    fn try_from(name: String) -> Result<Self, Denial> {
        Ok(Name(name))
    }
}

/// What is said of settings.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Checked {
    /// What would keep the Worker from starting, but for `dev` beside a public origin: `development` says so.
    faults: Vec<Fault>,
    /// Whether callers may say who they are without proof.
    development: bool,
    /// Whether people reach the installation on this machine only.
    loopback: bool,
    /// The keys of the roles for all organizations; null while they cannot be read.
    roles: Option<Vec<String>>,
    /// What the user ids of each authenticator begin with; null while they cannot be read.
    prefixes: Option<Vec<String>>,
    /// The issuers that are believed for any audience.
    audience_none: Vec<String>,
}

#[derive(Serialize)]
struct Fault {
    setting: &'static str,
    code: &'static str,
    what: String,
}

impl Checked {
    fn of(settings: &Settings) -> Self {
        let origin = settings.public_origin.as_deref().map(str::trim).and_then(Address::parse);
        let loopback = origin.is_some_and(|origin| origin.is_local());
        // On this machine the development authenticator is no fault: so it is told from a mistake in `AUTH`.
        let at_home = Settings { public_origin: Some("http://localhost".to_owned()), ..settings.clone() };
        let (mistakes, rest) = Config::trial(&at_home);
        let is_mistaken = |names: &[&str]| mistakes.iter().any(|fault| names.contains(&fault.setting()));
        let is_auth = |name: &str| name == "AUTH" || name.starts_with("AUTH_");
        let auth_is_mistaken = mistakes.iter().any(|fault| is_auth(fault.setting())) || is_mistaken(&["UPSTREAM_KEYS"]);
        let auth = rest.as_ref().map(|config| &config.auth).filter(|_| !auth_is_mistaken);
        let catalog = rest.as_ref().map(|config| &config.policy.catalog);
        let roles = catalog.filter(|_| !is_mistaken(&["ROLES", "PERMISSIONS"]));
        let faults = Config::faults(settings);
        let faults = faults.iter().filter(|fault| auth_is_mistaken || !is_auth(fault.setting()));
        Checked {
            faults: faults.map(Fault::of).collect(),
            development: auth.is_some_and(AuthSettings::has_dev),
            loopback,
            roles: roles.map(|catalog| catalog.roles().iter().map(|(key, _)| key.to_string()).collect()),
            prefixes: auth.map(prefixes),
            audience_none: auth.map(believed_by_all).unwrap_or_default(),
        }
    }
}

impl Checked {
    /// Adds a fault for each setting that is there and cannot be read, in place of what else is said of it.
    fn with_unreadable(mut self, names: &[String]) -> Self {
        let unreadable = Settings::NAMES.iter().filter(|name| names.iter().any(|given| given == *name));
        let faults: Vec<Fault> = unreadable.map(|name| Fault::unreadable(name)).collect();
        self.faults.retain(|fault| faults.iter().all(|known| known.setting != fault.setting));
        self.faults.extend(faults);
        self
    }
}

fn prefixes(auth: &AuthSettings) -> Vec<String> {
    auth.list().iter().filter_map(Authenticator::users).map(|prefix| prefix.as_str().to_owned()).collect()
}

fn believed_by_all(auth: &AuthSettings) -> Vec<String> {
    auth.issuers().filter(|(_, issuer)| issuer.accepts_any_audience()).map(|(_, issuer)| issuer.name.clone()).collect()
}

impl Fault {
    fn of(error: &ConfigError) -> Self {
        Fault { setting: error.setting(), code: error.code(), what: error.to_string() }
    }

    fn unreadable(setting: &'static str) -> Self {
        let what = ["the setting ", setting, " is neither text nor number"].concat();
        Fault { setting, code: "setting_invalid", what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn said(settings: &Value) -> Value {
        let reply: Value = serde_json::from_str(&check(&json!({ "settings": settings }).to_string())).unwrap();
        reply["value"].clone()
    }

    #[test]
    fn settings_that_work_are_told_with_their_roles() {
        let settings = json!({
            "PUBLIC_ORIGIN": "http://127.0.0.1:8787", "AUTH": r#"[{"type":"dev"}]"#, "SECRET_KEY": "s".repeat(32),
            "PERMISSIONS": "invoice:read", "ROLES": r#"{"billing":{"permissions":["invoice:read"]}}"#, "OTHER": "1",
        });
        let found = said(&settings);
        assert_eq!((&found["faults"], &found["roles"]), (&json!([]), &json!(["billing"])));
        assert_eq!((&found["development"], &found["loopback"]), (&json!(true), &json!(true)));
    }

    #[test]
    fn every_fault_is_told_with_its_setting_and_code() {
        let settings =
            json!({ "PUBLIC_ORIGIN": "https://guildhall.example", "ROLES": "[]", "AUTH": r#"{"type":"dve"}"# });
        let found = said(&settings);
        let faults: Vec<(&Value, &Value)> =
            found["faults"].as_array().unwrap().iter().map(|fault| (&fault["setting"], &fault["code"])).collect();
        let (missing, invalid) = (json!("setting_missing"), json!("setting_invalid"));
        let expected = [(json!("SECRET_KEY"), missing), (json!("AUTH"), invalid.clone()), (json!("ROLES"), invalid)];
        assert_eq!(faults, expected.iter().map(|(name, code)| (name, code)).collect::<Vec<_>>());
        assert_eq!(
            (&found["loopback"], &found["roles"], &found["prefixes"]),
            (&json!(false), &json!(null), &json!(null))
        );
    }

    #[test]
    fn development_beside_a_public_origin_is_told_and_is_no_other_fault() {
        let auth =
            r#"[{"type":"dev"},{"type":"oidc","issuer":"https://id.example.com","audience":"none","users":"o|"}]"#;
        let found =
            said(&json!({ "PUBLIC_ORIGIN": "https://guildhall.example", "SECRET_KEY": "s".repeat(32), "AUTH": auth }));
        assert_eq!(
            (&found["faults"], &found["development"], &found["loopback"]),
            (&json!([]), &json!(true), &json!(false))
        );
        assert_eq!((&found["audienceNone"], &found["prefixes"]), (&json!(["oidc"]), &json!(["o|"])));
    }

    #[test]
    fn setting_that_is_neither_text_nor_number_is_told_once() {
        let input =
            json!({ "settings": { "SECRET_KEY": "s".repeat(32) }, "unreadable": ["AUTH", "TEAM_DEPTH", "NODE_ENV"] });
        let reply: Value = serde_json::from_str(&check(&input.to_string())).unwrap();
        let faults = reply["value"]["faults"].as_array().unwrap();
        let told: Vec<&str> = faults.iter().map(|fault| fault["what"].as_str().unwrap()).collect();
        let (auth, depth) =
            ("the setting AUTH is neither text nor number", "the setting TEAM_DEPTH is neither text nor number");
        assert_eq!(told, ["the setting PUBLIC_ORIGIN is missing", auth, depth]);
    }

    #[test]
    fn nothing_that_is_handed_in_is_fatal() {
        for input in ["", "{}", "[]", r#"{"settings":1}"#, r#"{"settings":{"AUTH":1}}"#, r#"{"other":1}"#] {
            assert!(check(input).starts_with('{'), "{input}");
        }
    }
}
