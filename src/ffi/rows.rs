//! What a store holds, row by row.

use crate::app::ports::{Delivery, DeliveryId, Fault, Message, Positioned, Receipt, Recorded, Tick, UpstreamNonce};
use crate::domain::audit::AuditEntry;
use crate::domain::decision::{Notice, NoticeKind};
use crate::domain::denial::Denial;
use crate::domain::event::Event;
use crate::domain::json::Json;
use crate::domain::read::{FromJson, expected, records, unknown, within};
use crate::domain::suppression::Suppression;
use crate::store::memory::{History, Snapshot, Tombstone};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StringDeserializer};

records! {
    Snapshot {
        organizations,
        tombstones,
        receipts,
        messages,
        deliveries,
        failing,
        sent,
        suppressions,
        purges or_default,
        last_position "lastPosition" or_default,
        tick,
        nonces or_default,
    }
    UpstreamNonce { key, nonce, expires_at "expiresAt", }
    History { id, head, log, departed, positions or_default, }
    Positioned { position, recorded, }
    Recorded { organization, seq, index, at, actor, actor_kind "actorKind", operator, action, hash, event, }
    Tick { at, failures, whole_at "wholeAt", }
    Tombstone { id, head, slugs, }
    AuditEntry { seq, at, actor, actor_kind "actorKind", operator, action, events, prev_hash "prevHash", hash, }
    Receipt { user, key, fingerprint, answer, seed, created_at "createdAt", }
    Message {
        id,
        organization,
        version,
        notice,
        seed,
        created_at "createdAt",
        delivered_at "deliveredAt",
        attempts,
        due_at "dueAt",
    }
    Notice {
        kind,
        to,
        invitation,
        organization_name "organizationName",
        organization_slug "organizationSlug",
        actor,
        domain,
        roles,
        message,
        locale,
        expires_at "expiresAt",
    }
    Delivery {
        webhook,
        message,
        organization,
        event,
        name,
        created_at "createdAt",
        due_at "dueAt",
        attempts,
        attempted_at "attemptedAt",
        status,
        fault,
        delivered_at "deliveredAt",
    }
    Suppression { address, organization, organization_name "organizationName", since, }
}

/// The text of the events is what the entry's hash covers; they are what it says.
impl FromJson for (AuditEntry, Vec<Event>) {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let entry = AuditEntry::read(value)?;
        let events = Json::parse(&entry.events).ok_or_else(|| expected("the text of a list"));
        let events = events.and_then(FromJson::read).map_err(|denial| within("events", denial))?;
        Ok((entry, events))
    }
}

impl FromJson for (u64, u32) {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut items = value.items().ok_or_else(|| expected("a list"))?;
        match (items.next(), items.next(), items.next()) {
            (Some(first), Some(second), None) => Ok((u64::read(first)?, u32::read(second)?)),
            _ => Err(expected("a list of two numbers")),
        }
    }
}

/// Words as serde knows them.
macro_rules! words {
    ($($type:ident)+) => {$(
        impl FromJson for $type {
            fn read(value: Json<'_>) -> Result<Self, Denial> {
                let word = String::read(value)?;
                let reader: StringDeserializer<Error> = word.clone().into_deserializer();
                $type::deserialize(reader).map_err(|_| unknown(&word))
            }
        }
    )+};
}

words! { NoticeKind Fault }

impl FromJson for DeliveryId {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        String::read(value).and_then(DeliveryId::try_from)
    }
}
