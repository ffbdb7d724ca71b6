//! Domains that an organization claims, and what they let people do.
//!
//! Owns when a claim is proven, when a proof has been missing for too long, and what a verified domain
//! gives to whom. Never looks anything up: what was found comes with the command.

use super::denial::{Denial, Reason, echo};
use super::domain_name::DomainName;
use super::id::{DomainId, OrganizationId, UserId};
use super::principal::Principal;
use super::text_value::text_value;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A claim of a domain. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Domain {
    /// Its id.
    pub id: DomainId,
    /// Whose claim.
    pub organization: OrganizationId,
    /// Of what.
    pub name: DomainName,
    /// Where it stands.
    pub state: DomainState,
    /// What it lets people do once it is verified.
    pub policy: DomainPolicy,
    /// What must stand in the proof. Everybody may read it there: it is no secret.
    pub challenge: Challenge,
    /// When it was last verified after it had not been.
    pub verified_at: Option<Timestamp>,
    /// When the proof was last looked for.
    pub checked_at: Option<Timestamp>,
    /// Since when a verified one's proof has been missing.
    pub missing_since: Option<Timestamp>,
    /// When a verified one's proof is looked for again.
    pub recheck_at: Option<Timestamp>,
    /// Who claimed it.
    pub created_by: UserId,
    /// When it was claimed.
    pub created_at: Timestamp,
}

/// How many domains are kept, and how their proofs are watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainLimits {
    /// How many one organization claims; all of them are loaded when one is decided about.
    pub most: usize,
    /// After how many seconds a verified one's proof is looked for again.
    pub recheck: i64,
    /// After how many seconds it is while it is missing.
    pub recheck_missing: i64,
    /// For how many seconds it may be missing.
    pub grace: i64,
}

impl DomainLimits {
    /// More than this no operator can allow.
    pub const MOST: u32 = 100;
}

impl Default for DomainLimits {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        DomainLimits { most: 20, recheck: 7 * DAY, recheck_missing: DAY, grace: 14 * DAY }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[$variant_doc])* $variant,)+ }

        impl $type {
            /// The public name.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $text,)+ }
            }

            /// Reads a public name.
            ///
            /// # Errors
            /// `invalid_value`.
            pub fn parse(text: &str) -> Result<Self, Denial> {
                match text {
                    $($text => Ok($type::$variant),)+
                    other => {
                        let detail = format!("`{}` is none of: {}", echo(other), [$($text),+].join(", "));
                        Err(Denial::because(Reason::InvalidValue, detail))
                    }
                }
            }
        }
    )+};
}

words! {
    /// Where a claim stands.
    DomainState {
        /// Nobody has seen the proof yet. Others may claim the same name.
        Pending "pending"
        /// The proof was seen. No other organization's claim of the name can be.
        Verified "verified"
        /// The proof has been missing for too long; the name is free for others again.
        Lapsed "lapsed"
    }
    /// What a verified domain lets people do whose verified address is in it.
    DomainPolicy {
        /// Nothing.
        Off "off"
        /// Ask to join, whatever the organization's rule for strangers is.
        Request "request"
        /// Have an invitation sent to that address.
        Invite "invite"
        /// Join at once, as plain members.
        Join "join"
    }
}

/// The text that proves a claim: 32 letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Challenge(String);

impl Challenge {
    const LENGTH: usize = 32;

    /// Checks a challenge.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        if text.len() != Self::LENGTH || !plain {
            return Err(Denial::because(Reason::InvalidValue, "32 lower-case letters and digits are expected"));
        }
        Ok(Challenge(text.to_owned()))
    }
}

text_value!(Challenge 0);

/// What the name of a proof begins with, before the domain's own.
const RECORD_LABEL: &str = "_guildhall-challenge";

/// What the value of a proof begins with, before the challenge.
pub const PROOF_PREFIX: &str = "guildhall-verification=";

/// Where the TXT record that proves a claim stands.
pub fn record_name(name: &DomainName) -> String {
    format!("{RECORD_LABEL}.{name}")
}

impl Domain {
    /// What the TXT record says that proves the claim.
    pub fn record_value(&self) -> String {
        format!("{PROOF_PREFIX}{}", self.challenge.0)
    }

    /// Whether the proof is among the values that were found.
    pub fn is_proven_by(&self, found: &[String]) -> bool {
        found.contains(&self.record_value())
    }

    /// Whether it is verified.
    pub fn is_verified(&self) -> bool {
        self.state == DomainState::Verified
    }

    /// The same claim, its proof seen at `now`.
    pub fn seen(&self, now: Timestamp, limits: &DomainLimits) -> Domain {
        let verified_at = if self.is_verified() { self.verified_at } else { Some(now) };
        Domain {
            state: DomainState::Verified,
            verified_at,
            checked_at: Some(now),
            missing_since: None,
            recheck_at: Some(now.plus_seconds(limits.recheck)),
            ..self.clone()
        }
    }

    /// The same verified claim, its proof looked for at `now` and not found. Rule: a proof that is
    /// missing for longer than the grace has lapsed; a shorter gap is somebody's mistake at the registrar.
    pub fn missed(&self, now: Timestamp, limits: &DomainLimits) -> Domain {
        let since = self.missing_since.unwrap_or(now);
        let lapsed = now >= since.plus_seconds(limits.grace);
        Domain {
            state: if lapsed { DomainState::Lapsed } else { self.state },
            checked_at: Some(now),
            missing_since: Some(since),
            recheck_at: if lapsed { None } else { Some(now.plus_seconds(limits.recheck_missing)) },
            ..self.clone()
        }
    }
}

/// The domain of a caller's address, if the address is proven. Rule: an unverified address proves
/// nothing, and a domain says nothing about the names below it: their mail may go to somebody else.
pub fn domain_of(principal: &Principal) -> Option<DomainName> {
    let email = principal.verified_email()?;
    let (_, domain) = email.canonical().rsplit_once('@')?;
    DomainName::parse(domain).ok()
}

/// What an organization's domains let a caller do.
///
/// Rule: it takes a verified domain *and* a verified address exactly in it; anything else is `off`.
pub fn policy_for<'a>(mut domains: impl Iterator<Item = &'a Domain>, principal: &Principal) -> DomainPolicy {
    let Some(name) = domain_of(principal) else { return DomainPolicy::Off };
    let own = domains.find(|domain| domain.is_verified() && domain.name == name);
    own.map_or(DomainPolicy::Off, |domain| domain.policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(name: &str, state: DomainState, policy: DomainPolicy) -> Domain {
        Domain {
            id: DomainId::from_parts(1, &[1; 10]),
            organization: OrganizationId::from_parts(1, &[1; 10]),
            name: DomainName::parse(name).unwrap(),
            state,
            policy,
            challenge: Challenge::parse(&"a1".repeat(16)).unwrap(),
            verified_at: None,
            checked_at: None,
            missing_since: None,
            recheck_at: None,
            created_by: UserId::parse("kurt").unwrap(),
            created_at: Timestamp::from_millis(0),
        }
    }

    fn somebody(email: &str, email_verified: bool) -> Principal {
        let form = serde_json::json!({ "userId": "krist", "email": email, "emailVerified": email_verified });
        serde_json::from_value(form).unwrap()
    }

    #[test]
    fn a_policy_needs_a_verified_domain_and_a_verified_address_exactly_in_it() {
        let verified = domain("nirvana.com", DomainState::Verified, DomainPolicy::Join);
        let allowed = |domain: &Domain, email: &str, proven| policy_for([domain].into_iter(), &somebody(email, proven));
        assert_eq!(allowed(&verified, "Krist@NIRVANA.com", true), DomainPolicy::Join);
        assert_eq!(allowed(&verified, "krist@nirvana.com", false), DomainPolicy::Off);
        assert_eq!(allowed(&verified, "krist@mail.nirvana.com", true), DomainPolicy::Off);
        assert_eq!(allowed(&verified, "krist@evilnirvana.com", true), DomainPolicy::Off);
        for state in [DomainState::Pending, DomainState::Lapsed] {
            let other = domain("nirvana.com", state, DomainPolicy::Join);
            assert_eq!(allowed(&other, "krist@nirvana.com", true), DomainPolicy::Off);
        }
    }

    #[test]
    fn the_proof_is_the_whole_value() {
        let domain = domain("nirvana.com", DomainState::Pending, DomainPolicy::Off);
        let proof = domain.record_value();
        assert!(domain.is_proven_by(&["other".to_owned(), proof.clone()]));
        for wrong in [format!("{proof} "), format!("x{proof}"), proof.to_uppercase(), String::new()] {
            assert!(!domain.is_proven_by(&[wrong]));
        }
        assert_eq!(record_name(&domain.name), "_guildhall-challenge.nirvana.com");
    }

    #[test]
    fn a_short_gap_is_forgiven_and_a_long_one_is_not() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let limits = DomainLimits { most: 1, recheck: 10, recheck_missing: 1, grace: 5 };
        let verified = domain("nirvana.com", DomainState::Pending, DomainPolicy::Join).seen(at(0), &limits);
        assert_eq!((verified.verified_at, verified.recheck_at), (Some(at(0)), Some(at(10))));
        let missed = verified.missed(at(10), &limits);
        assert_eq!((missed.state, missed.missing_since), (DomainState::Verified, Some(at(10))));
        assert_eq!(missed.seen(at(12), &limits).missing_since, None);
        let still = missed.missed(at(14), &limits);
        assert_eq!((still.state, still.missing_since), (DomainState::Verified, Some(at(10))));
        let lapsed = still.missed(at(15), &limits);
        assert_eq!((lapsed.state, lapsed.recheck_at), (DomainState::Lapsed, None));
        let again = lapsed.seen(at(17), &limits);
        assert_eq!((again.state, again.verified_at), (DomainState::Verified, Some(at(17))));
    }
}
