//! What the events of an organization's life mean in rows, and who may become an owner.

use super::executor::{Param, Statement};
use super::json;
use crate::domain::event::Event;

/// Whoever owns too much already cannot be the owner: null breaks the batch, also when two commands
/// of one user meet.
macro_rules! with_room {
    ($user:literal, $limit:literal) => {
        concat!(
            "CASE WHEN ",
            $limit,
            " IS NULL OR (SELECT COUNT(*) FROM organizations w INDEXED BY organizations_by_owner WHERE w.owner = ",
            $user,
            " AND w.deletion IS NULL) < ",
            $limit,
            " THEN ",
            $user,
            " END"
        )
    };
}

pub(super) use with_room;

const SET_SEATS: &str = "UPDATE organizations SET seats = ?2, pending_free = ?3 WHERE id = ?1";
const SET_REQUIREMENTS: &str = "UPDATE organizations SET requirements = ?2 WHERE id = ?1";
const SET_NOMINATION: &str = "UPDATE organizations SET nomination = ?2 WHERE id = ?1";
const SET_DELETION: &str = "UPDATE organizations SET deletion = ?2 WHERE id = ?1";
/// The last entry goes with its organization; what has to be said of the purge stays.
const BURY: &str = "INSERT INTO tombstones (organization, version, deleted_at, deleted_by, head, position, place, \
     actor_kind, operator, action) SELECT organization, seq, at, actor, hash, position, json_array_length(events) - 1, actor_kind, \
     operator, action FROM commits WHERE organization = ?1 AND seq = ?2";
const DELETE: &str = "DELETE FROM organizations WHERE id = ?1";
const RESTORE: &str = concat!(
    "UPDATE organizations SET deletion = NULL, owner = ",
    with_room!("organizations.owner", "?2"),
    " WHERE id = ?1"
);

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("set seats", SET_SEATS),
        ("set requirements", SET_REQUIREMENTS),
        ("set nomination", SET_NOMINATION),
        ("set deletion", SET_DELETION),
        ("restore organization", RESTORE),
        ("bury organization", BURY),
        ("delete organization", DELETE),
    ]
}

/// Ends an organization behind its entry of this number.
pub(super) fn purge(organization: &Param, seq: u64) -> Vec<Statement> {
    let bury = Statement::new(BURY, vec![organization.clone(), seq.into()]);
    vec![bury, Statement::new(DELETE, vec![organization.clone()])]
}

/// The one statement of an event; `on` is a statement whose first parameter is the organization.
pub(super) fn project(
    event: &Event,
    on: &dyn Fn(&'static str, Vec<Param>) -> Statement,
    max_owned: Param,
) -> Statement {
    match event {
        Event::SeatsChanged { seat_limit, pending_free } => {
            on(SET_SEATS, vec![(*seat_limit).into(), u32::from(*pending_free).into()])
        }
        Event::RequirementsChanged { requirements } => on(SET_REQUIREMENTS, vec![json(requirements)]),
        Event::OrganizationDeleted { deletion } => on(SET_DELETION, vec![json(deletion)]),
        Event::OwnershipNominated { nomination } => on(SET_NOMINATION, vec![json(nomination)]),
        Event::NominationEnded { .. } => on(SET_NOMINATION, vec![Param::Null]),
        _ => on(RESTORE, vec![max_owned]),
    }
}
