//! Nonces of signed requests: each is stored once, in the batch of what its request writes.

use super::SqlStore;
use super::executor::{Executor, SqlError, Statement};
use crate::app::ports::{Committed, Unavailable, UpstreamNonce};
use crate::domain::time::Timestamp;

const SPEND: &str = "INSERT INTO upstream_nonces (key, nonce, expires_at) VALUES (?1, ?2, ?3)";
const FORGET: &str = "DELETE FROM upstream_nonces WHERE expires_at < ?1";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![("spend nonce", SPEND), ("forget nonces", FORGET)]
}

/// The first statement of its batch: a replay is told from a lost race by the constraint that breaks.
pub(super) fn spend(nonce: &UpstreamNonce) -> Statement {
    let params = vec![nonce.key.as_str().into(), nonce.nonce.as_str().into(), nonce.expires_at.millis().into()];
    Statement::new(SPEND, params)
}

/// What became of a batch that may begin with a nonce. SQLite names the table whose key was there already.
pub(super) fn outcome<T>(result: Result<T, SqlError>) -> Result<Committed, Unavailable> {
    match result {
        Ok(_) => Ok(Committed::Done),
        Err(SqlError::Constraint(text)) if text.contains("upstream_nonces") => Ok(Committed::Replayed),
        Err(SqlError::Constraint(_)) => Ok(Committed::Conflict),
        Err(failed @ SqlError::Failed(_)) => Err(failed.into()),
    }
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn spend_nonce(&self, nonce: &UpstreamNonce) -> Result<Committed, Unavailable> {
        outcome(self.executor.batch(&[spend(nonce)]).await)
    }

    pub(super) async fn delete_nonces(&self, before: Timestamp) -> Result<(), Unavailable> {
        self.run(&[Statement::new(FORGET, vec![before.millis().into()])]).await.map(|_| ())
    }
}
