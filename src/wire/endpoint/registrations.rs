//! Registrations: an organization for somebody who is not known yet.

use crate::app::challenge::{ChallengeAnswer, LONGEST_TOKEN};
use crate::app::keys::TokenKind;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::domain::command::{ActivateRegistration, RegisterOrganization, Target};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::principal::{Principal, PrincipalKind};
use crate::domain::registration::Registration;
use crate::domain::secret::SecretDigest;
use crate::domain::slug::Slug;
use crate::domain::text::Name;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, SeedUse};
use crate::wire::rate_limit;

/// `POST /v1/registrations`: by anybody. The answer is the same whoever has the address and whatever is taken,
/// and nothing is tried out: who is nobody sees nothing of what is founded.
pub async fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    call.require_real()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let token = mint.token(&call.app.config.keys, TokenKind::Registration)?;
    let mut fields = Fields::of(call.request)?;
    let name = fields.text("organizationName", Name::parse)?;
    let slug = fields.maybe_text("slug", Slug::parse)?;
    let lifetime = call.app.config.policy.doors.registration_lifetime;
    let action = RegisterOrganization {
        registration: mint.registration()?,
        membership: mint.membership()?,
        slugs: match &slug {
            Some(slug) => vec![slug.clone()],
            None => mint.slugs(name.as_str(), &call.app.config.policy.reserved)?,
        },
        name,
        holding: mint.holding_slug()?,
        email: fields.text("email", Email::parse)?,
        digest: token.digest,
        expires_at: call.app.now.plus_seconds(lifetime),
        seat_limit: call.app.config.seat_limit,
    };
    let answer = fields.maybe_text("challenge", challenge_token)?;
    fields.end()?;
    let challenge = challenge(call, answer)?;
    let actor = nobody(&action)?;
    let target = Target::New(mint.organization()?);
    let seed = SeedUse { seed: token.seed, shown: false };
    call.command_by(actor, target, action.into(), (Some(seed), challenge)).await
}

/// The answer to the installation's challenge, where it has one. Rule: a caller who is signed in needs none, because
/// their sign-in has asked already whether they are a person.
fn challenge<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    token: Option<String>,
) -> Result<Option<ChallengeAnswer>, Failure> {
    if call.caller.is_some() || call.app.config.challenge.is_none() {
        return Ok(None);
    }
    let token = token.filter(|token| !token.is_empty());
    let title = Reason::ChallengeRequired.title();
    let token = token.ok_or_else(|| Denial::about(Reason::ChallengeRequired, "challenge", title))?;
    let address = rate_limit::address(call.request.headers()).map(|address| address.to_string());
    let receipt = call.receipt_key()?;
    Ok(Some(ChallengeAnswer::new(token, address, (receipt.as_ref(), call.app.entropy))?))
}

fn challenge_token(text: &str) -> Result<String, Denial> {
    if text.chars().count() <= LONGEST_TOKEN {
        return Ok(text.to_owned());
    }
    Err(Denial::because(Reason::InvalidValue, format!("at most {LONGEST_TOKEN} characters are expected")))
}

/// Who registers stands in the audit log as the placeholder, whoever is signed in: they prove nothing.
fn nobody(action: &RegisterOrganization) -> Result<Principal, Denial> {
    Ok(Principal::new(Registration::placeholder(action.registration)?, PrincipalKind::Service))
}

/// `POST /v1/registrations/activate`: `slug` in place of the one that was registered, for whom it was taken.
pub async fn activate<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let mut fields = call.body()?;
    let digest = fields.text("token", digest)?;
    let slug = fields.maybe_text("slug", Slug::parse)?;
    fields.end()?;
    let membership = Mint::new(call.app.entropy, call.app.now).membership()?;
    call.command(Target::Registration(digest), ActivateRegistration { membership, slug }.into(), None).await
}

/// Rule: a token of another kind, or of no kind, is no registration's.
fn digest(token: &str) -> Result<SecretDigest, Denial> {
    let plausible = token.starts_with(TokenKind::Registration.prefix()) && token.len() < 100;
    if plausible { Ok(SecretDigest::of(token)) } else { Err(Reason::RegistrationInvalid.into()) }
}
