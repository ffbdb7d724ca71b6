//! Statements about one user across organizations.

use super::executor::{Executor, Statement};
use super::{SqlStore, list};
use crate::app::ports::{Person, Unavailable};
use crate::domain::email::Email;
use crate::domain::id::{OrganizationId, UserId};

/// Deleted ones as well: they still have their owner.
const OWNED: &str = "SELECT json_object('id', id, 'slug', slug, 'name', name) AS j FROM organizations \
     WHERE owner = ?1 ORDER BY id LIMIT 100";
const EMAILS: &str = "SELECT DISTINCT json_quote(email) AS j FROM memberships \
     WHERE user = ?1 AND email_verified = 1 LIMIT 100";
/// Invitations first: when the memberships are gone, nobody knows the addresses any more.
const INVITING: &str = "SELECT DISTINCT json_quote(i.organization) AS j FROM json_each(?1) a \
     CROSS JOIN invitations i INDEXED BY invitations_by_email ON i.state = 'pending' AND i.email_key = a.value LIMIT ?2";
const MEMBER_OF: &str = "SELECT json_quote(organization) AS j FROM memberships WHERE user = ?1 \
     ORDER BY organization LIMIT ?2";
const ASKING: &str = "SELECT json_quote(organization) AS j FROM join_requests \
     INDEXED BY join_requests_waiting WHERE user = ?1 AND state = 'pending' LIMIT ?2";
const FORGET_RECEIPTS: &str = "DELETE FROM receipts WHERE user = ?1";
const FORGET_DEPARTURES: &str = "DELETE FROM departures WHERE user = ?1";
const FORGET_MESSAGES: &str =
    "DELETE FROM messages INDEXED BY messages_by_recipient WHERE recipient IN (SELECT value FROM json_each(?1))";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("list what a user owns", OWNED),
        ("list the addresses of a user", EMAILS),
        ("list who invites addresses", INVITING),
        ("list where a user is a member", MEMBER_OF),
        ("list where a user asks", ASKING),
        ("forget receipts of a user", FORGET_RECEIPTS),
        ("forget departures of a user", FORGET_DEPARTURES),
        ("forget messages to addresses", FORGET_MESSAGES),
    ]
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn read_person(&self, user: &UserId) -> Result<Person, Unavailable> {
        let user = || vec![user.as_str().into()];
        let mut decoder = self.run(&[Statement::new(OWNED, user()), Statement::new(EMAILS, user())]).await?;
        Ok(Person { owned: decoder.many()?, emails: decoder.many()? })
    }

    pub(super) async fn read_traces(
        &self,
        user: &UserId,
        emails: &[Email],
        limit: u32,
    ) -> Result<Vec<OrganizationId>, Unavailable> {
        let keys: Vec<&str> = emails.iter().map(Email::canonical).collect();
        let inviting = Statement::new(INVITING, vec![list(&keys), limit.into()]);
        let of_user = |sql| Statement::new(sql, vec![user.as_str().into(), limit.into()]);
        let mut decoder = self.run(&[inviting, of_user(ASKING), of_user(MEMBER_OF)]).await?;
        let (inviting, asked, member_of) = (decoder.many()?, decoder.many()?, decoder.many()?);
        Ok(crate::store::join_traces([inviting, asked].concat(), member_of, limit))
    }

    pub(super) async fn delete_person(&self, user: &UserId, emails: &[Email]) -> Result<(), Unavailable> {
        let keys: Vec<&str> = emails.iter().map(Email::canonical).collect();
        let of_user = |sql| Statement::new(sql, vec![user.as_str().into()]);
        let messages = Statement::new(FORGET_MESSAGES, vec![list(&keys)]);
        self.run(&[of_user(FORGET_RECEIPTS), of_user(FORGET_DEPARTURES), messages]).await.map(|_| ())
    }
}
