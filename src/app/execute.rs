//! Carrying out a command: load, decide, commit, and only then the effects.
//!
//! Owns the protocol. One read batch and one write batch a command, whatever the organization's
//! size. A lost race is decided again on fresh facts, at most [`RETRIES`] times; then it is refused as busy.

use super::challenge::ChallengeAnswer;
use super::config::Config;
use super::contention;
use super::keys::Keys;
use super::mail::token_of;
use super::mint::Mint;
use super::ports::{
    Cache, ChallengeServer, Commit, Committed, Dns, Emission, Emitted, Entropy, Failure, Message, Provenance, Receipt,
    ReceiptKey, Store, Unavailable,
};
use super::trial::Trial;
use crate::domain::audit::{AuditEntry, EntryHash};
use crate::domain::command::{Action, Command, Target};
use crate::domain::decide::decide;
use crate::domain::decision::{Decision, Notice, Outcome};
use crate::domain::denial::{Denial, Reason};
use crate::domain::event::Event;
use crate::domain::evolve::advance;
use crate::domain::facts::{Facts, needs};
use crate::domain::id::OrganizationId;
use crate::domain::operator::OperatorName;
use crate::domain::quota::charges;
use crate::domain::suppression::Suppression;
use crate::domain::time::Timestamp;

pub use super::contention::RETRIES;

/// The use cases, with what they stand on for the time of one request.
pub struct App<'a, S, C, E> {
    /// The truth.
    pub store: &'a S,
    /// The hints.
    pub cache: &'a C,
    /// Randomness.
    pub entropy: &'a E,
    /// The DNS.
    pub dns: &'a dyn Dns,
    /// The server of the challenge.
    pub challenges: &'a dyn ChallengeServer,
    /// What the operator chose.
    pub config: &'a Config,
    /// The instant of the request.
    pub now: Timestamp,
    /// Whether commands are tried out only: nothing is stored, whoever gives them.
    pub dry_run: bool,
    /// What writes record besides their actor.
    pub provenance: Provenance<'a>,
}

/// A command on its way, with what only the application layer may hold.
pub struct Order<'a> {
    /// The command.
    pub command: Command,
    /// The seed of the token that the command's digest belongs to.
    pub seed: Option<String>,
    /// Whether the answer shows that token.
    pub shown: bool,
    /// The idempotency key, if the caller sent one.
    pub receipt: Option<ReceiptKey>,
    /// The answer to the challenge, where the command needs one. A kept answer is given again without it.
    pub challenge: Option<ChallengeAnswer>,
    /// Writes the answer to be kept under the key.
    pub render: &'a dyn Fn(&Executed) -> String,
}

/// A command that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// Which organization.
    pub organization: OrganizationId,
    /// Its version now.
    pub version: u64,
    /// What the command came to.
    pub outcome: Outcome,
    /// The facts after it.
    pub facts: Facts,
    /// What happened.
    pub events: Vec<Event>,
}

/// What carrying out a command gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It was carried out now.
    Now(Box<Executed>),
    /// It was carried out before under the same key; the answer kept then.
    Before(Receipt),
    /// It was tried out.
    Would(Box<Trial>),
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Carries out a command.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the rules refuse it, [`Failure::Busy`] when it lost every race; nothing has changed.
    /// [`Failure::Unavailable`] when the store fails; repeat with the same key.
    pub async fn execute(&self, order: &Order<'_>) -> Result<Done, Failure> {
        if self.dry_run {
            return Ok(Done::Would(Box::new(self.rehearse(&order.command).await?)));
        }
        for round in 0..=RETRIES {
            if round > 0 {
                self.store.pause(contention::pause_before(round, self.entropy)?).await;
            }
            if let Some(done) = self.attempt(order, round).await? {
                if let (Done::Now(executed), false) = (&done, is_bulk(&order.command.action)) {
                    self.remember_changes(executed).await;
                }
                return Ok(done);
            }
        }
        Err(Failure::Busy(contention::busy(self.entropy)?))
    }

    /// One round; `None` when it lost a race. The challenge's server is asked in the first round: a token counts once.
    async fn attempt(&self, order: &Order<'_>, round: usize) -> Result<Option<Done>, Failure> {
        let command = &order.command;
        let mut loaded = self.store.load(&needs(command), order.receipt.as_ref()).await?;
        loaded.facts.slug_pick = contention::slug_pick(round, self.entropy)?;
        if let (Some(receipt), Some(key)) = (loaded.receipt, &order.receipt) {
            let receipt = same_request(receipt, key)?;
            self.spent().await?;
            return Ok(Some(Done::Before(receipt)));
        }
        if let (Some(challenge), 0) = (&order.challenge, round) {
            self.require_passed(challenge).await?;
        }
        let base = Base::of(&loaded.facts, self.now);
        let decision = decide(&self.config.policy, &loaded.facts, command, self.now)?;
        let executed = self.executed(command, loaded.facts, &decision)?;
        let commit = self.commit(order, base, &decision.notices, &executed)?;
        if commit.is_empty() {
            return Ok(Some(Done::Now(Box::new(executed))));
        }
        match self.store.commit(&commit).await? {
            Committed::Done => Ok(Some(Done::Now(Box::new(executed)))),
            Committed::Conflict => Ok(None),
            Committed::Replayed => Err(Reason::SignatureReplayed.into()),
        }
    }

    /// The same use cases after the request's nonce was stored by itself: for what is written in several batches, or
    /// in none of Guildhall's. Rule: the nonce comes first, so that a replay finds it however far the first got.
    ///
    /// # Errors
    /// `signature_replayed`; [`Failure::Unavailable`] when the store fails.
    pub async fn spent(&self) -> Result<Self, Failure> {
        if let Some(nonce) = self.provenance.nonce.filter(|_| !self.dry_run)
            && self.store.spend(nonce).await? == Committed::Replayed
        {
            return Err(Reason::SignatureReplayed.into());
        }
        Ok(App { provenance: Provenance { nonce: None, ..self.provenance }, ..*self })
    }

    pub(super) fn executed(
        &self,
        command: &Command,
        mut facts: Facts,
        decision: &Decision,
    ) -> Result<Executed, Denial> {
        let known = facts.organization.as_ref().map(|organization| organization.id);
        let organization = known.or(new_organization(command)).ok_or(Reason::NotFound)?;
        let steps = u64::from(!decision.events.is_empty());
        let version = facts.version().saturating_add(steps);
        let at = Base::of(&facts, self.now).at;
        advance(&mut facts, &decision.events, at);
        let (outcome, events) = (decision.outcome.clone(), decision.events.clone());
        Ok(Executed { organization, version, outcome, facts, events })
    }

    fn commit(
        &self,
        order: &Order<'_>,
        base: Base,
        notices: &[Notice],
        executed: &Executed,
    ) -> Result<Commit, Unavailable> {
        let emission = emission(executed, base.at);
        Ok(Commit {
            emission,
            organization: executed.organization,
            base: base.version,
            at: base.at,
            max_owned: (!is_bulk(&order.command.action)).then_some(self.config.policy.max_owned),
            entry: base.entry(&order.command, self.provenance.operator, executed)?,
            events: executed.events.clone(),
            after: executed.facts.clone(),
            messages: self.messages(order, notices, executed)?,
            charges: charges(
                (&executed.events, notices),
                &order.command.actor.user_id,
                &executed.facts,
                &self.config.policy.invitations,
                self.now,
            ),
            suppression: suppression(&executed.outcome),
            receipt: order.receipt.as_ref().map(|key| self.receipt(order, key, executed)),
            nonce: self.provenance.nonce.cloned(),
        })
    }

    /// One message for each notice; the seed goes to the one that carries the token.
    fn messages(
        &self,
        order: &Order<'_>,
        notices: &[Notice],
        executed: &Executed,
    ) -> Result<Vec<Message>, Unavailable> {
        let mint = Mint::new(self.entropy, self.now);
        let message = |notice: &Notice| {
            Ok(Message {
                id: mint.message()?,
                organization: executed.organization,
                version: executed.version,
                notice: notice.clone(),
                seed: seed_for(order, notice),
                created_at: self.now,
                delivered_at: None,
                attempts: 0,
                due_at: self.now,
            })
        };
        notices.iter().map(message).collect()
    }

    fn receipt(&self, order: &Order<'_>, key: &ReceiptKey, executed: &Executed) -> Receipt {
        Receipt {
            user: key.user.clone(),
            key: key.key.clone(),
            fingerprint: key.fingerprint.clone(),
            answer: (order.render)(executed),
            seed: order.seed.clone().filter(|_| order.shown),
            created_at: self.now,
        }
    }
}

/// What webhooks are told: the events by their places in the log, or a test.
fn emission(executed: &Executed, at: Timestamp) -> Emission {
    let test = match executed.outcome {
        Outcome::WebhookTested { webhook, message } => Some((webhook, message)),
        _ => None,
    };
    Emission { events: Emitted::of(&executed.events, executed.organization, executed.version, at), test }
}

fn suppression(outcome: &Outcome) -> Option<Suppression> {
    if let Outcome::Declined { suppression, .. } = outcome { suppression.clone() } else { None }
}

/// The seed of the token that a notice carries: the command's, or one that comes from it, by line.
fn seed_for(order: &Order<'_>, notice: &Notice) -> Option<String> {
    let seed = order.seed.as_ref().filter(|_| token_of(notice.kind).is_some())?;
    let Action::InviteMembers(many) = &order.command.action else { return Some(seed.clone()) };
    let line = many.lines.iter().position(|line| Some(line.invitation) == notice.invitation)?;
    Some(Keys::line_seed(seed, line))
}

/// What a commit is written behind.
struct Base {
    version: u64,
    /// Rule: times in the audit log never go back, although clocks of different machines do.
    at: Timestamp,
    head: Option<EntryHash>,
}

impl Base {
    fn of(facts: &Facts, now: Timestamp) -> Self {
        let at = facts.organization.as_ref().map_or(now, |organization| organization.updated_at.max(now));
        Base { version: facts.version(), at, head: facts.head.clone() }
    }

    fn entry(
        self,
        command: &Command,
        operator: Option<&OperatorName>,
        executed: &Executed,
    ) -> Result<AuditEntry, Unavailable> {
        let events = serde_json::to_string(&executed.events);
        let entry = AuditEntry {
            seq: self.version.saturating_add(1),
            at: self.at,
            actor: command.actor.user_id.clone(),
            actor_kind: command.actor.kind,
            operator: operator.cloned(),
            action: command.action.name().to_owned(),
            events: events.map_err(|error| Unavailable(error.to_string()))?,
            prev_hash: None,
            hash: None,
        };
        Ok(entry.sealed(executed.organization, self.head))
    }
}

/// Hints of many users at once would cost more than they save; they run out by themselves.
fn is_bulk(action: &Action) -> bool {
    matches!(action, Action::ImportOrganization(_))
}

fn new_organization(command: &Command) -> Option<OrganizationId> {
    match command.target {
        Target::New(id) => Some(id),
        _ => None,
    }
}

/// Rule: a key stands for one request; another one under it is a mistake of the caller's.
fn same_request(receipt: Receipt, key: &ReceiptKey) -> Result<Receipt, Failure> {
    if receipt.fingerprint == key.fingerprint { Ok(receipt) } else { Err(Reason::IdempotencyKeyReused.into()) }
}
