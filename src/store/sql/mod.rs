//! The SQL store: statements as values, run by whatever [`Executor`] there is.

mod executor;

pub use executor::{Executor, Param, SqlError, Statement};

/// The store over an executor.
pub struct SqlStore<X> {
    executor: X,
}

impl<X: Executor> SqlStore<X> {
    /// A store that runs its statements on `executor`.
    pub fn new(executor: X) -> Self {
        SqlStore { executor }
    }
}
