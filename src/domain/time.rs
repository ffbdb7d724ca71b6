//! Instants in UTC, to the millisecond.
//!
//! Owns the RFC 3339 text form. Never reads a clock: instants arrive as arguments.

use super::calendar;
use super::denial::{Denial, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z, between the years 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The last instant that has a text form: the end of the year 9999.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);

    /// An instant from Unix milliseconds, drawn into the years that have a text form.
    pub fn from_millis(millis: i64) -> Self {
        Timestamp(millis.clamp(0, Self::MAX.0))
    }

    /// Unix milliseconds.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Unix milliseconds without a sign, as ids want them.
    pub fn unsigned_millis(self) -> u64 {
        u64::try_from(self.0).unwrap_or(0)
    }

    /// The second in UTC, on the calendar; milliseconds are dropped.
    pub(crate) fn shown(self) -> calendar::Shown {
        calendar::show(self.unsigned_millis() / 1000)
    }

    /// The instant `seconds` later, at most [`Timestamp::MAX`].
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Timestamp::from_millis(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Reads an RFC 3339 text with any offset; digits below the millisecond are dropped.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let rule = "an RFC 3339 time from 1970 on is expected";
        let millis = calendar::read(text).filter(|millis| *millis <= Self::MAX.0);
        millis.map(Timestamp).ok_or_else(|| Denial::because(Reason::InvalidValue, rule))
    }
}

/// RFC 3339 in UTC with exactly three digits after the second.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calendar::Shown { year, month, day, hour, minute, second } = self.shown();
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.")?;
        write!(formatter, "{:03}Z", self.0.rem_euclid(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_milliseconds_and_comes_back() {
        let text = "2012-05-24T20:42:07.894Z";
        assert_eq!(Timestamp::parse(text).map(|at| at.to_string()), Ok(text.to_owned()));
        let whole = Timestamp::parse("2012-05-26T03:31:00+02:00").unwrap();
        assert_eq!(whole.to_string(), "2012-05-26T01:31:00.000Z");
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn what_has_no_text_form_is_refused_or_drawn_in() {
        assert!(Timestamp::parse("1969-12-31T23:59:59Z").is_err());
        assert!(Timestamp::parse("yesterday").is_err());
        assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MAX.plus_seconds(i64::MAX), Timestamp::MAX);
    }
}
