//! The list of names that nobody may claim: public suffixes and public mail providers.
//!
//! Owns the reading of `public.bin`, which `scripts/public-domains.mjs` writes: sorted 40-bit beginnings
//! of SHA-256, the differences Rice-coded. 36 kB stand for 10,700 names. Part of the Worker and of the
//! directory; the npm package's core never asks, and so does not carry it.

use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::domain_name::DomainName;

const LIST: &[u8] = include_bytes!("public.bin");

/// Refuses a name whose addresses, or whose names below it, are strangers' to each other.
///
/// # Errors
/// `domain_public`.
pub fn require_not_public(name: &DomainName) -> Result<(), Denial> {
    if is_public(name.as_str()) {
        let detail = format!(
            "`{}` is a registry's or a mail provider's: its users are strangers to each other",
            echo(name.as_str())
        );
        return Err(Denial::because(Reason::DomainPublic, detail));
    }
    Ok(())
}

/// The rules of <https://publicsuffix.org>: a name, all names one below (`*.`), but not this one (`!`). What
/// is below a registry is somebody's; what is a mail provider's (`@`) is theirs with all that is below it.
fn is_public(own: &str) -> bool {
    let parent = own.split_once('.').map_or("", |(_, parent)| parent);
    let registry = [own.to_owned(), format!("*.{parent}"), format!("!{own}")];
    let above = std::iter::successors(Some(own), |name| name.split_once('.').map(|(_, parent)| parent));
    let providers = above.filter(|name| name.contains('.')).map(|name| format!("@{name}"));
    match listed(registry.into_iter().chain(providers)).as_slice() {
        [named, below, excepted, providers @ ..] => *named || (*below && !*excepted) || providers.contains(&true),
        _ => false,
    }
}

/// Whether strangers have names directly below this one: it is public or a top-level name, or public suffixes stand
/// directly below it, as `s3.amazonaws.com` does below `amazonaws.com`.
pub fn is_shared(name: &str) -> bool {
    !name.contains('.') || is_public(name) || listed([["^", name].concat()]).contains(&true)
}

/// Which of some texts the list has.
fn listed(texts: impl IntoIterator<Item = String>) -> Vec<bool> {
    let asked: Vec<u64> = texts.into_iter().map(|text| hash(&text)).collect();
    let mut found = vec![false; asked.len()];
    for listed in hashes(LIST) {
        for (found, asked) in found.iter_mut().zip(&asked) {
            *found |= listed == *asked;
        }
    }
    found
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
        is_public(DomainName::parse(text).unwrap().as_str())
    }

    #[test]
    fn names_below_which_strangers_have_names_are_shared() {
        let shared = ["com", "uk", "co.uk", "ck", "any.ck", "github.io", "amazonaws.com", "kawasaki.jp", "a.gmail.com"];
        for name in shared {
            assert!(is_shared(name), "{name}");
        }
        for name in ["nirvana.com", "me.github.io", "bbc.co.uk", "corp.internal", "www.ck", "app.nirvana.com"] {
            assert!(!is_shared(name), "{name}");
        }
    }

    #[test]
    fn registries_are_public() {
        for name in ["co.uk", "com.br", "github.io", "workers.dev", "blogspot.com", "any.ck", "xn--55qx5d.cn"] {
            assert!(public(name), "{name}");
        }
    }

    const PROVIDERS: &str = "gmail.com googlemail.com sub.gmail.com a.b.gmail.com hotmail.com hotmail.fr hotmail.de \
        hotmail.it hotmail.es hotmail.co.uk live.com live.de live.nl live.fr msn.com outlook.com outlook.de outlook.fr \
        outlook.jp yahoo.com yahoo.fr yahoo.co.jp yahoo.co.uk yahoo.com.br yahoo.com.tr ymail.com rocketmail.com \
        aol.com fastmail.com fastmail.fm proton.me protonmail.com pm.me passmail.net icloud.com me.com mac.com \
        privaterelay.appleid.com users.noreply.github.com onmicrosoft.com nirvana.onmicrosoft.com gmx.net gmx.de gmx.at \
        gmx.ch gmx.com web.de t-online.de freenet.de posteo.de mailbox.org yandex.ru yandex.com ya.ru mail.ru bk.ru \
        inbox.ru list.ru internet.ru rambler.ru qq.com foxmail.com 163.com 126.com yeah.net sina.com naver.com daum.net \
        hanmail.net kakao.com zoho.com zohomail.com tutanota.com tuta.com tuta.io duck.com mozmail.com simplelogin.com \
        slmail.me aleeas.com orange.fr free.fr laposte.net libero.it wp.pl o2.pl seznam.cz bluewin.ch comcast.net \
        cinci.rr.com att.net btinternet.com bigpond.com rediffmail.com uol.com.br docomo.ne.jp ukr.net abv.bg hey.com \
        mailinator.com yopmail.com";

    #[test]
    fn mail_providers_are_public_with_all_below_them() {
        assert!(PROVIDERS.split_whitespace().count() >= 90);
        for name in PROVIDERS.split_whitespace() {
            assert!(public(name), "{name}");
        }
    }

    const OWNED: &str = "nirvana.com foo.com bbc.co.uk me.github.io www.ck acme.example acme.uk.com microsoft.com google.com \
        apple.com github.com appleid.com proton.com yahoo-inc.com mail.nirvana.com live.nirvana.com gmail.nirvana.com \
        notgmail.com gmail.com.nirvana.com siemens.com bosch.de toyota.co.jp bt.com clerk.com bolt.com alibaba.com \
        facebook.com cloudflare.com stripe.com mit.edu nus.edu.sg berlin.de spotify.com ibm.com sap.com philips.nl \
        outlook.nirvana.com live.tv";

    #[test]
    fn what_somebody_owns_is_not() {
        assert!(OWNED.split_whitespace().count() >= 35);
        for name in OWNED.split_whitespace() {
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
