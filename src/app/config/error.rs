//! What is wrong with settings.
//!
//! Owns how a fault is named: by the setting and a code for everybody, with the value for the operator's log alone.

use super::{Config, Settings};

/// A setting that is missing or wrong, named. Its text may hold a part of the value: it is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is not there.
    #[error("the setting {0} is missing")]
    Missing(&'static str),
    /// It is there and breaks its rule.
    #[error("the setting {0} is wrong: {1}")]
    Wrong(&'static str, &'static str),
    /// It is there, and a part of it breaks the rule: which part, and which rule.
    #[error("the setting {0} is wrong: {1}")]
    Refused(&'static str, String),
}

impl ConfigError {
    /// The name of the setting.
    pub fn setting(&self) -> &'static str {
        match self {
            ConfigError::Missing(name) | ConfigError::Wrong(name, _) | ConfigError::Refused(name, _) => name,
        }
    }

    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            ConfigError::Missing(_) => "setting_missing",
            ConfigError::Wrong(..) | ConfigError::Refused(..) => "setting_invalid",
        }
    }
}

/// Values under which each setting that must be there passes, for looking at the others.
const SOUND: [(&str, &str); 3] = [
    ("PUBLIC_ORIGIN", "http://localhost"),
    ("AUTH", r#"{"type":"dev"}"#),
    ("SECRET_KEY", "00000000000000000000000000000000"),
];

impl Config {
    /// Every setting that is missing or wrong, in the order in which they are read; none for settings that work.
    pub fn faults(settings: &Settings) -> Vec<ConfigError> {
        Config::trial(settings).0
    }

    /// The faults of settings, and what the others come to. Each fault is put aside to find the next one; where one
    /// stays, the rest is unknown.
    pub fn trial(settings: &Settings) -> (Vec<ConfigError>, Option<Config>) {
        let mut faults: Vec<ConfigError> = Vec::new();
        let mut settings = settings.clone();
        loop {
            let fault = match Config::read(&settings) {
                Ok(config) => return (faults, Some(config)),
                Err(fault) => fault,
            };
            let name = fault.setting();
            if faults.iter().any(|known| known.setting() == name) {
                return (faults, None);
            }
            settings = mended(settings, name);
            faults.push(fault);
        }
    }
}

/// The settings with one of them as it should be. What a mode demands of the origin is no second fault.
fn mended(settings: Settings, name: &str) -> Settings {
    let settings = settings.without(name);
    let sound = |wanted: &str| SOUND.iter().find(|(name, _)| *name == wanted).map(|(_, value)| (*value).to_owned());
    match name {
        "PUBLIC_ORIGIN" => Settings { public_origin: sound(name), ..settings },
        name if name.starts_with("AUTH") => {
            let settings = Settings::NAMES
                .iter()
                .filter(|name| name.starts_with("AUTH_"))
                .fold(settings, |all, name| all.without(name));
            Settings { auth: sound("AUTH"), public_origin: sound("PUBLIC_ORIGIN"), ..settings }
        }
        "SECRET_KEY" => Settings { secret_key: sound(name), ..settings },
        _ => settings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn sound() -> Settings {
        Settings {
            public_origin: some("http://127.0.0.1:8787"),
            auth: some(r#"{"type":"dev"}"#),
            secret_key: some(&"s".repeat(32)),
            ..Settings::default()
        }
    }

    #[test]
    fn every_wrong_setting_is_found_once() {
        assert_eq!(Config::faults(&sound()), []);
        let settings = Settings {
            public_origin: some("app.example"),
            secret_key: None,
            base_domain: some("exa mple"),
            permissions: some("invoice:read Invoice.pay"),
            seat_limit: some("none"),
            team_depth: some("99"),
            reserved_slugs: some("*"),
            ..sound()
        };
        let found = Config::faults(&settings);
        let mut named: Vec<(&str, &str)> = found.iter().map(|fault| (fault.setting(), fault.code())).collect();
        named.sort_unstable();
        let expected = [
            ("BASE_DOMAIN", "setting_invalid"),
            ("PERMISSIONS", "setting_invalid"),
            ("PUBLIC_ORIGIN", "setting_invalid"),
            ("RESERVED_SLUGS", "setting_invalid"),
            ("SEAT_LIMIT", "setting_invalid"),
            ("SECRET_KEY", "setting_missing"),
            ("TEAM_DEPTH", "setting_invalid"),
        ];
        assert_eq!(named, expected);
    }

    #[test]
    fn an_authenticator_that_does_not_fit_the_origin_is_one_fault() {
        let settings = Settings { public_origin: some("https://guildhall.example"), ..sound() };
        let found: Vec<&str> = Config::faults(&settings).iter().map(ConfigError::setting).collect();
        assert_eq!(found, ["AUTH"]);
        let nothing: Vec<&str> = Config::faults(&Settings::default()).iter().map(ConfigError::setting).collect();
        assert_eq!(nothing, ["SECRET_KEY", "PUBLIC_ORIGIN", "AUTH"]);
    }
}
