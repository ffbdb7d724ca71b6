//! What is done all day costs the same in an organization of ten and of thousands: counted in steps
//! of SQLite's machine, which do not depend on the computer. `npm run bench:cost` measures times.

use crate::support::crowd::{Crowd, OPERATIONS};

/// Steps differ a little with where a page ends; what grows with the crowd differs by thousands.
const SLACK: u64 = 40;

#[test]
fn no_operation_grows_with_the_organization() {
    let (small, large) = (Crowd::of(12), Crowd::of(4_000));
    for operation in OPERATIONS {
        let steps = |crowd: &Crowd| {
            let request = (operation.request)(crowd);
            crowd.steps();
            crowd.send(&request);
            crowd.steps()
        };
        let (few, many) = (steps(&small), steps(&large));
        assert!(few > 0 && many <= few + SLACK, "{}: {few} steps among few, {many} among many", operation.name);
    }
}
