//! What a believed token says, as JSON.
//!
//! Owns the form of the answer. Never judges.

use super::Answer;
use crate::domain::id::OrganizationId;
use crate::domain::pass::{Listener, MOST_LEEWAY, Row, Stated};
use crate::domain::permission::PermissionSet;

/// Writes while the token is read: the memberships, then the teams, then the rest.
pub struct Said<'w, 'r> {
    answer: &'w mut Answer<'r>,
    /// What stands before the next membership, and before the next team.
    before_row: &'static str,
    before_team: &'static str,
}

impl<'w, 'r> Said<'w, 'r> {
    pub fn begin(answer: &'w mut Answer<'r>) -> Self {
        answer.push(&["{\"members\":["]);
        Said { answer, before_row: "", before_team: "],\"teams\":[" }
    }

    pub fn end(self, stated: &Stated<'_>, leeway: u64) {
        let answer = self.answer;
        if self.before_team != "," {
            answer.push(&[self.before_team]);
        }
        let texts =
            [("id", stated.id), ("issuer", stated.issuer), ("audience", stated.audience), ("userId", stated.user)];
        answer.push(&["]"]);
        for (name, text) in texts {
            answer.push(&[",\"", name, "\":\"", text.raw(), "\""]);
        }
        let ends = stated.expires_at.saturating_add(leeway.min(MOST_LEEWAY));
        for (name, seconds) in [("issuedAt", stated.issued_at), ("expiresAt", stated.expires_at), ("ends", ends)] {
            answer.push(&[",\"", name, "\":"]);
            millis(answer, seconds);
        }
        answer.push(&[",\"more\":", if stated.more { "true" } else { "false" }, ",\"permissions\":"]);
        answer.list(stated.declared.names(), |answer, name| answer.push(&["\"", name, "\""]));
        answer.push(&["}"]);
    }
}

impl<'a> Listener<'a> for Said<'_, '_> {
    fn row(&mut self, row: &Row<'a>) {
        let answer = &mut *self.answer;
        answer.push(&[self.before_row, "{\"id\":\"", OrganizationId::PREFIX]);
        self.before_row = ",";
        for byte in row.organization.as_bytes() {
            answer.push(&[hex(byte >> 4), hex(byte & 15)]);
        }
        answer.push(&["\",\"slug\":\"", row.slug, "\""]);
        if let Some(name) = row.name {
            answer.push(&[",\"name\":\"", name.raw(), "\""]);
        }
        answer.push(&[",\"version\":"]);
        answer.number(row.version);
        answer.push(&[",\"epoch\":"]);
        answer.number(row.epoch);
        if let Some(until) = row.until {
            answer.push(&[",\"until\":"]);
            millis(answer, until);
        }
        answer.push(&[",\"roles\":"]);
        answer.list(row.roles(), |answer, (key, _)| answer.push(&["\"", key, "\""]));
        answer.push(&[",\"allowed\":"]);
        places(answer, row.permissions);
        answer.push(&["}"]);
    }

    fn team(&mut self, team: &'a str, allowed: PermissionSet) {
        self.answer.push(&[self.before_team, "[\"", team, "\","]);
        self.before_team = ",";
        places(self.answer, allowed);
        self.answer.push(&["]"]);
    }
}

fn places(answer: &mut Answer<'_>, set: PermissionSet) {
    answer.list(set.places(), |answer, place| answer.number(place as u64));
}

fn millis(answer: &mut Answer<'_>, seconds: u64) {
    answer.number(seconds.saturating_mul(1000));
}

fn hex(digit: u8) -> &'static str {
    let digit = usize::from(digit);
    "0123456789abcdef".get(digit..digit.wrapping_add(1)).unwrap_or_default()
}
