//! The calendar from 1970 to 9999, and the RFC 3339 form of an instant in it.
//!
//! Owns days, months and leap years. Why not a library: the smallest weighs 2.5 kB (gz) in a browser's
//! core; a test holds this one to it. Never reads a clock.

/// A second in UTC, as a calendar and a clock show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub year: u32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

const DAY: u64 = 86_400;

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u32) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A second after 1970, on the calendar.
pub(super) fn show(seconds: u64) -> Shown {
    let mut days = u32::try_from(seconds / DAY).unwrap_or(u32::MAX);
    let (mut year, mut month) = (1970u32, 1u32);
    while let Some(left) = days.checked_sub(days_of_year(year)) {
        (days, year) = (left, year.saturating_add(1));
    }
    while let Some(left) = days.checked_sub(days_of_month(year, month)) {
        (days, month) = (left, month.saturating_add(1));
    }
    let clock = u32::try_from(seconds % DAY).unwrap_or_default();
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    Shown { year, month, day: days.saturating_add(1), hour, minute, second }
}

/// Milliseconds since 1970 of an RFC 3339 text, below a millisecond cut off; `None` for anything else and
/// for what is before. The second that is put in at the end of some months is taken for the last
/// instant before it.
pub(super) fn read(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (clock, rest) = rest.strip_prefix(['T', 't', ' '])?.split_at_checked(8)?;
    let (year, month, day) = numbers(date, '-', [4, 2, 2])?;
    let (hour, minute, second) = numbers(clock, ':', [2, 2, 2])?;
    let real = (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
    if !real || hour > 23 || minute > 59 || second > 60 || year < 1969 {
        return None;
    }
    let (millis, zone) = fraction(rest)?;
    let (seconds, millis) = if second == 60 { (59, 999) } else { (second, millis) };
    let of_day =
        [hour.saturating_mul(3600), minute.saturating_mul(60), seconds].into_iter().map(i64::from).sum::<i64>();
    let local = days(year, month, day).saturating_mul(86_400).saturating_add(of_day);
    let instant = local.saturating_sub(offset(zone)?);
    let whole = second != 60 || ends_a_month(instant);
    whole.then(|| instant.saturating_mul(1000).saturating_add(millis)).filter(|millis| *millis >= 0)
}

/// Days from 1970 on; negative in the year before, from which an offset may lead into it.
fn days(year: u32, month: u32, day: u32) -> i64 {
    let years: u32 = (1970..year).map(days_of_year).sum();
    let months: u32 = (1..month).map(|month| days_of_month(year, month)).sum();
    let back = if year < 1970 { 365 } else { 0 };
    i64::from(years.saturating_add(months).saturating_add(day)).saturating_sub(1).saturating_sub(back)
}

fn ends_a_month(instant: i64) -> bool {
    let next = u64::try_from(instant).unwrap_or_default().saturating_add(1);
    let Shown { day, hour, minute, second, .. } = show(next);
    (day, hour, minute, second) == (1, 0, 0, 0)
}

fn numbers(text: &str, between: char, lengths: [usize; 3]) -> Option<(u32, u32, u32)> {
    let mut parts = text.split(between);
    let [one, two, three] = lengths.map(|length| number(parts.next().unwrap_or_default(), length));
    parts.next().is_none().then_some((one?, two?, three?))
}

fn number(text: &str, length: usize) -> Option<u32> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The milliseconds of a fraction, if there is one, and what stands behind it.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(digits) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    let places = [100, 10, 1].into_iter().zip(digits.bytes());
    let millis = places.map(|(worth, digit)| i64::from(digit & 0xf).saturating_mul(worth)).sum();
    (!digits.is_empty()).then_some((millis, rest))
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let (sign, clock) = zone.split_at_checked(1)?;
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let seconds = i64::from(hours.saturating_mul(60).saturating_add(minutes)).saturating_mul(60);
    match sign {
        _ if hours > 23 || minutes > 59 => None,
        "+" => Some(seconds),
        "-" => Some(seconds.saturating_neg()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    fn by_library(text: &str) -> Option<i64> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(instant.unix_timestamp_nanos().div_euclid(1_000_000)).ok().filter(|millis| *millis >= 0)
    }

    #[test]
    fn odd_texts_are_read_as_the_library_reads_them() {
        for text in [
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.5Z",
            "2017-01-01T00:59:60+01:00",
            "2016-12-30T23:59:60Z",
            "2016-12-31T12:59:60Z",
            "2024-02-29T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1970-01-01T00:30:00+01:00",
            "1969-12-31T23:30:00-01:00",
            "1969-12-31T23:59:59.9999Z",
            "9999-12-31T23:59:59.999Z",
            "2020-01-01t00:00:00z",
            "2020-01-01T00:00:00",
            "2020-01-01T00:00:00+0100",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00.1234567891Z",
            "2020-1-01T00:00:00Z",
            "+020-01-01T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:60:00Z",
            "2020-00-01T00:00:00Z",
            "2020-13-01T00:00:00Z",
            "2020-01-00T00:00:00Z",
            "2020-01-01T00:00:61Z",
            "2020-01-01T00:00:00+24:00",
            "",
            "Z",
            "2020-01-01T00:00:00Zx",
            "2020-01-01T00:00:00 Z",
            "２020-01-01T00:00:00Z",
            "1969-12-31T23:59:60Z",
        ] {
            assert_eq!(read(text), by_library(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_second_is_shown_as_the_library_shows_it(seconds in 0u64..253_402_300_800) {
            let shown = show(seconds);
            let known = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).unwrap()).unwrap();
            let (year, month) = (u32::try_from(known.year()).unwrap(), u32::from(u8::from(known.month())));
            prop_assert_eq!((shown.year, shown.month, shown.day), (year, month, u32::from(known.day())));
            let clock = [known.hour(), known.minute(), known.second()].map(u32::from);
            prop_assert_eq!([shown.hour, shown.minute, shown.second], clock);
        }

        #[test]
        fn every_text_is_read_as_the_library_reads_it(
            date in "(1969|1970|2000|2024|2100|9999)-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])",
            clock in "[Tt]([01][0-9]|2[0-4]):[0-6][0-9]:([0-5][0-9]|60)",
            end in "(\\.[0-9]{0,9})?(Z|z|[+-]([01][0-9]|2[0-4]):[0-6][0-9])",
        ) {
            let text = format!("{date}{clock}{end}");
            prop_assert_eq!(read(&text), by_library(&text), "{}", text);
        }
    }
}
