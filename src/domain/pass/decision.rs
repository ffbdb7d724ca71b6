//! What a believed pass answers.
//!
//! Owns the decision, which equals `check`'s for the same membership at the same version. What a pass
//! does not know is an error, never a silent no.

use super::fault::PassFault;
use super::read::{Declared, Listener, Row};
use super::token::Vouched;
use crate::domain::id::OrganizationId;
use crate::domain::permission::PermissionSet;
use crate::domain::role::built_in_permissions;

/// A decision that explains itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision<'a> {
    /// The answer.
    pub allowed: bool,
    /// The rule that decided: `granted_by_role` or `permission_denied`.
    pub code: &'static str,
    /// The first of the organization's roles that allows it; none where only a team's does, for a pass
    /// does not say by which.
    pub granted_by: Option<&'a str>,
}

/// Why a pass gives no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// It is no pass.
    PassInvalid,
    /// It does not speak of the organization.
    NotFound,
    /// There is no such permission.
    UnknownPermission,
    /// It does not speak of the team: ask the installation.
    TeamNotInPass,
}

impl Undecided {
    /// The stable public code, in snake_case.
    pub fn code(self) -> &'static str {
        match self {
            Undecided::PassInvalid => "pass_invalid",
            Undecided::NotFound => "not_found",
            Undecided::UnknownPermission => "unknown_permission",
            Undecided::TeamNotInPass => "team_not_in_pass",
        }
    }

    /// The same for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Undecided::PassInvalid => PassFault::PassInvalid.sentence(),
            Undecided::NotFound => "there is no such thing, or it is not yours",
            Undecided::UnknownPermission => "there is no such permission",
            Undecided::TeamNotInPass => "the pass does not speak of the team",
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'q> {
    /// Where, by id or slug; `None` is the only membership of a pass.
    pub organization: Option<&'q str>,
    /// In which team; `None` is the organization as a whole.
    pub team: Option<&'q str>,
    /// What.
    pub permission: &'q str,
}

impl<'a> Vouched<'a> {
    /// Decides by a token that has been believed before.
    ///
    /// # Errors
    /// [`Undecided`].
    pub fn decide(&self, question: &Question<'_>) -> Result<Decision<'a>, Undecided> {
        let mut asked = Asked { question, row: None, team: None };
        let said = self.read(&mut asked).ok_or(Undecided::PassInvalid)?;
        let row = asked.row.ok_or(Undecided::NotFound)?;
        let place = said.declared.names().position(|name| name == question.permission);
        let place = place.ok_or(Undecided::UnknownPermission)?;
        let allowed = match question.team {
            None => row.permissions,
            Some(_) => asked.team.ok_or(Undecided::TeamNotInPass)?,
        };
        Ok(row.decision(place, allowed, said.declared))
    }
}

impl<'a> Row<'a> {
    fn decision(&self, place: usize, allowed: PermissionSet, declared: Declared<'a>) -> Decision<'a> {
        let all = declared.all();
        let allows =
            |key: &str, own: Option<PermissionSet>| own.or_else(|| built_in_permissions(all, key)).unwrap_or_default();
        let granting = |(key, own): &(&str, Option<PermissionSet>)| allows(key, *own).has_place(place);
        let allowed = allowed.has_place(place);
        let granted_by = self.roles().find(granting).map(|(key, _)| key).filter(|_| allowed);
        let code = if allowed { "granted_by_role" } else { "permission_denied" };
        Decision { allowed, code, granted_by }
    }

    fn is_called(&self, name: &str) -> bool {
        self.slug == name || OrganizationId::from_text(name) == Some(self.organization)
    }
}

/// Listens for what is asked.
struct Asked<'q, 'a> {
    question: &'q Question<'q>,
    row: Option<Row<'a>>,
    team: Option<PermissionSet>,
}

impl<'a> Listener<'a> for Asked<'_, 'a> {
    fn row(&mut self, row: &Row<'a>) {
        if self.question.organization.is_none_or(|name| row.is_called(name)) {
            self.row = Some(*row);
        }
    }

    fn team(&mut self, team: &'a str, allowed: PermissionSet) {
        if self.question.team == Some(team) {
            self.team = Some(allowed);
        }
    }
}
