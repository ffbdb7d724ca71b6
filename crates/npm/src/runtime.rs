//! Names of hosts, mapped by the runtime's own `URL`, which `pkg/exchange.js` hands in.
//!
//! Owns nothing but the call: what may be mapped, and what of an answer holds, is `guildhall::domain::host_name`'s.
#![expect(unsafe_code, reason = "the runtime's function is called")]

use guildhall::domain::host_name;

/// Room for a mapped name, in bytes: many times the longest that is accepted.
const ROOM: usize = 4096;

#[link(wasm_import_module = "runtime")]
unsafe extern "C" {
    /// Maps the name of `length` bytes at `place` and writes the result there, within `room`; its length, 0 for none.
    fn hostname(place: *mut u8, length: usize, room: usize) -> usize;
}

/// Installs the mapping. Every function that reads names calls it first; from the second time on it does nothing.
pub fn install() {
    host_name::install(|name| {
        let mut bytes = name.as_bytes().to_vec();
        bytes.resize(ROOM.max(name.len()), 0);
        // SAFETY: JavaScript reads and writes within the `room` bytes of this vector, and keeps nothing of it.
        let length = unsafe { hostname(bytes.as_mut_ptr(), name.len(), bytes.len()) };
        bytes.truncate(length);
        String::from_utf8(bytes).ok().filter(|mapped| !mapped.is_empty())
    });
}
