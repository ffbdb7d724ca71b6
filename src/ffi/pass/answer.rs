//! Answers that are written into a place of a fixed size.
//!
//! Owns the bytes, and what JSON asks of them. What is handed in as text needs no escapes, or has them.

use crate::domain::pass::PassFault;

/// Where an answer is written.
#[derive(Debug)]
pub struct Answer<'r> {
    room: &'r mut [u8],
    length: usize,
}

impl<'r> Answer<'r> {
    /// An empty one.
    pub fn new(room: &'r mut [u8]) -> Self {
        Answer { room, length: 0 }
    }

    /// How many bytes it has.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Refuses what is too long for its place, and room for the end: no token is that is ours.
    pub(super) fn require_room(&self) -> Result<(), PassFault> {
        let fits = self.length.saturating_add(1) <= self.room.len();
        if fits { Ok(()) } else { Err(PassFault::PassInvalid) }
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.length = 0;
    }

    /// Writes the parts, one behind the other.
    pub fn push(&mut self, parts: &[&str]) {
        for byte in parts.iter().flat_map(|part| part.bytes()) {
            self.byte(byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.room.get_mut(self.length) {
            *place = byte;
        }
        self.length = self.length.wrapping_add(1);
    }

    /// Writes a whole number.
    pub fn number(&mut self, number: u64) {
        if number > 9 {
            self.number(number / 10);
        }
        self.byte(b'0'.wrapping_add((number % 10).to_le_bytes()[0]));
    }

    /// Writes a list of what `one` writes of each.
    pub fn list<T>(&mut self, items: impl Iterator<Item = T>, one: impl Fn(&mut Self, T)) {
        let mut mark = b'[';
        for item in items {
            self.byte(mark);
            one(self, item);
            mark = b',';
        }
        self.push(if mark == b'[' { &["[]"] } else { &["]"] });
    }
}
