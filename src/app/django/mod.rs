//! Taking over organizations from a Django site: a `dumpdata` file becomes commands.
//!
//! Owns the format of django-organizations 2.x and of its fork django-ar-organizations. [`read`] is
//! pure: the same dump gives the same ids, so that importing twice changes nothing. Never imports a
//! part: whatever does not fit is said, all of it together, before anything is carried out.

mod dump;
mod encoding;
mod findings;
mod identity;
mod members;
mod organizations;
mod owners;
mod person;
mod row;
mod run;
mod source;
mod users;

use crate::domain::denial::{Denial, Reason};
use crate::domain::id::OrganizationId;
use crate::domain::import::ImportOrganization;
use crate::domain::order::sort_by_key;
use crate::domain::table::Table;
use dump::Dump;
use findings::{Findings, shown};
use members::Members;
use organizations::{Draft, Drafts};
use owners::{Known, Owners};
use users::Users;

pub use run::{ImportReport, ImportedOrganization};
pub use source::{SiteName, Source, UserKey};

const ORGANIZATION: &str = "organizations.organization";
const MEMBERSHIP: &str = "organizations.organizationuser";
const OWNER: &str = "organizations.organizationowner";
const INVITATION: &str = "organizations.organizationinvitation";

/// What a dump holds, as commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DjangoImport {
    /// The organizations, oldest first, so that the older one gets a slug that two would take.
    pub organizations: Vec<(OrganizationId, ImportOrganization)>,
    /// How many users the dump holds.
    pub users: usize,
    /// The users that belong to no organization; nothing is imported of them, and nothing checked.
    pub users_without_membership: Vec<String>,
    /// The models that were left out, and how many rows of each.
    pub skipped: Table<String, usize>,
    /// What a person should know and no program needs to.
    pub notes: Vec<String>,
}

/// Reads a dump whole: `python manage.py dumpdata organizations auth.user`.
///
/// Rule: memberships tell which users matter; only those are checked.
///
/// # Errors
/// `malformed_json`; `import_invalid` for what does not fit: `param` names the first row at fault,
/// like `organizations.organizationowner[2]`, and `detail` has one line for each, at most 20.
pub fn read(dump: &[u8], source: impl Into<Source>) -> Result<DjangoImport, Denial> {
    let mut findings = Findings::default();
    let mut dump = Dump::read(dump, &mut findings)?;
    if !dump.counts().contains_key(ORGANIZATION) {
        let mend = "make it with `python manage.py dumpdata organizations auth.user`";
        let nothing = format!("the dump has no `{ORGANIZATION}`; {mend}");
        return Err(Denial::because(Reason::ImportInvalid, nothing));
    }
    let site = Site::read(&mut dump, &source.into(), &mut findings);
    findings.refuse_if_any()?;
    note_what_is_left_out(&dump, &mut findings);
    Ok(DjangoImport {
        users: site.users.count,
        users_without_membership: site.users.without_membership.clone(),
        organizations: site.complete()?,
        skipped: dump.counts(),
        notes: findings.notes,
    })
}

/// What a dump says, by the primary keys of its organizations.
struct Site {
    drafts: Drafts,
    members: Members,
    owners: Owners,
    users: Users,
}

impl Site {
    fn read(dump: &mut Dump, source: &Source, findings: &mut Findings) -> Self {
        let organizations = dump.take(ORGANIZATION, findings);
        let memberships = dump.take(MEMBERSHIP, findings);
        let owners = dump.take(OWNER, findings);
        let drafts = organizations::read(&organizations, source.site.as_ref(), findings);
        let seats = members::read(&memberships, findings);
        let users = Users::read(dump, source.user_key, &members::users_of(&seats), findings);
        let members = members::fill(&seats, &drafts, &users, findings);
        let known = Known { drafts: &drafts, seats: &seats, users: &users };
        let owners = owners::read(&owners, &known, findings);
        Site { drafts, members, owners, users }
    }

    /// The commands, oldest organization first. A dump without problems has no gaps; should one have
    /// them all the same, the import is refused instead of being short of an organization.
    fn complete(mut self) -> Result<Vec<(OrganizationId, ImportOrganization)>, Denial> {
        let gap = || Denial::because(Reason::ImportInvalid, "the rows of the dump do not belong together");
        let complete = |(pk, draft): (String, Option<Draft>)| {
            let owner = self.owners.remove(&pk).flatten()?;
            Some(draft?.complete(owner, self.members.remove(&pk)?))
        };
        let organizations: Option<Vec<_>> = self.drafts.into_iter().map(complete).collect();
        let mut organizations = organizations.ok_or_else(gap)?;
        sort_by_key(&mut organizations, |(id, _)| *id);
        Ok(organizations)
    }
}

/// Where a row stands, for people: `organizations.organization[3]`.
fn at(model: &str, place: &str) -> String {
    format!("{}[{}]", shown(model), shown(place))
}

fn note_what_is_left_out(dump: &Dump, findings: &mut Findings) {
    if let Some(count) = dump.counts().get(INVITATION) {
        let why = "their links cannot be carried over; invite those people again";
        findings.note(format!("{INVITATION}: {count} left out ({why})"));
    }
}
