//! How many requests a caller may send in a time, read from a setting.
//!
//! Owns the form of the setting, and the names of the limits and of their bindings. Never counts: a binding of the
//! platform does, and its own configuration decides when a request is one too many.

use super::{ConfigError, Settings, given, nearest};
use crate::domain::denial::echo;

const NAME: &str = "RATE_LIMITS";

/// What an entry looks like.
const FORM: &str = "name=requests/seconds is expected, such as `anonymous=60/60`";

/// The periods that the platform counts in, in seconds.
const PERIODS: [u32; 2] = [10, 60];

/// The callers that one limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimit {
    /// Requests without a credential, or with one that is refused: by network address.
    Anonymous,
    /// Requests of a user: by user id.
    SignedIn,
}

impl RateLimit {
    /// Every limit.
    pub const ALL: [RateLimit; 2] = [RateLimit::Anonymous, RateLimit::SignedIn];

    /// The name in the setting and in headers.
    pub fn name(self) -> &'static str {
        match self {
            RateLimit::Anonymous => "anonymous",
            RateLimit::SignedIn => "signed-in",
        }
    }

    /// The name of the binding that counts.
    pub fn binding(self) -> &'static str {
        match self {
            RateLimit::Anonymous => "RATE_LIMIT_ANONYMOUS",
            RateLimit::SignedIn => "RATE_LIMIT_SIGNED_IN",
        }
    }
}

/// How many requests are answered in how many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At least 1.
    pub requests: u32,
    /// 10 or 60.
    pub seconds: u32,
}

/// The limits of an installation. Each may be absent: then its callers are not counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimits {
    anonymous: Option<Rate>,
    signed_in: Option<Rate>,
}

impl RateLimits {
    /// Reads the setting.
    ///
    /// # Errors
    /// [`ConfigError`] names the first entry that breaks a rule, its place, and the rule.
    pub fn read(settings: &Settings) -> Result<Self, ConfigError> {
        let mut limits = RateLimits::default();
        let text = given(settings.rate_limits.as_deref()).unwrap_or_default();
        let entries = text.split(|char: char| char.is_whitespace() || char == ',').filter(|entry| !entry.is_empty());
        for (place, entry) in (1usize..).zip(entries) {
            let refused = |rule| ConfigError::Refused(NAME, format!("entry {place}, `{}`: {rule}", echo(entry)));
            let (limit, rate) = entry_of(entry).map_err(refused)?;
            if limits.slot(limit).replace(rate).is_some() {
                return Err(refused(format!("`{}` stands there twice", limit.name())));
            }
        }
        Ok(limits)
    }

    /// The rate of a limit; `None` where it does not exist.
    pub fn rate(&self, limit: RateLimit) -> Option<Rate> {
        match limit {
            RateLimit::Anonymous => self.anonymous,
            RateLimit::SignedIn => self.signed_in,
        }
    }

    fn slot(&mut self, limit: RateLimit) -> &mut Option<Rate> {
        match limit {
            RateLimit::Anonymous => &mut self.anonymous,
            RateLimit::SignedIn => &mut self.signed_in,
        }
    }

    /// The fault of a limit whose binding counts although the setting does not name it. Rule: what an operator has bound
    /// is used, or the start is refused. Reason: an installation that only seems to be limited is not protected.
    pub fn unnamed(limit: RateLimit) -> ConfigError {
        let (name, binding) = (limit.name(), limit.binding());
        ConfigError::Refused(NAME, format!("the binding {binding} is there, but `{name}=requests/seconds` is missing"))
    }
}

fn entry_of(entry: &str) -> Result<(RateLimit, Rate), String> {
    let (name, rate) = entry.split_once('=').ok_or(FORM)?;
    let (requests, seconds) = rate.split_once('/').ok_or(FORM)?;
    let limit = RateLimit::ALL.into_iter().find(|limit| limit.name() == name).ok_or_else(|| unknown(name))?;
    let requests = whole(requests).ok_or("the requests are a whole number above 0")?;
    let seconds = whole(seconds).filter(|seconds| PERIODS.contains(seconds));
    Ok((limit, Rate { requests, seconds: seconds.ok_or("the platform counts in periods of 10 or 60 seconds")? }))
}

fn unknown(name: &str) -> String {
    match nearest(name, RateLimit::ALL.map(RateLimit::name)) {
        Some(near) => format!("`{}` is unknown; did you mean `{near}`?", echo(name)),
        None => format!("`{}` is unknown; `anonymous` or `signed-in` is expected", echo(name)),
    }
}

/// A whole number above 0, in digits alone.
fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RateLimits, ConfigError> {
        RateLimits::read(&Settings { rate_limits: Some(text.to_owned()), ..Settings::default() })
    }

    #[test]
    fn each_limit_may_be_absent() {
        let rate = |requests, seconds| Some(Rate { requests, seconds });
        for (text, anonymous, signed_in) in [
            ("anonymous=60/60 signed-in=600/60", rate(60, 60), rate(600, 60)),
            ("signed-in=1/10,\nanonymous=4294967295/10 ,", rate(u32::MAX, 10), rate(1, 10)),
            ("anonymous=5/10", rate(5, 10), None),
            ("signed-in=5/10", None, rate(5, 10)),
            (" , ", None, None),
            ("", None, None),
        ] {
            let limits = read(text).unwrap();
            let found = RateLimit::ALL.map(|limit| limits.rate(limit));
            assert_eq!(found, [anonymous, signed_in], "{text}");
        }
        assert_eq!(RateLimits::read(&Settings::default()), Ok(RateLimits::default()));
    }

    #[test]
    fn a_wrong_entry_is_named_with_its_place_and_its_rule() {
        for (entry, rule) in [
            ("anonymous", "name=requests/seconds"),
            ("anonymous=60", "name=requests/seconds"),
            ("=60/60", "is unknown"),
            ("anonymus=60/60", "did you mean `anonymous`?"),
            ("signed_in=60/60", "did you mean `signed-in`?"),
            ("Anonymous=60/60", "did you mean `anonymous`?"),
            ("everybody=60/60", "`anonymous` or `signed-in` is expected"),
            ("anonymous=0/60", "above 0"),
            ("anonymous=-1/60", "above 0"),
            ("anonymous=+1/60", "above 0"),
            ("anonymous=4294967296/60", "above 0"),
            ("anonymous=/60", "above 0"),
            ("anonymous=1.5/60", "above 0"),
            ("anonymous=60/", "10 or 60"),
            ("anonymous=60/30", "10 or 60"),
            ("anonymous=60/60s", "10 or 60"),
            ("anonymous=60/60/60", "10 or 60"),
            ("signed-in=600/60", "twice"),
        ] {
            let error = read(&format!("signed-in=6/10 {entry}")).unwrap_err();
            let text = error.to_string();
            assert_eq!((error.setting(), error.code()), (NAME, "setting_invalid"), "{entry}");
            assert!(text.contains("entry 2") && text.contains(entry) && text.contains(rule), "{entry}: {text}");
        }
    }
}
