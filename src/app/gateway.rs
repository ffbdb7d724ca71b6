//! Letting a request through to the application behind Guildhall.
//!
//! Owns the rule who is let through, as whom and into which organization: resolution first, then the same
//! conditions under which a pass is given. Never reads or writes a request (`wire::gateway` does).

use super::execute::App;
use super::pass::{PassOrder, Signed};
use super::ports::{Cache, Entropy, Failure, Store};
use super::read::{Freshness, require_version};
use crate::domain::denial::{Denial, Reason};
use crate::domain::organization::OrganizationState;
use crate::domain::ownership::OrganizationCard;
use crate::domain::pass::{LONGEST, Pass};
use crate::domain::principal::Principal;
use crate::domain::resolve::{Affiliation, Hints, PublicOrganization, Resolution, resolve};
use crate::domain::slug::Slug;

/// As what a request is let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// A member, with a pass that says so.
    Member(Box<Signed<Pass>>),
    /// A platform admin who is no member: there is no membership that a pass could state.
    PlatformAdmin(Box<Affiliation>),
    /// Nobody in particular, in the organization that anybody is shown.
    Visitor(Box<PublicOrganization>),
    /// Nobody, in no organization.
    Nobody,
}

/// A request that is let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// As what.
    pub standing: Standing,
    /// The present slug, if the organization was named by a former one.
    pub moved: Option<Slug>,
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Lets a request through, or says why not.
    ///
    /// Rule: whoever is signed in is let through as a member of one organization or not at all; a suspended
    /// organization lets nobody through, because what its application would do with the request is not known.
    ///
    /// # Errors
    /// `unauthenticated`, `not_found`, `organization_ambiguous`, `organization_required`,
    /// `organization_inactive`, `membership_suspended`, `email_not_verified`, `mfa_required`,
    /// `version_not_reached`, `pass_too_large`.
    pub async fn admit(
        &self,
        caller: Option<&Principal>,
        hints: &Hints,
        freshness: Freshness,
    ) -> Result<Admitted, Failure> {
        let freshness = Freshness { cached: false, ..freshness };
        let seen = self.seen(caller, hints, freshness).await?;
        let resolution = resolve(hints, &seen);
        let moved = if let Resolution::Redirect(found, _) = &resolution { Some(found.slug.clone()) } else { None };
        let standing = match (resolution, caller) {
            (Resolution::Resolved(found, _) | Resolution::Redirect(found, _), Some(caller)) => {
                self.standing(caller, found, freshness).await?
            }
            (Resolution::Public(found, _), _) => {
                require_version(found.version, freshness)?;
                Standing::Visitor(Box::new(found.clone()))
            }
            (Resolution::None, None) if self.config.gateway.passes_nobody => Standing::Nobody,
            (resolution, caller) => return Err(refusal(&resolution, caller).into()),
        };
        Ok(Admitted { standing, moved })
    }

    async fn standing(
        &self,
        caller: &Principal,
        found: &Affiliation,
        freshness: Freshness,
    ) -> Result<Standing, Failure> {
        if found.platform_admin {
            found.unmet.require_none()?;
            require_version(found.version, freshness)?;
            if found.state == OrganizationState::Inactive {
                return Err(Reason::OrganizationInactive.into());
            }
            return Ok(Standing::PlatformAdmin(Box::new(found.clone())));
        }
        // By its id: what is signed is read anew, for the organization that was found and no other.
        let here = Hints::default().with_pass(found.organization);
        let order = PassOrder { audience: Some(self.config.gateway.audience.clone()), lifetime: LONGEST };
        let signed = self.sign_pass(caller, (&here, freshness), order).await?;
        Ok(Standing::Member(Box::new(signed)))
    }
}

/// Why a request is not let through.
fn refusal(resolution: &Resolution<'_>, caller: Option<&Principal>) -> Denial {
    let card = |found: &&Affiliation| OrganizationCard {
        id: found.organization,
        slug: found.slug.clone(),
        name: found.name.clone(),
    };
    match resolution {
        // Who names an organization must say who they are first, and so must who names none.
        Resolution::Unknown | Resolution::None if caller.is_none() => Reason::Unauthenticated.into(),
        Resolution::Suspended(..) => Reason::MembershipSuspended.into(),
        Resolution::Ambiguous => Reason::OrganizationAmbiguous.into(),
        Resolution::Choose(found) => {
            let mut denial = Denial::naming(Reason::OrganizationRequired, found.iter().map(card).collect());
            denial.detail = "the caller has several organizations; name one".into();
            denial
        }
        Resolution::None => Denial::because(Reason::OrganizationRequired, "the caller is in no organization"),
        Resolution::Join(found) => {
            let detail = format!("the caller is in no organization; POST /v1/resolve joins `{}`", found.slug.as_str());
            Denial::because(Reason::OrganizationRequired, detail)
        }
        Resolution::Unknown
        | Resolution::Skipped
        | Resolution::Resolved(..)
        | Resolution::Redirect(..)
        | Resolution::Public(..) => Reason::NotFound.into(),
    }
}
