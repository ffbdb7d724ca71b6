//! The steps of authentication, carried out one after the other.
//!
//! Owns the loop. The memory is borrowed for the time of a step and never while something is waited for, because other
//! requests of the isolate use it meanwhile.

use super::inquiry::{Inquiry, Step};
use super::memory::Memory;
use super::{Authenticated, Begun, Request, begin};
use crate::app::config::AuthSettings;
use crate::app::config::Config;
use crate::app::ports::TokenWork;
use std::cell::RefCell;

/// Who calls.
///
/// # Errors
/// The refusal of the request's credential.
pub async fn authenticate<W: TokenWork>(
    config: &Config,
    memory: &RefCell<Memory>,
    request: &Request,
    work: &W,
) -> Authenticated {
    match begin(config, request, work.now()) {
        Begun::Known(authenticated) => authenticated,
        Begun::Token(inquiry) => settle(&config.auth, memory, inquiry, work).await,
    }
}

async fn settle<W: TokenWork>(
    auth: &AuthSettings,
    memory: &RefCell<Memory>,
    mut inquiry: Inquiry,
    work: &W,
) -> Authenticated {
    loop {
        let step = inquiry.step(auth, &mut memory.borrow_mut(), work.now());
        match step {
            Step::Done(authenticated) => return authenticated,
            Step::Ask(question) => {
                let mut next = Some(question);
                while let Some(question) = next {
                    let fetched = work.fetch(&question.url).await;
                    let answered = memory.borrow_mut().answered(auth, &question, fetched, work.now());
                    next = answered.unwrap_or_else(|fault| {
                        work.warn(&fault);
                        None
                    });
                }
            }
            Step::Verify(verify) => inquiry.verified(work.verify(&verify).await),
            Step::Wait(milliseconds) => work.pause(milliseconds).await,
        }
    }
}
