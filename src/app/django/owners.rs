//! Rows of `organizations.organizationowner`: exactly one for each organization.

use super::findings::{Checked, Findings, quoted};
use super::members::Seat;
use super::organizations::Drafts;
use super::row::Row;
use super::users::{Found, Users};
use crate::domain::id::UserId;
use crate::domain::table::{Set, Table};

/// Owners by the primary key of their organization; `None` for one that has a problem.
pub(super) type Owners = Table<String, Option<UserId>>;

/// What owner rows are read against.
pub(super) struct Known<'a> {
    /// The organizations.
    pub(super) drafts: &'a Drafts,
    /// The memberships.
    pub(super) seats: &'a [Seat],
    /// The users.
    pub(super) users: &'a Users,
}

/// Reads every owner.
pub(super) fn read(rows: &[Row], known: &Known<'_>, findings: &mut Findings) -> Owners {
    let seats = known.seats.iter().filter_map(|seat| Some((seat.pk.as_deref()?, seat))).collect();
    let mut owners = Owners::new();
    for row in rows {
        let organization = findings.check(&row.at, organization(row, known.drafts));
        let seat = findings.check(&row.at, seat(row, &seats));
        let (Some(pk), Some(seat)) = (organization, seat) else { continue };
        let owner = findings.check(&row.at, owner(seat, &pk, known.users)).flatten();
        note_power(seat, owner.as_ref(), findings);
        if owners.insert(pk, owner).is_some() {
            findings.problem(&row.at, "its organization has another owner row; keep the right one".to_owned());
        }
    }
    require_one_each(rows, known.drafts, findings);
    owners
}

fn organization(row: &Row, drafts: &Drafts) -> Checked<String> {
    let pk = row.pk_of("organization")?;
    if drafts.contains_key(&pk) {
        return Ok(pk);
    }
    let mend = "dump `organizations` whole, or leave this row out";
    Err(format!("its organization {} is not in the dump; {mend}", quoted(&pk)))
}

fn seat<'a>(row: &Row, seats: &Table<&str, &'a Seat>) -> Checked<&'a Seat> {
    let pk = row.pk_of("organization_user")?;
    let mend = "dump `organizations` whole, or name a member who is in it";
    let missing = || format!("its membership {} is not in the dump; {mend}", quoted(&pk));
    seats.get(pk.as_str()).copied().ok_or_else(missing)
}

/// The user in a seat; `None` when the seat itself has a problem, which was told there.
fn owner(seat: &Seat, organization: &str, users: &Users) -> Checked<Option<UserId>> {
    let (Some(theirs), Some(user)) = (&seat.organization, &seat.user) else { return Ok(None) };
    if theirs != organization {
        let (at, theirs) = (&seat.at, quoted(theirs));
        let mend = "name a member of its own organization";
        return Err(format!("its membership {at} belongs to organization {theirs}; {mend}"));
    }
    match users.find(user) {
        Found::Person(person) => Ok(Some(person.id.clone())),
        Found::Told | Found::Nobody => Ok(None),
    }
}

fn note_power(seat: &Seat, owner: Option<&UserId>, findings: &mut Findings) {
    if let (Some(owner), Some(false)) = (owner, seat.admin) {
        let owner = quoted(owner.as_str());
        findings.note(format!("{}: owner {owner} was no admin there; owners hold everything here", seat.at));
    }
}

fn require_one_each(rows: &[Row], drafts: &Drafts, findings: &mut Findings) {
    let owned: Set<String> = rows.iter().filter_map(|row| row.pk_of("organization").ok()).collect();
    for pk in drafts.keys().filter(|pk| !owned.contains(*pk)) {
        let mend = "make a member its owner there, and dump `organizations` whole";
        findings.problem(&super::at(super::ORGANIZATION, pk), format!("it has no owner row; {mend}"));
    }
}
