//! Which claim becomes what: the rules as data.
//!
//! Owns paths of claims and tests on them. Never reads a token: `map` does.

use super::jose::{self, Members};
use crate::domain::json::Json;

/// Where a claim stands: the name of a claim, or the names of objects around it and its own. A dot in a name is
/// part of it: `https://example.com/email` is one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPath(Vec<String>);

impl ClaimPath {
    /// The most names of a path.
    pub const MAX_NAMES: usize = 8;

    /// The claim of one name.
    pub fn of(name: &str) -> Self {
        ClaimPath(vec![name.to_owned()])
    }

    /// A path of 1 to [`ClaimPath::MAX_NAMES`] names, none of them empty; `None` for another one.
    pub fn parse(names: Vec<String>) -> Option<Self> {
        let sound = (1..=Self::MAX_NAMES).contains(&names.len()) && names.iter().all(|name| !name.is_empty());
        sound.then_some(ClaimPath(names))
    }

    /// The names, from the outside.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The value in a token's claims. A claim that is null is absent.
    pub(super) fn find<'a>(&self, claims: &Members<'a>) -> Option<Json<'a>> {
        let (first, within) = self.0.split_first()?;
        let found = within.iter().try_fold(claims.get(first)?, |value, name| jose::get(value, name));
        found.filter(|value| !value.is_null())
    }

    /// The text in a token's claims; `None` for an empty one.
    pub(super) fn text(&self, claims: &Members<'_>) -> Option<String> {
        let text = self.find(claims)?.text()?.read().into_owned();
        Some(text).filter(|text| !text.is_empty())
    }
}

/// The path for sentences: `realm_access → roles`.
impl std::fmt::Display for ClaimPath {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.join(" → "))
    }
}

/// A test on one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The claim.
    pub path: ClaimPath,
    /// What must hold.
    pub test: Test,
}

/// What must hold of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It is one of these texts, or a list with one of them. A boolean counts as the text `true` or `false`.
    Is(Vec<String>),
    /// It is absent, or none of these texts and no list with one of them.
    Not(Vec<String>),
    /// It is absent, or one of these texts, or a list with one of them.
    AbsentOr(Vec<String>),
    /// It is a text that ends so.
    EndsWith(&'static str),
    /// It is a text that begins so, and another claim is absent.
    BeginsWithout(&'static str, ClaimPath),
    /// It is there, and no empty text or list.
    Present,
    /// It is the same text as another claim.
    SameAs(ClaimPath),
    /// It is a list with a whole number of at least zero at this place, which begins with 0.
    NotNegativeAt(usize),
}

impl Condition {
    /// A claim that is, or contains, one of these texts.
    pub fn is(claim: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Condition { path: ClaimPath::of(claim), test: Test::Is(values) }
    }

    /// The texts that are asked for, in words.
    pub(super) fn expectation(&self, listed: impl Fn(&[String]) -> String) -> String {
        match &self.test {
            Test::Is(values) => listed(values),
            Test::Not(values) => format!("anything but {}", listed(values)),
            Test::AbsentOr(values) if values.is_empty() => "no value".to_owned(),
            Test::AbsentOr(values) => format!("no value or {}", listed(values)),
            Test::Present => "a value".to_owned(),
            _ => "another value".to_owned(),
        }
    }

    /// Whether it holds for a token's claims.
    pub(super) fn holds(&self, claims: &Members<'_>) -> bool {
        let Some(found) = self.path.find(claims) else {
            return matches!(self.test, Test::Not(_) | Test::AbsentOr(_));
        };
        let is_among = |values: &[String]| match found.items() {
            Some(mut items) => items.any(|item| is_one_of(item, values)),
            None => is_one_of(found, values),
        };
        match &self.test {
            Test::Is(values) | Test::AbsentOr(values) => is_among(values),
            Test::Not(values) => !is_among(values),
            Test::EndsWith(end) => found.text().is_some_and(|text| text.read().ends_with(end)),
            Test::BeginsWithout(begin, other) => {
                other.find(claims).is_none() && found.text().is_some_and(|text| text.read().starts_with(begin))
            }
            Test::Present => {
                !matches!(found.as_str(), "\"\"") && found.items().is_none_or(|mut items| items.next().is_some())
            }
            Test::SameAs(other) => found.text().is_some() && self.path.text(claims) == other.text(claims),
            Test::NotNegativeAt(place) => {
                let item = found.items().and_then(|mut items| items.nth(*place));
                item.and_then(Json::whole).is_some()
            }
        }
    }
}

fn is_one_of(value: Json<'_>, wanted: &[String]) -> bool {
    match (value.text(), value.boolean()) {
        (Some(text), _) => wanted.iter().any(|wanted| text.is(wanted)),
        (None, Some(flag)) => wanted.iter().any(|wanted| wanted == if flag { "true" } else { "false" }),
        (None, None) => false,
    }
}

/// Whether the address of a token is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// Always: the operator says that the issuer gives out proven addresses alone.
    Always,
    /// Never.
    Never,
    /// If this claim is `true`, or the text `true`, which some issuers send. Every other value proves nothing.
    Claim(ClaimPath),
}

/// Which claim becomes what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRules {
    /// The user id.
    pub user_id: ClaimPath,
    /// The user id of a token whose `sub` is an empty text: a program's, which is a service by that. It begins with
    /// `service:`.
    pub service_id: Option<ClaimPath>,
    /// The address.
    pub email: Option<ClaimPath>,
    /// Whether the address is proven.
    pub email_verified: Proof,
    /// The name.
    pub name: Option<ClaimPath>,
    /// The caller signed in with a second factor if one of these holds.
    pub mfa: Vec<Condition>,
    /// The caller is a program if one of these holds.
    pub service: Vec<Condition>,
    /// The caller operates the whole installation if this holds.
    pub platform_admin: Option<Condition>,
}

impl Default for ClaimRules {
    /// The claims of OpenID Connect: `sub`, `email` with `email_verified`, `name`; a second factor by `amr`
    /// (RFC 8176); a program by `gty`, or by a `sub` that is the client itself (RFC 9068). No platform admin.
    fn default() -> Self {
        let same = |claim: &str| Condition { path: ClaimPath::of("sub"), test: Test::SameAs(ClaimPath::of(claim)) };
        ClaimRules {
            user_id: ClaimPath::of("sub"),
            service_id: None,
            email: Some(ClaimPath::of("email")),
            email_verified: Proof::Claim(ClaimPath::of("email_verified")),
            name: Some(ClaimPath::of("name")),
            mfa: vec![Condition::is("amr", &["mfa", "otp", "hwk"])],
            service: vec![Condition::is("gty", &["client-credentials"]), same("client_id"), same("azp")],
            platform_admin: None,
        }
    }
}
