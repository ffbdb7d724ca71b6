//! The limits of single areas, read from settings.

use super::{ConfigError, Settings, at_most, number};
use crate::domain::claim::DomainLimits;
use crate::domain::door_limits::DoorLimits;
use crate::domain::facts::{LINK_CAP, REGISTRATION_CAP};
use crate::domain::webhook::WebhookLimits;

pub(super) fn domains(settings: &Settings) -> Result<DomainLimits, ConfigError> {
    let limits = DomainLimits::default();
    let (most, rule) = (DomainLimits::MOST, "at most 100 are possible");
    let most = at_most("DOMAIN_LIMIT", settings.domain_limit.as_deref(), most, rule)?;
    let recheck = number("DOMAIN_RECHECK", settings.domain_recheck.as_deref())?.map_or(limits.recheck, i64::from);
    Ok(DomainLimits {
        most: most.and_then(|most| usize::try_from(most).ok()).unwrap_or(limits.most),
        recheck,
        recheck_missing: limits.recheck_missing.min(recheck),
        grace: number("DOMAIN_GRACE", settings.domain_grace.as_deref())?.map_or(limits.grace, i64::from),
    })
}

pub(super) fn webhooks(settings: &Settings) -> Result<WebhookLimits, ConfigError> {
    let usual = WebhookLimits::default();
    let (most, rule) = (WebhookLimits::MOST, "at most 20 are possible");
    let most = at_most("WEBHOOK_LIMIT", settings.webhook_limit.as_deref(), most, rule)?;
    Ok(WebhookLimits {
        most: most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usual.most),
        patience: number("WEBHOOK_PATIENCE", settings.webhook_patience.as_deref())?.map_or(usual.patience, i64::from),
    })
}

pub(super) fn doors(settings: &Settings) -> Result<DoorLimits, ConfigError> {
    let usual = DoorLimits::default();
    let most = |name, text: &Option<String>, usual| Ok(number(name, text.as_deref())?.unwrap_or(usual));
    let seconds = |name, text: &Option<String>, usual| Ok(number(name, text.as_deref())?.map_or(usual, i64::from));
    Ok(DoorLimits {
        links: links(settings)?.unwrap_or(usual.links),
        join_requests: most("JOIN_REQUEST_LIMIT", &settings.join_request_limit, usual.join_requests)?,
        join_request_cooldown: seconds(
            "JOIN_REQUEST_COOLDOWN",
            &settings.join_request_cooldown,
            usual.join_request_cooldown,
        )?,
        registration_lifetime: seconds(
            "REGISTRATION_LIFETIME",
            &settings.registration_lifetime,
            usual.registration_lifetime,
        )?,
        registrations_per_address: most(
            "REGISTRATIONS_PER_ADDRESS",
            &settings.registrations_per_address,
            usual.registrations_per_address,
        )?,
        registrations_per_hour: registrations(settings)?.unwrap_or(usual.registrations_per_hour),
    })
}

/// Rule: as many as a decision may see, and no setting is lowered without a word.
fn links(settings: &Settings) -> Result<Option<u32>, ConfigError> {
    let text = settings.invitation_link_limit.as_deref();
    at_most("INVITATION_LINK_LIMIT", text, LINK_CAP, "at most 100 are possible")
}

fn registrations(settings: &Settings) -> Result<Option<u32>, ConfigError> {
    let text = settings.registrations_per_hour.as_deref();
    at_most("REGISTRATIONS_PER_HOUR", text, REGISTRATION_CAP, "at most 100000 are possible")
}
