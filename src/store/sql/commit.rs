//! The write batch of a command: the commit row first, then everything else, or nothing.

use super::executor::{Executor, Param, Statement};
use super::installation::last_position;
use super::project::project;
use super::{SqlStore, nonces, sending, webhooks};
use crate::app::ports::{Commit, Committed, Receipt, Unavailable};
use crate::domain::audit::EntryHash;
use crate::domain::operator::OperatorName;

/// The position is given inside the write, of which there is one at a time: no reader ever sees a later entry without
/// the earlier ones.
const COMMIT: &str = concat!(
    "INSERT INTO commits (organization, seq, at, actor, action, events, actor_kind, prev_hash, hash, operator, \
     position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, json_array_length(?6) + ",
    last_position!(),
    ")"
);

const RECEIPT: &str = "INSERT INTO receipts (user, key, fingerprint, answer, seed, created_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![("commit", COMMIT), ("keep receipt", RECEIPT)]
}

impl<X: Executor> SqlStore<X> {
    /// A broken constraint is a lost race, whichever it is but the nonce's: the command is decided again on what is
    /// there now, and what is truly refused is refused by a rule with a name.
    pub(super) async fn store_commit(&self, commit: &Commit) -> Result<Committed, Unavailable> {
        nonces::outcome(self.executor.batch(&batch(commit)).await)
    }
}

fn batch(commit: &Commit) -> Vec<Statement> {
    let mut batch: Vec<Statement> = commit.nonce.iter().map(nonces::spend).collect();
    if !commit.events.is_empty() {
        batch.push(entry(commit));
        batch.extend(project(commit));
    }
    batch.extend(webhooks::commit(commit));
    batch.extend(sending::commit(commit));
    batch.extend(commit.receipt.iter().map(receipt));
    batch
}

fn entry(commit: &Commit) -> Statement {
    let entry = &commit.entry;
    let params: Vec<Param> = vec![
        commit.organization.to_string().into(),
        entry.seq.into(),
        entry.at.millis().into(),
        entry.actor.as_str().into(),
        entry.action.as_str().into(),
        entry.events.as_str().into(),
        entry.actor_kind.as_str().into(),
        entry.prev_hash.as_ref().map(EntryHash::as_str).into(),
        entry.hash.as_ref().map(EntryHash::as_str).into(),
        entry.operator.as_ref().map(OperatorName::as_str).into(),
    ];
    Statement::new(COMMIT, params)
}

fn receipt(receipt: &Receipt) -> Statement {
    let params: Vec<Param> = vec![
        receipt.user.as_str().into(),
        receipt.key.as_str().into(),
        receipt.fingerprint.as_str().into(),
        receipt.answer.as_str().into(),
        receipt.seed.clone().into(),
        receipt.created_at.millis().into(),
    ];
    Statement::new(RECEIPT, params)
}
