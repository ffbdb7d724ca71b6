//! Names of hosts, as far as they can be an organization's own.

use super::denial::{Denial, Reason};
use super::email::is_domain;
use super::text_value::text_value;
use serde::{Deserialize, Serialize};

/// A host by its DNS name: two labels or more, lower case, no address, nothing of this machine's own.
///
/// ```
/// use guildhall::domain::host::HostName;
/// assert_eq!(HostName::parse("App.Nirvana.com.").unwrap().as_str(), "app.nirvana.com");
/// assert!(HostName::parse("127.0.0.1").is_err());
/// assert!(HostName::parse("nirvana.localhost").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct HostName(String);

impl HostName {
    /// The longest name that DNS has.
    pub const MAX_BYTES: usize = 253;

    /// Reads a host; the root's dot at the end is dropped.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let is_name = name.len() <= Self::MAX_BYTES && is_domain(&name) && !name.ends_with(".localhost");
        if is_name { Ok(HostName(name)) } else { Err(Denial::because(Reason::InvalidValue, "a DNS name is expected")) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value! { HostName 0 }
