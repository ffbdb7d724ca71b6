//! The rows of members and invitations, as one statement takes any number of them.
//!
//! Owns the columns that only a table needs: keys to sort, to search and to compare by.

use crate::domain::invitation::Invitation;
use crate::domain::membership::Membership;
use crate::domain::table::Set;
use serde::Serialize;

/// A member with what only the table needs: keys to sort and to search by, made where text is understood.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberRow<'a> {
    #[serde(flatten)]
    member: &'a Membership,
    email_key: Option<&'a str>,
    name_key: String,
    words: Set<String>,
}

impl<'a> MemberRow<'a> {
    pub(super) fn of(member: &'a Membership) -> Self {
        let email_key = member.email.as_ref().map(|email| email.canonical());
        MemberRow { member, email_key, name_key: member.name_key(), words: member.search_words() }
    }
}

/// An invitation with what its address is compared by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Keyed<'a> {
    #[serde(flatten)]
    invitation: &'a Invitation,
    email_key: &'a str,
}

impl<'a> Keyed<'a> {
    pub(super) fn of(invitation: &'a Invitation) -> Self {
        Keyed { invitation, email_key: invitation.email.canonical() }
    }
}
