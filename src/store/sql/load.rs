//! The read batch of a command.

use super::domains;
use super::executor::{Executor, Statement};
use super::shape::{invitation, membership, organization, target};
use super::{Decoder, SqlStore, list, sending, teams, webhooks};
use crate::app::ports::{Loaded, Receipt, ReceiptKey, Unavailable};
use crate::domain::claim::Domain;
use crate::domain::command::{InvitationKey, OrganizationRef, RoleRef, Target};
use crate::domain::domain_name::DomainName;
use crate::domain::email::Email;
use crate::domain::facts::{DomainNeed, DoorNeeds, Facts, InvitationNeed, JoinRequestNeed, Needs, OwnedNeed};
use crate::domain::id::{OrganizationId, UserId};
use crate::domain::invitation::Invitation;
use crate::domain::membership::Membership;
use crate::domain::ownership::Owned;
use crate::domain::role::CustomRole;
use crate::domain::slug::Slug;
use crate::domain::webhook::Webhook;
use crate::store::sql::Param;
use serde::Deserialize;

pub(super) const ORGANIZATION: &str =
    concat!("SELECT ", organization!(), " AS j FROM organizations o WHERE o.id = ", target!());

pub(super) const DELETED: &str =
    concat!("SELECT json_quote(organization) AS j FROM tombstones WHERE organization = ", target!());

const HEAD: &str =
    concat!("SELECT json_quote(head) AS j FROM organizations o WHERE head IS NOT NULL AND o.id = ", target!());

/// D1 joins at most five selects: the users besides those asked for are one list.
pub(super) const MEMBERS: &str = concat!(
    "SELECT ",
    membership!(),
    " AS j FROM memberships m WHERE m.organization = ",
    target!(),
    " AND m.user IN (SELECT value FROM json_each(?5) UNION ALL SELECT value FROM json_each(json_array(\
      (SELECT invited_by FROM invitations WHERE id = ?3), \
      (SELECT invited_by FROM invitations WHERE digest = ?4), \
      (SELECT body ->> 'invitedBy' FROM invitation_links WHERE digest = ?4), \
      (SELECT user FROM join_requests WHERE id = ?6), \
      (SELECT owner FROM organizations WHERE ?7 = 1 AND id = ",
    target!(),
    "), (SELECT owner FROM organizations WHERE ?8 = 1 AND id = ",
    target!(),
    "), (SELECT nomination ->> 'to' FROM organizations WHERE ?8 = 1 AND id = ",
    target!(),
    "))))"
);

/// The members of a command that names its organization and needs no one else.
const NAMED_MEMBERS: &str = concat!(
    "SELECT ",
    membership!(),
    " AS j FROM memberships m WHERE m.user IN (SELECT value FROM json_each(?5)) AND m.organization = ",
    target!()
);

/// What a user owns. The count walks through no more than the limit allows one to own.
pub(super) const OWNED_BY: &str = "SELECT json_object('count', (SELECT COUNT(*) FROM organizations \
     INDEXED BY organizations_by_owner WHERE owner = ?1 AND deletion IS NULL), 'personal', json((SELECT json_object('id', id, 'slug', slug, \
     'name', name) FROM organizations INDEXED BY organizations_personal WHERE owner = ?1 AND personal = 1 AND deletion IS NULL))) AS j";

/// The same of the owner of an organization.
pub(super) const OWNED_BY_OWNER: &str = concat!(
    "SELECT json_object('count', (SELECT COUNT(*) FROM organizations \
     INDEXED BY organizations_by_owner WHERE owner = t.owner AND deletion IS NULL), 'personal', json((SELECT json_object('id', id, 'slug', slug, \
     'name', name) FROM organizations INDEXED BY organizations_personal WHERE owner = t.owner AND personal = 1 AND deletion IS NULL))) AS j \
     FROM organizations t WHERE t.id = ",
    target!()
);

const FIRST_TO_END: &str = concat!(
    "SELECT ",
    membership!(),
    " AS j FROM memberships m WHERE m.until IS NOT NULL AND m.organization = ",
    target!(),
    " ORDER BY m.until, m.user LIMIT ?5"
);

const ROLES: &str = concat!("SELECT body AS j FROM roles WHERE organization = ", target!());

/// How many hold one of the organization's own roles. Of a key without one: 1 when a member but the owner holds it.
const HOLDERS: &str = concat!(
    "SELECT CAST(COALESCE((SELECT holders FROM roles WHERE key = COALESCE(?5, (SELECT key FROM roles WHERE id = ?6)) AND organization = ",
    target!(),
    "), (SELECT 1 FROM member_roles h INDEXED BY member_roles_by_age WHERE h.role = ?5 AND h.organization = ",
    target!(),
    " AND h.user <> (SELECT owner FROM organizations WHERE id = ",
    target!(),
    ") LIMIT 1), 0) AS TEXT) AS j"
);

pub(super) const SLUGS: &str = "SELECT json_object('slug', slug, 'organization', organization) AS j \
     FROM slugs WHERE slug IN (SELECT value FROM json_each(?1) UNION ALL \
     SELECT value FROM registrations INDEXED BY sqlite_autoindex_registrations_3 CROSS JOIN json_each(body, '$.slugs') WHERE digest = ?2)";

pub(super) const INVITATION: &str = concat!(
    "SELECT ",
    invitation!(),
    " AS j FROM invitations i WHERE i.id = COALESCE(?5, \
     (SELECT id FROM invitations WHERE digest = ?6)) AND i.organization = ",
    target!()
);

pub(super) const PENDING_FOR: &str = concat!(
    "SELECT ",
    invitation!(),
    " AS j FROM invitations i WHERE i.state = 'pending' AND i.organization = ",
    target!(),
    " AND i.email_key IN (SELECT value FROM json_each(?5) UNION ALL SELECT email_key FROM join_requests WHERE id = ?6)"
);

pub(super) const OLDEST_PENDING: &str = concat!(
    "SELECT ",
    invitation!(),
    " AS j FROM invitations i WHERE i.state = 'pending' AND i.organization = ",
    target!(),
    " ORDER BY i.expires_at, i.id LIMIT ?5"
);

pub(super) const DEPARTED: &str = concat!(
    "SELECT json_quote(user) AS j FROM departures WHERE organization = ",
    target!(),
    " AND user IN (SELECT value FROM json_each(?5))"
);

pub(super) const RECEIPT: &str = "SELECT json_object('user', user, 'key', key, 'fingerprint', fingerprint, \
     'answer', answer, 'seed', seed, 'createdAt', created_at) AS j FROM receipts WHERE user = ?1 AND key = ?2";

#[derive(Deserialize)]
struct Holder {
    slug: Slug,
    organization: OrganizationId,
}

#[derive(Deserialize)]
pub(super) struct DomainHolder {
    pub name: DomainName,
    pub organization: OrganizationId,
}

impl<X: Executor> SqlStore<X> {
    pub(super) async fn load_facts(&self, needs: &Needs, receipt: Option<&ReceiptKey>) -> Result<Loaded, Unavailable> {
        let mut decoder = self.run(&statements(needs, receipt)).await?;
        let organization = decoder.one()?;
        let head = decoder.one()?;
        let deleted: Option<String> = decoder.one()?;
        let members: Vec<Membership> = decoder.many()?;
        let slugs: Vec<Holder> = decoder.many()?;
        let mut invitations: Vec<Invitation> = decoder.many()?;
        let roles: Vec<CustomRole> = decoder.many()?;
        let owned: Option<Owned> = decoder.one()?;
        if !matches!(needs.invitations, InvitationNeed::Nothing) {
            invitations.extend(decoder.many::<Invitation>()?);
        }
        let holders: Option<u32> = if needs.holders.is_some() { decoder.one()? } else { None };
        let mut to_end: Vec<Membership> = Vec::new();
        if needs.first_to_end > 0 {
            to_end = decoder.many()?;
            invitations.extend(decoder.many::<Invitation>()?);
        }
        let departed: Vec<UserId> = if needs.departed { decoder.many()? } else { Vec::new() };
        let domains: Vec<Domain> = if needs.domains == DomainNeed::Nothing { Vec::new() } else { decoder.many()? };
        let domain_holders: Vec<DomainHolder> =
            if needs.domain_names.is_empty() { Vec::new() } else { decoder.many()? };
        let mut facts = Facts {
            organization,
            head,
            deleted: deleted.is_some(),
            members: members.into_iter().chain(to_end).map(|member| (member.user.clone(), member)).collect(),
            roles: roles.into_iter().map(|role| (role.key.clone(), role)).collect(),
            holders: holders.unwrap_or_default(),
            invitations: invitations.into_iter().map(|invitation| (invitation.id, invitation)).collect(),
            departed: departed.into_iter().collect(),
            domains: domains.into_iter().map(|domain| (domain.id, domain)).collect(),
            domain_holders: domain_holders.into_iter().map(|holder| (holder.name, holder.organization)).collect(),
            slugs: slugs.into_iter().map(|holder| (holder.slug, holder.organization)).collect(),
            owned: owned.unwrap_or_default(),
            ..Facts::default()
        };
        if needs.webhooks {
            let webhooks: Vec<Webhook> = decoder.many()?;
            facts.webhooks = webhooks.into_iter().map(|webhook| (webhook.id, webhook)).collect();
        }
        teams::take(&mut decoder, &mut facts, needs)?;
        if needs.sending.is_some() {
            sending::take(&mut decoder, &mut facts)?;
        }
        super::load_doors::read(&needs.doors, &mut decoder, &mut facts)?;
        Ok(Loaded { facts, receipt: self.receipt(receipt, decoder)? })
    }

    fn receipt(&self, asked: Option<&ReceiptKey>, mut decoder: Decoder) -> Result<Option<Receipt>, Unavailable> {
        if asked.is_some() { decoder.one() } else { Ok(None) }
    }
}

fn statements(needs: &Needs, receipt: Option<&ReceiptKey>) -> Vec<Statement> {
    let target = target(&needs.target);
    let with = |sql: &'static str, more: Vec<Param>| Statement::new(sql, [target.clone(), more].concat());
    let users: Vec<&UserId> = needs.members.iter().collect();
    let mut batch = vec![
        with(ORGANIZATION, vec![]),
        with(HEAD, vec![]),
        with(DELETED, vec![]),
        members(needs, &with),
        Statement::new(SLUGS, vec![list(&needs.slugs), of_registration(&needs.target)]),
        with(PENDING_FOR, vec![list(&canonical(&needs.pending_for)), asked(&needs.doors)]),
        with(ROLES, vec![]),
        match &needs.owned {
            OwnedNeed::Nobody => Statement::new(OWNED_BY, vec![Param::Null]),
            OwnedNeed::Of(user) => Statement::new(OWNED_BY, vec![user.as_str().into()]),
            OwnedNeed::OfOwner => with(OWNED_BY_OWNER, vec![]),
        },
    ];
    batch.extend(invitation(&needs.invitations, &with));
    batch.extend(needs.holders.as_ref().map(|role| with(HOLDERS, role_params(role))));
    if needs.first_to_end > 0 {
        let most = || vec![needs.first_to_end.into()];
        batch.extend([with(FIRST_TO_END, most()), with(OLDEST_PENDING, most())]);
    }
    batch.extend(needs.departed.then(|| with(DEPARTED, vec![list(&users)])));
    batch.extend(domains::needed(&needs.domains, &with));
    batch.extend(domains::holders(&needs.domain_names));
    batch.extend(webhooks::needed(needs.webhooks, &with));
    batch.extend(teams::load(needs, &with, || needs.holders.as_ref().map(role_params)));
    batch.extend(needs.sending.iter().flat_map(|need| sending::load(need, &target)));
    batch.extend(super::load_doors::statements(&needs.doors, &target));
    let receipt = receipt.map(|key| vec![key.user.as_str().into(), key.key.as_str().into()]);
    batch.extend(receipt.map(|params| Statement::new(RECEIPT, params)));
    batch
}

fn role_params(role: &RoleRef) -> Vec<Param> {
    match role {
        RoleRef::Key(key) => vec![key.as_str().into(), Param::Null],
        RoleRef::Id(id) => vec![Param::Null, id.to_string().into()],
    }
}

/// Whose memberships go with what is needed of the doors: who asked, and whether the owner's.
fn of_doors(needs: &DoorNeeds) -> Vec<Param> {
    vec![asked(needs), u32::from(needs.owner).into()]
}

/// The one join request that is needed.
fn asked(needs: &DoorNeeds) -> Param {
    match &needs.join_requests {
        Some(JoinRequestNeed::One(id)) => id.to_string().into(),
        _ => Param::Null,
    }
}

/// An activation asks for the slugs that its registration names.
fn of_registration(target: &Target) -> Param {
    match target {
        Target::Registration(digest) => digest.as_str().into(),
        _ => Param::Null,
    }
}

/// A named organization without doors is the common case, and reads no row but the members'.
fn members(needs: &Needs, with: &impl Fn(&'static str, Vec<Param>) -> Statement) -> Statement {
    let users: Vec<&UserId> = needs.members.iter().collect();
    let named = matches!(needs.target, Target::New(_) | Target::Organization(_));
    if named && !needs.officers && !needs.doors.owner && asked(&needs.doors) == Param::Null {
        return with(NAMED_MEMBERS, vec![list(&users)]);
    }
    with(MEMBERS, [vec![list(&users)], of_doors(&needs.doors), vec![u32::from(needs.officers).into()]].concat())
}

/// The invitation that is needed; no statement for none.
fn invitation(need: &InvitationNeed, with: &impl Fn(&'static str, Vec<Param>) -> Statement) -> Option<Statement> {
    let params = match need {
        InvitationNeed::Nothing => return None,
        InvitationNeed::Key(InvitationKey::Id(id)) => vec![id.to_string().into(), Param::Null],
        InvitationNeed::Key(InvitationKey::Digest(digest)) => vec![Param::Null, digest.as_str().into()],
    };
    Some(with(INVITATION, params))
}

fn canonical(emails: &[Email]) -> Vec<&str> {
    emails.iter().map(Email::canonical).collect()
}

/// The four parameters of `target!`.
fn target(target: &Target) -> Vec<Param> {
    let mut params = vec![Param::Null; 4];
    let (place, value) = match target {
        Target::New(id) | Target::Organization(OrganizationRef::Id(id)) => (0, id.to_string()),
        Target::Organization(OrganizationRef::Slug(slug)) => (1, slug.to_string()),
        Target::Invitation(InvitationKey::Id(id)) => (2, id.to_string()),
        Target::Invitation(InvitationKey::Digest(digest)) | Target::Link(digest) | Target::Registration(digest) => {
            (3, digest.as_str().to_owned())
        }
    };
    if let Some(param) = params.get_mut(place) {
        *param = value.into();
    }
    params
}

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("load organization", ORGANIZATION),
        ("load tombstone", DELETED),
        ("load head", HEAD),
        ("load members", MEMBERS),
        ("load named members", NAMED_MEMBERS),
        ("load members whose time ends first", FIRST_TO_END),
        ("load roles", ROLES),
        ("load holders of a role", HOLDERS),
        ("load slugs", SLUGS),
        ("load invitation", INVITATION),
        ("load pending invitation", PENDING_FOR),
        ("count what a user owns", OWNED_BY),
        ("count what an owner owns", OWNED_BY_OWNER),
        ("load oldest pending invitations", OLDEST_PENDING),
        ("load departures", DEPARTED),
        ("load receipt", RECEIPT),
    ]
}
