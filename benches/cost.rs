//! Times what is done all day in organizations of 10, 1,000 and 100,000 members on SQLite, and of as
//! many as the command line says: `cargo bench --bench cost -- 1000000`. Prints, and judges nothing.
#![expect(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, stops at the first surprise and uses a part of the tests' support"
)]

#[path = "../tests/native/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};
use support::crowd::{Crowd, OPERATIONS};

const ROUNDS: usize = 60;

fn main() {
    let asked = std::env::args().filter_map(|argument| argument.parse().ok());
    let sizes: Vec<u32> = [10, 1_000, 100_000].into_iter().chain(asked).collect();
    let columns: Vec<Vec<Duration>> = sizes.iter().map(|size| column(*size)).collect();
    println!("Median of {ROUNDS}, in microseconds; in brackets, how many times the smallest organization's.\n");
    print!("| operation |");
    sizes.iter().for_each(|size| print!(" {size} members |"));
    println!("\n|---|{}", "---:|".repeat(sizes.len()));
    for (row, operation) in OPERATIONS.iter().enumerate() {
        print!("| {} |", operation.name);
        for column in &columns {
            let (micros, first) = (column[row].as_secs_f64() * 1e6, columns[0][row].as_secs_f64() * 1e6);
            print!(" {micros:.0} ({:.2}) |", micros / first);
        }
        println!();
    }
}

fn column(members: u32) -> Vec<Duration> {
    let crowd = Crowd::of(members.max(10));
    let median = |operation: &support::crowd::Operation| {
        let mut times: Vec<Duration> = (0..ROUNDS).map(|_| time(&crowd, operation)).collect();
        times.sort_unstable();
        times[ROUNDS / 2]
    };
    OPERATIONS.iter().map(median).collect()
}

fn time(crowd: &Crowd, operation: &support::crowd::Operation) -> Duration {
    let request = (operation.request)(crowd);
    let start = Instant::now();
    crowd.send(&request);
    start.elapsed()
}
