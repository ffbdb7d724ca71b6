//! A call: a request with everything that was read from it, and the steps that all endpoints share.

use super::answer::{Answer, Presented};
use super::body::Fields;
use super::present::{self, Viewer};
use super::query::{Query, version};
use super::{Request, hints, origin, tags};
use crate::app::authentication::{Authenticated, Caller};
use crate::app::challenge::ChallengeAnswer;
use crate::app::execute::{App, Done, Executed, Order};
use crate::app::keys::fingerprint;
use crate::app::ports::{Cache, Entropy, Failure, Reach, ReceiptKey, Store, Tenant, Unavailable};
use crate::app::read::{Freshness, Opened, open, open_with_all};
use crate::app::trial::not_tried;
use crate::domain::command::{Action, Command, OrganizationRef, Target};
use crate::domain::denial::{Denial, Reason};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::permission::{Catalog, Permission};
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::requirements::Proof;
use crate::domain::resolve::{Hints, Named};

/// The header of a pass by which the caller says which organization they mean.
const PASS_HEADER: &str = "guildhall-pass";

/// A request on its way through an endpoint.
pub struct Call<'a, S, C, E> {
    /// The use cases.
    pub app: &'a App<'a, S, C, E>,
    /// The request.
    pub request: &'a Request,
    /// What the answer calls it.
    pub request_id: &'a str,
    /// Who calls, if anybody.
    pub caller: Option<Caller>,
    /// Where the request names an organization.
    pub hints: Hints,
    /// How fresh the answer must be.
    pub freshness: Freshness,
}

/// A token that a command brings along, and whether the answer shows it.
#[derive(Debug, Clone)]
pub struct SeedUse {
    /// The seed.
    pub seed: String,
    /// Whether the caller delivers the token.
    pub shown: bool,
}

/// What a command brings along besides: a token, and the answer to a challenge.
type Along = (Option<SeedUse>, Option<ChallengeAnswer>);

/// What a request wants: a command that was read from it and is not carried out yet.
#[derive(Debug)]
pub struct Wanted {
    /// What is to be done.
    pub action: Action,
    /// The token that it brings along.
    pub seed: Option<SeedUse>,
}

impl Wanted {
    /// A command that brings a token along.
    pub fn with(action: impl Into<Action>, seed: SeedUse) -> Self {
        Wanted { action: action.into(), seed: Some(seed) }
    }
}

impl<A: Into<Action>> From<A> for Wanted {
    fn from(action: A) -> Self {
        Wanted { action: action.into(), seed: None }
    }
}

impl<'a, S: Store, C: Cache, E: Entropy> Call<'a, S, C, E> {
    /// Takes the caller, and reads what is named.
    ///
    /// # Errors
    /// `unauthenticated`, `origin_mismatch`, `malformed_request`, `invalid_value`, and what a pass that was
    /// sent along is not believed for.
    pub fn open(
        app: &'a App<'a, S, C, E>,
        (request, request_id): (&'a Request, &'a str),
        authenticated: Authenticated,
    ) -> Result<Self, Denial> {
        let call = Call::open_passing(app, (request, request_id), authenticated)?;
        Ok(Call { freshness: Freshness { cached: wants_cached(request)?, ..call.freshness }, ..call })
    }

    /// The same for a request that is another's to answer: its parameters are not ours, but for `org`.
    ///
    /// # Errors
    /// As [`Call::open`].
    pub fn open_passing(
        app: &'a App<'a, S, C, E>,
        (request, request_id): (&'a Request, &'a str),
        authenticated: Authenticated,
    ) -> Result<Self, Denial> {
        origin::require_dev_host(app.config, request)?;
        let caller = authenticated?;
        // Internal user ids are rejected, whichever authenticator vouches for them. An operator key has one of its own.
        let is_internal = |caller: &Caller| caller.principal.user_id.is_internal() && caller.operator.is_none();
        if caller.as_ref().is_some_and(is_internal) {
            return Err(Reason::Unauthenticated.into());
        }
        let unsafe_method = !matches!(request.method().as_str(), "GET" | "HEAD" | "OPTIONS");
        if unsafe_method && caller.as_ref().is_some_and(|caller| caller.ambient) {
            origin::require_own_origin(app.config, request)?;
        }
        let user = caller.as_ref().map(|caller| &caller.principal.user_id);
        let hints = hints::read(request.uri(), request.headers(), app.config, user);
        let hints = match with_pass(app, request, caller.as_ref())? {
            Some(organization) => hints.with_pass(organization),
            None => hints,
        };
        Ok(Call { app, request, request_id, hints, freshness: freshness(request, caller.as_ref())?, caller })
    }

    /// The caller, who must be somebody.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn principal(&self) -> Result<&Principal, Denial> {
        self.caller.as_ref().map(|caller| &caller.principal).ok_or_else(|| Reason::Unauthenticated.into())
    }

    /// How far the caller reaches with what the request names. Rule: whoever restores or purges what is
    /// deleted may read it first; to act in it, or to ask what may be done there, it is not there.
    ///
    /// # Errors
    /// `unauthenticated`.
    pub fn reach(&self) -> Result<Reach, Denial> {
        let reads = self.request.method() == http::Method::GET;
        let reach = Reach::of_caller(self.principal()?, &self.hints, self.app.now);
        Ok(Reach { deleted: reads && reach.platform_admin, ..reach })
    }

    /// The permissions that exist.
    pub fn catalog(&self) -> &'a Catalog {
        &self.app.config.policy.catalog
    }

    /// Opens the rows of a tenant, if the caller holds the permission there.
    ///
    /// # Errors
    /// `not_found`, `organization_ambiguous`, `permission_denied`, `membership_suspended`,
    /// `version_not_reached`.
    pub fn open_rows<T>(&self, found: Tenant<T>, permission: Permission) -> Result<Opened<T>, Denial> {
        open(found, &self.hints, (self.catalog(), permission), self.freshness)
    }

    /// Opens the rows of a tenant, if the caller holds each of the permissions there.
    ///
    /// # Errors
    /// As [`Call::open_rows`].
    pub fn open_rows_with_all<T>(&self, found: Tenant<T>, permissions: &[Permission]) -> Result<Opened<T>, Denial> {
        open_with_all(found, &self.hints, (self.catalog(), permissions), self.freshness)
    }

    /// Opens the rows of a tenant for any caller whose membership works; who may see what of them is for the
    /// endpoint to ask.
    ///
    /// # Errors
    /// `not_found`, `organization_ambiguous`, `membership_suspended`, `version_not_reached`.
    pub fn open_inside<T>(&self, found: Tenant<T>) -> Result<Opened<T>, Denial> {
        self.open_rows_with_all(found, &[])
    }

    /// The parameters; `known` are those of the resource.
    ///
    /// # Errors
    /// `unknown_field`, `invalid_value`.
    pub fn query(&self, known: &[&str]) -> Result<Query, Denial> {
        Query::parse(self.request.uri(), known)
    }

    /// The fields of a command's body, whose caller is somebody and which takes no parameters.
    ///
    /// # Errors
    /// `unauthenticated`, `unknown_field`, and what the body is refused with.
    pub fn body(&self) -> Result<Fields, Denial> {
        self.principal()?;
        self.query(&[])?;
        Fields::of(self.request)
    }

    /// The same where the body may be left out.
    ///
    /// # Errors
    /// As [`Call::body`].
    pub fn optional_body(&self) -> Result<Fields, Denial> {
        self.principal()?;
        self.query(&[])?;
        Fields::optional_of(self.request)
    }

    /// The same where there is nothing to say.
    ///
    /// # Errors
    /// As [`Call::body`].
    pub fn bare(&self) -> Result<(), Denial> {
        self.optional_body()?.end()
    }

    /// Carries out a command about the organization in the path.
    ///
    /// # Errors
    /// What the command is refused with.
    pub async fn command_within(&self, name: &str, wanted: Wanted) -> Result<Answer, Failure> {
        let target = Target::Organization(OrganizationRef::parse(name)?);
        self.command(target, wanted.action, wanted.seed).await
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// What the command is refused with.
    pub async fn command(&self, target: Target, action: Action, seed: Option<SeedUse>) -> Result<Answer, Failure> {
        let command = self.command_of(target, action)?;
        self.carry_out_for(command, (seed, None)).await
    }

    /// Carries out a command of somebody who is not the caller: where nobody needs to be signed in. An answer to the
    /// challenge is verified first.
    ///
    /// # Errors
    /// What the command is refused with.
    pub async fn command_by(
        &self,
        actor: Principal,
        target: Target,
        action: Action,
        with: Along,
    ) -> Result<Answer, Failure> {
        let command = Command { actor, target, hints: Vec::new(), hosts: Vec::new(), if_match: None, action };
        self.carry_out_for(command, with).await
    }

    /// Presents it to whoever it is of.
    async fn carry_out_for(&self, command: Command, along: Along) -> Result<Answer, Failure> {
        let shown = along.0.as_ref().is_some_and(|seed| seed.shown);
        let viewer = Viewer {
            user: command.actor.user_id.clone(),
            platform_admin: command.actor.kind == PrincipalKind::PlatformAdmin,
            now: self.app.now,
            token: shown,
            catalog: self.catalog(),
        };
        self.carry_out_with(command, along, &|executed| present::executed(executed, &viewer)).await
    }

    /// The caller's command, with what the request says besides. Rule: where no path names an organization (one is
    /// founded, or a token leads to one), whatever else names one is passed over, well-formed or not.
    ///
    /// # Errors
    /// `unauthenticated`, `not_found`, `malformed_request`.
    pub fn command_of(&self, target: Target, action: Action) -> Result<Command, Denial> {
        let (actor, if_match) = (self.principal()?.clone(), tags::if_match(self.request.headers())?);
        let (hints, hosts) = match &target {
            Target::Organization(named) => (self.other_hints(named)?, self.hints.hosts()),
            Target::New(_) | Target::Invitation(_) | Target::Link(_) | Target::Registration(_) => Default::default(),
        };
        Ok(Command { actor, target, hints, hosts, if_match, action })
    }

    /// Carries out a command and presents it as told.
    ///
    /// # Errors
    /// What the command is refused with.
    pub async fn carry_out(
        &self,
        command: Command,
        seed: Option<SeedUse>,
        present: &dyn Fn(&Executed) -> Presented,
    ) -> Result<Answer, Failure> {
        self.carry_out_with(command, (seed, None), present).await
    }

    async fn carry_out_with(
        &self,
        command: Command,
        (seed, challenge): Along,
        present: &dyn Fn(&Executed) -> Presented,
    ) -> Result<Answer, Failure> {
        let shown = seed.as_ref().is_some_and(|seed| seed.shown);
        let order = Order {
            receipt: self.receipt_key()?,
            command,
            seed: seed.map(|seed| seed.seed),
            shown,
            challenge,
            render: &|executed| present(executed).keep(),
        };
        match self.app.execute(&order).await? {
            Done::Would(trial) => {
                let shown = Answer::trial(&present::trial(&trial, present(&trial.executed), self.catalog()));
                Ok(shown.at_version(trial.before.version()))
            }
            Done::Now(executed) => self.sent(&(order.render)(&executed), order.seed.as_deref()),
            Done::Before(receipt) => {
                let sent = self.sent(&receipt.answer, receipt.seed.as_deref())?;
                Ok(sent.with("idempotent-replayed", "true".to_owned()))
            }
        }
    }

    /// Sent now or again: both go through the kept form, so that they are the same bytes.
    fn sent(&self, kept: &str, seed: Option<&str>) -> Result<Answer, Failure> {
        let answer = Answer::from_kept(kept, seed, &self.app.config.keys);
        answer.ok_or_else(|| Unavailable("a kept answer cannot be read".to_owned()).into())
    }

    /// Refuses to be tried out, where something is written that no command writes.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn require_real(&self) -> Result<(), Denial> {
        if self.app.dry_run { Err(not_tried()) } else { Ok(()) }
    }

    /// What is named elsewhere must agree with the organization in the path; text that names nothing never does.
    fn other_hints(&self, named: &OrganizationRef) -> Result<Vec<OrganizationRef>, Denial> {
        if self.hints.explicit.iter().any(|hint| hint.named == Named::Unreadable) {
            return Err(Reason::NotFound.into());
        }
        let mut others = self.hints.references();
        others.retain(|other| other != named);
        Ok(others)
    }

    /// The idempotency key of a POST, if one was sent. Who is nobody cannot be told from others: their keys hold
    /// for the request alone, so that nobody's key stands in another's way, and whoever is handed another one's
    /// answer sent the same request. What is answered to nobody holds no secret.
    ///
    /// The same request with another power is another request, because an answer is for the power that it was given to.
    ///
    /// # Errors
    /// `idempotency_key_invalid`.
    pub fn receipt_key(&self) -> Result<Option<ReceiptKey>, Denial> {
        let Some(value) = self.request.headers().get("idempotency-key") else { return Ok(None) };
        if self.request.method() != http::Method::POST {
            return Ok(None);
        }
        let key = value.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let rule = "a key has 1 to 255 visible ASCII characters";
            return Err(Denial::about(Reason::IdempotencyKeyInvalid, "Idempotency-Key", rule));
        }
        let target = self.request.uri().path_and_query().map_or("", |target| target.as_str());
        let power = self.caller.as_ref().map(Caller::power).unwrap_or_default();
        let fingerprint = fingerprint(&[&[target.as_bytes(), self.request.body()], power.as_slice()].concat());
        let (user, key) = match &self.caller {
            Some(caller) => (caller.principal.user_id.clone(), key.to_owned()),
            None => (UserId::parse(&format!("{}anonymous", UserId::INSTALLATION))?, format!("{fingerprint}:{key}")),
        };
        Ok(Some(ReceiptKey { user, key, fingerprint }))
    }
}

/// The organization of a pass that was sent along. Rule: a pass says where, not who; one that is not to be
/// believed is refused and never passed over, for the request would then be about another organization.
fn with_pass<S, C, E>(
    app: &App<'_, S, C, E>,
    request: &Request,
    caller: Option<&Caller>,
) -> Result<Option<OrganizationId>, Denial> {
    let mut sent = request.headers().get_all(PASS_HEADER).iter();
    let Some(first) = sent.next() else { return Ok(None) };
    let token = first.to_str().ok().filter(|_| sent.next().is_none()).ok_or(Reason::PassInvalid)?;
    let caller = caller.ok_or(Reason::Unauthenticated)?;
    app.config.believe(token.trim(), &caller.principal, app.now).map(Some)
}

fn freshness(request: &Request, caller: Option<&Caller>) -> Result<Freshness, Denial> {
    let proof = caller.map(|caller| Proof::from(&caller.principal)).unwrap_or_default();
    let min_version = match request.headers().get("guildhall-min-version") {
        None => None,
        Some(value) => Some(version(value.to_str().unwrap_or("-")).map_err(|denial| {
            Denial::about(Reason::MalformedRequest, "Guildhall-Min-Version", denial.detail.clone())
        })?),
    };
    Ok(Freshness { cached: false, min_version, proof })
}

fn wants_cached(request: &Request) -> Result<bool, Denial> {
    let pairs = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let wanted: Vec<String> =
        pairs.filter(|(key, _)| key == "consistency").map(|(_, value)| value.into_owned()).collect();
    match wanted.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["strong"] => Ok(false),
        ["cached"] => Ok(true),
        _ => Err(Denial::about(Reason::InvalidValue, "consistency", "`consistency` is `strong` or `cached`")),
    }
}
