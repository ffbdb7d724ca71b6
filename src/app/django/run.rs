//! Carrying an import out, and the report about it.

use super::{Source, read};
use crate::app::contention;
use crate::app::execute::{App, Done, Executed, Order};
use crate::app::ports::{Cache, Entropy, Failure, Store, Unavailable};
use crate::app::trial::not_tried;
use crate::domain::command::{Action, Command, Target};
use crate::domain::decision::Outcome;
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::id::OrganizationId;
use crate::domain::import::{ImportMember, ImportOrganization, ImportStatus};
use crate::domain::order::sort_by_key;
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::slug::Slug;
use crate::domain::table::Table;
use crate::domain::text::Name;
use serde::Serialize;

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// The organizations, oldest first.
    pub organizations: Vec<ImportedOrganization>,
    /// How many users the dump holds.
    pub users: usize,
    /// The users that belong to no organization.
    pub users_without_membership: Vec<String>,
    /// The models that were left out, and how many rows of each.
    pub skipped: Table<String, usize>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What became of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedOrganization {
    /// Its id here.
    pub id: OrganizationId,
    /// Its name as stored, which may have changed since an earlier import.
    pub name: Name,
    /// Its slug as stored; none for an organization that was deleted here.
    pub slug: Option<Slug>,
    /// What became of it.
    pub status: ImportStatus,
    /// How many members are new here.
    pub members_added: usize,
}

impl<S: Store, C: Cache, E: Entropy> App<'_, S, C, E> {
    /// Imports a Django dump, one organization after another. What is here already stays as it is,
    /// so an import that was interrupted is simply repeated.
    ///
    /// # Errors
    /// `permission_denied` for anybody but a platform admin, before the dump is looked at; what
    /// [`read`] refuses, with nothing imported; and what a single organization is refused for, with
    /// those before it imported.
    pub async fn import_django(
        &self,
        actor: &Principal,
        dump: &[u8],
        source: impl Into<Source>,
    ) -> Result<ImportReport, Failure> {
        if actor.kind != PrincipalKind::PlatformAdmin {
            return Err(Denial::because(Reason::PermissionDenied, "only a platform admin imports").into());
        }
        let import = read(dump, source)?;
        let (mut organizations, app) = (Vec::new(), self.spent().await?);
        for (id, organization) in import.organizations {
            organizations.push(app.import_one(actor, id, organization).await?);
        }
        Ok(ImportReport {
            organizations,
            users: import.users,
            users_without_membership: import.users_without_membership,
            skipped: import.skipped,
            notes: import.notes,
        })
    }

    /// One organization in commands of bounded size: the first founds it, the others add members.
    async fn import_one(
        &self,
        actor: &Principal,
        id: OrganizationId,
        organization: ImportOrganization,
    ) -> Result<ImportedOrganization, Failure> {
        let mut whole: Option<ImportedOrganization> = None;
        for part in parts(organization) {
            let done = self.import_part(actor, id, part).await?;
            whole = Some(whole.map_or_else(|| done.clone(), |before| before.joined(&done)));
        }
        whole.ok_or_else(|| Unavailable("an import had no part".to_owned()).into())
    }

    async fn import_part(
        &self,
        actor: &Principal,
        id: OrganizationId,
        organization: ImportOrganization,
    ) -> Result<ImportedOrganization, Failure> {
        let name = organization.name.clone();
        let command = Command {
            actor: actor.clone(),
            target: Target::New(id),
            hints: Vec::new(),
            hosts: Vec::new(),
            if_match: None,
            action: Action::from(organization),
        };
        let order =
            Order { command, seed: None, shown: false, receipt: None, challenge: None, render: &|_| String::new() };
        match self.execute(&order).await.map_err(|failure| naming(contention::midway(failure), &name))? {
            Done::Now(executed) => imported(*executed, name),
            Done::Would(_) => Err(not_tried().into()),
            Done::Before(_) => {
                Err(Unavailable("an import without a key was answered from a receipt".to_owned()).into())
            }
        }
    }
}

/// The most members in one command: its events must fit into one row of the audit log.
const PART: usize = 500;

/// The owner first, since an organization is founded with its owner.
fn parts(mut organization: ImportOrganization) -> Vec<ImportOrganization> {
    let mut members = std::mem::take(&mut organization.members);
    sort_by_key(&mut members, |member| member.user != organization.owner);
    let part = |members: &[ImportMember]| ImportOrganization { members: members.to_vec(), ..organization.clone() };
    members.chunks(PART).map(part).collect()
}

impl ImportedOrganization {
    /// What both parts came to.
    fn joined(self, later: &ImportedOrganization) -> Self {
        let status = match (self.status, later.status) {
            (ImportStatus::Unchanged, status) => status,
            (status, _) => status,
        };
        let members_added = self.members_added.saturating_add(later.members_added);
        ImportedOrganization { status, members_added, ..self }
    }
}

fn imported(executed: Executed, name: Name) -> Result<ImportedOrganization, Failure> {
    let Outcome::Imported { status, added } = executed.outcome else {
        return Err(Unavailable("an import came to another outcome".to_owned()).into());
    };
    let stored = executed.facts.organization.map(|organization| (organization.name, organization.slug));
    let (name, slug) = stored.map_or((name, None), |(name, slug)| (name, Some(slug)));
    Ok(ImportedOrganization { id: executed.organization, name, slug, status, members_added: added })
}

/// Says which organization was refused, and what the caller has by then.
fn naming(failure: Failure, name: &Name) -> Failure {
    let Failure::Denied(mut denial) = failure else { return failure };
    let rest = "organizations before it are imported; mend this and import again";
    denial.detail = format!("organization `{}`: {}; {rest}", echo(name.as_str()), denial.detail).into();
    Failure::Denied(denial)
}
