//! Identifiers: typed, prefixed, sortable by birth.
//!
//! Owns the text form `prefix_` + 32 lower-case hex digits of a UUIDv7. Never mints one (that needs
//! a clock and entropy: `app::mint`). Users keep the id that their identity provider gave them.

use super::denial::{Denial, Reason};
use super::text_value::text_value;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// What every such id starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Builds the id born at `millis` (Unix time, milliseconds) from ten random bytes.
            pub fn from_parts(millis: u64, random: &[u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid())
            }

            /// When it was born, in Unix milliseconds.
            pub fn millis(&self) -> u64 {
                let (seconds, nanos) = self.0.get_timestamp().map(|at| at.to_unix()).unwrap_or_default();
                seconds.saturating_mul(1000).saturating_add(u64::from(nanos / 1_000_000))
            }

            /// Reads the text form.
            ///
            /// # Errors
            /// `not_found` for anything else: a malformed id names nothing.
            pub fn parse(text: &str) -> Result<Self, Denial> {
                Self::from_text(text).ok_or_else(|| Reason::NotFound.into())
            }

            /// Reads an id that stands in a body or in a parameter, where it is a value like any other.
            ///
            /// # Errors
            /// `invalid_value` for text that can be no such id.
            pub fn parse_given(text: &str) -> Result<Self, Denial> {
                let form = concat!("an id is expected: `", $prefix, "` and a UUID of version 7 as 32 lower-case hexadecimal digits");
                Self::from_text(text).ok_or_else(|| Denial::because(Reason::InvalidValue, form))
            }

            /// The same without a word about what is wrong.
            pub fn from_text(text: &str) -> Option<Self> {
                let hex = text.strip_prefix($prefix).filter(|hex| hex.len() == 32)?;
                Self::from_bytes(u128::to_be_bytes(hex.bytes().try_fold(0, with_digit)?))
            }

            /// The id of these bytes; `None` for another version than 7, or another variant than the RFC's.
            pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
                let uuid = Uuid::from_bytes(bytes);
                let ours = uuid.get_version_num() == 7 && uuid.get_variant() == uuid::Variant::RFC4122;
                ours.then_some(Self(uuid))
            }

            /// Its 16 bytes.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = Denial;
            fn try_from(text: String) -> Result<Self, Denial> {
                Self::parse(&text)
            }
        }
    };
}

prefixed_id! {
    /// An organization's id: `org_…`.
    OrganizationId, "org_"
}
prefixed_id! {
    /// A membership's id: `mem_…`.
    MembershipId, "mem_"
}
prefixed_id! {
    /// An invitation's id: `inv_…`.
    InvitationId, "inv_"
}
prefixed_id! {
    /// An event's id: `evt_…`. Not minted: it follows from the entry of the audit log.
    EventId, "evt_"
}
prefixed_id! {
    /// A custom role's id: `role_…`.
    RoleId, "role_"
}
prefixed_id! {
    /// A claimed domain's id: `dom_…`.
    DomainId, "dom_"
}
prefixed_id! {
    /// An invitation link's id: `lnk_…`.
    LinkId, "lnk_"
}
prefixed_id! {
    /// A join request's id: `req_…`.
    JoinRequestId, "req_"
}
prefixed_id! {
    /// A registration's id: `reg_…`.
    RegistrationId, "reg_"
}
prefixed_id! {
    /// A team's id: `team_…`.
    TeamId, "team_"
}
prefixed_id! {
    /// A webhook's id: `whk_…`.
    WebhookId, "whk_"
}
prefixed_id! {
    /// An outgoing message's id: `msg_…`.
    MessageId, "msg_"
}

/// A number with one more digit: lower-case hex only.
fn with_digit(number: u128, digit: u8) -> Option<u128> {
    let value = match digit {
        b'0'..=b'9' => digit.wrapping_sub(b'0'),
        b'a'..=b'f' => digit.wrapping_sub(b'a').wrapping_add(10),
        _ => return None,
    };
    Some((number << 4) | u128::from(value))
}

/// A user's id, as the identity provider gave it: opaque, 1 to 128 characters, no control
/// characters, and not `me`, `.` or `..`, which mean something else in a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct UserId(String);

impl UserId {
    /// The longest id, in characters.
    pub const MAX_CHARS: usize = 128;

    /// What the ids of the installation's own actors start with.
    pub const INSTALLATION: &str = "guildhall:";

    /// What the ids start with that own an organization until its registration is activated.
    pub const REGISTRATION: &str = "registration:";

    /// Checks an id from outside.
    ///
    /// ```
    /// use guildhall::domain::id::UserId;
    /// assert!(UserId::parse("kurt").is_ok());
    /// assert!(UserId::parse("me").is_err());
    /// ```
    ///
    /// # Errors
    /// `user_id_invalid`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        if !Self::allows(text.chars()) {
            let rule = "a user id has 1 to 128 characters, no control characters, and is not `me`, `.` or `..`";
            return Err(Denial::because(Reason::UserIdInvalid, rule));
        }
        Ok(UserId(text.to_owned()))
    }

    /// Whether the characters can be an id.
    pub fn allows(chars: impl Iterator<Item = char> + Clone) -> bool {
        let short = chars.clone().nth(Self::MAX_CHARS).is_none();
        let taken = |name: &&str| name.chars().eq(chars.clone());
        short && !chars.clone().any(char::is_control) && !["", "me", ".", ".."].iter().any(taken)
    }

    /// Whether it is the installation's own. Rule: no authenticator gives such an id, nobody with one
    /// is let in, and nobody is added under one: it stands for no person.
    pub fn is_internal(&self) -> bool {
        self.0.starts_with(Self::INSTALLATION) || self.0.starts_with(Self::REGISTRATION)
    }

    /// Checks an id that is to stand for a person or a program outside. Rule: no white space at the ends, which copies
    /// and forms add and lose, and no character that turns the direction of text, which shows one id as another. An id
    /// that was stored with some is still read and can still be named.
    ///
    /// # Errors
    /// `user_id_invalid`.
    pub fn parse_external(text: &str) -> Result<Self, Denial> {
        let id = Self::parse(text)?;
        id.require_trimmed()?;
        id.require_one_direction()?;
        if id.is_internal() {
            return Err(Denial::because(Reason::UserIdInvalid, "ids of the installation itself are not for people"));
        }
        Ok(id)
    }

    /// Refuses an id with white space, or a character that nobody sees, at its ends.
    ///
    /// # Errors
    /// `user_id_invalid`.
    pub fn require_trimmed(&self) -> Result<(), Denial> {
        let rule = "a user id has no white space and no invisible character at its ends";
        let blank = |char: char| {
            char.is_whitespace()
                || matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        };
        let trimmed = self.0.trim_matches(blank) == self.0;
        if trimmed { Ok(()) } else { Err(Denial::because(Reason::UserIdInvalid, rule)) }
    }

    /// Refuses an id with a character that embeds, overrides or isolates a direction of text.
    fn require_one_direction(&self) -> Result<(), Denial> {
        let rule = "a user id has no characters that change the direction of text";
        let turns = |char: char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if self.0.contains(turns) { Err(Denial::because(Reason::UserIdInvalid, rule)) } else { Ok(()) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

text_value!(UserId 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        let id = OrganizationId::from_parts(1_700_000_000_000, &[7; 10]);
        assert_eq!(OrganizationId::parse(&id.to_string()), Ok(id));
        assert_eq!(id.to_string().len(), 36);
    }

    #[test]
    fn user_ids_from_outside_have_no_white_space_at_the_ends() {
        for text in [" ", "   ", " kurt", "kurt ", "kurt\u{a0}", "\u{3000}kurt", "guildhall:clock"] {
            assert!(UserId::parse_external(text).is_err(), "{text:?}");
        }
        assert!(UserId::parse_external("kurt donald cobain").is_ok());
        assert!(UserId::try_from("kurt ".to_owned()).is_ok(), "what is stored is read");
    }

    #[test]
    fn user_ids_from_outside_do_not_turn_the_direction_of_text() {
        for turn in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            for text in [format!("ku{turn}rt"), format!("{turn}kurt"), format!("kurt{turn}")] {
                assert!(UserId::parse_external(&text).is_err(), "{text:?}");
                assert!(UserId::try_from(text).is_ok(), "what is stored is read");
            }
        }
        assert!(UserId::parse_external("كورت").is_ok(), "letters that run to the left are no such characters");
    }

    #[test]
    fn anything_else_names_nothing() {
        let good = OrganizationId::from_parts(1, &[0; 10]).to_string();
        let wrong_version = good.replacen('7', "4", 1);
        let upper = OrganizationId::from_parts(1, &[0xab; 10]).to_string().to_uppercase();
        for text in ["", "org_", "org_zz", &good.replace("org_", "mem_"), &wrong_version, &upper] {
            assert!(OrganizationId::parse(text).is_err(), "{text}");
        }
    }
}
