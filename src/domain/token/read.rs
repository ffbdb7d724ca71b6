//! A token taken apart, of which nothing is verified.
//!
//! Owns the text form: a compact JWS (RFC 7515) of at most 8192 bytes. Rules that hold for every issuer are checked
//! here, before any key is looked for: the shape, the header, and the purposes that no configuration allows.

use super::algorithm::Algorithm;
use super::fault::{TokenFault, TokenFaultCode};
use super::jose::{JoseFault, Members};
use super::number::{Round, time};
use crate::domain::base64url::decode;
use crate::domain::denial::echo;

/// A token as it was sent, with its parts decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    algorithm: Algorithm,
    kid: Option<String>,
    issuer: String,
    /// The claim `exp`, if it counts.
    pub(super) expires: Option<u64>,
    /// The claims as JSON text: one object, each name once.
    claims: String,
    signed: String,
    signature: Vec<u8>,
}

/// Parameters of a header that no token may have: a token does not bring its key along, and asks for no extension.
const REFUSED_PARAMETERS: [&str; 6] = ["crit", "jku", "jwk", "x5u", "x5c", "b64"];

/// The types of tokens that are for access (RFC 7519, RFC 9068); a token without a type is one, too.
const ACCESS_TYPES: [&str; 2] = ["jwt", "at+jwt"];

/// Claims by which a token says that it is for something else, and for what.
const OTHER_PURPOSES: [(&str, &str); 3] = [
    ("events", "a security event or a logout token"),
    ("nonce", "an answer to a sign-in; send the access token instead"),
    ("cnf", "a token bound to a key of its holder, which cannot be checked here"),
];

impl Unverified {
    /// The longest token, in bytes.
    pub const MAX_BYTES: usize = 8192;

    /// Takes a token apart.
    ///
    /// # Errors
    /// [`TokenFault`]: `token_too_long`, `token_malformed`, `token_duplicate_name`, `token_header_refused`,
    /// `token_algorithm_refused`, `token_not_a_credential`, and `token_claim_missing` or `token_claim_invalid` for `iss`.
    pub fn read(token: &str) -> Result<Self, TokenFault> {
        if token.len() > Self::MAX_BYTES {
            let detail = format!("the token has {} bytes, at most {} are read", token.len(), Self::MAX_BYTES);
            return Err(TokenFault::new(TokenFaultCode::TooLong, detail));
        }
        let (signed, header, payload, signature) = parts(token)?;
        let (header, claims) = (text_of(header, "header")?, text_of(payload, "payload")?);
        let head = object(&header, "header")?;
        let (algorithm, kid) = read_header(&head)?;
        let body = object(&claims, "payload")?;
        require_access(&head, &body)?;
        let issuer = body.get("iss").ok_or_else(|| TokenFault::missing("iss"))?;
        let issuer = issuer.text().ok_or_else(|| TokenFault::invalid("iss", "a text"))?.read().into_owned();
        let signature = bytes_of(signature, "signature")?;
        let expires = time(&body, "exp", Round::Down).ok().flatten();
        Ok(Unverified { algorithm, kid, issuer, expires, claims, signed: signed.to_owned(), signature })
    }

    /// The algorithm that the token says. It chooses nothing: it must be the one of the key.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of the key that the token says.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The issuer that the token says.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The bytes that are signed.
    pub fn signed_bytes(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The claims. They were read before, so that they can be read again.
    pub(super) fn claims(&self) -> Result<Members<'_>, TokenFault> {
        Members::of(&self.claims).map_err(|_| malformed("the payload is no JSON object"))
    }
}

fn malformed(detail: impl Into<std::borrow::Cow<'static, str>>) -> TokenFault {
    TokenFault::new(TokenFaultCode::Malformed, detail)
}

/// The signed part, and the three parts one by one.
fn parts(token: &str) -> Result<(&str, &str, &str, &str), TokenFault> {
    let count = token.split('.').count();
    let split = token.rsplit_once('.').and_then(|(signed, signature)| {
        let (header, payload) = signed.split_once('.').filter(|(_, payload)| !payload.contains('.'))?;
        Some((signed, header, payload, signature))
    });
    split.ok_or_else(|| match count {
        5 => malformed("the token is encrypted (five parts); a signed token of three parts is expected"),
        1 => malformed("the token is opaque; a JWT of three parts is expected"),
        _ => malformed(format!("the token has {count} parts; a JWT has three")),
    })
}

fn bytes_of(part: &str, name: &str) -> Result<Vec<u8>, TokenFault> {
    let mut room = vec![0; part.len()];
    match decode(part, &mut room).map(<[u8]>::len) {
        Some(length) if length > 0 => {
            room.truncate(length);
            Ok(room)
        }
        Some(_) => Err(malformed(format!("the {name} is empty"))),
        None => Err(malformed(format!("the {name} is not base64url without padding"))),
    }
}

fn text_of(part: &str, name: &str) -> Result<String, TokenFault> {
    let bytes = bytes_of(part, name)?;
    String::from_utf8(bytes).map_err(|_| malformed(format!("the {name} is not UTF-8")))
}

fn object<'a>(text: &'a str, name: &str) -> Result<Members<'a>, TokenFault> {
    Members::checked(text).map_err(|fault| match fault {
        JoseFault::NoObject => malformed(format!("the {name} is no JSON object")),
        JoseFault::DuplicateName => {
            TokenFault::new(TokenFaultCode::DuplicateName, format!("a name stands twice in an object of the {name}"))
        }
    })
}

/// The algorithm and the name of the key.
fn read_header(header: &Members<'_>) -> Result<(Algorithm, Option<String>), TokenFault> {
    if let Some(name) = REFUSED_PARAMETERS.into_iter().find(|name| header.get(name).is_some()) {
        let detail = format!("the header has `{name}`, which no token may have");
        return Err(TokenFault::new(TokenFaultCode::HeaderRefused, detail));
    }
    let Some(name) = header.get("alg") else {
        return Err(TokenFault::new(TokenFaultCode::AlgorithmRefused, "the header has no `alg`"));
    };
    let name = name.text().ok_or_else(|| malformed("`alg` in the header must be a text"))?.read();
    let algorithm = Algorithm::parse(&name).ok_or_else(|| {
        let detail = format!("the algorithm `{}` is not accepted; possible are {}", echo(&name), Algorithm::NAMES);
        TokenFault::new(TokenFaultCode::AlgorithmRefused, detail)
    })?;
    let kid = match header.get("kid") {
        None => None,
        Some(kid) => {
            Some(kid.text().ok_or_else(|| malformed("`kid` in the header must be a text"))?.read().into_owned())
        }
    };
    Ok((algorithm, kid))
}

/// Refuses a token that was made for another purpose.
fn require_access(header: &Members<'_>, claims: &Members<'_>) -> Result<(), TokenFault> {
    let refused = |what: &str| TokenFault::new(TokenFaultCode::NotACredential, format!("the token is {what}"));
    if let Some(typ) = header.get("typ") {
        let typ =
            typ.text().ok_or_else(|| malformed("`typ` in the header must be a text"))?.read().to_ascii_lowercase();
        let short = typ.strip_prefix("application/").unwrap_or(&typ);
        if !ACCESS_TYPES.contains(&short) {
            return Err(refused(&format!("of the type `{}`, which is not for access", echo(&typ))));
        }
    }
    match OTHER_PURPOSES.into_iter().find(|(claim, _)| claims.get(claim).is_some()) {
        Some((claim, what)) => Err(refused(&format!("{what} (claim `{claim}`)"))),
        None => Ok(()),
    }
}
