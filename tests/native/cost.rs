//! What is done all day costs the same in an organization of ten and of thousands, whatever the planner knows:
//! counted in steps of SQLite's machine, which do not depend on the computer. tests/worker/rows.test.mjs counts
//! rows on D1, `npm run bench:cost` measures times.

use crate::support::crowd::{Crowd, OPERATIONS};
use crate::support::filled::SMALL;

/// Steps differ a little with where a page ends; what grows with the crowd differs by thousands.
const SLACK: u64 = 40;

fn steps(crowd: &Crowd, operation: &crate::support::crowd::Operation) -> u64 {
    let request = (operation.request)(crowd);
    crowd.steps();
    crowd.send(&request);
    crowd.steps()
}

fn assert_the_same(small: &Crowd, large: &Crowd, situation: &str) {
    for operation in OPERATIONS {
        let (few, many) = (steps(small, operation), steps(large, operation));
        let name = operation.name;
        assert!(few > 0 && many <= few + SLACK, "{name}, {situation}: {few} steps among few, {many} among many");
    }
}

#[test]
fn no_operation_grows_with_the_organization() {
    let (small, large) = (Crowd::of(12), Crowd::of(4_000));
    assert_the_same(&small, &large, "without statistics");
    let others = SMALL.analyzed();
    [&small, &large].into_iter().for_each(|crowd| crowd.analyze_as(&others));
    assert_the_same(&small, &large, "with statistics of many small organizations");
    [&small, &large].into_iter().for_each(Crowd::analyze);
    assert_the_same(&small, &large, "with its own statistics");
}
