//! Places in lists, as cursors hold them.
//!
//! Owns the reading of what a list wrote into its cursor. By hand: serde's reader of each list's tuple is
//! compiled for that tuple alone, with wordings that nobody is shown.

use crate::app::webhooks::DeliveryId;
use crate::domain::id::{
    DomainId, InvitationId, JoinRequestId, LinkId, MembershipId, OrganizationId, TeamId, UserId, WebhookId,
};
use crate::domain::role::RoleKey;
use crate::domain::time::Timestamp;
use serde_json::Value;

/// What stands in a cursor.
pub trait Position: Sized {
    /// Reads it; `None` for what no list of this kind wrote.
    fn read(value: &Value) -> Option<Self>;
}

macro_rules! texts {
    ($($type:ident)+) => {$(
        impl Position for $type {
            fn read(value: &Value) -> Option<Self> {
                $type::try_from(value.as_str()?.to_owned()).ok()
            }
        }
    )+};
}

texts! {
    String DeliveryId DomainId InvitationId JoinRequestId LinkId MembershipId OrganizationId RoleKey TeamId UserId
    WebhookId
}

impl Position for u64 {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl Position for u32 {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl Position for Timestamp {
    fn read(value: &Value) -> Option<Self> {
        value.as_i64().map(Timestamp::from_millis)
    }
}

/// As it is: what stands there is read later.
impl Position for Value {
    fn read(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

/// Null is before the first.
impl<T: Position> Position for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }
}

/// A list of one.
impl<T: Position> Position for [T; 1] {
    fn read(value: &Value) -> Option<Self> {
        let [one] = items(value)?;
        Some([T::read(one)?])
    }
}

impl<T: Position, U: Position> Position for (T, U) {
    fn read(value: &Value) -> Option<Self> {
        let [one, other] = items(value)?;
        Some((T::read(one)?, U::read(other)?))
    }
}

impl<T: Position, U: Position, V: Position> Position for (T, U, V) {
    fn read(value: &Value) -> Option<Self> {
        let [one, two, three] = items(value)?;
        Some((T::read(one)?, U::read(two)?, V::read(three)?))
    }
}

fn items<const N: usize>(value: &Value) -> Option<&[Value; N]> {
    value.as_array()?.as_slice().try_into().ok()
}
