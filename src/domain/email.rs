//! Addresses of mail, and the one function that makes two of them comparable.
//!
//! Owns canonicalisation. Rule: an address is put into canonical form first and validated after,
//! because whatever is compared must be what was checked (GitHub 2016, Django CVE-2019-19844).
//! The local part is ASCII: a look-alike letter from another script is refused there, not folded. In the domain it
//! makes another domain (`host_name` has its ASCII form).

use super::denial::{Denial, Reason};
use super::host_name::{DOTS, is_number, to_ascii};
use super::text_value::text_value;
use serde::{Deserialize, Serialize};

/// An address: as it was written (mail goes there) and in canonical form (comparisons use it).
///
/// ```
/// use guildhall::domain::email::Email;
/// let email = Email::parse(" Krist@Nirvana.COM ").unwrap();
/// assert_eq!((email.as_str(), email.canonical()), ("Krist@Nirvana.COM", "krist@nirvana.com"));
/// assert_eq!(Email::parse("pat@münchen.example"), Email::parse("pat@xn--mnchen-3ya.example"));
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Email {
    written: String,
    canonical: String,
}

/// The longest address, in bytes (RFC 5321 §4.5.3.1.3, less the angle brackets); as written, in characters.
const MAX_BYTES: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

impl Email {
    /// Trims and checks an address: `dot-atom@domain` of RFC 5322, the domain of two or more DNS labels.
    ///
    /// # Errors
    /// `email_invalid`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let written = text.trim();
        let canonical = canonical(written).filter(|canonical| is_address(canonical));
        let rule = "an address like `name@example.com` is expected";
        let canonical = canonical.ok_or_else(|| Denial::because(Reason::EmailInvalid, rule))?;
        Ok(Email { written: written.to_owned(), canonical })
    }

    /// The address as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The form that comparisons and look-ups use.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The same address, written in the form that comparisons use.
    #[must_use]
    pub fn in_canonical_form(&self) -> Email {
        Email { written: self.canonical.clone(), canonical: self.canonical.clone() }
    }

    /// What stands behind the `@`, in the form that comparisons use.
    pub fn domain(&self) -> &str {
        self.canonical.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Where mail to it goes: the local part as it was written, at the domain in ASCII letters. Rule: a mail goes to
    /// the domain that was compared; older mail programs map `straße.example` to `strasse.example`.
    pub fn destination(&self) -> String {
        match self.written.rsplit_once('@') {
            Some((local, domain)) if !domain.is_ascii() => format!("{local}@{}", self.domain()),
            _ => self.written.clone(),
        }
    }

    /// The address for people who may not know it whole: `k***@n***.com`. A domain shows as it was written.
    pub fn masked(&self) -> String {
        let written = self.written.to_lowercase();
        let (local, domain) = written.rsplit_once('@').unwrap_or_default();
        let (name, top) = domain.rsplit_once(DOTS).unwrap_or_default();
        format!("{}***@{}***.{top}", initial(local), initial(name))
    }
}

/// A domain of addresses, in the form that comparisons use. It is exact: `nirvana.com` says nothing of
/// `mail.nirvana.com`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct EmailDomain(String);

impl EmailDomain {
    /// Reads a domain.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Self, Denial> {
        let canonical = to_ascii(text.trim()).filter(|name| name.len() <= MAX_BYTES && is_domain(name));
        let rule = "a domain like `example.com` is expected";
        canonical.map(EmailDomain).ok_or_else(|| Denial::because(Reason::InvalidValue, rule))
    }

    /// The domain as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address is of this domain.
    pub fn is_of(&self, email: &Email) -> bool {
        email.domain() == self.0
    }
}

fn canonical(written: &str) -> Option<String> {
    written.char_indices().nth(MAX_BYTES).is_none().then_some(())?;
    let (local, domain) = written.rsplit_once('@')?;
    Some(format!("{}@{}", local.to_ascii_lowercase(), to_ascii(domain)?))
}

fn initial(text: &str) -> String {
    text.chars().take(1).collect()
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    text.len() <= MAX_BYTES && is_local_part(local) && is_domain(domain)
}

fn is_local_part(local: &str) -> bool {
    local.len() <= MAX_LOCAL && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte))
}

/// `atext` of RFC 5322 §3.2.3.
fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// Two or more DNS labels, the last with a letter and no number.
pub(super) fn is_domain(domain: &str) -> bool {
    let top = domain.rsplit('.').next().unwrap_or_default();
    let named = top.bytes().any(|byte| byte.is_ascii_alphabetic()) && !is_number(top);
    domain.contains(['.']) && named && domain.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
}

/// Two addresses are the same when their canonical forms are.
impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Email {}

text_value!(Email written EmailDomain 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_make_another_person() {
        assert_eq!(Email::parse("KRIST@nirvana.com"), Email::parse("krist@NIRVANA.com"));
        assert_eq!(Email::parse("krist@nirvana.com").unwrap().masked(), "k***@n***.com");
    }

    /// The corpus that Node and workerd read as well (`tests/npm`, `tests/worker`).
    #[test]
    fn domains_of_every_script_have_the_form_of_the_corpus() {
        let corpus: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/fixtures/host-names.json")).unwrap();
        let mut wrong = Vec::new();
        for case in corpus.as_array().unwrap() {
            let name = case["name"].as_str().unwrap();
            let (domain, email) = (EmailDomain::parse(name), Email::parse(&format!("Pat@{name}")));
            let domain = domain.ok().map(String::from);
            let email = email.ok().map(|email| (email.as_str().to_owned(), email.canonical().to_owned()));
            let expected = case["ascii"].as_str().map(str::to_owned);
            if domain != expected || email != expected.map(|ascii| (format!("Pat@{name}"), format!("pat@{ascii}"))) {
                wrong.push(format!("{}: {domain:?} {email:?}", case["about"]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_domain_shows_as_it_was_written_and_mail_goes_where_it_was_compared() {
        for (text, masked, destination) in [
            ("Pat@MÜNCHEN.example", "p***@m***.example", "Pat@xn--mnchen-3ya.example"),
            ("pat@例え。example", "p***@例***.example", "pat@xn--r8jz45g.example"),
            ("pat@почта.рф", "p***@п***.рф", "pat@xn--80a1acny.xn--p1ai"),
            ("Pat@Nirvana.COM", "p***@n***.com", "Pat@Nirvana.COM"),
            ("pat@xn--mnchen-3ya.example", "p***@x***.example", "pat@xn--mnchen-3ya.example"),
        ] {
            let email = Email::parse(text).unwrap();
            assert_eq!((email.masked(), email.destination()), (masked.to_owned(), destination.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "x".repeat(65));
        for text in [
            "",
            "krist",
            "@nirvana.com",
            "krist@",
            "krist@nirvana",
            "a b@c.de",
            "a..b@c.de",
            ".a@c.de",
            "a@-c.de",
            "a@c..de",
            "krıst@nirvana.com",
            "müller@münchen.example",
            "a@b@c.de",
            "a@1.2.3.4",
            "\"a\"@c.de",
            "a@c.de\r\nbcc: x@y.zz",
            "a,b@c.de",
            "<a@c.de>",
            &long,
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }
}
