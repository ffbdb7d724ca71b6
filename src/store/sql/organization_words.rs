//! The words by which an organization is found, and the walk that makes those of older ones.

use super::executor::{Executor, Param, Statement};
use super::{SqlStore, json, list};
use crate::app::ports::Unavailable;
use crate::domain::id::OrganizationId;
use crate::domain::organization::words_of;
use crate::domain::slug::Slug;
use crate::domain::table::Set;
use crate::domain::text::Name;
use serde::{Deserialize, Serialize};

const FORGET: &str = "DELETE FROM organization_words WHERE organization = ?1";
const ADD: &str = "INSERT INTO organization_words (organization, word) SELECT ?1, value FROM json_each(?2)";

/// The place that was reached; none once the walk is over.
const PLACE: &str = "SELECT json_quote(organization) AS j FROM organization_words_progress WHERE id = 1";
const NEXT: &str = "SELECT json_object('id', id, 'slug', slug, 'name', name) AS j FROM organizations \
     INDEXED BY sqlite_autoindex_organizations_1 WHERE id > ?1 ORDER BY id LIMIT ?2";
/// Rule: an organization that was changed meanwhile has its words already, and keeps them.
const MAKE: &str = "INSERT INTO organization_words (organization, word) SELECT o.id, w.value \
     FROM json_each(?1) r CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 \
     ON o.id = r.value ->> 'id' AND o.slug = r.value ->> 'slug' AND o.name = r.value ->> 'name' \
     CROSS JOIN json_each(r.value -> 'words') w WHERE true ON CONFLICT DO NOTHING";
const REACHED: &str = "UPDATE organization_words_progress SET organization = ?1 WHERE id = 1 AND organization < ?1";
const OVER: &str = "DELETE FROM organization_words_progress WHERE id = 1";

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("forget words of an organization", FORGET),
        ("add words of an organization", ADD),
        ("place in making words of organizations", PLACE),
        ("organizations without words", NEXT),
        ("make words of organizations", MAKE),
        ("move the place in making words of organizations", REACHED),
        ("end making words of organizations", OVER),
    ]
}

/// The words of a new organization.
pub(super) fn add(organization: Param, (name, slug): (&Name, &Slug)) -> Statement {
    Statement::new(ADD, vec![organization, json(&words_of(name, slug))])
}

/// Other words instead of those that there are.
pub(super) fn renew(organization: &Param, named: (&Name, &Slug)) -> Vec<Statement> {
    vec![Statement::new(FORGET, vec![organization.clone()]), add(organization.clone(), named)]
}

#[derive(Deserialize)]
struct Named {
    id: OrganizationId,
    slug: Slug,
    name: Name,
}

#[derive(Serialize)]
struct Worded<'a> {
    id: OrganizationId,
    slug: &'a Slug,
    name: &'a Name,
    words: Set<String>,
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn make_organization_words(&self, limit: u32) -> Result<(), Unavailable> {
        let place: Option<String> = self.run(&[Statement::new(PLACE, vec![])]).await?.one()?;
        let Some(place) = place else { return Ok(()) };
        let next = Statement::new(NEXT, vec![place.into(), limit.into()]);
        let found: Vec<Named> = self.run(&[next]).await?.many()?;
        let Some(last) = found.last() else {
            return self.run(&[Statement::new(OVER, vec![])]).await.map(|_| ());
        };
        let reached = Statement::new(REACHED, vec![last.id.to_string().into()]);
        let worded = |it: &'_ Named| words_of(&it.name, &it.slug);
        let rows: Vec<Worded<'_>> =
            found.iter().map(|it| Worded { id: it.id, slug: &it.slug, name: &it.name, words: worded(it) }).collect();
        self.run(&[Statement::new(MAKE, vec![list(&rows)]), reached]).await.map(|_| ())
    }
}
