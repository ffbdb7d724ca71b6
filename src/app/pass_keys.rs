//! The keys of passes: the one that signs, and those that are published beside it.
//!
//! Owns the text forms of the settings, and signing itself. Never shows a private key: its `Debug` says
//! nothing, and what is published is made of public keys alone.

use super::keys::Keys;
use crate::domain::base64url::decode_exactly;
use crate::domain::encoding::bytes_of_hex;
use crate::domain::pass::{KeySet, PublicKey, Unsigned};
use ed25519_dalek::{Signer as _, SigningKey};

/// What the settings say about the keys of passes.
#[derive(Clone, PartialEq, Eq)]
pub struct PassKeys {
    given: Option<[u8; 32]>,
    others: KeySet,
}

impl PassKeys {
    /// A key that is given, or else the one that follows from the secret, and public keys beside it.
    pub fn new(given: Option<[u8; 32]>, others: KeySet) -> Self {
        PassKeys { given, others }
    }

    /// Reads a seed of 32 bytes: base64url without padding, or hex.
    pub fn seed(text: &str) -> Option<[u8; 32]> {
        decode_exactly(text).or_else(|| bytes_of_hex(text))
    }

    /// Reads public keys. A private one among them, or one that is no key, spoils the whole.
    pub fn published(text: &str) -> Option<KeySet> {
        KeySet::parse(text).filter(|set| !set.keys().is_empty() && set.keys().iter().all(PublicKey::is_sound))
    }

    /// Whoever signs now.
    pub fn signer(&self, keys: &Keys) -> Signer {
        let key = SigningKey::from_bytes(&self.given.unwrap_or_else(|| keys.pass_seed()));
        let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
        Signer { key, public }
    }

    /// Every key under which a pass of this installation is believed, the one that signs now first.
    pub fn public(&self, keys: &Keys) -> KeySet {
        KeySet::of([self.signer(keys).public].into_iter().chain(self.others.keys().iter().copied()))
    }
}

/// The key that signs.
pub struct Signer {
    key: SigningKey,
    public: PublicKey,
}

impl Signer {
    /// Its name.
    pub fn kid(&self) -> String {
        self.public.kid()
    }

    /// The signed token.
    pub fn sign(&self, unsigned: Unsigned) -> String {
        let signature = self.key.sign(unsigned.input()).to_bytes();
        unsigned.with_signature(&signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::encoding::base64url;
    use crate::domain::pass::{Kind, Unverified};

    /// RFC 8037, A.1.
    const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn keys() -> Keys {
        Keys::new(&"k".repeat(32)).unwrap()
    }

    #[test]
    fn a_seed_is_read_in_two_ways() {
        let seed = PassKeys::seed(D).unwrap();
        let hex = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        assert_eq!(PassKeys::seed(hex), Some(seed));
        assert_eq!(PassKeys::seed(&hex.to_uppercase()), Some(seed));
        for text in ["", "short", &format!("{D}="), &format!("{D}A"), &format!("{hex}00"), &format!(" {D}")] {
            assert_eq!(PassKeys::seed(text), None, "{text}");
        }
    }

    /// RFC 8037, A.4: the very bytes of its signature.
    #[test]
    fn signing_is_that_of_the_rfc() {
        let key = SigningKey::from_bytes(&PassKeys::seed(D).unwrap());
        let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = base64url(&key.sign(input).to_bytes());
        let expected = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(signature, expected);
        let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
        assert!(public.verify(input, &key.sign(input).to_bytes()), "A.5");
    }

    #[test]
    fn a_key_that_is_given_replaces_the_derived_one() {
        let (derived, given) =
            (PassKeys::new(None, KeySet::default()), PassKeys::new(PassKeys::seed(D), KeySet::default()));
        assert_eq!(derived.signer(&keys()).kid(), derived.signer(&keys()).kid());
        assert_ne!(derived.signer(&keys()).kid(), given.signer(&keys()).kid());
        let other = Keys::new(&"x".repeat(32)).unwrap();
        assert_ne!(derived.signer(&keys()).kid(), derived.signer(&other).kid());
    }

    #[test]
    fn a_retired_key_verifies_and_signs_nothing() {
        let old = PassKeys::new(None, KeySet::default());
        let token = old.signer(&keys()).sign(Unsigned::new(Kind::Pass, &old.signer(&keys()).kid(), "{}"));
        let opened =
            |set: &KeySet| Unverified::open(&token, Kind::Pass, &mut Kind::Pass.room()).unwrap().verify(set).is_ok();
        let new = PassKeys::new(PassKeys::seed(D), old.public(&keys()));
        assert!(opened(&new.public(&keys())) && new.public(&keys()).keys().len() == 2);
        assert!(!opened(&PassKeys::new(PassKeys::seed(D), KeySet::default()).public(&keys())));
    }

    #[test]
    fn no_private_key_is_published() {
        let x = PublicKey::parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap().x();
        let jwk = |more: &str| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"{more}}}"#);
        assert!(PassKeys::published(&jwk("")).is_some());
        for text in [jwk(&format!(r#","d":"{D}""#)), r#"{"keys":[]}"#.to_owned(), D.to_owned()] {
            assert!(PassKeys::published(&text).is_none(), "{text}");
        }
        let zero = PublicKey::from_bytes([0; 32]).x();
        assert!(PassKeys::published(&format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{zero}"}}"#)).is_none());
    }
}
