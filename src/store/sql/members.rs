//! Lists of members: one statement for each way to ask, each a walk along one index.
//!
//! Owns the choice of the statement. A page costs the same wherever it begins and however many
//! members there are; what is searched and filtered besides costs what the search finds.

use super::executor::Param;
use super::list;
use super::shape::{inside, membership};
use crate::app::ports::{MemberFilter, MemberSort};
use crate::domain::membership::MembershipState;
use crate::domain::role::OWNER;
use crate::domain::search::range;

/// A statement: the key by which it is sorted, the tables, the place after which it begins. Its
/// parameters: user, id, slug; key and id of the place, limit, state, role or word, end of the words, further words.
macro_rules! listing {
    ($key:literal $from:literal $after:literal $order:literal) => {
        concat!(
            "SELECT json_object('key', ",
            $key,
            ", 'member', ",
            membership!(),
            ") AS j FROM ",
            $from,
            inside!(),
            " AND ",
            $after,
            " AND (?7 IS NULL OR m.state = ?7) ORDER BY ",
            $order,
            " LIMIT ?6"
        )
    };
}

const BY_AGE: &str = listing!(
    "printf('%015d', m.joined_at)" "memberships m WHERE m.organization = "
    "(m.joined_at, m.id) > (CAST(?4 AS INTEGER), ?5)" "m.joined_at, m.id"
);
const BY_NAME: &str =
    listing!("m.name_key" "memberships m WHERE m.organization = " "(m.name_key, m.id) > (?4, ?5)" "m.name_key, m.id");
const SUSPENDED_BY_AGE: &str = listing!(
    "printf('%015d', m.joined_at)" "memberships m WHERE m.state = 'suspended' AND m.organization = "
    "(m.joined_at, m.id) > (CAST(?4 AS INTEGER), ?5)" "m.joined_at, m.id"
);
const SUSPENDED_BY_NAME: &str = listing!(
    "m.name_key" "memberships m WHERE m.state = 'suspended' AND m.organization = "
    "(m.name_key, m.id) > (?4, ?5)" "m.name_key, m.id"
);
/// What is stored beside the owner's power is not in force: hence the look at the owner.
const OF_ROLE_BY_AGE: &str = listing!(
    "printf('%015d', h.joined_at)" "member_roles h CROSS JOIN memberships m ON m.organization = h.organization AND \
     m.user = h.user CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = h.organization \
     WHERE h.role = ?8 AND m.user <> o.owner AND h.organization = "
    "(h.joined_at, h.id) > (CAST(?4 AS INTEGER), ?5)" "h.joined_at, h.id"
);
const OF_ROLE_BY_NAME: &str = listing!(
    "h.name_key" "member_roles h CROSS JOIN memberships m ON m.organization = h.organization AND \
     m.user = h.user CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = h.organization \
     WHERE h.role = ?8 AND m.user <> o.owner AND h.organization = "
    "(h.name_key, h.id) > (?4, ?5)" "h.name_key, h.id"
);
const OF_TEAM_BY_AGE: &str = listing!(
    "printf('%015d', h.joined_at)" "team_members h CROSS JOIN memberships m ON m.organization = h.organization AND \
     m.user = h.user CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = h.organization \
     WHERE h.team = ?8 AND (?9 IS NULL OR CASE WHEN m.user = o.owner THEN ?9 = 'owner' \
     ELSE EXISTS (SELECT 1 FROM json_each(m.roles) WHERE value = ?9) END) AND h.organization = "
    "(h.joined_at, h.id) > (CAST(?4 AS INTEGER), ?5)" "h.joined_at, h.id"
);
const OF_TEAM_BY_NAME: &str = listing!(
    "h.name_key" "team_members h CROSS JOIN memberships m ON m.organization = h.organization AND \
     m.user = h.user CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = h.organization \
     WHERE h.team = ?8 AND (?9 IS NULL OR CASE WHEN m.user = o.owner THEN ?9 = 'owner' \
     ELSE EXISTS (SELECT 1 FROM json_each(m.roles) WHERE value = ?9) END) AND h.organization = "
    "(h.name_key, h.id) > (?4, ?5)" "h.name_key, h.id"
);
const OWNER_ALONE: &str = listing!(
    "''" "organizations o INDEXED BY sqlite_autoindex_organizations_1 CROSS JOIN memberships m ON m.organization = o.id AND m.user = o.owner \
     WHERE ?4 = '' AND ?5 = '' AND o.id = " "1" "1"
);
/// A member whom several words find stands where the first of them does. The longest word that is asked for is looked
/// up; the others are looked for among the words of those whom it finds.
const FOUND: &str = listing!(
    "w.word" "member_words w CROSS JOIN memberships m ON m.organization = w.organization AND m.user = w.user \
     CROSS JOIN organizations o INDEXED BY sqlite_autoindex_organizations_1 ON o.id = w.organization \
     WHERE w.word >= ?8 AND w.word < ?9 AND (?10 IS NULL OR CASE WHEN m.user = o.owner THEN ?10 = 'owner' \
     ELSE EXISTS (SELECT 1 FROM json_each(m.roles) WHERE value = ?10) END) \
     AND (?11 IS NULL OR EXISTS (SELECT 1 FROM team_members t WHERE t.organization = w.organization \
     AND t.team = ?11 AND t.user = w.user)) \
     AND NOT EXISTS (SELECT 1 FROM member_words v WHERE v.organization = w.organization AND v.user = w.user \
     AND v.word >= ?8 AND v.word < w.word) \
     AND NOT EXISTS (SELECT 1 FROM json_each(?12) f WHERE NOT EXISTS (SELECT 1 FROM member_words v \
     WHERE v.organization = w.organization AND v.user = w.user \
     AND v.word >= f.value ->> 0 AND v.word < f.value ->> 1)) AND w.organization = "
    "(w.word, w.id) > (?4, ?5)" "w.word, w.id"
);

/// The statement that a filter asks for, and its parameters after those of `inside!`.
pub(super) fn statement(filter: &MemberFilter) -> (&'static str, Vec<Param>) {
    let (key, id) = filter.after.clone().map_or_else(first_place, |(key, id)| (key, id.to_string()));
    let state: Param = filter.state.map(MembershipState::as_str).into();
    let role: Param = filter.role.as_ref().map(|role| role.as_str()).into();
    let common: Vec<Param> = vec![key.into(), id.into(), filter.limit.into(), state];
    if let Some(search) = &filter.search {
        let team = filter.team.map(|team| team.to_string()).into();
        let [first, end] = range(search.first());
        let others: Vec<[String; 2]> = search.others().iter().map(|word| range(word)).collect();
        return (FOUND, [common, vec![first.into(), end.into(), role, team, list(&others)]].concat());
    }
    if let Some(team) = filter.team {
        let by = if filter.sort == MemberSort::Name { OF_TEAM_BY_NAME } else { OF_TEAM_BY_AGE };
        return (by, [common, vec![team.to_string().into(), role]].concat());
    }
    let suspended = filter.state == Some(MembershipState::Suspended);
    match (&filter.role, filter.sort) {
        (Some(role), _) if role.as_str() == OWNER => (OWNER_ALONE, common),
        (Some(_), MemberSort::Joined) => (OF_ROLE_BY_AGE, [common, vec![role]].concat()),
        (Some(_), MemberSort::Name) => (OF_ROLE_BY_NAME, [common, vec![role]].concat()),
        (None, MemberSort::Joined) if suspended => (SUSPENDED_BY_AGE, common),
        (None, MemberSort::Name) if suspended => (SUSPENDED_BY_NAME, common),
        (None, MemberSort::Joined) => (BY_AGE, common),
        (None, MemberSort::Name) => (BY_NAME, common),
    }
}

/// Before every member: an empty key and an empty id. As an instant it is 0, and nobody joined at 0
/// with an empty id.
fn first_place() -> (String, String) {
    (String::new(), String::new())
}

pub(super) fn statements_by_name() -> Vec<(&'static str, &'static str)> {
    vec![
        ("list members by age", BY_AGE),
        ("list members by name", BY_NAME),
        ("list suspended members by age", SUSPENDED_BY_AGE),
        ("list suspended members by name", SUSPENDED_BY_NAME),
        ("list holders of a role by age", OF_ROLE_BY_AGE),
        ("list holders of a role by name", OF_ROLE_BY_NAME),
        ("list members of a team by age", OF_TEAM_BY_AGE),
        ("list members of a team by name", OF_TEAM_BY_NAME),
        ("read the owner", OWNER_ALONE),
        ("search members", FOUND),
    ]
}
