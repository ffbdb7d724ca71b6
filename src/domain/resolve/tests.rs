//! The rule, case by case. Every combination is tried in `tests/native/resolution`.

use super::*;
use crate::domain::domain_name::DomainName;
use crate::domain::id::{MembershipId, UserId};
use crate::domain::membership::MembershipState;
use crate::domain::organization::OrganizationState;
use crate::domain::role::RoleKey;
use crate::domain::slug::Slug;
use crate::domain::text::Name;

fn affiliation(number: u8, slug: &str) -> Affiliation {
    Affiliation {
        organization: OrganizationId::from_parts(1, &[number; 10]),
        slug: Slug::parse(slug).unwrap(),
        name: Name::parse(slug).unwrap(),
        state: OrganizationState::Active,
        owner: UserId::parse("dave").unwrap(),
        version: 1,
        user: UserId::parse("dave").unwrap(),
        membership: Some(MembershipId::from_parts(1, &[number; 10])),
        platform_admin: false,
        roles: vec![RoleKey::owner()],
        custom_roles: Vec::new(),
        membership_state: MembershipState::Active,
        until: None,
        requirements: Default::default(),
        unmet: Default::default(),
        former_slugs: Vec::new(),
    }
}

fn public(number: u8, slug: &str) -> PublicOrganization {
    let of = affiliation(number, slug);
    PublicOrganization { id: of.organization, slug: of.slug, name: of.name, state: of.state, version: of.version }
}

fn named(hints: &[(Source, &str)]) -> Hints {
    let explicit = hints.iter().map(|(source, text)| Hint::read(*source, text)).collect();
    Hints { explicit, ..Hints::default() }
}

fn codes(hints: &Hints, seen: &Seen) -> Vec<&'static str> {
    explain(hints, seen).1.iter().map(|finding| finding.verdict.code()).collect()
}

#[test]
fn what_is_named_decides_and_must_agree() {
    let seen = Seen::of(vec![affiliation(1, "nirvana"), affiliation(2, "foo-fighters")]);
    let mine = &seen.affiliations[0];
    let id = mine.organization.to_string();
    let path = (Source::Path, "nirvana");
    let same = named(&[path, (Source::Header, &id)]);
    assert_eq!(resolve(&same, &seen), Resolution::Resolved(mine, Source::Path));
    assert_eq!(codes(&same, &seen), ["won", "agrees", "overruled"]);
    let other = named(&[path, (Source::Query, "foo-fighters")]);
    assert_eq!(resolve(&other, &seen), Resolution::Ambiguous);
    assert_eq!(codes(&other, &seen), ["disagrees", "disagrees", "overruled"]);
    let foreign = named(&[path, (Source::Query, "scream")]);
    assert_eq!(resolve(&foreign, &seen), Resolution::Unknown);
    assert_eq!(codes(&foreign, &seen), ["spoiled", "unknown", "overruled"]);
    assert_eq!(resolve(&named(&[(Source::Header, "!!")]), &seen), Resolution::Unknown);
}

#[test]
fn a_former_slug_leads_on() {
    let mut seen = Seen::of(vec![affiliation(1, "nirvana")]);
    seen.affiliations[0].former_slugs = vec![Slug::parse("bliss").unwrap()];
    let hints = named(&[(Source::Path, "bliss")]);
    assert_eq!(resolve(&hints, &seen), Resolution::Redirect(&seen.affiliations[0], Source::Path));
    assert_eq!(codes(&hints, &seen), ["moved", "overruled"]);
}

#[test]
fn nothing_named_falls_back_without_guessing() {
    let mut seen = Seen::of(vec![affiliation(1, "nirvana"), affiliation(2, "scream")]);
    let nothing = Hints::default();
    assert_eq!(resolve(&nothing, &seen), Resolution::Choose(seen.affiliations.iter().collect()));
    assert_eq!(codes(&nothing, &seen), ["several"]);
    let remembered = Hints { remembered: Some(seen.affiliations[1].organization), ..Hints::default() };
    assert_eq!(resolve(&remembered, &seen), Resolution::Resolved(&seen.affiliations[1], Source::Remembered));
    seen.affiliations[1].state = OrganizationState::Inactive;
    assert_eq!(resolve(&remembered, &seen), Resolution::Resolved(&seen.affiliations[0], Source::Only));
    assert_eq!(codes(&remembered, &seen), ["inactive", "won"]);
    seen.affiliations.remove(0);
    assert_eq!(resolve(&remembered, &seen), Resolution::None);
}

#[test]
fn a_host_counts_once_somebody_has_proven_it_theirs() {
    let host = DomainName::parse("nirvana.com").unwrap();
    let domain = Hint { source: Source::Host, named: Named::Domain(host.clone()) };
    let hints = Hints { explicit: vec![domain], ..Hints::default() };
    let mut seen = Seen::of(vec![affiliation(1, "nirvana"), affiliation(2, "scream")]);
    assert_eq!(resolve(&hints, &seen), Resolution::Choose(seen.affiliations.iter().collect()));
    assert_eq!(codes(&hints, &seen), ["nobodys_host", "several"]);
    seen.hosts.insert(host.clone(), seen.affiliations[1].organization);
    assert_eq!(resolve(&hints, &seen), Resolution::Resolved(&seen.affiliations[1], Source::Host));
    seen.hosts.insert(host, affiliation(3, "bliss").organization);
    assert_eq!(resolve(&hints, &seen), Resolution::Unknown);
}

#[test]
fn the_fallback_is_for_nobody_in_particular() {
    let nobody = Seen { fallback: Some(public(1, "nirvana")), ..Seen::default() };
    let shown = nobody.fallback.as_ref().unwrap();
    assert_eq!(resolve(&Hints::default(), &nobody), Resolution::Public(shown, Source::Fallback));
    let path = named(&[(Source::Path, "nirvana")]);
    assert_eq!(resolve(&path, &nobody), Resolution::Public(shown, Source::Path));
    assert_eq!(resolve(&named(&[(Source::Path, "scream")]), &nobody), Resolution::Unknown);
    let (id, other) = (shown.id.to_string(), public(2, "nirvana").id.to_string());
    assert_eq!(resolve(&named(&[(Source::Header, &id)]), &nobody), Resolution::Public(shown, Source::Header));
    assert_eq!(resolve(&named(&[(Source::Header, &other)]), &nobody), Resolution::Unknown);
    let somebody = Seen { signed_in: true, ..nobody.clone() };
    assert_eq!(resolve(&Hints::default(), &somebody), Resolution::None);
    assert_eq!(codes(&Hints::default(), &somebody), ["none_active", "signed_in"]);
    assert_eq!(resolve(&path, &somebody), Resolution::Unknown);
    let mut suspended = nobody.clone();
    suspended.fallback.iter_mut().for_each(|shown| shown.state = OrganizationState::Inactive);
    assert_eq!(resolve(&Hints::default(), &suspended), Resolution::None);
    assert_eq!(codes(&Hints::default(), &suspended), ["not_signed_in", "inactive"]);
}

#[test]
fn only_who_is_in_no_organization_is_asked_in() {
    let auto_join = Some(public(1, "nirvana"));
    let newcomer = Seen { auto_join: auto_join.clone(), ..Seen::of(Vec::new()) };
    assert_eq!(resolve(&Hints::default(), &newcomer), Resolution::Join(newcomer.auto_join.as_ref().unwrap()));
    assert_eq!(codes(&Hints::default(), &newcomer), ["none_active", "would_join"]);
    let mut member = Seen { auto_join: auto_join.clone(), ..Seen::of(vec![affiliation(2, "scream")]) };
    member.affiliations[0].state = OrganizationState::Inactive;
    assert_eq!(resolve(&Hints::default(), &member), Resolution::None);
    assert_eq!(codes(&Hints::default(), &member), ["none_active", "has_organization"]);
    assert_eq!(resolve(&Hints::default(), &Seen { auto_join, ..Seen::default() }), Resolution::None);
}

#[test]
fn a_skipped_path_has_no_organization() {
    let seen = Seen::of(vec![affiliation(1, "nirvana")]);
    let hints = Hints { skipped: true, ..named(&[(Source::Header, "nirvana")]) };
    assert_eq!(resolve(&hints, &seen), Resolution::Skipped);
    assert_eq!(codes(&hints, &seen), ["skipped", "skipped"]);
}
