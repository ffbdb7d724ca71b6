//! Rate limits: asks the platform whether a request is one too many.
//!
//! Owns the call. Never says which requests count and under which key: `guildhall::wire::rate_limit` does.

use guildhall::app::config::RateLimit;
use guildhall::wire::rate_limit::Counted;
use worker::{RateLimiter, console_warn};

/// The bindings that count.
pub struct Limiters {
    /// Counts requests without a valid credential.
    pub anonymous: Option<RateLimiter>,
    /// Counts requests of users.
    pub signed_in: Option<RateLimiter>,
}

impl Limiters {
    /// What counted, if the request is one too many. Rule: a limiter that fails lets through, because an installation
    /// that answers nobody is what a limit is there to prevent.
    pub async fn exceeded<'a>(&self, counted: Option<&'a Counted>) -> Option<&'a Counted> {
        let counted = counted?;
        let limiter = match counted.limit {
            RateLimit::Anonymous => self.anonymous.as_ref(),
            RateLimit::SignedIn => self.signed_in.as_ref(),
        };
        match limiter?.limit(counted.key.clone()).await {
            Ok(outcome) => Some(counted).filter(|_| !outcome.success),
            Err(error) => {
                console_warn!("the limit {} does not count: {error}", counted.limit.name());
                None
            }
        }
    }
}
