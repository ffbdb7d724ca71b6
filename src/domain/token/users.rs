//! User ids of several issuers, which never meet.
//!
//! Owns the prefixes and the rule for long ids. Rules: each issuer has one prefix; at most one has the empty one; no
//! prefix begins with another; an id under the empty prefix does not begin with another's prefix. An id that is longer
//! than 128 characters with its prefix, or that begins with `sha256:`, becomes `sha256:` and the SHA-256 of the issuer's
//! id in 64 lower-case hexadecimal digits, behind the prefix. So a hash never meets an id that looks like one.

use super::fault::{TokenFault, TokenFaultCode};
use crate::domain::denial::echo;
use crate::domain::encoding::hex;
use crate::domain::id::UserId;

/// What a hashed id begins with, behind the prefix.
const HASHED: &str = "sha256:";

/// What the user ids of one issuer begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserPrefix(String);

impl UserPrefix {
    /// The longest prefix, in characters: a hashed id fits behind it.
    pub const MAX_CHARS: usize = 32;

    /// The rule, for sentences.
    pub const RULE: &'static str = "at most 32 printable ASCII characters without white space are expected, \
        which do not begin with `guildhall:`, `registration:` or `sha256:`";

    /// Checks a prefix; the empty one is right.
    pub fn parse(text: &str) -> Option<Self> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        let taken =
            [UserId::INSTALLATION, UserId::REGISTRATION, HASHED].into_iter().any(|taken| text.starts_with(taken));
        (text.len() <= Self::MAX_CHARS && printable && !taken).then(|| UserPrefix(text.to_owned()))
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two issuers may not have these prefixes: ids under them could meet.
    pub fn meets(&self, other: &UserPrefix) -> bool {
        if self.0.is_empty() || other.0.is_empty() {
            return self == other;
        }
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }
}

/// The prefix of an issuer beside the prefixes of all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserPrefixes {
    own: UserPrefix,
    others: Vec<UserPrefix>,
}

impl UserPrefixes {
    /// The prefix of an issuer, and those of the others, none of which [meets](UserPrefix::meets) it.
    pub fn new(own: UserPrefix, others: Vec<UserPrefix>) -> Self {
        UserPrefixes { own, others }
    }

    /// The issuer's own prefix.
    pub fn own(&self) -> &UserPrefix {
        &self.own
    }

    /// The user id for an issuer's id.
    ///
    /// # Errors
    /// `token_user_refused` for an id that begins with another issuer's prefix or is no user id.
    pub fn user_id(&self, given: &str) -> Result<UserId, TokenFault> {
        let refused = |detail: String| TokenFault::new(TokenFaultCode::UserRefused, detail);
        let text = self.prefixed(given);
        let foreign = |other: &&UserPrefix| !other.0.is_empty() && text.starts_with(&other.0);
        if let Some(other) = self.others.iter().find(foreign).filter(|_| self.own.0.is_empty()) {
            return Err(refused(format!("the user id begins with `{}`, the prefix of another issuer", other.0)));
        }
        let allowed = UserId::parse_external(&text);
        allowed.map_err(|denial| refused(format!("the user id `{}` is refused: {}", echo(given), denial.detail)))
    }

    fn prefixed(&self, given: &str) -> String {
        let text = [self.own.as_str(), given].concat();
        let short = text.chars().nth(UserId::MAX_CHARS).is_none();
        if short && !given.starts_with(HASHED) {
            return text;
        }
        [self.own.as_str(), HASHED, &hex(&hmac_sha256::Hash::hash(given.as_bytes()))].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn prefix(text: &str) -> UserPrefix {
        UserPrefix::parse(text).unwrap()
    }

    fn given(own: &str, others: &[&str], id: &str) -> Option<String> {
        let others = others.iter().copied().map(prefix).collect();
        UserPrefixes::new(prefix(own), others).user_id(id).ok().map(|id| id.as_str().to_owned())
    }

    #[test]
    fn prefix_of_the_installation_or_with_white_space_is_refused() {
        for text in ["guildhall:", "registration:x", "sha256:", "a b", "é", "\n", &"x".repeat(33)] {
            assert_eq!(UserPrefix::parse(text), None, "{text}");
        }
        assert!(UserPrefix::parse("").is_some() && UserPrefix::parse("auth0|").is_some());
    }

    #[test]
    fn prefixes_meet_if_one_begins_with_the_other() {
        assert!(
            prefix("a:").meets(&prefix("a:b:")) && prefix("a:b:").meets(&prefix("a:")) && prefix("").meets(&prefix(""))
        );
        assert!(
            !prefix("a:").meets(&prefix("b:")) && !prefix("").meets(&prefix("a:")) && !prefix("a:").meets(&prefix(""))
        );
    }

    #[test]
    fn id_is_prefixed_and_an_id_with_a_foreign_prefix_is_refused() {
        assert_eq!(given("clerk:", &[""], "user_1").as_deref(), Some("clerk:user_1"));
        assert_eq!(given("", &["clerk:"], "user_1").as_deref(), Some("user_1"));
        assert_eq!(given("", &["clerk:"], "clerk:user_1"), None);
        assert_eq!(given("", &["sha"], &"x".repeat(129)), None, "the hash begins with another's prefix");
        for id in ["", " a", "a ", "guildhall:clock", "a\u{0}b", "me", ".", ".."] {
            assert_eq!(given("", &[], id), None, "{id:?}");
        }
        assert_eq!(given("guild", &[], "hall:clock"), None);
    }

    #[test]
    fn long_id_and_id_that_looks_like_a_hash_are_hashed() {
        let exact = "x".repeat(126);
        assert_eq!(given("p:", &[], &exact), Some(format!("p:{exact}")));
        let long = given("p:", &[], &"x".repeat(127)).unwrap();
        assert!(long.starts_with("p:sha256:") && long.len() == 2 + 7 + 64);
        assert_ne!(given("p:", &[], long.strip_prefix("p:").unwrap()), Some(long));
        assert_eq!(given("", &[], &"é".repeat(128)).unwrap().chars().count(), 128, "characters count, not bytes");
    }

    proptest! {
        #[test]
        fn ids_of_two_issuers_never_meet(
            a in "[a-c:]{0,3}", b in "[a-c:]{0,3}", x in "[a-c:]{1,6}", y in "[a-c:]{1,6}",
        ) {
            let (first, second) = (prefix(&a), prefix(&b));
            prop_assume!(!first.meets(&second));
            let one = UserPrefixes::new(first.clone(), vec![second.clone()]).user_id(&x);
            let other = UserPrefixes::new(second, vec![first]).user_id(&y);
            if let (Ok(one), Ok(other)) = (one, other) {
                prop_assert_ne!(one, other);
            }
        }
    }
}
