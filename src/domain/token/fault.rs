//! Why a token is refused.
//!
//! Owns the list of rules with their codes. Never decides which of them is broken.

use crate::domain::denial::{Denial, Reason, echo};
use std::borrow::Cow;

macro_rules! faults {
    ($($name:ident $code:literal $sentence:literal)+) => {
        /// The rule that a token breaks: a closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum TokenFaultCode {
            $(#[doc = concat!("`", $code, "`: ", $sentence)] $name,)+
        }

        impl TokenFaultCode {
            /// Every code, in the order in which the rules are checked.
            pub const ALL: &'static [TokenFaultCode] = &[$(TokenFaultCode::$name,)+];

            /// The stable code, in snake_case.
            pub fn as_str(self) -> &'static str {
                match self { $(TokenFaultCode::$name => $code,)+ }
            }

            /// The rule in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(TokenFaultCode::$name => $sentence,)+ }
            }
        }
    };
}

faults! {
    TooLong         "token_too_long"         "a token has at most 8192 bytes"
    Malformed       "token_malformed"        "a token is a compact JWT: three parts in base64url, of which the first two are JSON objects"
    DuplicateName   "token_duplicate_name"   "each name stands once in an object of the token"
    HeaderRefused   "token_header_refused"   "a token neither brings its key along nor asks for extensions"
    AlgorithmRefused "token_algorithm_refused" "the algorithm of a token is the one of its key"
    NotACredential  "token_not_a_credential" "the token was made for another purpose than access"
    WrongIssuer     "token_wrong_issuer"     "the issuer of a token is configured"
    UnknownKey      "token_unknown_key"      "the key of a token is in the issuer's key set"
    WrongSignature  "token_wrong_signature"  "the signature of a token is right"
    ClaimMissing    "token_claim_missing"    "a token has the claims that the configuration requires"
    ClaimInvalid    "token_claim_invalid"    "a claim has the type that its standard says"
    WrongAudience   "token_wrong_audience"   "the token is for an audience that is configured"
    WrongParty      "token_wrong_party"      "the token was issued to a party that is configured"
    WrongClient     "token_wrong_client"     "the token was issued to a client that is configured"
    WrongUse        "token_wrong_use"        "the token is of the use that is configured"
    NotYetValid     "token_not_yet_valid"    "the token is valid now and was not issued in the future"
    Expired         "token_expired"          "the token has not expired"
    UserRefused     "token_user_refused"     "the user id is one that this issuer may give"
}

/// A refusal of a token: the rule, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFault {
    code: TokenFaultCode,
    detail: Cow<'static, str>,
}

impl TokenFault {
    /// A refusal under a rule. The detail begins in lower case and has no full stop.
    pub fn new(code: TokenFaultCode, detail: impl Into<Cow<'static, str>>) -> Self {
        TokenFault { code, detail: detail.into() }
    }

    /// A claim that is required and absent.
    pub(super) fn missing(claim: &str) -> Self {
        TokenFault::new(TokenFaultCode::ClaimMissing, format!("the claim `{}` is missing", echo(claim)))
    }

    /// A claim of another type than expected.
    pub(super) fn invalid(claim: &str, expected: &str) -> Self {
        TokenFault::new(TokenFaultCode::ClaimInvalid, format!("the claim `{}` must be {expected}", echo(claim)))
    }

    /// The rule that is broken.
    pub fn code(&self) -> TokenFaultCode {
        self.code
    }

    /// What was found and what is expected, in one sentence: `expired 12 s ago`.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// The refusal of the request: `unauthenticated`, whatever the rule.
impl From<TokenFault> for Denial {
    fn from(fault: TokenFault) -> Self {
        Denial::because(Reason::Unauthenticated, fault.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_code_of_its_own() {
        for (place, code) in TokenFaultCode::ALL.iter().enumerate() {
            assert!(code.as_str().starts_with("token_"), "{code:?}");
            assert!(!TokenFaultCode::ALL[..place].iter().any(|known| known.as_str() == code.as_str()), "{code:?}");
        }
    }

    #[test]
    fn a_fault_becomes_an_unauthenticated_refusal_with_its_detail() {
        let denial = Denial::from(TokenFault::missing("exp"));
        assert_eq!((denial.reason, &*denial.detail), (Reason::Unauthenticated, "the claim `exp` is missing"));
    }
}
