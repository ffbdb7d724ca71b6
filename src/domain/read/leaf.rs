//! Leaves: texts, words, numbers, and what is kept without being read.

use super::{FromJson, expected, instant_at, unknown};
use crate::domain::audit::EntryHash;
use crate::domain::claim::{Challenge, DomainPolicy, DomainState};
use crate::domain::command::{ExpectedVersion, OrganizationRef, RoleRef};
use crate::domain::denial::Denial;
use crate::domain::domain_name::DomainName;
use crate::domain::email::{Email, EmailDomain};
use crate::domain::encoding::is_hex;
use crate::domain::id::{
    DomainId, InvitationId, JoinRequestId, LinkId, MembershipId, MessageId, OrganizationId, RegistrationId, RoleId,
    TeamId, UserId, WebhookId,
};
use crate::domain::invitation::InvitationState;
use crate::domain::join_request::{JoinRequestState, JoinRequests};
use crate::domain::json::{self, Json};
use crate::domain::json_object::JsonObject;
use crate::domain::membership::{MemberKind, MembershipState};
use crate::domain::operator::OperatorName;
use crate::domain::organization::OrganizationState;
use crate::domain::ownership::NominationEnd;
use crate::domain::principal::{IssuerName, PrincipalKind};
use crate::domain::quota::QuotaSubject;
use crate::domain::role::{RoleKey, Roles};
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;
use crate::domain::suppression::SuppressionScope;
use crate::domain::table::Set;
use crate::domain::text::{Locale, LogoUrl, Message, Name, Title};
use crate::domain::time::Timestamp;
use crate::domain::webhook::{Description, DisabledBecause, EventPattern, WebhookSeed, WebhookState};
use crate::domain::webhook_url::WebhookUrl;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde_json::Value;

impl FromJson for String {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        value.text().map(|text| text.read().into_owned()).ok_or_else(|| expected("a text"))
    }
}

macro_rules! texts {
    ($($type:ident)+) => {$(
        impl FromJson for $type {
            fn read(value: Json<'_>) -> Result<Self, Denial> {
                String::read(value).and_then($type::try_from)
            }
        }
    )+};
}

texts! {
    Description EventPattern MessageId WebhookId WebhookSeed WebhookUrl Challenge DomainId DomainName Email EmailDomain InvitationId IssuerName JoinRequestId LinkId Locale LogoUrl
    MembershipId Message Name OperatorName OrganizationId OrganizationRef QuotaSubject RegistrationId RoleId RoleKey RoleRef Slug
    TeamId Title UserId
}

macro_rules! words {
    ($($type:ident $parse:expr,)+) => {$(
        impl FromJson for $type {
            fn read(value: Json<'_>) -> Result<Self, Denial> {
                let parse: fn(&str) -> Result<$type, Denial> = $parse;
                parse(&String::read(value)?)
            }
        }
    )+};
}

words! {
    MembershipState MembershipState::parse,
    MemberKind MemberKind::parse,
    DomainPolicy DomainPolicy::parse,
    DomainState DomainState::parse,
    WebhookState WebhookState::parse,
    DisabledBecause DisabledBecause::parse,
    InvitationState InvitationState::parse,
    SuppressionScope SuppressionScope::parse,
    JoinRequestState JoinRequestState::parse,
    JoinRequests JoinRequests::parse,
    OrganizationState |word| match word {
        "active" => Ok(OrganizationState::Active),
        "inactive" => Ok(OrganizationState::Inactive),
        other => Err(unknown(other)),
    },
    NominationEnd |word| match word {
        "accepted" => Ok(NominationEnd::Accepted),
        "declined" => Ok(NominationEnd::Declined),
        "withdrawn" => Ok(NominationEnd::Withdrawn),
        "expired" => Ok(NominationEnd::Expired),
        "void" => Ok(NominationEnd::Void),
        other => Err(unknown(other)),
    },
    PrincipalKind |word| match word {
        "user" => Ok(PrincipalKind::User),
        "service" => Ok(PrincipalKind::Service),
        "platform_admin" => Ok(PrincipalKind::PlatformAdmin),
        "system" => Ok(PrincipalKind::System),
        other => Err(unknown(other)),
    },
}

/// One version, or a list of them.
impl FromJson for ExpectedVersion {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        match value.items() {
            Some(_) => Set::read(value).map(ExpectedVersion::Any),
            None => u64::read(value).map(ExpectedVersion::One),
        }
    }
}

impl FromJson for Roles {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        Vec::<RoleKey>::read(value).and_then(Roles::try_from)
    }
}

impl FromJson for SecretDigest {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let text = String::read(value)?;
        let is_digest = is_hex(&text, 64);
        // serde's own error type and not `serde_json`'s, which would bring all its wordings along.
        let digest = SecretDigest::deserialize(IntoDeserializer::<serde::de::value::Error>::into_deserializer(text));
        digest.ok().filter(|_| is_digest).ok_or_else(|| expected("a digest of 64 lower-case hexadecimal digits"))
    }
}

impl FromJson for EntryHash {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        EntryHash::parse(&String::read(value)?).ok_or_else(|| expected("a hash of 64 lower-case hexadecimal digits"))
    }
}

impl FromJson for bool {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        value.boolean().ok_or_else(|| expected("true or false"))
    }
}

impl FromJson for u64 {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        value.whole().ok_or_else(|| expected("a whole number"))
    }
}

impl FromJson for u32 {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        u32::try_from(u64::read(value)?).map_err(|_| expected("a smaller number"))
    }
}

impl FromJson for u16 {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        u16::try_from(u64::read(value)?).map_err(|_| expected("a smaller number"))
    }
}

impl FromJson for Timestamp {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let millis = value.whole_part().filter(|(_, more)| !more);
        millis
            .and_then(|(millis, _)| instant_at(millis))
            .ok_or_else(|| expected("a whole number of milliseconds since 1970"))
    }
}

impl FromJson for JsonObject {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        match json::value(value.as_str()) {
            Some(Value::Object(map)) => JsonObject::from_map(map),
            _ => Err(expected("an object")),
        }
    }
}
