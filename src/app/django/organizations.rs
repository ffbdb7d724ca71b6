//! Rows of `organizations.organization`.

use super::SiteName;
use super::findings::{Checked, Findings, quoted};
use super::identity;
use super::row::Row;
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::import::{ImportMember, ImportOrganization};
use crate::domain::json::value;
use crate::domain::json_object::JsonObject;
use crate::domain::organization::OrganizationState;
use crate::domain::slug::Slug;
use crate::domain::table::Table;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use serde_json::{Map, Value};

/// Organizations by primary key; `None` for one that has a problem, so that it is told once.
pub(super) type Drafts = Table<String, Option<Draft>>;

/// An organization before its people are known.
pub(super) struct Draft {
    /// Its id here.
    pub(super) id: OrganizationId,
    /// Its name.
    pub(super) name: Name,
    slugs: Vec<Slug>,
    state: OrganizationState,
    metadata: JsonObject,
    settings: JsonObject,
    created_at: Timestamp,
}

impl Draft {
    /// The command, now that its people are known.
    pub(super) fn complete(self, owner: UserId, members: Vec<ImportMember>) -> (OrganizationId, ImportOrganization) {
        let import = ImportOrganization {
            name: self.name,
            slugs: self.slugs,
            state: self.state,
            metadata: self.metadata,
            settings: self.settings,
            created_at: self.created_at,
            owner,
            members,
        };
        (self.id, import)
    }
}

/// Reads every organization.
pub(super) fn read(rows: &[Row], site: Option<&SiteName>, findings: &mut Findings) -> Drafts {
    let mut drafts = Drafts::new();
    for row in rows {
        let no_key = "it has no primary key; dump without `--natural-primary`";
        let Some(pk) = findings.check(&row.at, row.pk.clone().ok_or_else(|| no_key.to_owned())) else { continue };
        let draft = draft(row, &pk, site, findings);
        drafts.insert(pk, draft);
    }
    drafts
}

fn draft(row: &Row, pk: &str, site: Option<&SiteName>, findings: &mut Findings) -> Option<Draft> {
    let name = findings.check(&row.at, name(row));
    let slug = findings.check(&row.at, row.text("slug"));
    let active = findings.check(&row.at, row.flag("is_active", true));
    let metadata = findings.check(&row.at, object(row, "custom_data"));
    let settings = findings.check(&row.at, object(row, "custom_settings"));
    let created = row.instant("created", findings);
    let created_at = findings.check(&row.at, created)?;
    let (name, slug, id) = (name?, slug?, identity::organization_id(site, pk, created_at));
    let slugs = identity::slugs(slug, &name, id);
    note_new_slug(row, slug, &slugs, findings);
    let state = if active? { OrganizationState::Active } else { OrganizationState::Inactive };
    Some(Draft { id, name, slugs, state, metadata: metadata?, settings: settings?, created_at })
}

fn name(row: &Row) -> Checked<Name> {
    let text = row.text("name")?;
    let rule = "1 to 200 characters on one line are expected, none of them invisible; rename it there";
    Name::parse(text).map_err(|_| format!("its name is {}; {rule}", quoted(text)))
}

/// An object, or the text of one: django-jsonfield dumps its columns as text.
fn object(row: &Row, field: &str) -> Checked<JsonObject> {
    let rule = || format!("`{field}` must be a JSON object");
    let map = match row.value(field) {
        Value::Null => Map::new(),
        Value::String(text) if text.trim().is_empty() => Map::new(),
        Value::String(text) => value(text).and_then(|value| value.as_object().cloned()).ok_or_else(rule)?,
        Value::Object(map) => map.clone(),
        _ => return Err(rule()),
    };
    JsonObject::from_map(map).map_err(|denial| format!("`{field}` does not fit: {}; shorten it there", denial.detail))
}

/// People have links to the old slug, so a change of it is worth a word.
fn note_new_slug(row: &Row, django: &str, slugs: &[Slug], findings: &mut Findings) {
    let Some(first) = slugs.first().filter(|first| first.as_str() != django) else { return };
    let note = format!("{}: the slug {} is not possible here, `{first}` comes next", row.at, quoted(django));
    findings.note(note);
}
