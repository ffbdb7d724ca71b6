//! Inviting many at once: one command, one commit, an answer for each line.
//!
//! Owns how lines follow one another. Never has a rule of its own about a single invitation: each line
//! is decided like an invitation alone, on the facts that the lines before it have left.

use super::{Case, invitation};
use crate::domain::command::{InviteMember, InviteMembers, MOST_INVITED_AT_ONCE};
use crate::domain::decision::{Decision, InvitedLine, Notice, Outcome};
use crate::domain::denial::{Denial, Reason, Refusal, echo};
use crate::domain::event::Event;
use crate::domain::evolve::evolve;
use crate::domain::facts::Facts;
use crate::domain::permission::Permission;
use crate::domain::quota::charges;
use crate::domain::table::Set;

/// Invites each address that may be invited. Rule: seats and quotas are counted line by line, so
/// that the first lines get what is left, and a bad line takes nothing from the good ones.
pub(super) fn invite(case: &Case<'_>, many: &InviteMembers) -> Result<Decision, Denial> {
    case.require(Permission::InvitationCreate)?;
    if many.lines.len() > MOST_INVITED_AT_ONCE {
        let detail = format!("at most {MOST_INVITED_AT_ONCE} invitations are made at once");
        return Err(Denial::about(Reason::InvalidValue, "invitations", detail));
    }
    let mut batch = Batch { facts: case.facts.clone(), ..Batch::default() };
    many.lines.iter().for_each(|line| batch.add(case, line));
    Ok(batch.finish())
}

/// The lines so far, and the facts as they have left them.
#[derive(Default)]
struct Batch {
    facts: Facts,
    addresses: Set<String>,
    superseded: Vec<Event>,
    created: Vec<Event>,
    notices: Vec<Notice>,
    lines: Vec<InvitedLine>,
}

impl Batch {
    fn add(&mut self, case: &Case<'_>, line: &InviteMember) {
        let came_to = match self.decide(case, line) {
            Ok(decision) => self.take(case, line, decision),
            Err(denial) => refused(denial),
        };
        self.lines.push(came_to);
    }

    fn decide(&mut self, case: &Case<'_>, line: &InviteMember) -> Result<Decision, Denial> {
        if self.addresses.contains(line.email.canonical()) {
            let detail = format!("`{}` stands in an earlier line", echo(line.email.as_str()));
            return Err(Denial::about(Reason::DuplicateRecipient, "email", detail));
        }
        invitation::invite(&case.after(&self.facts)?, line)
    }

    /// What gives way comes before all that is new: alike events of a commit are stored as one.
    fn take(&mut self, case: &Case<'_>, line: &InviteMember, decision: Decision) -> InvitedLine {
        for charge in
            charges((&decision.events, &[]), &case.actor.user_id, &self.facts, &case.policy.invitations, case.now)
        {
            let usage = charge.on(self.facts.sent.get(&charge.subject).copied());
            self.facts.sent.extend(usage.map(|usage| (charge.subject, usage)));
        }
        self.addresses.insert(line.email.canonical().to_owned());
        let mut came_to = InvitedLine::Created { invitation: line.invitation };
        for event in decision.events {
            evolve(&mut self.facts, &event);
            if let Event::InvitationSuperseded { invitation, .. } = &event {
                came_to = InvitedLine::Replaced { invitation: line.invitation, superseded: *invitation };
                self.superseded.push(event);
            } else {
                self.created.push(event);
            }
        }
        self.notices.extend(decision.notices);
        came_to
    }

    fn finish(self) -> Decision {
        let events = self.superseded.into_iter().chain(self.created).collect();
        Decision { events, notices: self.notices, outcome: Outcome::Invitations { lines: self.lines } }
    }
}

fn refused(denial: Denial) -> InvitedLine {
    let Refusal { reason, param, detail, missing, .. } = denial.into();
    let (code, detail) = (reason.code().to_owned(), detail.into_owned());
    InvitedLine::Refused { code, detail, param: param.map(|param| param.into_owned()), missing }
}
