//! Reading: let the caller in, then open what was read.
//!
//! Owns the rule that rows and admission come in one round trip and are shown in that order.

use super::execute::App;
use super::ports::{Cache, Entropy, Failure, Reach, Store, Tenant};
use crate::domain::command::OrganizationRef;
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::UserId;
use crate::domain::permission::Permission;
use crate::domain::resolve::{Affiliation, Hints, Resolution, resolve};
use crate::domain::scope::Scope;

/// How fresh an answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freshness {
    /// Whether a hint will do, within its stated bound.
    pub cached: bool,
    /// Never older than this version.
    pub min_version: Option<u64>,
}

/// An opened read: the rows, who sees them, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened<T> {
    /// The caller's affiliation.
    pub affiliation: Affiliation,
    /// Whether the organization was named by a slug that it no longer has.
    pub moved: bool,
    /// The rows.
    pub rows: T,
}

impl Reach {
    /// The reach of a caller with the hints of their request.
    pub fn of(user: &UserId, hints: &Hints) -> Self {
        let explicit = hints.references();
        let all = explicit.is_empty();
        // The remembered one is asked for by name: it may stand beyond the first hundred.
        let remembered = hints.remembered.filter(|_| all).map(OrganizationRef::Id);
        Reach { user: user.clone(), asked: explicit.into_iter().chain(remembered).collect(), all }
    }
}

/// Opens the rows of a tenant for a caller who is in it and holds the permission.
///
/// # Errors
/// `not_found`, `organization_ambiguous`, `permission_denied`, `version_not_reached`.
pub fn open<T>(
    tenant: Tenant<T>,
    hints: &Hints,
    permission: Permission,
    freshness: Freshness,
) -> Result<Opened<T>, Denial> {
    let resolution = resolve(hints, &tenant.affiliations);
    let moved = matches!(resolution, Resolution::Redirect(..));
    let affiliation = resolution.require()?.clone();
    let scope = Scope::of_affiliation(&affiliation);
    scope.require(permission)?;
    require_version(scope.version(), freshness)?;
    Ok(Opened { rows: tenant.sealed.open(&scope), affiliation, moved })
}

/// Rule: a caller who has seen version n is never answered from before it.
///
/// # Errors
/// `version_not_reached`.
pub fn require_version(version: u64, freshness: Freshness) -> Result<(), Denial> {
    match freshness.min_version {
        Some(wanted) if version < wanted => {
            let detail = format!("it is at version {version}");
            Err(Denial::because(Reason::VersionNotReached, detail))
        }
        _ => Ok(()),
    }
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// The affiliations that a request's resolution may see: from the hint if the caller allows one
    /// and it is fresh enough, else from the truth.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the store fails.
    pub async fn affiliations(
        &self,
        user: &UserId,
        hints: &Hints,
        freshness: Freshness,
    ) -> Result<Vec<Affiliation>, Failure> {
        if freshness.cached
            && let Some(hinted) = self.hinted(user, hints, freshness).await
        {
            return Ok(hinted);
        }
        let reach = Reach { all: freshness.cached || hints.explicit.is_empty(), ..Reach::of(user, hints) };
        let found = self.store.affiliations(&reach).await?;
        if freshness.cached {
            self.remember_affiliations(user, &found).await;
        }
        Ok(found)
    }
}
