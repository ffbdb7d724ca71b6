//! Upstreams: trusted callers that say for whom they ask, and sign the whole request.
//!
//! Owns the header `Guildhall-Principal`, for how long a signature counts, and what each caller may state. What is
//! signed, byte by byte, is in [`signed`]. Never stores a nonce: whatever writes does, in the same batch.

pub mod signed;
#[cfg(test)]
mod tests;

pub use signed::{Claims, HEADER, SignedRequest};

use super::keys::same_bytes;
use super::ports::UpstreamNonce;
use crate::domain::base64url::{decode, decode_exactly};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::json::Json;
use crate::domain::operator::{Vouch, Vouches};
use crate::domain::principal::{IssuerName, Principal, PrincipalKind};
use crate::domain::read::Fields;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use crate::domain::token::UserPrefixes;

/// For how many seconds after its timestamp a signature counts.
pub const LIFETIME: i64 = 60;

/// How many seconds a timestamp may be ahead of the installation's clock.
pub const LEEWAY: i64 = 30;

/// For how many seconds more its nonce is kept: the clocks of isolates and the time that a write takes are within it.
const KEPT: i64 = 600;

/// The longest header, in bytes.
const MAX_BYTES: usize = 8192;

/// The shortest secret, in bytes.
pub const MIN_SECRET: usize = 32;

/// A trusted caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Its name.
    pub name: IssuerName,
    /// Its keys: one, or two while they are exchanged.
    pub keys: Vec<UpstreamKey>,
    /// What the ids of its users begin with here.
    pub users: UserPrefixes,
    /// What it may state about a user.
    pub vouches: Vouches,
}

/// A key of a trusted caller. Its `Debug` says nothing of the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct UpstreamKey {
    id: String,
    secret: Vec<u8>,
}

impl std::fmt::Debug for UpstreamKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "UpstreamKey({}, …)", self.id)
    }
}

impl UpstreamKey {
    /// A key; `None` for an id that is not 1 to 64 letters, digits, `-` and `_`, and for a secret of fewer than
    /// [`MIN_SECRET`] bytes.
    pub fn new(id: &str, secret: &str) -> Option<Self> {
        let sound = is_word(id, 1..=64) && secret.len() >= MIN_SECRET;
        sound.then(|| UpstreamKey { id: id.to_owned(), secret: secret.as_bytes().to_vec() })
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<'a> {
    /// For whom the upstream asks.
    pub principal: Principal,
    /// Which upstream.
    pub upstream: &'a Upstream,
    /// What keeps it from writing twice.
    pub nonce: UpstreamNonce,
}

/// Checks the signature of a request for the installation at `origin`. Rule: a caller without a secret learns neither
/// the ids of keys nor the names of upstreams.
///
/// # Errors
/// `unauthenticated`, with a detail that says which rule is broken.
pub fn verify<'a>(
    upstreams: impl IntoIterator<Item = &'a Upstream>,
    origin: &str,
    (header, request): (&str, &SignedRequest<'_>),
    now: Timestamp,
) -> Result<Verified<'a>, Denial> {
    let (claims, mac) = parts(header).ok_or_else(|| {
        invalid("`Guildhall-Principal` is not `v1.KEY.TIMESTAMP.NONCE.PRINCIPAL.SIGNATURE`, as docs/upstream.md has it")
    })?;
    let owner = |upstream: &'a Upstream| upstream.keys.iter().find(|key| key.id == claims.key).zip(Some(upstream));
    let owner = upstreams.into_iter().find_map(owner);
    // An unknown key goes the same way as a known one, so that no answer says which keys there are.
    let secret = owner.map_or(&[][..], |(key, _)| &key.secret);
    let expected = signed::mac(secret, origin, &claims, request)
        .ok_or_else(|| invalid("a signed header has characters beyond visible ASCII"))?;
    let Some((_, upstream)) = owner.filter(|_| same_bytes(&expected, &mac)) else {
        return Err(invalid("the signature is by no key that is known here, or does not fit the request"));
    };
    let signed_at = in_time(claims.timestamp, now)?;
    let principal = principal(claims.principal, upstream)?;
    let expires_at = signed_at.plus_seconds(LIFETIME.saturating_add(KEPT));
    let nonce = UpstreamNonce { key: claims.key.to_owned(), nonce: claims.nonce.to_owned(), expires_at };
    Ok(Verified { principal, upstream, nonce })
}

fn invalid(detail: impl Into<std::borrow::Cow<'static, str>>) -> Denial {
    Denial::because(Reason::Unauthenticated, detail)
}

fn is_word(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    length.contains(&text.len()) && text.bytes().all(plain)
}

/// The parts of the header, each of its form.
fn parts(header: &str) -> Option<(Claims<'_>, [u8; 32])> {
    let mut parts = header.split('.');
    let mut next = || parts.next();
    let (version, key, timestamp, nonce, principal, mac) = (next()?, next()?, next()?, next()?, next()?, next()?);
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit()) && !timestamp.starts_with('0');
    let sound = version == "v1"
        && header.len() <= MAX_BYTES
        && next().is_none()
        && is_word(key, 1..=64)
        && (1..=12).contains(&timestamp.len())
        && digits
        && is_word(nonce, 16..=64);
    sound.then_some((Claims { key, timestamp, nonce, principal }, decode_exactly(mac)?))
}

/// The instant of the timestamp, if a signature of then counts now.
fn in_time(timestamp: &str, now: Timestamp) -> Result<Timestamp, Denial> {
    let seconds: i64 = timestamp.parse().map_err(|_| invalid("the timestamp is no count of seconds"))?;
    let age = now.millis().div_euclid(1000).saturating_sub(seconds);
    if age > LIFETIME {
        return Err(invalid(format!("signed {age} s ago; a signature counts for {LIFETIME} s")));
    }
    if age < LEEWAY.saturating_neg() {
        let ahead = age.saturating_neg();
        return Err(invalid(format!("signed {ahead} s in the future; {LEEWAY} s are allowed for clocks that differ")));
    }
    Ok(Timestamp::from_millis(seconds.saturating_mul(1000)))
}

/// The principal that was signed, if the upstream may state all of it.
fn principal(text: &str, upstream: &Upstream) -> Result<Principal, Denial> {
    let mut room = vec![0; text.len()];
    let json = decode(text, &mut room).and_then(|bytes| str::from_utf8(bytes).ok());
    let json = json.and_then(Json::parse).filter(|json| json.has_plain_names());
    let json =
        json.ok_or_else(|| invalid("the principal is not base64url of a JSON object that has each name once"))?;
    let principal = Fields::of(json).and_then(|mut fields| {
        let principal = read(&mut fields, upstream)?;
        fields.end()?;
        Ok(principal)
    });
    let principal = principal.map_err(|denial| {
        let place = denial.param.as_deref().map(|name| [" `", name, "`"].concat()).unwrap_or_default();
        invalid(format!("the principal{place}: {}", denial.detail))
    })?;
    allowed(principal, upstream)
}

fn read(fields: &mut Fields<'_>, upstream: &Upstream) -> Result<Principal, Denial> {
    let id: String = fields.take("userId")?;
    if id.is_empty() {
        return Err(Denial::about(Reason::UserIdInvalid, "userId", "it is empty"));
    }
    Ok(Principal {
        user_id: upstream.users.user_id(&id).map_err(|fault| Denial::from(fault).at("userId"))?,
        email: fields.take::<Option<Email>>("email")?,
        email_verified: fields.or_default("emailVerified")?,
        mfa: fields.or_default("mfa")?,
        name: fields.take::<Option<Name>>("name")?,
        kind: fields.or_default("kind")?,
        issuer: Some(upstream.name.clone()),
        signed_in_at: fields.maybe_instant("signedInAt")?,
    })
}

/// Rule: a statement that the caller's entry does not allow refuses the request. To drop it silently would carry the
/// request out with another power than was meant.
fn allowed(principal: Principal, upstream: &Upstream) -> Result<Principal, Denial> {
    let stated = [
        (Vouch::Email, principal.email_verified),
        (Vouch::Mfa, principal.mfa),
        (Vouch::SignIn, principal.signed_in_at.is_some()),
        (Vouch::Service, principal.kind == PrincipalKind::Service),
        (Vouch::PlatformAdmin, principal.kind == PrincipalKind::PlatformAdmin),
    ];
    let excess = stated.iter().find(|(vouch, is_stated)| *is_stated && !upstream.vouches.has(*vouch));
    match excess {
        Some((vouch, _)) => {
            let detail = format!("`{}` may not vouch for `{}`: see `mayVouch`", upstream.name.as_str(), vouch.as_str());
            Err(invalid(detail))
        }
        None if principal.kind == PrincipalKind::System => Err(invalid("no caller is of the kind `system`")),
        None if principal.email_verified && principal.email.is_none() => {
            Err(invalid("the principal says `emailVerified` without `email`"))
        }
        None => Ok(principal),
    }
}
