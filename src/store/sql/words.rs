//! The words by which members are found, made anew where they were made under an older rule.
//!
//! Owns the walk through all members, a bounded number at a time. Never folds a letter: `domain::search` does.

use super::executor::{Executor, Statement};
use super::rows::MemberRow;
use super::shape::membership;
use super::{SqlStore, json};
use crate::app::ports::Unavailable;
use crate::domain::membership::Membership;

/// The place that was reached; none once the walk is over.
const PLACE: &str = "SELECT json_array(organization, user) AS j FROM member_words_progress WHERE id = 1";
const NEXT: &str = concat!(
    "SELECT ",
    membership!(),
    " AS j FROM memberships m WHERE (m.organization, m.user) > (?1, ?2) ORDER BY m.organization, m.user LIMIT ?3"
);
/// Rule: a member who was changed meanwhile has new words already, and keeps them. The view's trigger deletes.
const FORGET: &str = "INSERT INTO stale_member_words (organization, user) SELECT m.organization, m.user \
     FROM json_each(?1) r CROSS JOIN memberships m ON m.organization = r.value ->> 'organization' \
     AND m.user = r.value ->> 'user' AND m.name IS r.value ->> 'name' AND m.email IS r.value ->> 'email'";
const REMAKE: &str = "INSERT INTO member_words (organization, word, id, user) \
     SELECT m.organization, w.value, m.id, m.user \
     FROM json_each(?1) r CROSS JOIN memberships m ON m.organization = r.value ->> 'organization' \
     AND m.user = r.value ->> 'user' AND m.name IS r.value ->> 'name' AND m.email IS r.value ->> 'email' \
     CROSS JOIN json_each(r.value -> 'words') w WHERE true ON CONFLICT DO NOTHING";
const REACHED: &str = "UPDATE member_words_progress SET organization = ?1, user = ?2 \
     WHERE id = 1 AND (organization, user) < (?1, ?2)";
const OVER: &str = "DELETE FROM member_words_progress WHERE id = 1";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("place in making words anew", PLACE),
        ("members whose words are old", NEXT),
        ("forget old words", FORGET),
        ("make words anew", REMAKE),
        ("move the place in making words anew", REACHED),
        ("end making words anew", OVER),
    ]
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn remake_member_words(&self, limit: u32) -> Result<(), Unavailable> {
        let place: Option<(String, String)> = self.run(&[Statement::new(PLACE, vec![])]).await?.one()?;
        let Some((organization, user)) = place else { return Ok(()) };
        let after = vec![organization.into(), user.into(), limit.into()];
        let members: Vec<Membership> = self.run(&[Statement::new(NEXT, after)]).await?.many()?;
        let Some(last) = members.last() else {
            return self.run(&[Statement::new(OVER, vec![])]).await.map(|_| ());
        };
        let place = vec![last.organization.to_string().into(), last.user.as_str().into()];
        let rows = json(&members.iter().map(MemberRow::of).collect::<Vec<_>>());
        let remade = [Statement::new(FORGET, vec![rows.clone()]), Statement::new(REMAKE, vec![rows])];
        self.run(&[remade.as_slice(), &[Statement::new(REACHED, place)]].concat()).await.map(|_| ())
    }
}
