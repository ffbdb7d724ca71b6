//! The list of names that nobody may claim: public suffixes and public mail providers.
//!
//! Owns the reading of `public.bin`, which `scripts/public-domains.mjs` writes: sorted 40-bit beginnings
//! of SHA-256, the differences Rice-coded. 34 kB stand for 9,700 names. Part of the Worker and of the
//! directory; the npm package's core never asks, and so does not carry it.

use crate::domain::denial::{Denial, Reason};
use crate::domain::domain_name::DomainName;

const LIST: &[u8] = include_bytes!("public.bin");

/// Refuses a name whose addresses, or whose names below it, are strangers' to each other.
///
/// # Errors
/// `domain_public`.
pub fn require_not_public(name: &DomainName) -> Result<(), Denial> {
    if is_public(name) {
        let detail = format!("`{name}` is a registry's or a mail provider's: its users are strangers to each other");
        return Err(Denial::because(Reason::DomainPublic, detail));
    }
    Ok(())
}

/// The rules of <https://publicsuffix.org>: a name, all names one below (`*.`), but not this one (`!`).
fn is_public(name: &DomainName) -> bool {
    let own = name.as_str().to_owned();
    let parent = own.split_once('.').map_or("", |(_, parent)| parent);
    let asked = [hash(&own), hash(&format!("*.{parent}")), hash(&format!("!{own}"))];
    let mut found = [false; 3];
    for listed in hashes(LIST) {
        for (found, asked) in found.iter_mut().zip(asked) {
            *found |= listed == asked;
        }
    }
    let [named, below, excepted] = found;
    named || (below && !excepted)
}

fn hash(text: &str) -> u64 {
    let digest = hmac_sha256::Hash::hash(text.as_bytes());
    digest.iter().take(5).fold(0, |value, byte| (value << 8) | u64::from(*byte))
}

/// Two bytes of count, one of how many low bits a difference has, then the differences.
fn hashes(list: &[u8]) -> impl Iterator<Item = u64> {
    let (head, body) = list.split_at_checked(3).unwrap_or((&[0, 0, 0], &[]));
    let count = head.iter().take(2).fold(0usize, |value, byte| (value << 8) | usize::from(*byte));
    let low = head.last().copied().unwrap_or(0);
    let mut bits = body.iter().flat_map(|byte| (0..8u32).rev().map(move |place| (byte >> place) & 1 == 1));
    let mut last = 0u64;
    (0..count).map(move |_| {
        last = last.saturating_add(difference(&mut bits, low));
        last
    })
}

/// High bits in unary, low bits as they are.
fn difference(bits: &mut impl Iterator<Item = bool>, low: u8) -> u64 {
    let high = bits.by_ref().take_while(|one| *one).count();
    let start = u64::try_from(high).unwrap_or(u64::MAX);
    bits.take(usize::from(low)).fold(start, |value, one| (value << 1) | u64::from(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(&DomainName::parse(text).unwrap())
    }

    #[test]
    fn registries_and_mail_providers_are_public() {
        for name in ["co.uk", "com.br", "github.io", "workers.dev", "blogspot.com", "any.ck", "xn--55qx5d.cn"] {
            assert!(public(name), "{name}");
        }
        for name in ["gmail.com", "outlook.com", "gmx.de", "proton.me", "qq.com", "yahoo.com", "icloud.com"] {
            assert!(public(name), "{name}");
        }
    }

    #[test]
    fn what_somebody_owns_is_not() {
        for name in ["nirvana.com", "foo.com", "bbc.co.uk", "me.github.io", "www.ck", "mail.gmail.com", "acme.example"]
        {
            assert!(!public(name), "{name}");
        }
    }

    #[test]
    fn the_list_is_whole_and_sorted() {
        let all: Vec<u64> = hashes(LIST).collect();
        assert!(all.len() > 9_000 && all.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(all.iter().all(|hash| *hash < 1 << 40));
        // Read to its end: what is left over is less than a byte.
        assert_ne!(hashes(&LIST[..LIST.len() - 1]).last(), all.last().copied());
        assert_eq!(hashes(&[]).count(), 0);
    }
}
