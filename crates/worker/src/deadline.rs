//! Work that has an end.
//!
//! Owns the race against the clock. Never knows what is waited for.

use futures_util::future::{Either, select};
use std::pin::pin;
use std::time::Duration;
use worker::{AbortController, AbortSignal, Delay};

/// What the work comes to in time, with what stops whatever of it is still on its way; else `None`, and the work is
/// told to stop.
pub async fn within<T>(time: Duration, work: impl AsyncFnOnce(AbortSignal) -> T) -> Option<(T, AbortController)> {
    let controller = AbortController::default();
    match select(pin!(work(controller.signal())), pin!(Delay::from(time))).await {
        Either::Left((value, _)) => Some((value, controller)),
        Either::Right(_) => {
            controller.abort();
            None
        }
    }
}
