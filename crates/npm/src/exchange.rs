//! Texts across the border, without glue.
//!
//! Owns the two places through which JavaScript and a function hand each other bytes: JavaScript asks for room for its
//! question ([`question`]), writes it there, calls a function with its length, and reads as many bytes as the function
//! answers from where [`answer`] says. Never reads what is handed over. Why without wasm-bindgen, unlike the directory:
//! its glue and its table of values weigh 3 kB (gz) more than `pkg/exchange.js`.
#![expect(unsafe_code, reason = "names of exports are the contract with JavaScript")]

use crate::host_names;
use std::cell::Cell;

thread_local! {
    static QUESTION: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static ANSWER: Cell<String> = const { Cell::new(String::new()) };
}

/// Room for a question of `length` bytes. It holds until the next question or the next call.
#[unsafe(no_mangle)]
pub extern "C" fn question(length: usize) -> *mut u8 {
    let mut room = vec![0; length];
    let place = room.as_mut_ptr();
    QUESTION.set(room);
    place
}

/// Where the answer of the latest call stands. It holds until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    let text = ANSWER.take();
    let place = text.as_ptr();
    ANSWER.set(text);
    place
}

/// Calls a function with the question and keeps its answer; the length of that. What is not UTF-8 is the empty
/// question, which every function refuses.
pub fn call(function: fn(&str) -> String) -> usize {
    host_names::install();
    let question = QUESTION.take();
    let text = function(std::str::from_utf8(&question).unwrap_or_default());
    let length = text.len();
    ANSWER.set(text);
    length
}

/// Exports functions of `guildhall::ffi` under their names in JavaScript.
macro_rules! functions {
    ($($(#[$doc:meta])* $js_name:literal $name:ident)+) => {$(
        $(#[$doc])*
        #[unsafe(export_name = $js_name)]
        pub extern "C" fn $name() -> usize {
            $crate::exchange::call(guildhall::ffi::$name)
        }
    )+};
}
pub(crate) use functions;
