//! What a row of the user model says about a person.

use super::UserKey;
use super::findings::{Checked, Findings, quoted};
use super::row::{Reference, Row};
use crate::domain::email::Email;
use crate::domain::id::UserId;
use crate::domain::text::Name;

/// A user who is a member of something.
#[derive(Clone)]
pub(super) struct Person {
    /// The id here.
    pub(super) id: UserId,
    /// The address.
    pub(super) email: Option<Email>,
    /// The name.
    pub(super) name: Option<Name>,
}

/// By what a membership may name a user. The natural key is the login name: `username`, or the
/// address where the model has no usernames.
pub(super) fn references(row: &Row) -> Vec<Reference> {
    let login = if row.has("username") { "username" } else { "email" };
    let natural = row.text(login).ok().filter(|text| !text.is_empty());
    let natural = natural.map(|text| Reference::NaturalKey(text.to_owned()));
    row.pk.clone().map(Reference::Pk).into_iter().chain(natural).collect()
}

/// The id here.
pub(super) fn user_id(row: &Row, key: UserKey) -> Checked<UserId> {
    let (field, text) = match key {
        UserKey::Username => ("username", row.text("username")?.to_owned()),
        UserKey::Pk => ("pk", row.pk.clone().unwrap_or_default()),
        UserKey::Email => ("email", email(row)?.map(|email| email.canonical().to_owned()).unwrap_or_default()),
    };
    if text.is_empty() {
        return Err(format!("it has no `{field}` to become its id here; choose another `userId`"));
    }
    let refused = |_| format!("its `{field}` {} cannot be an id here; choose another `userId`", quoted(&text));
    UserId::parse_external(&text).map_err(refused)
}

/// The person, under the id that was found.
pub(super) fn person(row: &Row, id: Checked<UserId>, findings: &mut Findings) -> Option<Person> {
    let id = findings.check(&row.at, id)?;
    let email = findings.check(&row.at, email(row))?;
    Some(Person { id, email, name: name(row) })
}

fn email(row: &Row) -> Checked<Option<Email>> {
    let text = row.text("email")?.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let rule = "an address like `name@example.com` is expected; mend or empty it there";
    Email::parse(text).map(Some).map_err(|_| format!("its e-mail is {}; {rule}", quoted(text)))
}

/// First and last name, or the one `name` that many custom models have. A name that breaks the rule
/// here is left out: the identity provider tells it again at the next sign-in.
fn name(row: &Row) -> Option<Name> {
    let part = |field| row.text(field).unwrap_or_default();
    let whole = format!("{} {}", part("first_name"), part("last_name"));
    Name::parse(&whole).or_else(|_| Name::parse(part("name"))).ok()
}
