//! The rule for passes, as WebAssembly without glue.
//!
//! Owns the three places in memory through which JavaScript and the rule hand each other bytes: a question is
//! written where [`question`] says, one of the functions is called, and the answer is read where
//! [`answer`] says. Never decides, never reads a claim (`guildhall::ffi::pass`). Why without an allocator and
//! `serde`, unlike the core: with wasm-bindgen they weighed six times what is in here.
#![expect(unsafe_code, reason = "three places in memory are handed to JavaScript")]

use guildhall::ffi::pass::{self, Answer, ROOM};

/// Bytes of the longest question: a passport, and a set of keys many times larger than any.
const QUESTION: usize = 128 * 1024;

/// Bytes of the longest answer.
const ANSWER: usize = 256 * 1024;

/// What JavaScript and the rule hand each other, and room in which a token is taken apart.
struct Places {
    length: usize,
    question: [u8; QUESTION],
    room: [u8; ROOM],
    answer: [u8; ANSWER],
}

static mut PLACES: Places = Places { length: 0, question: [0; QUESTION], room: [0; ROOM], answer: [0; ANSWER] };

/// Where a question of `length` bytes is written; null for one that is too long.
#[unsafe(no_mangle)]
pub extern "C" fn question(length: usize) -> *mut u8 {
    if length > QUESTION {
        return std::ptr::null_mut();
    }
    let places: *mut Places = &raw mut PLACES;
    // SAFETY: WebAssembly has one thread, and no function is in the middle of its work.
    unsafe {
        (*places).length = length;
        (&raw mut (*places).question).cast()
    }
}

/// Where the answer stands.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    let places: *const Places = &raw const PLACES;
    // SAFETY: the place of a static is taken, nothing is read.
    unsafe { (&raw const (*places).answer).cast() }
}

macro_rules! functions {
    ($($(#[$doc:meta])* $js_name:literal $name:ident)+) => {$(
        $(#[$doc])*
        #[unsafe(export_name = $js_name)]
        pub extern "C" fn $name() -> usize {
            call(pass::$name)
        }
    )+};
}

functions! {
    /// Names the key by which a token is to be checked; the length of the answer.
    "openPass" open
    /// Judges a token whose signature has been checked; the length of the answer.
    "believePass" believe
    /// Explains an answer of a believed token; the length of the answer.
    "explainPass" explain
}

/// What is not text is the empty question, which is refused.
fn call(function: fn(&str, &mut [u8], &mut Answer<'_>)) -> usize {
    let places: *mut Places = &raw mut PLACES;
    // SAFETY: WebAssembly has one thread, JavaScript runs only while none of these functions does, and none of them
    // calls out: nobody else has these places in hand.
    let Places { length, question, room, answer } = unsafe { &mut *places };
    let question = question.get(..*length).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let mut answer = Answer::new(answer);
    function(question.unwrap_or_default(), room, &mut answer);
    answer.length()
}
