//! Operator keys: what the back end of an operator's own application may do.
//!
//! Owns the scopes, what an entry vouches for, and the name under which the audit log shows it. Never holds a key or
//! its digest, and never says which request needs which scope: `wire::operator_scope` does.

use super::denial::{Denial, Reason};
use super::id::UserId;
use super::text_value::text_value;
use serde::{Deserialize, Serialize};

/// The name of an operator key: 1 to 64 lower-case letters, digits, `-` and `_`. The audit log shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OperatorName(String);

text_value!(OperatorName 0);

impl OperatorName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 64;

    /// Reads a name.
    ///
    /// ```
    /// use guildhall::domain::operator::OperatorName;
    /// assert_eq!(OperatorName::parse("back-end_2").unwrap().as_str(), "back-end_2");
    /// assert!(OperatorName::parse("Back end").is_err());
    /// ```
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        if plain && (1..=Self::MAX_CHARS).contains(&text.len()) {
            return Ok(OperatorName(text.to_owned()));
        }
        Err(Denial::because(Reason::InvalidValue, "1 to 64 lower-case letters, digits, `-` and `_` are expected"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The user id of a call by this key that acts for no user: one of the installation's own, so that no sign-in can
    /// give it and no organization can have it as a member.
    ///
    /// # Errors
    /// None for a name that was parsed; `user_id_invalid` otherwise.
    pub fn user_id(&self) -> Result<UserId, Denial> {
        UserId::parse(&[UserId::INSTALLATION, "operator:", &self.0].concat())
    }
}

macro_rules! flags {
    ($(#[$doc:meta])* $name:ident, $set:ident: $($(#[$word_doc:meta])* $variant:ident $word:literal)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$word_doc])* $variant,)+ }

        impl $name {
            /// Every one of them, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word in settings.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// Reads a word; `None` for an unknown one.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }

            fn bit(self) -> u8 {
                1 << self as u8
            }
        }

        #[doc = concat!("Several of [`", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct $set(u8);

        impl $set {
            /// The same set with one more.
            #[must_use]
            pub fn with(self, one: $name) -> Self {
                $set(self.0 | one.bit())
            }

            /// Whether it has one.
            pub fn has(self, one: $name) -> bool {
                self.0 & one.bit() != 0
            }

            /// Whether it has none.
            pub fn is_empty(self) -> bool {
                self.0 == 0
            }
        }
    };
}

flags! {
    /// What an operator key may be used for.
    OperatorScope, OperatorScopes:
    /// Reads of every organization.
    Read "read"
    /// Requests in the name of a user, with that user's power alone.
    ActAs "act-as"
    /// Writes to every organization.
    Organizations "organizations"
    /// Erasing a user.
    Erase "erase"
}

flags! {
    /// What a trusted caller may state about the person for whom it calls.
    Vouch, Vouches:
    /// That the address is the user's.
    Email "email"
    /// That the user signed in with a second factor.
    Mfa "mfa"
    /// When the user signed in.
    SignIn "sign_in"
    /// That the caller is a program, of which no organization asks a proven address or a second factor.
    Service "service"
    /// That the user is a platform admin.
    PlatformAdmin "platform_admin"
}

/// An operator key that was presented and holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorGrant {
    /// Its name.
    pub name: OperatorName,
    /// What it may be used for.
    pub scopes: OperatorScopes,
    /// What it may state about a user for whom it acts.
    pub vouches: Vouches,
    /// Whether the request is in the name of a user: then the user's power counts, and no scope does.
    pub acts_for_user: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_operator_key_is_plain() {
        for text in ["", "Backend", "back end", "bäckend", "a/b", "a:b", &"a".repeat(65)] {
            assert_eq!(OperatorName::parse(text).unwrap_err().reason, Reason::InvalidValue, "{text}");
        }
        let longest = OperatorName::parse(&"a".repeat(64)).unwrap();
        assert!(longest.user_id().unwrap().is_internal());
    }

    #[test]
    fn each_scope_is_held_alone() {
        for one in OperatorScope::ALL {
            let held = OperatorScopes::default().with(*one);
            let found: Vec<_> = OperatorScope::ALL.iter().filter(|scope| held.has(**scope)).collect();
            assert_eq!(found, [one]);
            assert_eq!(OperatorScope::parse(one.as_str()), Some(*one));
        }
        assert!(OperatorScopes::default().is_empty() && OperatorScope::parse("all").is_none());
    }
}
