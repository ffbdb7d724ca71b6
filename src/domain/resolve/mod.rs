//! Which organization a request is about.
//!
//! Owns the one rule, used unchanged by the Worker, the npm package and the console. Never trusts
//! it as a boundary: membership is what lets a caller in, the rule only says *where*. Never reads a
//! request (`wire::hints` does) and never looks anything up: what it may see is handed to it.

mod affiliation;
mod explain;
mod hint;
mod settings;

pub use affiliation::{Affiliation, PublicOrganization};
pub use explain::{Finding, Verdict, explain};
pub use hint::{Hint, Hints, Named, Seen, Source};
pub use settings::{ResolutionSettings, SkipPaths};

use super::command::OrganizationRef;
use super::denial::{Denial, Reason};
use super::id::OrganizationId;

/// The organization of a request, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution<'a> {
    /// This one.
    Resolved(&'a Affiliation, Source),
    /// This one, which was named by a slug that it no longer has.
    Redirect(&'a Affiliation, Source),
    /// This one, in which the caller's membership is suspended: it is found and gives nothing.
    Suspended(&'a Affiliation, Source),
    /// This one, for a caller who is nobody in particular and may do nothing in it.
    Public(&'a PublicOrganization, Source),
    /// The caller has several; one must be chosen.
    Choose(Vec<&'a Affiliation>),
    /// Nothing is named and the caller has none, but could become a member of this one.
    Join(&'a PublicOrganization),
    /// Nothing is named and the caller has none.
    None,
    /// The path is one that has no organization.
    Skipped,
    /// The request names different ones.
    Ambiguous,
    /// The one that is named does not exist, or is not the caller's.
    Unknown,
}

impl<'a> Resolution<'a> {
    /// The affiliation that must be there for a request about one organization to go on. A suspended one is handed
    /// on, because a scope ([`Affiliation::require_in_force`]) refuses it and a check tells it as a decision.
    ///
    /// # Errors
    /// `not_found`, `organization_ambiguous`.
    pub fn require(self) -> Result<&'a Affiliation, Denial> {
        match self {
            Resolution::Resolved(affiliation, _)
            | Resolution::Redirect(affiliation, _)
            | Resolution::Suspended(affiliation, _) => Ok(affiliation),
            Resolution::Ambiguous => Err(Reason::OrganizationAmbiguous.into()),
            Resolution::Choose(_)
            | Resolution::Public(..)
            | Resolution::Join(_)
            | Resolution::None
            | Resolution::Skipped
            | Resolution::Unknown => Err(Reason::NotFound.into()),
        }
    }
}

/// Resolves. Rules, in order: a path that has no organization has none; what is named outright
/// decides, and all of it must agree; a named organization that is not the caller's is nothing, never
/// another one; a named organization in which the caller's membership is suspended is found and gives nothing; then
/// the remembered choice if the caller is still a member; then the only active membership; else a choice. Who calls
/// as nobody has the fallback, if there is one.
///
/// ```
/// use guildhall::domain::resolve::{resolve, Hints, Resolution, Seen};
/// assert_eq!(resolve(&Hints::default(), &Seen::default()), Resolution::None);
/// ```
pub fn resolve<'a>(hints: &Hints, seen: &'a Seen) -> Resolution<'a> {
    if hints.skipped {
        return Resolution::Skipped;
    }
    let named: Vec<(Source, Sight<'a>)> = explicit(hints, seen).collect();
    if named.is_empty() { implicit(hints, seen) } else { agreed(&named) }
}

/// What a hint turns out to name.
#[derive(Clone, Copy)]
enum Sight<'a> {
    /// One of the caller's.
    Mine { affiliation: &'a Affiliation, formerly: bool },
    /// The one that anybody may see.
    Public(&'a PublicOrganization),
    /// Nothing that the caller may know of.
    Unknown,
}

impl Sight<'_> {
    fn organization(self) -> Option<OrganizationId> {
        match self {
            Sight::Mine { affiliation, .. } => Some(affiliation.organization),
            Sight::Public(organization) => Some(organization.id),
            Sight::Unknown => None,
        }
    }
}

/// The hints that name something outright. A host that nobody has proven to be theirs is no hint.
fn explicit<'a>(hints: &Hints, seen: &'a Seen) -> impl Iterator<Item = (Source, Sight<'a>)> {
    hints.explicit.iter().filter_map(|hint| Some((hint.source, look(&hint.named, seen)?)))
}

/// `None` for a host that is nobody's.
fn look<'a>(named: &Named, seen: &'a Seen) -> Option<Sight<'a>> {
    match named {
        Named::Organization(reference) => Some(find(reference, seen)),
        Named::Domain(host) => seen.hosts.get(host).map(|holder| find(&OrganizationRef::Id(*holder), seen)),
        Named::Unreadable => Some(Sight::Unknown),
    }
}

fn find<'a>(reference: &OrganizationRef, seen: &'a Seen) -> Sight<'a> {
    if let Some(affiliation) = seen.affiliations.iter().find(|affiliation| affiliation.is_named_by(reference)) {
        return Sight::Mine { affiliation, formerly: affiliation.is_formerly(reference) };
    }
    match fallback(seen) {
        Some(public) if public.is_named_by(reference) => Sight::Public(public),
        _ => Sight::Unknown,
    }
}

/// Rule: one hint that names nothing of the caller's spoils the whole, even beside a good one.
fn agreed<'a>(named: &[(Source, Sight<'a>)]) -> Resolution<'a> {
    let mut organizations = named.iter().map(|(_, sight)| sight.organization());
    if organizations.clone().any(|organization| organization.is_none()) {
        return Resolution::Unknown;
    }
    let first = organizations.next();
    if organizations.any(|other| Some(other) != first) {
        return Resolution::Ambiguous;
    }
    match named.first() {
        Some((source, Sight::Mine { affiliation, .. })) if affiliation.is_suspended() => {
            Resolution::Suspended(affiliation, *source)
        }
        Some((source, Sight::Mine { affiliation, formerly: false })) => Resolution::Resolved(affiliation, *source),
        Some((source, Sight::Mine { affiliation, formerly: true })) => Resolution::Redirect(affiliation, *source),
        Some((source, Sight::Public(organization))) => Resolution::Public(organization, *source),
        Some((_, Sight::Unknown)) | None => Resolution::Unknown,
    }
}

/// Rule: neither a suspended organization nor a suspended membership is chosen on the caller's behalf, so that a
/// caller with one of these and one other organization is in the other, and one with these alone is in none.
fn implicit<'a>(hints: &Hints, seen: &'a Seen) -> Resolution<'a> {
    let choices: Vec<&Affiliation> = choices(seen).collect();
    let remembered = choices.iter().find(|affiliation| Some(affiliation.organization) == hints.remembered);
    match (remembered, choices.as_slice()) {
        (Some(affiliation), _) => Resolution::Resolved(affiliation, Source::Remembered),
        (None, []) => unaffiliated(seen),
        (None, [only]) => Resolution::Resolved(only, Source::Only),
        (None, _) => Resolution::Choose(choices),
    }
}

fn choices(seen: &Seen) -> impl Iterator<Item = &Affiliation> {
    seen.affiliations.iter().filter(|affiliation| affiliation.can_be_chosen())
}

fn unaffiliated(seen: &Seen) -> Resolution<'_> {
    match (fallback(seen), auto_join(seen)) {
        (Some(fallback), _) => Resolution::Public(fallback, Source::Fallback),
        (None, Some(organization)) => Resolution::Join(organization),
        (None, None) => Resolution::None,
    }
}

/// Rule: what everybody is shown is for callers who are nobody in particular; it never stands in for
/// an organization that a person lacks.
fn fallback(seen: &Seen) -> Option<&PublicOrganization> {
    seen.fallback.as_ref().filter(|organization| !seen.signed_in && organization.is_active())
}

/// Rule: only somebody without any membership, suspended ones included, is asked in.
fn auto_join(seen: &Seen) -> Option<&PublicOrganization> {
    let without = seen.signed_in && seen.affiliations.is_empty();
    seen.auto_join.as_ref().filter(|organization| without && organization.is_active())
}

#[cfg(test)]
mod tests;
