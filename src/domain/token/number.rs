//! Times in claims: NumericDate of RFC 7519.
//!
//! Owns the rule. A time is a JSON number of seconds from 0 to 2^53 - 1, without an exponent. A fraction is rounded
//! towards the shorter life of the token: `exp` down, `nbf` and `iat` up.

use super::fault::TokenFault;
use super::jose::Members;

/// The largest whole number that JavaScript tells from its neighbours.
const MAX_SECONDS: u64 = (1 << 53) - 1;

/// In which direction a fraction of a second is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// To the second before.
    Down,
    /// To the second after.
    Up,
}

/// The time in a claim, in seconds; `None` if the claim is absent.
pub(super) fn time(claims: &Members<'_>, claim: &str, round: Round) -> Result<Option<u64>, TokenFault> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    match value.whole_part() {
        Some((seconds, fraction)) if seconds <= MAX_SECONDS => {
            let up = u64::from(fraction && round == Round::Up);
            Ok(Some(seconds.saturating_add(up)))
        }
        _ => Err(TokenFault::invalid(claim, "a number of seconds from 0 to 2^53 - 1, without an exponent")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(number: &str, round: Round) -> Option<u64> {
        time(&Members::checked(&format!("{{\"exp\":{number}}}")).unwrap(), "exp", round).ok().flatten()
    }

    #[test]
    fn a_fraction_shortens_the_life_of_a_token() {
        for (number, down, up) in [
            ("0", 0, 0),
            ("1700000000", 1_700_000_000, 1_700_000_000),
            ("1700000000.0", 1_700_000_000, 1_700_000_000),
            ("1700000000.001", 1_700_000_000, 1_700_000_001),
            ("9007199254740991", MAX_SECONDS, MAX_SECONDS),
        ] {
            assert_eq!((read(number, Round::Down), read(number, Round::Up)), (Some(down), Some(up)), "{number}");
        }
    }

    #[test]
    fn other_numbers_and_other_types_are_refused() {
        for number in ["-1", "-0", "9007199254740992", "1e9", "1E+3", "99999999999999999999999", "\"1\"", "null", "[1]"]
        {
            assert_eq!(read(number, Round::Down), None, "{number}");
        }
        assert_eq!(time(&Members::checked("{}").unwrap(), "exp", Round::Down), Ok(None));
    }
}
