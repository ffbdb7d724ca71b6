//! Waiting for several futures at once.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// A future, and its result once it is there.
type Waiting<F> = (Pin<Box<F>>, Option<<F as Future>::Output>);

/// All results, in the order of the futures. Each is asked again whenever one of them may go on: they are a few.
pub(super) async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut waiting: Vec<Waiting<F>> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, result) in waiting.iter_mut().filter(|(_, result)| result.is_none()) {
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                *result = Some(value);
            }
        }
        if waiting.iter().all(|(_, result)| result.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, result)| result).collect()
}
