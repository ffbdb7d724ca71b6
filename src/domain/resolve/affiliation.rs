//! What resolution may see of an organization: as one of its members, or as anybody.

use crate::domain::command::OrganizationRef;
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{MembershipId, OrganizationId, UserId};
use crate::domain::membership::{Membership, MembershipState};
use crate::domain::organization::{Organization, OrganizationState};
use crate::domain::permission::Catalog;
use crate::domain::requirements::{Proof, Requirements};
use crate::domain::role::{CustomRoles, Powers, RoleGrant, RoleKey};
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
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
    /// The user's membership; a platform admin may have none.
    pub membership: Option<MembershipId>,
    /// Whether the user is let in as a platform admin, who holds every permission there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub platform_admin: bool,
    /// The user's roles in force.
    pub roles: Vec<RoleKey>,
    /// What those of them allow that are the organization's own.
    #[serde(default)]
    pub custom_roles: Vec<RoleGrant>,
    /// Whether the membership works.
    #[serde(default)]
    pub membership_state: MembershipState,
    /// From when on the membership is over.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What it asks of whoever acts in it.
    #[serde(default, skip_serializing_if = "Requirements::is_nothing")]
    pub requirements: Requirements,
    /// What of that the session does not prove, once it was looked at ([`Affiliation::shown_by`]).
    #[serde(default, skip_serializing_if = "Requirements::is_nothing")]
    pub unmet: Requirements,
    /// Former slugs of it, as far as the request asked for one.
    #[serde(default)]
    pub former_slugs: Vec<Slug>,
}

impl Affiliation {
    /// The affiliation that a membership is.
    pub fn of(organization: &Organization, membership: &Membership, roles: &CustomRoles) -> Self {
        Affiliation {
            custom_roles: membership.roles.iter().filter_map(|key| roles.get(key)).map(RoleGrant::from).collect(),
            membership_state: membership.state,
            until: membership.until,
            organization: organization.id,
            slug: organization.slug.clone(),
            name: organization.name.clone(),
            state: organization.state,
            owner: organization.owner.clone(),
            version: organization.version,
            user: membership.user.clone(),
            membership: Some(membership.id),
            platform_admin: false,
            roles: membership.effective_roles(organization),
            requirements: organization.requirements,
            unmet: Requirements::default(),
            former_slugs: Vec::new(),
        }
    }

    /// How a platform admin who is no member sees an organization that the request names.
    pub fn of_platform_admin(organization: &Organization, user: &UserId) -> Self {
        Affiliation {
            organization: organization.id,
            slug: organization.slug.clone(),
            name: organization.name.clone(),
            state: organization.state,
            owner: organization.owner.clone(),
            version: organization.version,
            user: user.clone(),
            membership: None,
            platform_admin: true,
            roles: Vec::new(),
            custom_roles: Vec::new(),
            membership_state: MembershipState::Active,
            until: None,
            requirements: organization.requirements,
            unmet: Requirements::default(),
            former_slugs: Vec::new(),
        }
    }

    /// What the membership alone gives, without a platform admin's power; `None` where there is none.
    #[must_use]
    pub fn as_member(&self) -> Option<Self> {
        self.membership.map(|_| Affiliation { platform_admin: false, ..self.clone() })
    }

    /// The same as far as a session goes: while it does not prove what is asked, it has no power there.
    #[must_use]
    pub fn shown_by(self, proof: Proof) -> Self {
        Affiliation { unmet: self.requirements.unmet(proof), ..self }
    }

    /// What the user may do there, role by role; nothing while the membership is suspended, or the session
    /// lacks what is asked.
    pub fn powers(&self, catalog: &Catalog) -> Powers {
        if self.platform_admin { Powers::of_owner(catalog) } else { self.powers_of_roles(catalog) }
    }

    /// What the membership's own roles allow, role by role; a platform admin's power is not among it.
    pub fn powers_of_roles(&self, catalog: &Catalog) -> Powers {
        let custom = |key: &RoleKey| self.custom_roles.iter().find(|role| role.key == *key);
        match self.membership_state {
            _ if !self.unmet.is_nothing() => Powers::default(),
            MembershipState::Active => {
                Powers::of(catalog, &self.roles, |key| custom(key).map(|role| &role.permissions))
            }
            MembershipState::Suspended => Powers::default(),
        }
    }

    /// The roles that exist: built in, the organization's own, or declared by the operator.
    pub fn known_roles<'a>(&'a self, catalog: &Catalog) -> Vec<&'a RoleKey> {
        self.roles.iter().filter(|key| self.knows(catalog, key)).collect()
    }

    /// The keys under which no role exists any more: the operator declared one once. They allow nothing.
    pub fn unknown_roles<'a>(&'a self, catalog: &Catalog) -> Vec<&'a RoleKey> {
        self.roles.iter().filter(|key| !self.knows(catalog, key)).collect()
    }

    fn knows(&self, catalog: &Catalog, key: &RoleKey) -> bool {
        key.is_built_in() || self.has_own(key) || catalog.roles().get(key).is_some()
    }

    /// Whether a role that the user holds is one of the organization's own.
    pub fn has_own(&self, key: &RoleKey) -> bool {
        self.custom_roles.iter().any(|role| role.key == *key)
    }

    /// Refuses a membership that gives no power, to this session or at all.
    ///
    /// # Errors
    /// `membership_suspended`, `email_not_verified`, `mfa_required`.
    pub fn require_in_force(&self) -> Result<(), Denial> {
        if self.is_suspended() {
            return Err(Reason::MembershipSuspended.into());
        }
        self.unmet.require_none()
    }

    /// Whether the membership gives nothing because it is suspended. A platform admin's power is no membership's.
    pub fn is_suspended(&self) -> bool {
        match self.membership_state {
            MembershipState::Suspended => !self.platform_admin,
            MembershipState::Active => false,
        }
    }

    /// Whether the membership's time is not over at `now`. One whose time is over is none.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Rule: what is suspended is never chosen on the caller's behalf, nor what they are no member of.
    pub(super) fn can_be_chosen(&self) -> bool {
        self.membership.is_some()
            && self.state == OrganizationState::Active
            && self.membership_state == MembershipState::Active
    }

    pub(super) fn is_named_by(&self, reference: &OrganizationRef) -> bool {
        match reference {
            OrganizationRef::Id(id) => *id == self.organization,
            OrganizationRef::Slug(slug) => *slug == self.slug || self.former_slugs.contains(slug),
        }
    }

    pub(super) fn is_formerly(&self, reference: &OrganizationRef) -> bool {
        matches!(reference, OrganizationRef::Slug(slug) if *slug != self.slug)
    }
}

/// An organization as anybody may know it: the operator has named it in a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// Its present slug.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
    /// Whether it works.
    pub state: OrganizationState,
    /// Its version when this was read.
    pub version: u64,
}

impl PublicOrganization {
    /// What anybody may know of an organization.
    pub fn of(organization: &Organization) -> Self {
        PublicOrganization {
            id: organization.id,
            slug: organization.slug.clone(),
            name: organization.name.clone(),
            state: organization.state,
            version: organization.version,
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == OrganizationState::Active
    }

    pub(super) fn is_named_by(&self, reference: &OrganizationRef) -> bool {
        match reference {
            OrganizationRef::Id(id) => *id == self.id,
            OrganizationRef::Slug(slug) => *slug == self.slug,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn affiliation(state: MembershipState, platform_admin: bool) -> Affiliation {
        let (organization, membership) =
            (OrganizationId::from_parts(1, &[1; 10]), MembershipId::from_parts(1, &[2; 10]));
        let member = json!({
            "organization": organization, "slug": "nirvana", "name": "Nirvana", "state": "active", "owner": "kurt",
            "version": 2, "user": "krist", "membership": membership, "roles": ["member"],
        });
        let member: Affiliation = serde_json::from_value(member).unwrap();
        Affiliation { membership_state: state, platform_admin, ..member }
    }

    #[test]
    fn a_suspended_membership_is_refused_unless_it_is_a_platform_admins() {
        let refused = |state, platform_admin| affiliation(state, platform_admin).require_in_force().err();
        let suspended = refused(MembershipState::Suspended, false).map(|denial| denial.reason);
        assert_eq!(suspended, Some(Reason::MembershipSuspended));
        assert_eq!(refused(MembershipState::Suspended, true), None);
        assert_eq!(refused(MembershipState::Active, false), None);
        assert_eq!(refused(MembershipState::Active, true), None);
    }

    #[test]
    fn a_suspended_platform_admin_has_every_permission_and_their_membership_none() {
        let catalog = Catalog::default();
        let suspended = affiliation(MembershipState::Suspended, true);
        assert_eq!(suspended.powers(&catalog).permissions(), catalog.all());
        let as_member = suspended.as_member().unwrap();
        assert!(as_member.powers(&catalog).permissions().iter().next().is_none());
        assert!(as_member.require_in_force().is_err());
        assert!(!suspended.can_be_chosen() && affiliation(MembershipState::Active, false).can_be_chosen());
    }

    #[test]
    fn a_membership_is_over_at_its_end_and_lasts_the_millisecond_before() {
        let end = Timestamp::parse("2026-12-07T18:40:00Z").unwrap();
        let limited = Affiliation { until: Some(end), ..affiliation(MembershipState::Active, false) };
        assert!(limited.lasts(Timestamp::from_millis(end.millis() - 1)));
        assert!(!limited.lasts(end));
        assert!(!limited.lasts(Timestamp::from_millis(end.millis() + 1)));
        assert!(affiliation(MembershipState::Active, false).lasts(Timestamp::MAX));
    }
}
