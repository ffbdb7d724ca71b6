//! A user's membership in an organization.

use super::denial::{Denial, Reason, echo};
use super::email::Email;
use super::id::{MembershipId, OrganizationId, UserId};
use super::organization::Organization;
use super::principal::Principal;
use super::role::{RoleKey, Roles};
use super::search;
use super::table::Set;
use super::text::{Name, Title};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A membership: at most one for each organization and user. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Membership {
    /// Its id; a user who leaves and comes back gets another.
    pub id: MembershipId,
    /// Where.
    pub organization: OrganizationId,
    /// Who.
    pub user: UserId,
    /// The member's address, as last vouched for or entered.
    pub email: Option<Email>,
    /// Whether the address is the member's own by proof: an identity provider vouched for it, or an operator.
    /// What somebody else entered is shown and found, and has no other effect.
    #[serde(default)]
    pub email_verified: bool,
    /// The member's name, as last vouched for or entered.
    pub name: Option<Name>,
    /// The roles given; the owner's power comes from the organization, not from here.
    pub roles: Roles,
    /// Whether it works.
    #[serde(default)]
    pub state: MembershipState,
    /// A person or a program.
    #[serde(default)]
    pub kind: MemberKind,
    /// What the member is called in the organization.
    #[serde(default)]
    pub title: Option<Title>,
    /// From when on it is over; `None` is until it is ended.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Since when.
    pub joined_at: Timestamp,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $text:literal)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// The public name.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// Reads a public name.
            ///
            /// # Errors
            /// `invalid_value`.
            pub fn parse(text: &str) -> Result<Self, Denial> {
                match text {
                    $($text => Ok($name::$variant),)+
                    other => Err(Denial::because(Reason::InvalidValue, format!("`{}` is not among the choices", echo(other)))),
                }
            }
        }
    )+};
}

words! {
    /// Whether a membership works.
    MembershipState {
        /// It works.
        #[default]
        Active "active"
        /// It is kept and gives no power.
        Suspended "suspended"
    }
    /// What kind of member.
    MemberKind {
        /// A person.
        #[default]
        Human "human"
        /// A program: an API client.
        Service "service"
    }
}

impl Membership {
    /// A working membership of a person, without an end.
    pub fn new(
        id: MembershipId,
        organization: OrganizationId,
        user: UserId,
        roles: Roles,
        joined_at: Timestamp,
    ) -> Self {
        Membership {
            id,
            organization,
            user,
            email: None,
            email_verified: false,
            name: None,
            roles,
            state: MembershipState::Active,
            kind: MemberKind::Human,
            title: None,
            until: None,
            joined_at,
        }
    }

    /// The same of somebody who is there: with their address if it is proven, for an unproven one is nobody's.
    #[must_use]
    pub fn of(self, person: &Principal) -> Self {
        let (email, name) = (person.verified_email().cloned(), person.name.clone());
        Membership { name, ..self }.proven(email)
    }

    /// The same with a proven address, or with none.
    #[must_use]
    pub fn proven(self, email: Option<Email>) -> Self {
        Membership { email_verified: email.is_some(), email, ..self }
    }

    /// The address, when it is proven. Rule: an address that somebody else entered gets no mail, closes no
    /// invitation and stands in nobody's way: it may be a stranger's.
    pub fn verified_email(&self) -> Option<&Email> {
        self.email.as_ref().filter(|_| self.email_verified)
    }

    /// The roles in force: the owner's are `owner` alone, which contains all others.
    pub fn effective_roles(&self, organization: &Organization) -> Vec<RoleKey> {
        if organization.owner == self.user { vec![RoleKey::owner()] } else { self.roles.iter().cloned().collect() }
    }

    /// Whether its time is not over at `now`.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Refuses a membership that gives no power.
    ///
    /// # Errors
    /// `not_found` once its time is over, as for a stranger; `membership_suspended`.
    pub fn require_in_force(&self, now: Timestamp) -> Result<(), Denial> {
        if !self.lasts(now) {
            return Err(Reason::NotFound.into());
        }
        match self.state {
            MembershipState::Active => Ok(()),
            MembershipState::Suspended => Err(Reason::MembershipSuspended.into()),
        }
    }

    /// What lists of members sort by when asked to by name.
    pub fn name_key(&self) -> String {
        self.name.as_ref().map(Name::sort_key).unwrap_or_default()
    }

    /// The words by which the member is found: those of the address, the id and the name, without case and accents.
    /// A search gives the beginnings of some (`domain::search`). A change of their rule puts a row into
    /// `member_words_progress`, so that the cron makes all anew.
    pub fn search_words(&self) -> Set<String> {
        let address = self.email.iter().flat_map(search::words_of_email);
        let name = self.name.iter().flat_map(|name| search::words_of_name(name.as_str()));
        address.chain(search::words_of_id(self.user.as_str())).chain(name).take(MOST_WORDS).collect()
    }
}

/// More words than this are not kept of one member.
const MOST_WORDS: usize = 48;
