//! Numbers with a point or an exponent, as the nearest double.
//!
//! Owns the reading: exact, by dividing whole numbers, for the tables that make it fast elsewhere weigh
//! 10 kB (gz). Numbers are rare in what is kept, and short. Never checks the grammar: that has been done.

use super::whole::Whole;

/// The most digits that can matter: what is behind them only says that there is more.
const DIGITS: usize = 800;

/// The double next to a number, an even one between two; `None` for what is beyond the greatest.
pub fn double(text: &str) -> Option<f64> {
    let (number, negative) = text.strip_prefix('-').map_or((text, false), |number| (number, true));
    let (number, exponent) = number.split_once(['e', 'E']).map_or((number, 0), |(number, rest)| (number, power(rest)));
    let magnitude = magnitude(number, exponent);
    let double = if negative { -magnitude } else { magnitude };
    double.is_finite().then_some(double)
}

/// An exponent; beyond any that makes a difference they are all the same.
fn power(text: &str) -> i64 {
    let digits = text.trim_start_matches(['+', '-']).bytes();
    let power = digits.fold(0_i64, |power, digit| power.saturating_mul(10).saturating_add(i64::from(digit & 15)));
    let power = power.min(i64::MAX / 2);
    if text.starts_with('-') { power.wrapping_neg() } else { power }
}

fn magnitude(number: &str, exponent: i64) -> f64 {
    let (mut digits, mut power, mut behind_point) = (Vec::new(), exponent, false);
    for sign in number.bytes() {
        if sign == b'.' {
            behind_point = true;
            continue;
        }
        power = power.wrapping_sub(i64::from(behind_point));
        match digits.len() {
            0 if sign == b'0' => {}
            0..DIGITS => digits.push(u32::from(sign & 15)),
            _ => {
                power = power.wrapping_add(1);
                // More than nothing: enough to tell what lies between two doubles from what lies behind.
                if let Some(last) = digits.last_mut().filter(|last| sign != b'0' && **last == 0) {
                    *last = 1;
                }
            }
        }
    }
    match power.saturating_add_unsigned(digits.len() as u64) {
        _ if digits.is_empty() => 0.0,
        ..-330 => 0.0,
        311.. => f64::INFINITY,
        _ => quotient(&digits, power),
    }
}

/// The digits times ten to a power: one whole number by another, of whose quotient 64 bits are enough.
fn quotient(digits: &[u32], power: i64) -> f64 {
    let (mut upper, mut lower) = (Whole::of(digits), Whole::of(&[1]));
    let fives = if power < 0 { &mut lower } else { &mut upper };
    fives.times_five_to(u32::try_from(power.unsigned_abs()).unwrap_or_default());
    // The lower one ends where a part does, and the upper one has a bit less: the quotient is from 1/4 to 1.
    let length = upper.bits().wrapping_add(1).max(lower.bits()).next_multiple_of(32);
    let (up, down) = (length.wrapping_sub(1).wrapping_sub(upper.bits()), length.wrapping_sub(lower.bits()));
    upper.shift(up);
    lower.shift(down);
    let bits = (0..2).fold(0, |bits, _| {
        upper.shift(32);
        (bits << 32) | u64::from(upper.divide(&lower))
    });
    let more = !upper.is_zero() || bits & 1 == 1;
    let power = power.wrapping_add(i64::from(down)).wrapping_sub(i64::from(up));
    rounded((bits >> 1) | u64::from(more), power.wrapping_sub(63))
}

/// Bits times two to a power, of which a double has 53, and fewer near zero. The last bit stands for all behind it.
fn rounded(bits: u64, power: i64) -> f64 {
    let length = 64_i64.wrapping_sub(i64::from(bits.leading_zeros()));
    let kept = length.wrapping_add(power).wrapping_add(1074).min(53);
    let Ok(dropped @ 1..64) = u32::try_from(length.wrapping_sub(kept)) else { return 0.0 };
    let (whole, half) = (bits >> dropped, 1_u64 << dropped.wrapping_sub(1));
    let behind = bits & !(u64::MAX << dropped);
    let up = behind > half || (behind == half && whole & 1 == 1);
    let power = power.wrapping_add(i64::from(dropped));
    // In two steps, since two to the whole power may be too small to be held.
    whole.wrapping_add(u64::from(up)) as f64 * two_to(power / 2) * two_to(power.wrapping_sub(power / 2))
}

fn two_to(power: i64) -> f64 {
    f64::from_bits(power.wrapping_add(1023).unsigned_abs() << 52)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees(text: &str) -> Result<(), TestCaseError> {
        let expected = text.parse::<f64>().ok().filter(|double| double.is_finite());
        prop_assert_eq!(double(text).map(f64::to_bits), expected.map(f64::to_bits), "{}", text);
        Ok(())
    }

    proptest! {
        #[test]
        fn is_the_standard_librarys(text in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
            agrees(&text)?;
        }

        #[test]
        fn of_what_is_written_of_any_double(bits in any::<u64>()) {
            let one = f64::from_bits(bits);
            if one.is_finite() {
                agrees(&format!("{one:e}"))?;
                agrees(&format!("{one}"))?;
            }
        }

        /// Exactly between two doubles, and a little beside.
        #[test]
        fn of_halves(odd in (1_u64 << 52)..(1 << 53), places in 0..30_u32, end in "(0{0,900}1)?") {
            let half = u128::from((odd << 1) | 1);
            agrees(&format!("{}e-{places}", half.wrapping_mul(5_u128.pow(places))))?;
            agrees(&format!("{}.{end}0e9", half << places))?;
        }
    }

    #[test]
    fn at_the_edges() {
        for text in [
            "-0",
            "0e999999999999999999999",
            "1e309",
            "-1e309",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "4.9e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "1e-99999999999999999999",
            "1e99999999999999999999",
            "9007199254740993",
            "9007199254740993.0000000001",
        ] {
            agrees(text).unwrap();
        }
        agrees(&format!("0.{}1", "0".repeat(400))).unwrap();
        agrees(&format!("1{}e-5000", "0".repeat(5000))).unwrap();
        agrees(&format!("9007199254740993.{}1", "0".repeat(5000))).unwrap();
        agrees(&format!("{}e-2000", "9".repeat(2100))).unwrap();
    }
}
