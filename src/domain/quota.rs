//! How often people are invited.
//!
//! Owns the limits, whom each sent invitation is charged to, and what a refusal says. A day is a day of
//! UTC: a counter a day costs one row for each subject, however much is sent, and the store refuses to
//! count beyond the limit, so that requests at the same time cannot pass it together.

use super::decision::{Notice, NoticeKind};
use super::denial::{Denial, Reason, counted};
use super::email::Email;
use super::event::Event;
use super::facts::Facts;
use super::id::{OrganizationId, UserId};
use super::table::Table;
use super::text_value::text_value;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many are invited how often, and for how long. Sending again counts like inviting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationLimits {
    /// How many invitations of one organization are pending at once.
    pub pending: u32,
    /// How many one organization sends a day.
    pub organization_daily: u32,
    /// How many one person sends a day, over all organizations.
    pub inviter_daily: u32,
    /// How many one address is sent a day, over all organizations.
    pub recipient_daily: u32,
    /// How long an invitation is open when nothing else is said, in seconds.
    pub lifetime: i64,
    /// How long it may be open at most, in seconds.
    pub longest: i64,
}

impl InvitationLimits {
    /// The shortest time that may be asked for, in seconds.
    pub const SHORTEST: i64 = 60;
}

impl Default for InvitationLimits {
    fn default() -> Self {
        InvitationLimits {
            pending: 1000,
            organization_daily: 500,
            inviter_daily: 200,
            recipient_daily: 10,
            lifetime: 7 * 24 * 60 * 60,
            longest: 30 * 24 * 60 * 60,
        }
    }
}

/// To whom sent invitations are counted: an organization, an inviter or a recipient.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct QuotaSubject(String);

impl QuotaSubject {
    /// What the text form of a recipient starts with.
    pub const RECIPIENT: &'static str = "recipient:";
    /// What the text form of an organization starts with.
    pub const ORGANIZATION: &'static str = "organization:";

    /// An organization.
    pub fn organization(id: OrganizationId) -> Self {
        QuotaSubject(format!("{}{id}", Self::ORGANIZATION))
    }

    /// Whoever invites.
    pub fn inviter(user: &UserId) -> Self {
        QuotaSubject(format!("inviter:{user}"))
    }

    /// Whoever is invited.
    pub fn recipient(email: &Email) -> Self {
        QuotaSubject(format!("{}{}", Self::RECIPIENT, email.canonical()))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Takes a text form over.
    ///
    /// # Errors
    /// Never, as yet: a subject that nobody asks for is nobody's.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        Ok(QuotaSubject(text.to_owned()))
    }
}

text_value!(QuotaSubject 0);

/// What was sent on the last day on which anything was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Usage {
    /// Days since 1970.
    pub day: u32,
    /// How many.
    pub used: u32,
}

/// A part of what a commit sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// To whom it is counted.
    pub subject: QuotaSubject,
    /// On which day.
    pub day: u32,
    /// How many.
    pub count: u32,
    /// How many there may be.
    pub most: u32,
}

impl Charge {
    /// What there is after it, or `None` where that is too much.
    pub fn on(&self, before: Option<Usage>) -> Option<Usage> {
        let before = before.filter(|usage| usage.day >= self.day);
        let used = before.map_or(0, |usage| usage.used).saturating_add(self.count);
        (used <= self.most).then_some(Usage { day: before.map_or(self.day, |usage| usage.day), used })
    }
}

/// The day of an instant.
pub fn day(now: Timestamp) -> u32 {
    u32::try_from(now.millis().div_euclid(MILLIS_A_DAY)).unwrap_or(u32::MAX)
}

const MILLIS_A_DAY: i64 = 24 * 60 * 60 * 1000;

fn next_day(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(i64::from(day(now)).saturating_add(1).saturating_mul(MILLIS_A_DAY))
}

/// What a command sends to addresses that nobody has proven to be a member's, by subject: its invitations, and
/// the notice to whoever is added. Rule: who causes them pays, also where somebody else vouches.
pub fn charges(
    (events, notices): (&[Event], &[Notice]),
    actor: &UserId,
    after: &Facts,
    limits: &InvitationLimits,
    now: Timestamp,
) -> Vec<Charge> {
    let mut charges = Table::new();
    let invited = events.iter().filter_map(|event| match event {
        Event::InvitationCreated { invitation } => Some(&invitation.email),
        Event::InvitationResent { invitation, .. } => after.invitations.get(invitation).map(|it| &it.email),
        _ => None,
    });
    let added = notices.iter().filter(|notice| notice.kind == NoticeKind::MemberAdded).map(|notice| &notice.to);
    let Some(organization) = after.organization.as_ref().map(|organization| organization.id) else { return Vec::new() };
    for email in invited.chain(added) {
        for (subject, most) in [
            (QuotaSubject::organization(organization), limits.organization_daily),
            (QuotaSubject::inviter(actor), limits.inviter_daily),
            (QuotaSubject::recipient(email), limits.recipient_daily),
        ] {
            let before = charges.get(&subject).map_or(0, |charge: &Charge| charge.count);
            let charge = Charge { subject: subject.clone(), day: day(now), count: before.saturating_add(1), most };
            charges.insert(subject, charge);
        }
    }
    charges.into_values().collect()
}

/// Refuses one more invitation where a limit is reached. Rule: whoever is invited too often by anybody is
/// left alone for the day, and an inviter cannot get around the limit with another organization.
///
/// # Errors
/// `invitation_quota_reached`, saying until when.
pub fn require(
    facts: &Facts,
    limits: &InvitationLimits,
    (organization, inviter, email): (OrganizationId, &UserId, &Email),
    now: Timestamp,
) -> Result<(), Denial> {
    for (subject, most, whose) in [
        (QuotaSubject::organization(organization), limits.organization_daily, "the organization has sent"),
        (QuotaSubject::inviter(inviter), limits.inviter_daily, "you have sent"),
        (QuotaSubject::recipient(email), limits.recipient_daily, "the address was sent"),
    ] {
        let charge = Charge { subject, day: day(now), count: 1, most };
        if charge.on(facts.sent.get(&charge.subject).copied()).is_none() {
            let detail = format!("{whose} {} today, and that is the most", counted(most, "invitation"));
            return Err(Denial::because(Reason::InvitationQuotaReached, detail).until(next_day(now), now));
        }
    }
    Ok(())
}

/// Refuses one more pending invitation where there are as many as may be.
///
/// # Errors
/// `invitation_quota_reached`.
pub fn require_pending(pending: u32, limits: &InvitationLimits, now: Timestamp) -> Result<(), Denial> {
    if pending < limits.pending {
        return Ok(());
    }
    let verb = if pending == 1 { "is" } else { "are" };
    let detail = format!("{} {verb} pending, and that is the most", counted(pending, "invitation"));
    Err(Denial::because(Reason::InvitationQuotaReached, detail).until(now.plus_seconds(60 * 60), now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(day: u32, count: u32) -> Charge {
        Charge { subject: QuotaSubject::parse("inviter:kurt").unwrap(), day, count, most: 3 }
    }

    #[test]
    fn a_new_day_begins_at_nothing_and_a_slow_clock_does_not() {
        let full = Some(Usage { day: 5, used: 3 });
        assert_eq!(charge(5, 1).on(full), None);
        assert_eq!(charge(6, 3).on(full), Some(Usage { day: 6, used: 3 }));
        assert_eq!(charge(4, 1).on(full), None);
        assert_eq!(charge(4, 1).on(Some(Usage { day: 5, used: 1 })), Some(Usage { day: 5, used: 2 }));
        assert_eq!(charge(5, 4).on(None), None);
    }

    #[test]
    fn the_wait_ends_with_the_day() {
        let evening = Timestamp::parse("2026-01-01T23:59:30Z").unwrap();
        assert_eq!(next_day(evening), Timestamp::parse("2026-01-02T00:00:00Z").unwrap());
    }
}
