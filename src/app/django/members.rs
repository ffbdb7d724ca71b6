//! Rows of `organizations.organizationuser`.

use super::findings::{Findings, quoted};
use super::identity;
use super::organizations::{Draft, Drafts};
use super::person::Person;
use super::row::{Reference, Row};
use super::users::{Found, Users};
use crate::domain::import::ImportMember;
use crate::domain::role::Roles;
use crate::domain::table::{Set, Table};
use crate::domain::time::Timestamp;

/// A membership as the dump has it; what could not be read is `None` and was told.
pub(super) struct Seat {
    /// Where it stands.
    pub(super) at: String,
    /// Its primary key.
    pub(super) pk: Option<String>,
    /// The primary key of its organization.
    pub(super) organization: Option<String>,
    /// Its user.
    pub(super) user: Option<Reference>,
    /// Whether its user is an admin.
    pub(super) admin: Option<bool>,
    joined_at: Option<Timestamp>,
}

/// Members by the primary key of their organization.
pub(super) type Members = Table<String, Vec<ImportMember>>;

/// Reads every membership.
pub(super) fn read(rows: &[Row], findings: &mut Findings) -> Vec<Seat> {
    rows.iter().map(|row| seat(row, findings)).collect()
}

fn seat(row: &Row, findings: &mut Findings) -> Seat {
    let joined_at = row.instant("created", findings);
    Seat {
        at: row.at.clone(),
        pk: row.pk.clone(),
        organization: findings.check(&row.at, row.pk_of("organization")),
        user: findings.check(&row.at, row.reference("user")),
        admin: findings.check(&row.at, row.flag("is_admin", false)),
        joined_at: findings.check(&row.at, joined_at),
    }
}

/// The users that are members of something.
pub(super) fn users_of(seats: &[Seat]) -> Set<Reference> {
    seats.iter().filter_map(|seat| seat.user.clone()).collect()
}

/// Puts every member into their organization.
pub(super) fn fill(seats: &[Seat], drafts: &Drafts, users: &Users, findings: &mut Findings) -> Members {
    let mut members = Members::new();
    let mut seated = Table::new();
    for seat in seats {
        let organization = organization_of(seat, drafts, findings);
        let person = person_of(seat, users, findings);
        let (Some(pk), Some(draft), Some(person)) = (&seat.organization, organization, person) else { continue };
        members.update(pk.clone(), |members| members.extend(member(seat, draft, person)));
        if let Some(other) = seated.insert((draft.id, person.id.clone()), &seat.at) {
            let (user, name) = (quoted(person.id.as_str()), quoted(draft.name.as_str()));
            findings.problem(&seat.at, format!("{user} is a member of {name} here and in {other}; keep one of them"));
        }
    }
    members
}

fn organization_of<'a>(seat: &Seat, drafts: &'a Drafts, findings: &mut Findings) -> Option<&'a Draft> {
    let pk = seat.organization.as_deref()?;
    let Some(draft) = drafts.get(pk) else {
        let mend = "dump `organizations` whole, or leave this row out";
        findings.problem(&seat.at, format!("its organization {} is not in the dump; {mend}", quoted(pk)));
        return None;
    };
    draft.as_ref()
}

fn person_of<'a>(seat: &Seat, users: &'a Users, findings: &mut Findings) -> Option<&'a Person> {
    let reference = seat.user.as_ref()?;
    match users.find(reference) {
        Found::Person(person) => Some(person),
        Found::Told => None,
        Found::Nobody => {
            let (Reference::Pk(key) | Reference::NaturalKey(key)) = reference;
            let mend = "dump the user model whole, or leave this row out";
            findings.problem(&seat.at, format!("its user {} is not in the dump; {mend}", quoted(key)));
            None
        }
    }
}

fn member(seat: &Seat, draft: &Draft, person: &Person) -> Option<ImportMember> {
    let joined_at = seat.joined_at?;
    Some(ImportMember {
        membership: identity::membership_id(draft.id, &person.id, joined_at),
        user: person.id.clone(),
        email: person.email.clone(),
        name: person.name.clone(),
        roles: if seat.admin? { Roles::admin() } else { Roles::member() },
        joined_at,
    })
}
