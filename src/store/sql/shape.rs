//! How rows become JSON inside SQLite. The shapes are the serde forms of the domain's values.

/// In two calls, because D1 takes 32 arguments a call.
macro_rules! organization {
    () => {
        "json_set(json_object('id', o.id, 'slug', o.slug, 'name', o.name, 'state', o.state, 'owner', o.owner, \
         'version', o.version, 'metadata', json(o.metadata), 'settings', json(o.settings), \
         'logoUrl', o.logo_url, 'memberCount', o.member_count, 'pendingCount', o.pending_count, \
         'createdAt', o.created_at, 'updatedAt', o.updated_at), \
         '$.seatLimit', o.seats, '$.pendingFree', json(iif(o.pending_free, 'true', 'false')), \
         '$.joinRequests', o.join_requests, '$.personal', json(iif(o.personal, 'true', 'false')), \
         '$.requirements', json(o.requirements), '$.nomination', json(o.nomination), \
         '$.deletion', json(o.deletion))"
    };
}

macro_rules! membership {
    () => {
        "json_object('id', m.id, 'organization', m.organization, 'user', m.user, 'email', m.email, \
         'emailVerified', json(iif(m.email_verified, 'true', 'false')), 'name', m.name, 'roles', json(m.roles), 'state', m.state, 'kind', m.kind, 'title', m.title, \
         'until', m.until, 'joinedAt', m.joined_at)"
    };
}

macro_rules! invitation {
    () => {
        "json_object('id', i.id, 'organization', i.organization, 'email', i.email, 'roles', json(i.roles), \
         'declaredRoles', json(i.declared_roles), 'teams', json(i.teams), 'invitedBy', i.invited_by, 'state', i.state, 'digest', i.digest, 'generation', i.generation, \
         'message', i.message, 'locale', i.locale, 'createdAt', i.created_at, 'expiresAt', i.expires_at, \
         'answeredBy', i.answered_by, 'closedAt', i.closed_at)"
    };
}

/// An affiliation; the argument says how its former slugs are made.
macro_rules! affiliation {
    ($former:literal) => {
        concat!(
            "json_object('organization', o.id, 'slug', o.slug, 'name', o.name, 'state', o.state, ",
            "'owner', o.owner, 'version', o.version, 'user', m.user, 'membership', m.id, ",
            "'roles', CASE WHEN m.user = o.owner THEN json('[\"owner\"]') ELSE json(m.roles) END, ",
            "'customRoles', json((SELECT json_group_array(json_object('key', r.key, 'permissions', \
             json(r.body -> 'permissions')) ORDER BY r.key) FROM roles r INDEXED BY roles_by_key WHERE r.organization = m.organization \
             AND r.key IN (SELECT value FROM json_each(m.roles)))), 'membershipState', m.state, 'until', m.until, ",
            "'requirements', json(o.requirements), 'formerSlugs', ",
            $former,
            ")"
        )
    };
}

macro_rules! invited {
    () => {
        concat!(
            "json_object('invitation', ",
            invitation!(),
            ", 'organization', ",
            organization!(),
            ", 'inviter', json((SELECT ",
            membership!(),
            " FROM memberships m WHERE m.organization = i.organization AND m.user = i.invited_by)), 'roles', \
             json((SELECT json_group_array(json(r.body)) FROM roles r INDEXED BY roles_by_key WHERE r.organization = i.organization \
             AND r.key IN (SELECT value FROM json_each(i.roles) UNION ALL \
             SELECT held.value FROM memberships m CROSS JOIN json_each(m.roles) held \
             WHERE m.organization = i.organization AND m.user = i.invited_by))))"
        )
    };
}

macro_rules! requested {
    () => {
        "json_object('request', json(r.body), 'organizationName', o.name, 'organizationSlug', o.slug)"
    };
}

macro_rules! message {
    () => {
        "json_object('id', id, 'organization', organization, 'version', version, 'notice', json(notice), \
         'seed', seed, 'createdAt', created_at, 'deliveredAt', delivered_at, 'attempts', attempts, \
         'dueAt', due_at)"
    };
}

/// The organization that a command is about: by id, slug, invitation id, or digest of a token
/// (tokens of different kinds never have the same).
macro_rules! target {
    () => {
        "COALESCE(?1, (SELECT organization FROM slugs WHERE slug = ?2), \
         (SELECT organization FROM invitations WHERE id = ?3), \
         (SELECT organization FROM invitations WHERE digest = ?4), \
         (SELECT organization FROM invitation_links WHERE digest = ?4), \
         (SELECT organization FROM registrations WHERE digest = ?4))"
    };
}

/// The organization that a read is about, if it is not deleted and user ?1 is in it: by id ?2 or slug ?3.
/// For a platform admin ?1 is a character that no user's id can hold (see `read::first_asked`), and
/// whichever is named is the one, deleted or not.
macro_rules! inside {
    () => {
        "(CASE WHEN ?1 = char(1) THEN (SELECT z.id FROM organizations z WHERE z.id = \
         COALESCE(?2, (SELECT organization FROM slugs WHERE slug = ?3))) ELSE \
         (SELECT x.organization FROM memberships x CROSS JOIN organizations y INDEXED BY sqlite_autoindex_organizations_1 ON y.id = x.organization \
         WHERE y.deletion IS NULL AND x.user = ?1 AND x.organization = \
         COALESCE(?2, (SELECT organization FROM slugs WHERE slug = ?3))) END)"
    };
}

/// What a platform admin sees of an organization; the argument says how its former slugs are made.
macro_rules! overseen {
    ($former:literal) => {
        concat!(
            "json_object('organization', o.id, 'slug', o.slug, 'name', o.name, 'state', o.state, 'owner', o.owner, \
             'version', o.version, 'user', ?1, 'membership', NULL, 'platformAdmin', json('true'), \
             'roles', json('[]'), 'requirements', json(o.requirements), 'formerSlugs', ",
            $former,
            ")"
        )
    };
}

pub(super) use {
    affiliation, inside, invitation, invited, membership, message, organization, overseen, requested, target,
};
