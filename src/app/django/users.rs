//! Rows of the user model, whichever model that is.

use super::UserKey;
use super::dump::Dump;
use super::findings::{Checked, Findings, quoted};
use super::person::{Person, person, references, user_id};
use super::row::{Reference, Row};
use crate::domain::id::UserId;
use crate::domain::table::{Set, Table};

const DEFAULT_MODEL: &str = "auth.user";

/// The users of a dump.
#[derive(Default)]
pub(super) struct Users {
    /// How many there are.
    pub(super) count: usize,
    /// Those that nothing refers to.
    pub(super) without_membership: Vec<String>,
    people: Table<Reference, Option<Person>>,
    no_model: bool,
}

/// Who a reference leads to.
pub(super) enum Found<'a> {
    /// This person.
    Person(&'a Person),
    /// Somebody whose problem was told already.
    Told,
    /// Nobody.
    Nobody,
}

impl Users {
    /// Reads the users that `members` name; the others are counted.
    pub(super) fn read(dump: &mut Dump, key: UserKey, members: &Set<Reference>, findings: &mut Findings) -> Self {
        let Some(model) = findings.check(DEFAULT_MODEL, user_model(dump)) else {
            return Users { no_model: true, ..Users::default() };
        };
        let rows = dump.take(&model, findings);
        let mut users = Users { count: rows.len(), ..Users::default() };
        let mut taken = Taken::new();
        let mut inactive = Vec::new();
        for row in &rows {
            let names: Vec<Reference> = references(row).into_iter().filter(|name| members.contains(name)).collect();
            let id = user_id(row, key);
            taken.take(row, id.as_ref().ok(), !names.is_empty(), findings);
            if names.is_empty() {
                users.without_membership.push(id.map_or_else(|_| row.at.clone(), String::from));
                continue;
            }
            let person = person(row, id, findings);
            if findings.check(&row.at, row.flag("is_active", true)) == Some(false) {
                inactive.extend(person.as_ref().map(|person| quoted(person.id.as_str())));
            }
            users.people.extend(names.into_iter().map(|name| (name, person.clone())));
        }
        note_inactive(&inactive, findings);
        users
    }

    /// Follows a reference.
    pub(super) fn find(&self, reference: &Reference) -> Found<'_> {
        match self.people.get(reference) {
            Some(Some(person)) => Found::Person(person),
            Some(None) => Found::Told,
            None if self.no_model => Found::Told,
            None => Found::Nobody,
        }
    }
}

/// Which model holds the users. Rule: `auth.user`; else the one model that looks like Django's
/// `AbstractBaseUser`; else the one that is called `user`.
fn user_model(dump: &Dump) -> Checked<String> {
    let models: Vec<(&str, &Row)> = dump.first_rows().collect();
    let all = |fits: &dyn Fn(&str, &Row) -> bool| -> Vec<&str> {
        models.iter().filter(|(model, row)| fits(model, row)).map(|(model, _)| *model).collect()
    };
    let default = all(&|model, _| model == DEFAULT_MODEL);
    let accounts = all(&|_, row| row.has("password") && row.has("last_login"));
    let named = all(&|model, _| model.ends_with(".user"));
    match [default, accounts, named].into_iter().find(|found| !found.is_empty()).as_deref() {
        Some([model]) => Ok((*model).to_owned()),
        Some(several) => {
            let several = several.iter().map(|model| quoted(model)).collect::<Vec<_>>().join(", ");
            Err(format!("{several} look like user models; dump only the one that `AUTH_USER_MODEL` names"))
        }
        None => Err("there are no users; dump the user model too: `dumpdata organizations auth.user`".to_owned()),
    }
}

/// Ids that are taken, by whom, and whether by a member.
struct Taken(Table<UserId, (String, bool)>);

impl Taken {
    fn new() -> Self {
        Taken(Table::new())
    }

    /// Rule: no two users become one. Reason: whoever signs in as one would hold what the other has.
    fn take(&mut self, row: &Row, id: Option<&UserId>, member: bool, findings: &mut Findings) {
        let Some(id) = id else { return };
        let Some((other, theirs)) = self.0.insert(id.clone(), (row.at.clone(), member)) else { return };
        if member || theirs {
            let id = quoted(id.as_str());
            findings.problem(&row.at, format!("it and {other} would both be {id} here; choose another `userId`"));
        }
    }
}

fn note_inactive(inactive: &[String], findings: &mut Findings) {
    const NAMED: usize = 10;
    if inactive.is_empty() {
        return;
    }
    let names = inactive.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = inactive.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let why = "invited and never registered, or blocked; they are members here, so remove those who should not be";
    findings.note(format!("accounts that are not active there: {names}{rest} ({why})"));
}
