//! Whole numbers of any size, as far as reading a double needs them.

use std::cmp::Ordering;

/// The lowest part first, and no part of zero at the end.
#[derive(Debug)]
pub(super) struct Whole(Vec<u32>);

impl Whole {
    /// A number in decimal digits.
    pub fn of(digits: &[u32]) -> Self {
        let mut whole = Whole(Vec::new());
        digits.iter().for_each(|digit| whole.times_plus(10, *digit));
        whole
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bits it has.
    pub fn bits(&self) -> u32 {
        let unused = self.0.last().map_or(0, |part| part.leading_zeros());
        (self.0.len() as u32).wrapping_mul(32).wrapping_sub(unused)
    }

    /// Multiplies it by five to a power.
    pub fn times_five_to(&mut self, power: u32) {
        /// The most that fit in one part.
        const MOST: u32 = 13;
        (0..power / MOST).for_each(|_| self.times_plus(5_u32.pow(MOST), 0));
        self.times_plus(5_u32.pow(power % MOST), 0);
    }

    /// Multiplies it by two to a power.
    pub fn shift(&mut self, places: u32) {
        self.times_plus(1 << (places % 32), 0);
        self.0.splice(..0, std::iter::repeat_n(0, places as usize / 32));
    }

    fn times_plus(&mut self, factor: u32, more: u32) {
        let mut carried = u64::from(more);
        for part in &mut self.0 {
            carried = u64::from(*part).wrapping_mul(factor.into()).wrapping_add(carried);
            *part = carried as u32;
            carried >>= 32;
        }
        if carried > 0 {
            self.0.push(carried as u32);
        }
    }

    /// Divides what is less than 2^32 times a divisor whose highest bit is set, and keeps the remainder.
    pub fn divide(&mut self, divisor: &Whole) -> u32 {
        let last = divisor.0.len().wrapping_sub(1);
        let part = |of: &Whole, place: usize| u64::from(of.0.get(place).copied().unwrap_or_default());
        let highest = (part(self, last.wrapping_add(1)) << 32) | part(self, last);
        // Never too much, and by a handful too little.
        let mut quotient = highest.checked_div(part(divisor, last).wrapping_add(1)).unwrap_or_default() as u32;
        self.subtract(divisor, quotient);
        while self.compare(divisor) != Ordering::Less {
            self.subtract(divisor, 1);
            quotient = quotient.wrapping_add(1);
        }
        quotient
    }

    fn compare(&self, other: &Whole) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// Subtracts another one so many times, which is not more than it is.
    fn subtract(&mut self, other: &Whole, times: u32) {
        let mut carried = 0_u64;
        for (place, part) in self.0.iter_mut().enumerate() {
            let other = u64::from(other.0.get(place).copied().unwrap_or_default());
            carried = other.wrapping_mul(times.into()).wrapping_add(carried);
            let (less, under) = part.overflowing_sub(carried as u32);
            *part = less;
            carried = (carried >> 32).wrapping_add(u64::from(under));
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}
