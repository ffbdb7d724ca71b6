//! Which organization a request is about.
//!
//! Owns the one rule, used unchanged by the Worker, the npm package and the console. Never trusts
//! it as a boundary: membership is what lets a caller in, the rule only says *where*. Never reads a
//! request (`wire::hints` does) and never looks anything up: what it may see is handed to it.

use super::command::OrganizationRef;
use super::denial::{Denial, Reason};
use super::id::{MembershipId, OrganizationId, UserId};
use super::membership::{Membership, permissions_of};
use super::organization::{Organization, OrganizationState};
use super::permission::PermissionSet;
use super::role::Role;
use super::slug::Slug;
use super::text::Name;
use serde::{Deserialize, Serialize};

/// One of a user's memberships together with its organization: all that resolution looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Affiliation {
    /// The organization.
    pub organization: OrganizationId,
    /// Its present slug.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
    /// Whether it works.
    pub state: OrganizationState,
    /// Its owner.
    pub owner: UserId,
    /// Its version when this was read.
    pub version: u64,
    /// The user.
    pub user: UserId,
    /// The user's membership.
    pub membership: MembershipId,
    /// The user's roles in force.
    pub roles: Vec<Role>,
    /// Former slugs of it, as far as the request asked for one.
    #[serde(default)]
    pub former_slugs: Vec<Slug>,
}

impl Affiliation {
    /// The affiliation that a membership is.
    pub fn of(organization: &Organization, membership: &Membership) -> Self {
        Affiliation {
            organization: organization.id,
            slug: organization.slug.clone(),
            name: organization.name.clone(),
            state: organization.state,
            owner: organization.owner.clone(),
            version: organization.version,
            user: membership.user.clone(),
            membership: membership.id,
            roles: membership.effective_roles(organization),
            former_slugs: Vec::new(),
        }
    }

    /// What the user may do there.
    pub fn permissions(&self) -> PermissionSet {
        permissions_of(&self.roles)
    }

    fn is_named_by(&self, reference: &OrganizationRef) -> bool {
        match reference {
            OrganizationRef::Id(id) => *id == self.organization,
            OrganizationRef::Slug(slug) => *slug == self.slug || self.former_slugs.contains(slug),
        }
    }

    fn is_formerly(&self, reference: &OrganizationRef) -> bool {
        matches!(reference, OrganizationRef::Slug(slug) if *slug != self.slug)
    }
}

/// Where in a request an organization was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The path: `/o/{slug}/…` or `/v1/organizations/{org}`.
    Path,
    /// The header `Guildhall-Organization`.
    Header,
    /// The query parameter `org`.
    Query,
    /// The first label of the host.
    Host,
    /// The choice that the caller made before (a signed cookie).
    Remembered,
    /// Nowhere: it is the caller's only one.
    Only,
}

/// A place in the request that names an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hint {
    /// Where.
    pub source: Source,
    /// Which; `None` is text that can name none.
    pub reference: Option<OrganizationRef>,
}

/// What a request says about its organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Hints {
    /// Named outright.
    pub explicit: Vec<Hint>,
    /// Chosen before.
    pub remembered: Option<OrganizationId>,
}

impl Hints {
    /// The organizations named outright, as far as the text can name one.
    pub fn references(&self) -> Vec<OrganizationRef> {
        self.explicit.iter().filter_map(|hint| hint.reference.clone()).collect()
    }
}

/// The organization of a request, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution<'a> {
    /// This one.
    Resolved(&'a Affiliation, Source),
    /// This one, which was named by a slug that it no longer has.
    Redirect(&'a Affiliation, Source),
    /// The caller has several; one must be chosen.
    Choose(Vec<&'a Affiliation>),
    /// Nothing is named and the caller has none.
    None,
    /// The request names different ones.
    Ambiguous,
    /// The one that is named does not exist, or is not the caller's.
    Unknown,
}

impl<'a> Resolution<'a> {
    /// The affiliation that must be there for a request about one organization to go on.
    ///
    /// # Errors
    /// `not_found`, `organization_ambiguous`.
    pub fn require(self) -> Result<&'a Affiliation, Denial> {
        match self {
            Resolution::Resolved(affiliation, _) | Resolution::Redirect(affiliation, _) => Ok(affiliation),
            Resolution::Ambiguous => Err(Reason::OrganizationAmbiguous.into()),
            Resolution::Choose(_) | Resolution::None | Resolution::Unknown => Err(Reason::NotFound.into()),
        }
    }
}

/// Resolves. Rules, in order: what is named outright decides, and all of it must agree; a named
/// organization that is not the caller's is nothing, never another one; then the remembered choice
/// if the caller is still a member; then the only active membership; else a choice.
///
/// ```
/// use guildhall::domain::resolve::{resolve, Hints, Resolution};
/// assert_eq!(resolve(&Hints::default(), &[]), Resolution::None);
/// ```
pub fn resolve<'a>(hints: &Hints, affiliations: &'a [Affiliation]) -> Resolution<'a> {
    if hints.explicit.is_empty() { implicit(hints, affiliations) } else { explicit(hints, affiliations) }
}

/// Rule: one hint that names nothing of the caller's spoils the whole, even beside a good one.
fn explicit<'a>(hints: &Hints, affiliations: &'a [Affiliation]) -> Resolution<'a> {
    let mut found: Option<(&'a Affiliation, &Hint, &OrganizationRef)> = None;
    for hint in &hints.explicit {
        let Some((reference, affiliation)) = named(hint, affiliations) else { return Resolution::Unknown };
        match found {
            Some((other, ..)) if other.organization != affiliation.organization => return Resolution::Ambiguous,
            Some(_) => {}
            None => found = Some((affiliation, hint, reference)),
        }
    }
    match found {
        Some((affiliation, hint, reference)) if affiliation.is_formerly(reference) => {
            Resolution::Redirect(affiliation, hint.source)
        }
        Some((affiliation, hint, _)) => Resolution::Resolved(affiliation, hint.source),
        None => Resolution::Unknown,
    }
}

fn named<'a, 'h>(hint: &'h Hint, affiliations: &'a [Affiliation]) -> Option<(&'h OrganizationRef, &'a Affiliation)> {
    let reference = hint.reference.as_ref()?;
    let affiliation = affiliations.iter().find(|affiliation| affiliation.is_named_by(reference))?;
    Some((reference, affiliation))
}

/// Suspended organizations are never chosen on the caller's behalf.
fn implicit<'a>(hints: &Hints, affiliations: &'a [Affiliation]) -> Resolution<'a> {
    let active: Vec<&Affiliation> =
        affiliations.iter().filter(|affiliation| affiliation.state == OrganizationState::Active).collect();
    let remembered = active.iter().find(|affiliation| Some(affiliation.organization) == hints.remembered);
    match (remembered, active.as_slice()) {
        (Some(affiliation), _) => Resolution::Resolved(affiliation, Source::Remembered),
        (None, []) => Resolution::None,
        (None, [only]) => Resolution::Resolved(only, Source::Only),
        (None, _) => Resolution::Choose(active),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affiliation(number: u8, slug: &str) -> Affiliation {
        Affiliation {
            organization: OrganizationId::from_parts(1, &[number; 10]),
            slug: Slug::parse(slug).unwrap(),
            name: Name::parse(slug).unwrap(),
            state: OrganizationState::Active,
            owner: UserId::parse("dave").unwrap(),
            version: 1,
            user: UserId::parse("dave").unwrap(),
            membership: MembershipId::from_parts(1, &[number; 10]),
            roles: vec![Role::Owner],
            former_slugs: Vec::new(),
        }
    }

    fn hint(source: Source, text: &str) -> Hint {
        Hint { source, reference: OrganizationRef::parse(text).ok() }
    }

    fn explicit_hints(hints: &[Hint]) -> Hints {
        Hints { explicit: hints.to_vec(), remembered: None }
    }

    #[test]
    fn what_is_named_decides_and_must_agree() {
        let mine = [affiliation(1, "nirvana"), affiliation(2, "foo-fighters")];
        let path = hint(Source::Path, "nirvana");
        let same = hint(Source::Header, &mine[0].organization.to_string());
        let other = hint(Source::Query, "foo-fighters");
        let foreign = hint(Source::Query, "scream");
        let broken = hint(Source::Header, "!!");
        assert_eq!(
            resolve(&explicit_hints(&[path.clone(), same]), &mine),
            Resolution::Resolved(&mine[0], Source::Path)
        );
        assert_eq!(resolve(&explicit_hints(&[path.clone(), other]), &mine), Resolution::Ambiguous);
        assert_eq!(resolve(&explicit_hints(&[path.clone(), foreign]), &mine), Resolution::Unknown);
        assert_eq!(resolve(&explicit_hints(&[broken]), &mine), Resolution::Unknown);
    }

    #[test]
    fn a_former_slug_leads_on() {
        let mut mine = [affiliation(1, "nirvana")];
        mine[0].former_slugs = vec![Slug::parse("bliss").unwrap()];
        let hints = explicit_hints(&[hint(Source::Path, "bliss")]);
        assert_eq!(resolve(&hints, &mine), Resolution::Redirect(&mine[0], Source::Path));
    }

    #[test]
    fn nothing_named_falls_back_without_guessing() {
        let mut mine = [affiliation(1, "nirvana"), affiliation(2, "scream")];
        assert_eq!(resolve(&Hints::default(), &mine), Resolution::Choose(mine.iter().collect()));
        let remembered = Hints { remembered: Some(mine[1].organization), ..Hints::default() };
        assert_eq!(resolve(&remembered, &mine), Resolution::Resolved(&mine[1], Source::Remembered));
        mine[1].state = OrganizationState::Inactive;
        assert_eq!(resolve(&remembered, &mine), Resolution::Resolved(&mine[0], Source::Only));
        assert_eq!(resolve(&remembered, &mine[1..]), Resolution::None);
    }
}
