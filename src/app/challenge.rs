//! The challenge: what an anonymous caller shows before it registers an organization.
//!
//! Owns the question to the challenge's own server and the reading of its answer. Rule: an answer that says anything but
//! yes is no, and none at all is a failure of that server. Never sends: the edge does.

use super::config::{Challenge, Turnstile};
use super::execute::App;
use super::ports::{Answered, ChallengeCall, ChallengeServer, Entropy, Failure, ReceiptKey, Unavailable};
use crate::domain::denial::{Denial, Reason};
use crate::domain::json::value_of;
use hmac_sha256::Hash;
use serde_json::{Value, json};
use uuid::Builder;

/// The longest answer to a challenge, in characters: Turnstile's tokens are not longer.
pub const LONGEST_TOKEN: usize = 2048;

/// How long the challenge's server may take, in milliseconds.
pub const TIMEOUT: u64 = 5_000;

/// How many bytes of its answer are read.
pub const MAX_BYTES: usize = 16 * 1024;

/// The action for which a page asks Turnstile for a token: one of another form is not taken.
pub const ACTION: &str = "registration";

/// What Turnstile says of a request that is wrong through no fault of the visitor.
const OURS: [&str; 4] = ["missing-input-secret", "invalid-input-secret", "bad-request", "internal-error"];

/// The answer to a challenge that a request brought along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeAnswer {
    /// The token.
    pub token: String,
    /// The network address of the caller, where the platform names one.
    pub address: Option<String>,
    /// A UUID, the same when the same request is sent again: then a token that was spent by it still counts.
    pub idempotency_key: String,
}

impl ChallengeAnswer {
    /// An answer with an idempotency key that comes from the request's own, or by chance. Rule: another request with the same
    /// token has another key, so that a token counts for one request.
    ///
    /// # Errors
    /// [`Unavailable`] without randomness.
    pub fn new<E: Entropy>(
        token: String,
        address: Option<String>,
        (receipt, entropy): (Option<&ReceiptKey>, &E),
    ) -> Result<Self, Unavailable> {
        let digest =
            receipt.map(|receipt| Hash::hash(&[&receipt.fingerprint, ":", &receipt.key].concat().into_bytes()));
        let mut bytes = digest.and_then(|digest| digest.first_chunk().copied()).unwrap_or_default();
        if receipt.is_none() {
            entropy.fill(&mut bytes)?;
        }
        let idempotency_key = Builder::from_random_bytes(bytes).into_uuid().to_string();
        Ok(ChallengeAnswer { token, address, idempotency_key })
    }
}

/// An installation without a way to the challenge's server: then no answer can be verified.
pub struct NoChallengeServer;

impl ChallengeServer for NoChallengeServer {
    fn ask<'a>(&'a self, _: &'a ChallengeCall) -> Answered<'a> {
        Box::pin(std::future::ready(Err(Unavailable("no server of a challenge is reached from here".to_owned()))))
    }

    fn warn(&self, _: &str) {}
}

/// What a server said of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Passed,
    /// Why it did not, for the caller.
    Failed(String),
    /// What is wrong, for the operator's log.
    Unusable(String),
}

impl<S, C, E> App<'_, S, C, E> {
    /// Refuses a request whose answer to the challenge does not hold.
    ///
    /// # Errors
    /// `challenge_failed`, `challenge_unavailable`.
    pub async fn require_passed(&self, answer: &ChallengeAnswer) -> Result<(), Failure> {
        let Some(challenge) = &self.config.challenge else { return Ok(()) };
        let said = self.challenges.ask(&call(challenge, answer)).await;
        let verdict = match said {
            Ok(body) => read(challenge, &body),
            Err(Unavailable(fault)) => Verdict::Unusable(fault),
        };
        match verdict {
            Verdict::Passed => Ok(()),
            Verdict::Failed(detail) => Err(Denial::about(Reason::ChallengeFailed, "challenge", detail).into()),
            Verdict::Unusable(fault) => {
                self.challenges.warn(&format!("the challenge cannot be verified: {fault}"));
                Err(Reason::ChallengeUnavailable.into())
            }
        }
    }
}

/// What is sent.
fn call(challenge: &Challenge, answer: &ChallengeAnswer) -> ChallengeCall {
    match challenge {
        Challenge::Turnstile(turnstile) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("secret", &turnstile.secret).append_pair("response", &answer.token);
            form.append_pair("idempotency_key", &answer.idempotency_key);
            if let Some(address) = &answer.address {
                form.append_pair("remoteip", address);
            }
            let media_type = "application/x-www-form-urlencoded";
            ChallengeCall { url: Some(turnstile.url.clone()), media_type, body: form.finish() }
        }
        Challenge::Service => {
            let body = json!({
                "challenge": answer.token,
                "action": ACTION,
                "address": answer.address,
                "idempotencyKey": answer.idempotency_key,
            });
            ChallengeCall { url: None, media_type: "application/json", body: body.to_string() }
        }
    }
}

fn read(challenge: &Challenge, body: &[u8]) -> Verdict {
    let answer: Value = value_of(body).unwrap_or_default();
    let Some(success) = answer.get("success").and_then(Value::as_bool) else {
        return Verdict::Unusable("its server's answer cannot be read".to_owned());
    };
    match (challenge, success) {
        (Challenge::Turnstile(turnstile), true) => passed(turnstile, &answer),
        (Challenge::Turnstile(_), false) => failed(&answer),
        (Challenge::Service, true) => Verdict::Passed,
        (Challenge::Service, false) => Verdict::Failed("the answer to the challenge was not accepted".to_owned()),
    }
}

/// Rule: a token counts for the page and the form that it was made for.
fn passed(turnstile: &Turnstile, answer: &Value) -> Verdict {
    let said = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let Some(hostnames) = &turnstile.hostnames else { return Verdict::Passed };
    let hostname = said("hostname").to_ascii_lowercase();
    if !hostnames.contains(&hostname) {
        return Verdict::Failed("the challenge was answered on a page of another host".to_owned());
    }
    if said("action") != ACTION {
        return Verdict::Failed(format!("the challenge was answered for another action than `{ACTION}`"));
    }
    Verdict::Passed
}

fn failed(answer: &Value) -> Verdict {
    let codes = answer.get("error-codes").and_then(Value::as_array).into_iter().flatten();
    let codes: Vec<&str> = codes.filter_map(Value::as_str).collect();
    if let Some(code) = codes.iter().find(|code| OURS.contains(*code)) {
        return Verdict::Unusable(format!("Turnstile says `{code}`"));
    }
    let detail = match codes.contains(&"timeout-or-duplicate") {
        true => "the answer to the challenge is older than five minutes, or was used before",
        false => "the answer to the challenge was not accepted",
    };
    Verdict::Failed(detail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::UserId;

    fn turnstile(hostnames: Option<&[&str]>) -> Challenge {
        let hostnames = hostnames.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        let (secret, url) = ("s&cret".to_owned(), "https://verify.example/".to_owned());
        Challenge::Turnstile(Turnstile { secret, url, hostnames })
    }

    fn answer(address: Option<&str>) -> ChallengeAnswer {
        let (token, idempotency_key) = ("t=1&secret=theirs".to_owned(), "key-1".to_owned());
        ChallengeAnswer { token, address: address.map(str::to_owned), idempotency_key }
    }

    /// Randomness that has none to give.
    struct Spent;

    impl Entropy for Spent {
        fn fill(&self, _: &mut [u8]) -> Result<(), Unavailable> {
            Err(Unavailable("no randomness".to_owned()))
        }
    }

    #[test]
    fn a_request_that_is_sent_again_has_the_same_key_and_another_request_another() {
        let key = |key: &str, fingerprint: &str| {
            let user = UserId::parse("kurt").unwrap();
            let receipt = ReceiptKey { user, key: key.to_owned(), fingerprint: fingerprint.to_owned() };
            ChallengeAnswer::new("t".to_owned(), None, (Some(&receipt), &Spent)).unwrap().idempotency_key
        };
        assert_eq!(key("a", "body"), key("a", "body"));
        assert_ne!(key("a", "body"), key("b", "body"));
        assert_ne!(key("a", "body"), key("a", "other"));
        assert!(uuid::Uuid::parse_str(&key("a", "body")).is_ok_and(|uuid| uuid.get_version_num() == 4));
        assert!(ChallengeAnswer::new("t".to_owned(), None, (None, &Spent)).is_err());
    }

    #[test]
    fn a_token_cannot_change_the_question() {
        let call = call(&turnstile(None), &answer(Some("2001:db8::1")));
        assert_eq!(call.url.as_deref(), Some("https://verify.example/"));
        let fields: Vec<(String, String)> = form_urlencoded::parse(call.body.as_bytes()).into_owned().collect();
        let expected = [
            ("secret", "s&cret"),
            ("response", "t=1&secret=theirs"),
            ("idempotency_key", "key-1"),
            ("remoteip", "2001:db8::1"),
        ];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_service_is_asked_in_json() {
        let call = call(&Challenge::Service, &answer(None));
        let body: Value = serde_json::from_str(&call.body).unwrap();
        let expected = json!({ "challenge": "t=1&secret=theirs", "action": "registration", "address": null, "idempotencyKey": "key-1" });
        assert_eq!((call.url, body), (None, expected));
    }

    #[test]
    fn only_a_success_for_the_page_and_the_action_passes() {
        let strict = turnstile(Some(&["app.example.com", "www.example.com"]));
        let read = |challenge: &Challenge, text: &str| read(challenge, text.as_bytes());
        let success = |hostname: &str, action: &str| {
            json!({ "success": true, "error-codes": [], "hostname": hostname, "action": action }).to_string()
        };
        assert_eq!(read(&strict, &success("app.example.com", ACTION)), Verdict::Passed);
        assert_eq!(read(&strict, &success("WWW.example.com", ACTION)), Verdict::Passed);
        for text in [
            success("evil.example.com", ACTION),
            success("", ACTION),
            success("app.example.com", "login"),
            success("app.example.com", ""),
            r#"{"success":true}"#.to_owned(),
            r#"{"success":true,"hostname":["app.example.com"],"action":"registration"}"#.to_owned(),
        ] {
            assert!(matches!(read(&strict, &text), Verdict::Failed(_)), "{text}");
        }
        assert_eq!(read(&turnstile(None), r#"{"success":true,"hostname":"example.com"}"#), Verdict::Passed);
        assert_eq!(read(&Challenge::Service, r#"{"success":true}"#), Verdict::Passed);
        assert!(matches!(read(&Challenge::Service, r#"{"success":false}"#), Verdict::Failed(_)));
    }

    #[test]
    fn a_refusal_is_the_callers_and_a_wrong_secret_the_operators() {
        let verdict = |codes: &str| read(&turnstile(None), format!(r#"{{"success":false{codes}}}"#).as_bytes());
        for codes in [
            "",
            r#","error-codes":[]"#,
            r#","error-codes":["invalid-input-response"]"#,
            r#","error-codes":["missing-input-response"]"#,
            r#","error-codes":["a-new-code"]"#,
            r#","error-codes":"internal-error""#,
        ] {
            assert!(matches!(verdict(codes), Verdict::Failed(_)), "{codes}");
        }
        let used = verdict(r#","error-codes":["timeout-or-duplicate"]"#);
        assert!(matches!(used, Verdict::Failed(detail) if detail.contains("used before")));
        for code in OURS {
            let codes = format!(r#","error-codes":["invalid-input-response","{code}"]"#);
            assert!(matches!(verdict(&codes), Verdict::Unusable(fault) if fault.contains(code)), "{code}");
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_no_verdict() {
        for challenge in [turnstile(None), Challenge::Service] {
            for text in ["", "null", "[]", "{", "<html>", r#"{"success":"true"}"#, r#"{"success":1}"#, r#"{"ok":true}"#]
            {
                assert!(matches!(read(&challenge, text.as_bytes()), Verdict::Unusable(_)), "{text}");
            }
        }
    }
}
