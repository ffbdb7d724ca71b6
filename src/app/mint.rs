//! Making ids and tokens: the one file in which entropy and time become values.

use super::keys::{Keys, TokenKind};
use super::ports::{Entropy, Unavailable};
use crate::domain::claim::Challenge;
use crate::domain::encoding::{base32, base64url};
use crate::domain::id::{
    DomainId, InvitationId, JoinRequestId, LinkId, MembershipId, MessageId, OrganizationId, RegistrationId, RoleId,
    TeamId, WebhookId,
};
use crate::domain::reserved::ReservedSlugs;
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;
use crate::domain::time::Timestamp;
use crate::domain::webhook::WebhookSeed;

/// A mint at one instant.
pub struct Mint<'a, E> {
    entropy: &'a E,
    now: Timestamp,
}

/// A new token: its seed (may be stored), itself (must not be) and its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct MintedToken {
    /// 256 random bits, as text.
    pub seed: String,
    /// What the domain sees.
    pub digest: SecretDigest,
}

macro_rules! mint_id {
    ($($name:ident $type:ident)+) => {$(
        #[doc = concat!("A new [`", stringify!($type), "`].")]
        ///
        /// # Errors
        /// [`Unavailable`] without entropy.
        pub fn $name(&self) -> Result<$type, Unavailable> {
            Ok($type::from_parts(self.now.unsigned_millis(), &self.entropy.id()?))
        }
    )+};
}

impl<'a, E: Entropy> Mint<'a, E> {
    /// A mint at `now`.
    pub fn new(entropy: &'a E, now: Timestamp) -> Self {
        Mint { entropy, now }
    }

    mint_id! {
        organization OrganizationId
        membership MembershipId
        invitation InvitationId
        message MessageId
        role RoleId
        domain DomainId
        link LinkId
        join_request JoinRequestId
        registration RegistrationId
        team TeamId
        webhook WebhookId
    }

    /// The name of a new pass: 128 random bits.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn pass(&self) -> Result<String, Unavailable> {
        Ok(base64url(&self.random::<16>()?))
    }

    /// A new invitation token.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn invitation_token(&self, keys: &Keys) -> Result<MintedToken, Unavailable> {
        self.token(keys, TokenKind::Invitation)
    }

    /// A new token.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn token(&self, keys: &Keys, kind: TokenKind) -> Result<MintedToken, Unavailable> {
        let seed = base64url(&self.random::<32>()?);
        let digest = SecretDigest::of(&keys.token(kind, &seed));
        Ok(MintedToken { seed, digest })
    }

    /// A new seed of a webhook's secret: 256 random bits.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn webhook_seed(&self) -> Result<WebhookSeed, Unavailable> {
        let text = base64url(&self.random::<32>()?);
        WebhookSeed::parse(&text).map_err(|denial| Unavailable(denial.to_string()))
    }

    /// The digest of the token of one of many invitations whose seeds all come from `seed`.
    pub fn line_digest(keys: &Keys, seed: &str, line: usize) -> SecretDigest {
        SecretDigest::of(&keys.invitation_token(&Keys::line_seed(seed, line)))
    }

    /// Slugs for a name, best first: `acme`, `acme-2` … `acme-20`, then one that no organization has.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn slugs(&self, name: &str, reserved: &ReservedSlugs) -> Result<Vec<Slug>, Unavailable> {
        self.slugs_from(&reserved.suggest(name))
    }

    /// The same from a slug: itself first.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn slugs_from(&self, base: &Slug) -> Result<Vec<Slug>, Unavailable> {
        let last = base.with_suffix(&self.suffix()?);
        Ok(numbered(base).chain([last]).collect())
    }

    /// A slug that nobody wants: what an organization is called while its registration waits.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn holding_slug(&self) -> Result<Slug, Unavailable> {
        Ok(Slug::suggest("registration").with_suffix(&self.suffix()?))
    }

    /// A new challenge: 160 random bits.
    ///
    /// # Errors
    /// [`Unavailable`] without entropy.
    pub fn challenge(&self) -> Result<Challenge, Unavailable> {
        let text = base32(&self.random::<20>()?);
        Challenge::parse(&text).map_err(|denial| Unavailable(denial.to_string()))
    }

    fn suffix(&self) -> Result<String, Unavailable> {
        Ok(base32(&self.random::<5>()?))
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }
}

/// `acme`, `acme-2` … `acme-20`.
pub fn numbered(base: &Slug) -> impl Iterator<Item = Slug> {
    let suffixed = (2..=20).map(|number: u32| base.with_suffix(&number.to_string()));
    [base.clone()].into_iter().chain(suffixed)
}
