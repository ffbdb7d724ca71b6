//! Join requests: somebody outside asks to be let in.
//!
//! Owns their states. `pending` is the only one that moves; whoever decides is a member, whoever
//! withdraws is the one who asked.

use super::denial::{Denial, Reason, echo};
use super::email::Email;
use super::id::{JoinRequestId, OrganizationId, UserId};
use super::text::{Message, Name};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A request. Serde form = stored form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JoinRequest {
    /// Its id.
    pub id: JoinRequestId,
    /// Where to.
    pub organization: OrganizationId,
    /// Who asks.
    pub user: UserId,
    /// Their address, if it was proven when they asked.
    pub email: Option<Email>,
    /// Their name, if it was known when they asked.
    pub name: Option<Name>,
    /// What they say.
    pub message: Option<Message>,
    /// Where it stands.
    pub state: JoinRequestState,
    /// When they asked.
    pub created_at: Timestamp,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When it left `pending`.
    pub closed_at: Option<Timestamp>,
}

/// Where a request stands. All but `Pending` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinRequestState {
    /// Waits for a decision.
    Pending,
    /// They were let in.
    Approved,
    /// They were not.
    Denied,
    /// They thought better of it.
    Withdrawn,
}

impl JoinRequestState {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            JoinRequestState::Pending => "pending",
            JoinRequestState::Approved => "approved",
            JoinRequestState::Denied => "denied",
            JoinRequestState::Withdrawn => "withdrawn",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        [Self::Pending, Self::Approved, Self::Denied, Self::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Denial::because(Reason::InvalidValue, format!("there is no state `{}`", echo(text))))
    }
}

impl JoinRequest {
    /// Whether it waits.
    pub fn is_pending(&self) -> bool {
        self.state == JoinRequestState::Pending
    }

    /// The request as it is once somebody has closed it; nobody decides about a withdrawn one.
    #[must_use]
    pub fn closed(&self, state: JoinRequestState, by: &UserId, at: Timestamp) -> Self {
        let decided_by = Some(by.clone()).filter(|_| state != JoinRequestState::Withdrawn);
        JoinRequest { state, decided_by, closed_at: Some(at), ..self.clone() }
    }
}

/// Whether an organization can be asked. One that cannot looks like one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinRequests {
    /// Anybody who is signed in may ask.
    #[default]
    Open,
    /// Nobody may.
    Off,
}

impl JoinRequests {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            JoinRequests::Open => "open",
            JoinRequests::Off => "off",
        }
    }

    /// Reads a public name.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        match text {
            "open" => Ok(JoinRequests::Open),
            "off" => Ok(JoinRequests::Off),
            _ => Err(Denial::because(Reason::InvalidValue, "`open` or `off` is expected")),
        }
    }
}
