//! Randomness of a memory, which makes many ids in one millisecond.
//!
//! Owns the count that keeps them in the order of their making: lists are in the order of ids. Never makes
//! randomness itself.

use crate::app::ports::{Entropy, Unavailable};
use std::cell::Cell;

/// Randomness whose ids are in order.
pub struct InOrder<E> {
    random: E,
    made: Cell<u32>,
}

impl<E> InOrder<E> {
    /// The same randomness, with ids in order.
    pub fn new(random: E) -> Self {
        InOrder { random, made: Cell::default() }
    }
}

impl<E: Entropy> Entropy for InOrder<E> {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable> {
        self.random.fill(buffer)
    }

    /// The count stands in the highest bits that RFC 9562 leaves free: four, eight, six, eight. After 67 million ids
    /// it begins anew.
    fn id(&self) -> Result<[u8; 10], Unavailable> {
        let made = self.made.get();
        self.made.set(made.wrapping_add(1) & 0x03ff_ffff);
        let [.., a, b, c, d, e, f] = self.random.id()?;
        let part = |shift: u32, mask: u32| u8::try_from((made >> shift) & mask).unwrap_or_default();
        Ok([part(22, 0x0f), part(14, 0xff), part(8, 0x3f), part(0, 0xff), a, b, c, d, e, f])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::MembershipId;

    struct Random(Cell<u8>);

    impl Entropy for Random {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable> {
            for byte in buffer {
                self.0.set(self.0.get().wrapping_mul(37).wrapping_add(11));
                *byte = self.0.get();
            }
            Ok(())
        }
    }

    #[test]
    fn ids_of_one_millisecond_are_in_the_order_of_their_making() {
        let entropy = InOrder::new(Random(Cell::new(1)));
        for start in [0, 250, 16_300, 4_194_200, 67_000_000] {
            entropy.made.set(start);
            let ids: Vec<MembershipId> =
                (0..300).map(|_| MembershipId::from_parts(5, &entropy.id().unwrap())).collect();
            assert!(ids.is_sorted_by(|one, next| one < next), "from {start} on");
            assert!(ids.iter().all(|id| id.millis() == 5));
        }
    }
}
