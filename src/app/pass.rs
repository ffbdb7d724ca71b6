//! Signing passes, and believing those that come back.
//!
//! Owns the order of things: read the truth, let the caller in, decide, sign. A pass is made from the
//! store, never from a hint, and nothing is written. Never a rule of its own (`domain::pass`).

use super::config::Config;
use super::execute::App;
use super::mint::Mint;
use super::ports::{Cache, Enrolled, Entropy, Failure, Store, TeamView};
use super::read::{Freshness, open_with_all};
use crate::app::ports::Reach;
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::id::{OrganizationId, TeamId};
use crate::domain::json::Text;
use crate::domain::pass::{
    self, Expectations, KeySet, Kind, Listener, MOST_MEMBERSHIPS, MOST_TEAMS, Pass, PassFault, Passport, Row,
    Standings, Statement, Unverified,
};
use crate::domain::permission::{Catalog, PermissionSet};
use crate::domain::principal::Principal;
use crate::domain::requirements::Proof;
use crate::domain::resolve::{Affiliation, Hints};
use crate::domain::team::way_up;
use crate::domain::time::Timestamp;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassOrder {
    /// Who is to believe it; `None` is this installation.
    pub audience: Option<String>,
    /// For how many seconds.
    pub lifetime: u64,
}

/// A token and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    /// The token. It goes to the caller and nowhere else.
    pub token: String,
    /// What it says.
    pub said: T,
}

/// A membership that a passport leaves out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// Where.
    pub organization: OrganizationId,
    /// Why there is no pass for it.
    pub denial: Denial,
}

impl Config {
    /// The keys under which passes of this installation are believed.
    pub fn public_pass_keys(&self) -> KeySet {
        self.pass_keys.public(&self.keys)
    }

    /// Believes a pass that a caller brought along to say which organization they mean.
    ///
    /// Rule: it counts only if it is this installation's, for this installation, and the caller's own.
    ///
    /// # Errors
    /// The codes of [`pass::PassFault`], and `pass_not_yours`.
    pub fn believe(&self, token: &str, caller: &Principal, now: Timestamp) -> Result<OrganizationId, Denial> {
        let origin = self.public_origin.as_str();
        let expected = Expectations { issuer: Some(Text::verbatim(origin)), ..Expectations::of(origin, now) };
        let (mut room, mut place) = (Kind::Pass.room(), Place(None));
        let opened = Unverified::open(token, Kind::Pass, &mut room)?;
        let vouched = opened.verify(&self.public_pass_keys())?;
        let refused = |fault| elsewhere(fault, vouched.addressed(), origin);
        let said = vouched.believe(&expected, &mut place).map_err(refused)?;
        match place.0 {
            Some(organization) if said.user.is(caller.user_id.as_str()) => Ok(organization),
            _ => Err(Reason::PassNotYours.into()),
        }
    }
}

/// The refusal of a pass; of one that is another installation's, or for another reader, with both names.
fn elsewhere(fault: PassFault, addressed: Option<(Text<'_>, Text<'_>)>, origin: &str) -> Denial {
    let shown = |text: Text<'_>| echo(&text.read()).into_owned();
    let found = match (fault, addressed) {
        (PassFault::PassWrongIssuer, Some((issuer, _))) => format!("the pass is from `{}`", shown(issuer)),
        (PassFault::PassWrongAudience, Some((_, audience))) => format!("the pass is for `{}`", shown(audience)),
        _ => return fault.into(),
    };
    Denial::because(fault.reason(), format!("{found}; this installation is `{origin}`"))
}

/// Listens for the organization of a pass.
struct Place(Option<OrganizationId>);

impl<'a> Listener<'a> for Place {
    fn row(&mut self, row: &Row<'a>) {
        self.0 = Some(row.organization);
    }

    fn team(&mut self, _: &'a str, _: PermissionSet) {}
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// A pass for the organization that the request names.
    ///
    /// # Errors
    /// `not_found`, `organization_ambiguous`, `version_not_reached`, and what [`pass::member`] refuses with.
    pub async fn sign_pass(
        &self,
        caller: &Principal,
        (hints, freshness): (&Hints, Freshness),
        order: PassOrder,
    ) -> Result<Signed<Pass>, Failure> {
        let reach = Reach::of_caller(caller, hints, self.now);
        let tenant = self.store.pass_rows(&reach).await?;
        let catalog = &self.config.policy.catalog;
        let opened = open_with_all(tenant, hints, (catalog, &[]), freshness)?;
        let (view, epoch) = opened.rows;
        // A platform admin's power is no membership's: it is in no token.
        let affiliation = opened.affiliation.as_member().unwrap_or(*opened.affiliation);
        let member = pass::member(&affiliation, epoch.unwrap_or_default(), (catalog, freshness.proof), self.now)?;
        let teams = standings(&view, catalog, &affiliation);
        let signer = self.config.pass_keys.signer(&self.config.keys);
        let (said, unsigned) = pass::unsigned_pass(self.statement(caller, order)?, member, teams, &signer.kid())?;
        Ok(Signed { token: signer.sign(unsigned), said })
    }

    /// A passport with all memberships of the caller's that can be used, and those that cannot.
    ///
    /// # Errors
    /// `pass_too_large`.
    pub async fn sign_passport(
        &self,
        caller: &Principal,
        order: PassOrder,
    ) -> Result<(Signed<Passport>, Vec<Omitted>), Failure> {
        let limit = u32::try_from(MOST_MEMBERSHIPS).unwrap_or(u32::MAX).saturating_add(1);
        let mut found = self.store.enrolled(&caller.user_id, self.now, limit).await?;
        let more = found.len() > MOST_MEMBERSHIPS;
        found.truncate(MOST_MEMBERSHIPS);
        let (mut members, mut omitted) = (Vec::new(), Vec::new());
        let terms = (&self.config.policy.catalog, Proof::from(caller));
        for Enrolled { affiliation, epoch } in found {
            match pass::member(&affiliation, epoch, terms, self.now) {
                Ok(member) => members.push(member),
                Err(denial) => omitted.push(Omitted { organization: affiliation.organization, denial }),
            }
        }
        let signer = self.config.pass_keys.signer(&self.config.keys);
        let (said, unsigned) = pass::unsigned_passport(self.statement(caller, order)?, members, more, &signer.kid())?;
        Ok((Signed { token: signer.sign(unsigned), said }, omitted))
    }

    fn statement(&self, caller: &Principal, order: PassOrder) -> Result<Statement, Failure> {
        let (issued_at, issuer) = (self.now.unsigned_millis() / 1000, self.config.public_origin.clone());
        Ok(Statement {
            id: Mint::new(self.entropy, self.now).pass()?,
            audience: order.audience.unwrap_or_else(|| issuer.clone()),
            issuer,
            user: caller.user_id.clone(),
            issued_at,
            expires_at: issued_at.saturating_add(order.lifetime),
            catalog: self.config.policy.catalog.clone(),
        })
    }
}

/// What a member may do in the teams that they are in, and in those below these; one more than fits says
/// that there are more.
fn standings(view: &TeamView, catalog: &Catalog, member: &Affiliation) -> Standings {
    let held = view.held.get(&member.user);
    let inside = |team: &TeamId| held.is_some_and(|held| held.contains_key(team));
    let below = |team: &&TeamId| !inside(team) && way_up(&view.teams, **team).iter().any(inside);
    let direct = view.teams.keys().filter(|team| inside(team));
    let teams = direct.chain(view.teams.keys().filter(below)).take(MOST_TEAMS.saturating_add(1));
    let standing = |team: &TeamId| view.standing(catalog, member, *team).map(|found| (*team, found.permissions()));
    teams.filter_map(standing).collect()
}
