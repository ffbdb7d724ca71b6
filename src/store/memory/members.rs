//! Lists of members.

use super::read::size;
use crate::app::ports::{MemberFilter, MemberSort, Placed};
use crate::domain::facts::Facts;
use crate::domain::membership::Membership;
use crate::domain::order::sort_by_key;

/// The page of the members that a filter asks for.
pub(super) fn list(facts: &Facts, filter: &MemberFilter) -> Vec<Placed> {
    let placed = |member: &Membership| Some(Placed { key: key(member, filter)?, member: member.clone() });
    let mut found: Vec<Placed> =
        facts.members.values().filter(|member| shown(facts, member, filter)).filter_map(placed).collect();
    let place = |placed: &Placed| (placed.key.clone(), placed.member.id);
    sort_by_key(&mut found, place);
    found.retain(|placed| filter.after.as_ref().is_none_or(|after| place(placed) > *after));
    found.truncate(size(filter.limit));
    found
}

fn shown(facts: &Facts, member: &Membership, filter: &MemberFilter) -> bool {
    let Some(organization) = &facts.organization else { return false };
    let holds = |role| member.effective_roles(organization).contains(role);
    let in_team = |team| facts.team_members.get(&member.user).is_some_and(|held| held.contains_key(&team));
    filter.state.is_none_or(|state| state == member.state)
        && filter.role.as_ref().is_none_or(holds)
        && filter.team.is_none_or(in_team)
}

/// Where it stands; nowhere when no word of it begins as searched.
fn key(member: &Membership, filter: &MemberFilter) -> Option<String> {
    match (&filter.search, filter.sort) {
        (Some(search), _) => search.place(member.search_words()),
        (None, MemberSort::Joined) if is_owner_list(filter) => Some(String::new()),
        (None, MemberSort::Name) if is_owner_list(filter) => Some(String::new()),
        (None, MemberSort::Joined) => Some(format!("{:015}", member.joined_at.millis())),
        (None, MemberSort::Name) => Some(member.name_key()),
    }
}

fn is_owner_list(filter: &MemberFilter) -> bool {
    filter.team.is_none() && filter.role.as_ref().is_some_and(|role| role.as_str() == crate::domain::role::OWNER)
}
