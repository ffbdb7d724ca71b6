//! Authentication at the edge: carries out what the core cannot.
//!
//! Owns nothing but the clock of the question. Never decides: `guildhall::app::authentication` does.

use crate::bindings::Installation;
use guildhall::app::authentication::{Authenticated, Request, authenticate};
use guildhall::app::ports::Authenticator;

impl Authenticator for Installation {
    async fn authenticate(&self, request: &Request) -> Authenticated {
        authenticate(&self.config, request, crate::now())
    }
}
