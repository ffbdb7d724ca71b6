//! Operator keys (`gho_…`) as they are declared and presented, and acting as a user with one.
//!
//! Owns the form of a key, the setting `OPERATOR_KEYS`, and what an act-as request proves of its user. Never holds a
//! key: the setting has digests alone. What a scope allows is `wire::operator_scope`'s.

use super::keys::same_bytes;
use crate::domain::base64url::decode_exactly;
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::email::Email;
use crate::domain::encoding::{base64url, bytes_of_hex};
use crate::domain::id::UserId;
use crate::domain::json::Json;
use crate::domain::operator::{OperatorGrant, OperatorName, OperatorScope, OperatorScopes, Vouch, Vouches};
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::read::{Fields, expected, within};
use crate::domain::time::Timestamp;
use hmac_sha256::Hash;

/// What a key begins with.
pub const PREFIX: &str = "gho_";

/// The header that names the user in whose name a request is made.
pub const ACT_AS: &str = "guildhall-act-as";

/// The header that states that user's proven address.
pub const ACT_AS_EMAIL: &str = "guildhall-act-as-email";

/// How many characters of a key are random, and how many check them.
const RANDOM: usize = 43;
const CHECK: usize = 6;
/// How long a key is.
const LENGTH: usize = PREFIX.len() + RANDOM + CHECK;

/// The most entries.
const MOST: usize = 32;

/// The declared keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperatorKeys {
    entries: Vec<Entry>,
}

/// A declared key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: OperatorName,
    digest: [u8; 32],
    scopes: OperatorScopes,
    until: Option<Timestamp>,
    vouches: Vouches,
}

impl OperatorKeys {
    /// Reads the setting: a JSON list of `{name, digest, scopes, until?, vouches?}`.
    ///
    /// # Errors
    /// The first mistake, with its place: `OPERATOR_KEYS[0].scopes: …`.
    pub fn read(text: &str) -> Result<Self, String> {
        let list = Json::parse(text).filter(|json| json.has_plain_names()).and_then(Json::items);
        let list = list.ok_or("a JSON list of objects is expected, each name once in an object")?;
        let mut entries: Vec<Entry> = Vec::new();
        for (place, item) in list.enumerate() {
            let entry = entry(item).map_err(|denial| {
                let field = denial.param.as_deref().map(|name| [".", name].concat()).unwrap_or_default();
                format!("OPERATOR_KEYS[{place}]{field}: {}", denial.detail)
            })?;
            if entries.iter().any(|known| known.digest == entry.digest) {
                return Err(format!("OPERATOR_KEYS[{place}].digest: the same key is declared twice"));
            }
            entries.push(entry);
        }
        if entries.len() > MOST {
            Err(format!("at most {MOST} keys are possible"))
        } else {
            Ok(OperatorKeys { entries })
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a key that was presented may be used for.
    ///
    /// # Errors
    /// `unauthenticated`, with a detail that says why.
    pub fn grant(&self, key: &str, now: Timestamp) -> Result<OperatorGrant, Denial> {
        if !is_well_formed(key) {
            return Err(invalid("the operator key is malformed: it was cut, mistyped, or not made by Guildhall"));
        }
        let digest = Hash::hash(key.as_bytes());
        let mut entries = self.entries.iter().filter(|entry| same_bytes(&entry.digest, &digest));
        let entry = entries.next().ok_or_else(|| invalid("the operator key is not declared"))?;
        if let Some(until) = entry.until.filter(|until| now >= *until) {
            return Err(invalid(format!("the operator key `{}` ended at {until}", entry.name.as_str())));
        }
        let (name, scopes, vouches) = (entry.name.clone(), entry.scopes, entry.vouches);
        Ok(OperatorGrant { name, scopes, vouches, acts_for_user: false })
    }
}

fn invalid(detail: impl Into<std::borrow::Cow<'static, str>>) -> Denial {
    Denial::because(Reason::Unauthenticated, detail)
}

fn entry(value: Json<'_>) -> Result<Entry, Denial> {
    let mut fields = Fields::of(value)?;
    let digest: String = fields.take("digest")?;
    let digest = bytes_of_hex(&digest).ok_or_else(|| expected("the SHA-256 of the key in 64 hexadecimal digits"));
    let scopes = words(&mut fields, "scopes", OperatorScope::parse, OperatorScope::ALL, OperatorScope::as_str)?;
    let acting = [Vouch::Email, Vouch::Mfa, Vouch::SignIn];
    let vouch = |word: &str| Vouch::parse(word).filter(|vouch| acting.contains(vouch));
    let vouches = match fields.any("vouches") {
        Some(list) => parsed("vouches", list, vouch, &acting, Vouch::as_str)?,
        None => Vec::new(),
    };
    let entry = Entry {
        name: fields.take("name")?,
        digest: digest.map_err(|denial| within("digest", denial))?,
        scopes: scopes.into_iter().fold(OperatorScopes::default(), OperatorScopes::with),
        until: fields.maybe_instant("until")?,
        vouches: vouches.into_iter().fold(Vouches::default(), Vouches::with),
    };
    fields.end()?;
    if entry.scopes.is_empty() {
        return Err(within("scopes", Denial::because(Reason::InvalidValue, "a key without a scope opens nothing")));
    }
    Ok(entry)
}

fn words<T: Copy>(
    fields: &mut Fields<'_>,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
    text: fn(T) -> &'static str,
) -> Result<Vec<T>, Denial> {
    let missing = || Denial::about(Reason::MissingField, name, ["`", name, "` is missing"].concat());
    parsed(name, fields.any(name).ok_or_else(missing)?, parse, all, text)
}

fn parsed<T: Copy>(
    name: &'static str,
    list: Json<'_>,
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
    text: fn(T) -> &'static str,
) -> Result<Vec<T>, Denial> {
    let known = || all.iter().map(|one| ["`", text(*one), "`"].concat()).collect::<Vec<_>>().join(", ");
    let items = list.items().ok_or_else(|| within(name, expected("a list of texts")))?;
    let read = |item: Json<'_>| {
        let word = item.text().map(|word| word.read().into_owned()).unwrap_or_else(|| item.as_str().to_owned());
        parse(&word).ok_or_else(|| {
            let detail = format!("`{}` is unknown; possible are {}", echo(&word), known());
            within(name, Denial::because(Reason::InvalidValue, detail))
        })
    };
    items.map(read).collect()
}

/// Whether a text has the form of a key: `gho_`, 256 random bits, and the beginning of the SHA-256 of all that.
pub fn is_well_formed(key: &str) -> bool {
    let Some((start, check)) = key.split_at_checked(PREFIX.len().saturating_add(RANDOM)) else { return false };
    let random = start.strip_prefix(PREFIX).and_then(decode_exactly::<32>);
    random.is_some() && check.len() == CHECK && checksum(start).starts_with(check)
}

/// Whether an `Authorization` brings an operator key: it is ours to read, and no other program's. Rule: the checksum
/// decides, because other systems have tokens that begin with `gho_`; and what stands around a key does not, because
/// the key can be taken out of it.
pub fn is_in(header: &[u8]) -> bool {
    header
        .windows(LENGTH)
        .any(|word| word.starts_with(PREFIX.as_bytes()) && str::from_utf8(word).is_ok_and(is_well_formed))
}

/// The key of these random bits.
pub fn key_of(random: &[u8; 32]) -> String {
    let start = [PREFIX, &base64url(random)].concat();
    let check: String = checksum(&start).chars().take(CHECK).collect();
    [start, check].concat()
}

fn checksum(start: &str) -> String {
    base64url(&Hash::hash(start.as_bytes()))
}

/// The principal of a request with a key that acts for no user.
///
/// # Errors
/// None for a declared name.
pub fn itself(grant: &OperatorGrant) -> Result<Principal, Denial> {
    Ok(Principal::new(grant.name.user_id()?, PrincipalKind::PlatformAdmin))
}

/// The user in whose name a request is made. Rule: the power is the user's alone, of the kind `user`; address, second
/// factor and time of sign-in are proven only as far as the key's entry vouches for them.
///
/// # Errors
/// `permission_denied` without the scope `act-as`, for an address that the entry does not vouch for, and for ids of
/// the installation itself; `invalid_value` for text that is no user id or no address.
pub fn acted(grant: &OperatorGrant, (user, email): (&str, Option<&str>), now: Timestamp) -> Result<Principal, Denial> {
    let denied = |detail: String| Denial::because(Reason::PermissionDenied, detail);
    let name = grant.name.as_str();
    if !grant.scopes.has(OperatorScope::ActAs) {
        return Err(denied(format!("the operator key `{name}` lacks the scope `act-as`")));
    }
    let wrong = |param| move |denial: Denial| Denial::about(Reason::InvalidValue, param, denial.detail.clone());
    let user_id = unescaped(user).and_then(|text| UserId::parse(&text)).map_err(wrong("Guildhall-Act-As"))?;
    if user_id.is_internal() {
        return Err(denied(format!("`{}` is an id of the installation: nobody acts as it", echo(user_id.as_str()))));
    }
    let user_id = UserId::parse_external(user_id.as_str()).map_err(wrong("Guildhall-Act-As"))?;
    let email = email.map(|text| unescaped(text).and_then(|text| Email::parse(&text)));
    let email = email.transpose().map_err(wrong("Guildhall-Act-As-Email"))?;
    if email.is_some() && !grant.vouches.has(Vouch::Email) {
        return Err(denied(format!("the operator key `{name}` does not vouch for addresses: see `vouches`")));
    }
    Ok(Principal {
        email_verified: email.is_some(),
        email,
        mfa: grant.vouches.has(Vouch::Mfa),
        signed_in_at: Some(now).filter(|_| grant.vouches.has(Vouch::SignIn)),
        ..Principal::new(user_id, PrincipalKind::User)
    })
}

/// A header's text, percent-decoded. Rule: what a header cannot carry, and the comma by which several headers become
/// one, are escaped as `encodeURIComponent` does it; so there is one way to write each id.
fn unescaped(text: &str) -> Result<String, Denial> {
    let malformed = || Denial::because(Reason::UserIdInvalid, "visible ASCII is expected, everything else as `%XX`");
    if text.bytes().any(|byte| !byte.is_ascii_graphic() || matches!(byte, b',' | b'"')) {
        return Err(malformed());
    }
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|_| malformed())
}

#[cfg(test)]
mod tests;
