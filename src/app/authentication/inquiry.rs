//! The way from a token to a caller.
//!
//! Owns the order: recall, read, issuer, key, signature, rules. What has to happen outside is a [`Step`]; the edge
//! carries it out and asks again. A step depends on nothing but the configuration, the memory and the time.

use super::keyring::{Found, Question};
use super::memory::Memory;
use super::operator::without_key;
use super::remembered::{Digest, LIFETIME, Verified};
use super::webcrypto::Verify;
use super::{Authenticated, invalid};
use crate::app::config::{AuthSettings, Channel};
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::time::Timestamp;
use crate::domain::token::{Algorithm, Issuer, SigningKey, TokenFault, TokenFaultCode, Unverified, judge};

/// After how many milliseconds a request does not wait for keys any longer.
const PATIENCE: i64 = 12_000;

/// How many milliseconds lie between two looks at what another request is asking for.
const WAIT: u32 = 25;

/// A question whether a token is right.
#[derive(Debug)]
pub struct Inquiry {
    token: String,
    digest: Digest,
    channel: Channel,
    arrived: Timestamp,
    /// Whether the request names a user to act as, which needs an operator key.
    acts: bool,
    state: State,
}

/// How far it has come.
#[derive(Debug)]
enum State {
    /// The token is a text.
    Sent,
    /// It is taken apart, and an issuer of the configuration is its own.
    Read(Claimed),
    /// A key was found, under which the signature is being checked.
    Keyed(Claimed, SigningKey),
    /// The signature is right.
    Signed(Claimed, SigningKey),
    /// The signature is wrong.
    Forged,
}

/// A token, and the place of the issuer that it claims.
#[derive(Debug)]
struct Claimed {
    token: Unverified,
    issuer: usize,
}

/// What is to be done next.
#[derive(Debug)]
pub enum Step {
    /// Nothing: this is the outcome.
    Done(Authenticated),
    /// Ask an address, and give the answer to [`Memory::answered`].
    Ask(Question),
    /// Check a signature, and say by [`Inquiry::verified`] whether it is right.
    Verify(Verify),
    /// Come back after so many milliseconds: another request fetches the keys.
    Wait(u32),
}

impl Inquiry {
    /// About a token that came in now.
    pub(super) fn new(token: &str, channel: Channel, now: Timestamp) -> Self {
        let mut hash = hmac_sha256::Hash::new();
        hash.update([u8::from(channel == Channel::Access)]);
        hash.update(token);
        Inquiry {
            token: token.to_owned(),
            digest: hash.finalize(),
            channel,
            arrived: now,
            acts: false,
            state: State::Sent,
        }
    }

    /// The same of a request that names a user to act as, or not.
    pub(super) fn without_act_as(self, acts: bool) -> Self {
        Inquiry { acts, ..self }
    }

    /// The next step.
    pub fn step(&mut self, auth: &AuthSettings, memory: &mut Memory, now: Timestamp) -> Step {
        let step = match memory.recall(&self.digest, auth, now) {
            Some(verified) => Step::Done(Ok(Some(self.channel.caller(verified.principal.clone())))),
            None => self.go_on(auth, memory, now).unwrap_or_else(|denial| Step::Done(Err(denial))),
        };
        match step {
            Step::Done(found) if self.acts => Step::Done(Err(without_key(found))),
            step => step,
        }
    }

    /// Says whether the signature of the last step is right.
    pub fn verified(&mut self, is_right: bool) {
        if let State::Keyed(claimed, key) = std::mem::replace(&mut self.state, State::Forged)
            && is_right
        {
            self.state = State::Signed(claimed, key);
        }
    }

    fn go_on(&mut self, auth: &AuthSettings, memory: &mut Memory, now: Timestamp) -> Result<Step, Denial> {
        let claimed = match std::mem::replace(&mut self.state, State::Forged) {
            State::Sent => claimed(&self.token, self.channel, auth)?,
            State::Read(claimed) | State::Keyed(claimed, _) => claimed,
            State::Signed(claimed, key) if memory.still_has(&key, (claimed.issuer, claimed.of(auth)?), now) => {
                return self.settle(auth, memory, (claimed, key), now);
            }
            // The key has gone while its signature was being checked.
            State::Signed(claimed, _) => claimed,
            State::Forged => {
                return Err(
                    TokenFault::new(TokenFaultCode::WrongSignature, "the signature of the token is wrong").into()
                );
            }
        };
        let found = memory.find(&claimed.token, (claimed.issuer, claimed.of(auth)?), self.arrived, now);
        let is_patient = (0..PATIENCE).contains(&now.millis().saturating_sub(self.arrived.millis()));
        Ok(match found {
            Found::Key(key, algorithm) => {
                let verify = claimed.verify(&key, algorithm);
                self.state = State::Keyed(claimed, key);
                Step::Verify(verify)
            }
            Found::Refused(fault) => return Err(fault.into()),
            Found::Later(seconds) => return Err(unavailable(seconds, now)),
            Found::Ask(_) | Found::Wait if !is_patient => return Err(unavailable(1, now)),
            Found::Ask(question) => {
                self.state = State::Read(claimed);
                Step::Ask(question)
            }
            Found::Wait => {
                self.state = State::Read(claimed);
                Step::Wait(WAIT)
            }
        })
    }

    /// Judges what is signed, and remembers it.
    fn settle(
        &self,
        auth: &AuthSettings,
        memory: &mut Memory,
        (claimed, key): (Claimed, SigningKey),
        now: Timestamp,
    ) -> Result<Step, Denial> {
        let principal = judge(&claimed.token, claimed.of(auth)?, now)?;
        let until = claimed.token.expires_at().map_or(now, |expires| expires.min(now.plus_seconds(LIFETIME)));
        let verified = Verified { principal: principal.clone(), issuer: claimed.issuer, key, until };
        memory.remember(self.digest, verified);
        Ok(Step::Done(Ok(Some(self.channel.caller(principal)))))
    }
}

impl Claimed {
    fn of<'a>(&self, auth: &'a AuthSettings) -> Result<&'a Issuer, Denial> {
        auth.issuer(self.issuer).ok_or_else(|| invalid("the issuer of the token is not configured"))
    }

    fn verify(&self, key: &SigningKey, algorithm: Algorithm) -> Verify {
        let (input, signature) = (self.token.signed_bytes().to_vec(), self.token.signature().to_vec());
        Verify { jwk: key.jwk().to_owned(), algorithm, input, signature }
    }
}

/// Takes a token apart and finds its issuer among those that take tokens this way.
fn claimed(text: &str, channel: Channel, auth: &AuthSettings) -> Result<Claimed, Denial> {
    let token = Unverified::read(text)?;
    let mut issuers = auth.issuers_by(channel);
    let found = issuers.find(|(_, issuer)| issuer.matches(token.issuer())).map(|(place, _)| place);
    let wrong = || {
        let detail = format!("no issuer `{}` is configured for this credential", echo(token.issuer()));
        TokenFault::new(TokenFaultCode::WrongIssuer, detail)
    };
    let issuer = found.ok_or_else(wrong)?;
    Ok(Claimed { token, issuer })
}

/// Rule: keys that are not known now are no fault of the caller. A client that hears 401 would sign its user out.
fn unavailable(seconds: i64, now: Timestamp) -> Denial {
    let detail = "the keys of the token's issuer cannot be asked for now; send the request again";
    Denial::because(Reason::IssuerUnavailable, detail).until(now.plus_seconds(seconds), now)
}

#[cfg(test)]
mod tests;
