//! Reading: let the caller in, then open what was read.
//!
//! Owns the rule that rows and admission come in one round trip and are shown in that order.

use super::execute::App;
use super::ports::{Cache, Entropy, Failure, Reach, Store, Tenant};
use crate::domain::command::OrganizationRef;
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::UserId;
use crate::domain::permission::{Catalog, Permission};
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::requirements::Proof;
use crate::domain::resolve::{Affiliation, Hints, Resolution, Seen, resolve};
use crate::domain::scope::Scope;
use crate::domain::time::Timestamp;

/// On which terms a caller reads: how fresh the answer must be, and what the session proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Freshness {
    /// Whether a hint will do, within its stated bound.
    pub cached: bool,
    /// Never older than this version.
    pub min_version: Option<u64>,
    /// What the caller's session proves; an organization may ask for it.
    pub proof: Proof,
}

/// An opened read: the rows, who sees them, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened<T> {
    /// The caller's affiliation.
    pub affiliation: Box<Affiliation>,
    /// Whether the organization was named by a slug that it no longer has.
    pub moved: bool,
    /// The rows.
    pub rows: T,
}

impl Reach {
    /// The reach of a caller with the hints of their request, further for a platform admin.
    pub fn of_caller(caller: &Principal, hints: &Hints, now: Timestamp) -> Self {
        let platform_admin = caller.kind == PrincipalKind::PlatformAdmin;
        Reach { platform_admin, ..Reach::of(&caller.user_id, hints, now) }
    }

    /// The reach of a member with the hints of their request.
    pub fn of(user: &UserId, hints: &Hints, now: Timestamp) -> Self {
        let all = hints.may_name_none();
        // The remembered one is asked for by name: it may stand beyond the first hundred.
        let remembered = hints.remembered.filter(|_| all).map(OrganizationRef::Id);
        let asked = hints.references().into_iter().chain(remembered).collect();
        Reach { all, hosts: hints.hosts(), ..Reach::named(user, asked, now) }
    }

    /// The reach of a caller to organizations by name.
    pub fn named(user: &UserId, asked: Vec<OrganizationRef>, now: Timestamp) -> Self {
        Reach {
            user: Some(user.clone()),
            asked,
            hosts: Vec::new(),
            all: false,
            platform_admin: false,
            deleted: false,
            offer: None,
            now,
        }
    }

    /// The reach of a caller who is nobody.
    pub fn of_nobody(hints: &Hints, offer: Option<OrganizationRef>, now: Timestamp) -> Self {
        let (asked, hosts) = (Vec::new(), hints.hosts());
        Reach { user: None, asked, hosts, all: false, platform_admin: false, deleted: false, offer, now }
    }
}

/// Opens the rows of a tenant for a caller who is in it and holds the permission.
///
/// # Errors
/// `not_found`, `organization_ambiguous`, `permission_denied`, `version_not_reached`.
pub fn open<T>(
    tenant: Tenant<T>,
    hints: &Hints,
    (catalog, permission): (&Catalog, Permission),
    freshness: Freshness,
) -> Result<Opened<T>, Denial> {
    open_with_all(tenant, hints, (catalog, &[permission]), freshness)
}

/// Opens the rows of a tenant for a caller who is in it and holds each of the permissions.
///
/// # Errors
/// As [`open`].
pub fn open_with_all<T>(
    tenant: Tenant<T>,
    hints: &Hints,
    asked: (&Catalog, &[Permission]),
    freshness: Freshness,
) -> Result<Opened<T>, Denial> {
    let Admitted { scope, affiliation, moved } = admit(&tenant.seen, hints, asked, freshness)?;
    Ok(Opened { rows: tenant.sealed.open(&scope), affiliation, moved })
}

/// Whoever is let in, and where.
struct Admitted {
    scope: Scope,
    affiliation: Box<Affiliation>,
    moved: bool,
}

/// Lets the caller in, whatever the rows are: compiled once for all kinds of them.
fn admit(
    seen: &Seen,
    hints: &Hints,
    (catalog, permissions): (&Catalog, &[Permission]),
    freshness: Freshness,
) -> Result<Admitted, Denial> {
    let resolution = resolve(hints, seen);
    let moved = matches!(resolution, Resolution::Redirect(..));
    let affiliation = Box::new(resolution.require()?.clone().shown_by(freshness.proof));
    let scope = Scope::of_affiliation(catalog, &affiliation)?;
    require_version(scope.version(), freshness)?;
    scope.require_all(catalog, permissions)?;
    Ok(Admitted { scope, affiliation, moved })
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
    /// What a request's resolution may see: from the hint if the caller allows one and it is fresh
    /// enough, else from the truth.
    ///
    /// # Errors
    /// [`Failure::Unavailable`] when the store fails.
    pub async fn seen(&self, caller: Option<&Principal>, hints: &Hints, freshness: Freshness) -> Result<Seen, Failure> {
        match caller {
            None => self.seen_by_nobody(hints).await,
            Some(caller) => Ok(self.seen_by(caller, hints, freshness).await?.shown_by(freshness.proof)),
        }
    }

    /// What is kept near the user is what is true of them, whatever this session proves.
    async fn seen_by(&self, caller: &Principal, hints: &Hints, freshness: Freshness) -> Result<Seen, Failure> {
        let user = &caller.user_id;
        // A hint knows memberships; what a platform admin sees is none and must never become one.
        let freshness =
            Freshness { cached: freshness.cached && caller.kind != PrincipalKind::PlatformAdmin, ..freshness };
        if freshness.cached
            && let Some(hinted) = self.hinted(user, hints, freshness).await
        {
            return Ok(hinted);
        }
        let reach = Reach::of_caller(caller, hints, self.now);
        let reach = Reach { all: freshness.cached || reach.all, offer: self.auto_join(caller), ..reach };
        let seen = self.store.seen(&reach).await?;
        if freshness.cached {
            self.remember_affiliations(user, &seen.affiliations).await;
        }
        Ok(seen)
    }

    /// What nobody has need not be looked up.
    async fn seen_by_nobody(&self, hints: &Hints) -> Result<Seen, Failure> {
        let reach = Reach::of_nobody(hints, self.config.resolution.fallback.clone(), self.now);
        if reach.offer.is_none() && reach.hosts.is_empty() {
            return Ok(Seen::default());
        }
        Ok(self.store.seen(&reach).await?)
    }

    /// Rule: only people are asked in; a program is a member of what it was made for.
    fn auto_join(&self, caller: &Principal) -> Option<OrganizationRef> {
        let wanted = self.config.resolution.auto_join.clone();
        wanted.filter(|_| caller.kind == PrincipalKind::User)
    }
}
