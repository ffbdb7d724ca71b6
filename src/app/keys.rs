//! Keys: what only this installation can sign or derive.
//!
//! Owns the derivation of one key per purpose from the one configured secret, and the text form of
//! signed values. Never stores anything.

use crate::domain::base64url::{decode, decode_exactly};
use crate::domain::encoding::{base64, base64url, hex};
use hmac_sha256::HMAC;

/// What a key is for. A value signed for one purpose never verifies for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Tokens of invitations, derived from seeds.
    InvitationToken,
    /// Tokens of links for many, derived from seeds.
    LinkToken,
    /// Tokens of registrations, derived from seeds.
    RegistrationToken,
    /// Secrets of webhooks, derived from seeds.
    WebhookSecret,
    /// Cursors of lists.
    Cursor,
    /// The cookie that remembers the current organization.
    CurrentOrganization,
    /// Sessions of the development mode.
    DevSession,
    /// The key that signs passes, where none is given.
    PassKey,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Purpose::InvitationToken => b"guildhall invitation token v1",
            Purpose::LinkToken => b"guildhall link token v1",
            Purpose::RegistrationToken => b"guildhall registration token v1",
            Purpose::WebhookSecret => b"guildhall webhook secret v1",
            Purpose::Cursor => b"guildhall cursor v1",
            Purpose::CurrentOrganization => b"guildhall current organization v1",
            Purpose::DevSession => b"guildhall dev session v1",
            Purpose::PassKey => b"guildhall pass key v1",
        }
    }
}

/// The secret of the installation. Its `Debug` says nothing: it must not reach a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    root: Vec<u8>,
}

/// What a type-prefixed invitation token starts with.
pub const INVITATION_TOKEN_PREFIX: &str = "ghi_";

/// What a token opens. Its prefix says so to whoever reads it; its key makes it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An invitation of one address.
    Invitation,
    /// A link for many.
    Link,
    /// A registration.
    Registration,
}

impl TokenKind {
    /// What such a token starts with.
    pub fn prefix(self) -> &'static str {
        match self {
            TokenKind::Invitation => INVITATION_TOKEN_PREFIX,
            TokenKind::Link => "ghl_",
            TokenKind::Registration => "ghr_",
        }
    }

    fn purpose(self) -> Purpose {
        match self {
            TokenKind::Invitation => Purpose::InvitationToken,
            TokenKind::Link => Purpose::LinkToken,
            TokenKind::Registration => Purpose::RegistrationToken,
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys(…)")
    }
}

impl Keys {
    /// The shortest secret, in bytes.
    pub const MIN_BYTES: usize = 32;

    /// Takes the configured secret; `None` if it is shorter than 256 bits.
    pub fn new(secret: &str) -> Option<Self> {
        let root = secret.as_bytes().to_vec();
        (root.len() >= Self::MIN_BYTES).then_some(Keys { root })
    }

    fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let key = HMAC::mac(purpose.label(), &self.root);
        let mut mac = HMAC::new(key);
        for part in parts {
            // Length first, so that no two lists of parts are the same bytes.
            mac.update((part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize()
    }

    /// The seed of the key that signs passes: always the same, stored nowhere.
    pub fn pass_seed(&self) -> [u8; 32] {
        self.mac(Purpose::PassKey, &[])
    }

    /// The token that a seed stands for: 256 bits that only the seed's and the secret's holder can
    /// make. The seed may therefore wait in the outbox; the token is in no table.
    pub fn token(&self, kind: TokenKind, seed: &str) -> String {
        let mac = self.mac(kind.purpose(), &[seed.as_bytes()]);
        format!("{}{}", kind.prefix(), base64url(&mac))
    }

    /// The key that a seed stands for, with which deliveries of a webhook are signed.
    pub fn webhook_key(&self, seed: &str) -> [u8; 32] {
        self.mac(Purpose::WebhookSecret, &[seed.as_bytes()])
    }

    /// The same key as its receiver is told it, once: `whsec_` and base64, as Standard Webhooks has it.
    pub fn webhook_secret(&self, seed: &str) -> String {
        format!("whsec_{}", base64(&self.webhook_key(seed)))
    }

    /// The token of an invitation.
    pub fn invitation_token(&self, seed: &str) -> String {
        self.token(TokenKind::Invitation, seed)
    }

    /// The seed of one of many tokens that are made at once. Each is as hard to guess as the one they
    /// come from, and without the secret no seed tells a token.
    pub fn line_seed(seed: &str, line: usize) -> String {
        format!("{seed}.{line}")
    }

    /// Signs a payload for a purpose and a context: `base64url(payload).base64url(mac)`.
    pub fn seal(&self, purpose: Purpose, context: &str, payload: &str) -> String {
        let mac = self.mac(purpose, &[context.as_bytes(), payload.as_bytes()]);
        format!("{}.{}", base64url(payload.as_bytes()), base64url(&mac))
    }

    /// Reads a payload back; `None` for anything that was not sealed for this purpose and context.
    pub fn unseal(&self, purpose: Purpose, context: &str, text: &str) -> Option<String> {
        let (payload, mac) = text.split_once('.')?;
        let mut room = vec![0; payload.len()];
        let payload = decode(payload, &mut room)?;
        let mac: [u8; 32] = decode_exactly(mac)?;
        let expected = self.mac(purpose, &[context.as_bytes(), payload]);
        if !same_bytes(&expected, &mac) {
            return None;
        }
        str::from_utf8(payload).ok().map(str::to_owned)
    }
}

/// Compares in a time that does not depend on where the first difference is.
pub(super) fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |all, (a, b)| all | (a ^ b));
    left.len() == right.len() && difference == 0
}

/// The digest of a request under an idempotency key.
pub fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hash = hmac_sha256::Hash::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(&"k".repeat(32)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_only_for_its_purpose_and_context() {
        let sealed = keys().seal(Purpose::Cursor, "kurt", "42");
        assert_eq!(keys().unseal(Purpose::Cursor, "kurt", &sealed).as_deref(), Some("42"));
        assert_eq!(keys().unseal(Purpose::Cursor, "krist", &sealed), None);
        assert_eq!(keys().unseal(Purpose::DevSession, "kurt", &sealed), None);
        for text in ["", ".", "a.b", sealed.trim_end_matches(|_| true), &sealed.replace('.', "")] {
            assert_eq!(keys().unseal(Purpose::Cursor, "kurt", text), None);
        }
    }

    #[test]
    fn a_token_follows_from_its_seed_and_the_secret_alone() {
        let other = Keys::new(&"x".repeat(32)).unwrap();
        assert_eq!(keys().invitation_token("seed"), keys().invitation_token("seed"));
        assert_ne!(keys().invitation_token("seed"), other.invitation_token("seed"));
        assert_eq!(keys().invitation_token("seed").len(), 47);
        assert!(Keys::new("short").is_none());
    }
}
