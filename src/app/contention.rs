//! What happens between a lost race and the next attempt.
//!
//! Owns how often a command is decided again, how long it waits before, and the refusal at the end. Never loads or
//! writes anything.

use super::ports::{Entropy, Failure, Unavailable};
use crate::domain::denial::{Denial, Reason};
use crate::domain::facts::SlugPick;

/// How often a command that lost a race is decided again.
pub const RETRIES: usize = 7;

/// Within how many milliseconds a command comes back that lost its first, second, … race. Commands of one organization
/// succeed one after the other. With D1 on one machine a command takes about 12 milliseconds: a window of a second
/// holds the attempts of about forty.
const PAUSES: [u32; RETRIES] = [100, 300, 900, 1_500, 2_000, 2_500, 3_000];

/// From this round on a new organization takes the slug that no other one wants.
const LAST_PICK: usize = 3;

/// The most seconds that a refused caller is told to wait. Each is told another number, so that they come back apart.
const LONGEST_WAIT: u32 = 5;

/// A random time that grows with each lost race: the more commands lose, the further they spread.
///
/// # Errors
/// [`Unavailable`] without entropy.
pub fn pause_before(round: usize, entropy: &impl Entropy) -> Result<u32, Unavailable> {
    let window = PAUSES.get(round.saturating_sub(1)).copied().unwrap_or(0);
    Ok(number(entropy)?.checked_rem(window).unwrap_or(0))
}

/// Which of several free slugs a round takes. The first round takes the best one. Commands that lost a race would all
/// take the next one and lose again, so they spread.
///
/// # Errors
/// [`Unavailable`] without entropy.
pub fn slug_pick(round: usize, entropy: &impl Entropy) -> Result<SlugPick, Unavailable> {
    Ok(match round {
        0 => SlugPick::First,
        LAST_PICK.. => SlugPick::Last,
        _ => SlugPick::Any(number(entropy)?),
    })
}

/// The refusal of a command that lost every race.
///
/// # Errors
/// [`Unavailable`] without entropy.
pub fn busy(entropy: &impl Entropy) -> Result<Denial, Unavailable> {
    let detail = "other requests wrote to the organization before each attempt of this one; nothing was changed: send it \
        again after `Retry-After` seconds, a POST with the same idempotency key";
    let mut denial = Denial::because(Reason::OrganizationBusy, detail);
    denial.retry_after = Some(number(entropy)?.checked_rem(LONGEST_WAIT).unwrap_or(0).saturating_add(1));
    Ok(denial)
}

/// The same refusal where organizations before this one were changed.
pub fn midway(failure: Failure) -> Failure {
    let Failure::Busy(mut denial) = failure else { return failure };
    denial.detail = "other requests wrote to an organization before each attempt of this one; what was done in \
        organizations before it stays: send the request again after `Retry-After` seconds, it goes on there"
        .into();
    Failure::Busy(denial)
}

fn number(entropy: &impl Entropy) -> Result<u32, Unavailable> {
    let mut bytes = [0; 2];
    entropy.fill(&mut bytes)?;
    Ok(u32::from(u16::from_le_bytes(bytes)))
}
