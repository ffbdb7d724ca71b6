//! `GET /readyz`, and every answer of an installation that cannot work.
//!
//! Owns what is said of a failed check: a code and a name for whoever asks, the fault with its value for the operator's
//! log. Never finds out what is wrong: reading the settings and the store's own check do.

use super::answer::Answer;
use super::route::{Path, Resource};
use super::security::Asked;
use super::{Handled, Request, healthy, problem, request_id};
use crate::app::authentication::Warning;
use crate::app::config::{AllowedOrigins, ConfigError};
use crate::app::ports::{Entropy, Unavailable, Upkeep};
use serde_json::{Value, json};

/// The binding of the database.
const DATABASE: &str = "DB";

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCheck {
    /// The stable code: `setting_missing`, `setting_invalid`, `binding_missing`, `binding_invalid`,
    /// `database_unavailable`, `migrations_missing`.
    pub code: &'static str,
    /// The name of the setting or binding.
    pub setting: &'static str,
    /// What is wrong, for the log. It may hold a part of the value.
    pub fault: String,
}

impl From<&ConfigError> for FailedCheck {
    fn from(error: &ConfigError) -> Self {
        FailedCheck { code: error.code(), setting: error.setting(), fault: error.to_string() }
    }
}

impl From<&Unavailable> for FailedCheck {
    fn from(unavailable: &Unavailable) -> Self {
        let code = if unavailable.lacks_migrations() { "migrations_missing" } else { "database_unavailable" };
        FailedCheck { code, setting: DATABASE, fault: unavailable.to_string() }
    }
}

impl FailedCheck {
    /// The database has not answered in time.
    pub fn database_too_slow() -> Self {
        FailedCheck {
            code: "database_unavailable",
            setting: DATABASE,
            fault: "the database does not answer".to_owned(),
        }
    }
}

/// Whether a request asks if the installation can work.
pub fn is_probe(request: &Request) -> bool {
    Path::parse(request.uri().path()).resource == Some(Resource::Ready)
}

/// Whether the store can be worked with, and what the log should say if not. Rule: a warning is named by a code and an
/// issuer; what is wrong with it stands in the log.
pub(super) async fn probe<S: Upkeep>(store: &S, warnings: &[Warning]) -> (Answer, Option<String>) {
    match store.ready().await {
        Ok(()) if warnings.is_empty() => (Answer::json(200, &json!({ "status": "ready" })), None),
        Ok(()) => {
            let shown = |it: &Warning| json!({ "code": it.code, "issuer": it.issuer });
            let shown: Vec<Value> = warnings.iter().map(shown).collect();
            let said = warnings.iter().map(|it| format!("the issuer `{}`: {}", it.issuer, it.detail));
            let fault = said.collect::<Vec<_>>().join("; ");
            (Answer::json(200, &json!({ "status": "ready", "warnings": shown })), Some(fault))
        }
        Err(unavailable) => unready(&[FailedCheck::from(&unavailable)]),
    }
}

/// Answers a request while settings or bindings are missing or wrong. Rule: `/healthz` says 200, `/readyz` names each
/// failed check, every other path is a 503 problem document that sends the caller to the operator.
pub fn handle_misconfigured<E: Entropy>(
    (request, entropy): (&Request, &E),
    checks: &[FailedCheck],
    origins: &AllowedOrigins,
) -> Handled {
    let (request_id, asked) = (request_id(request, entropy), Asked::of(origins, request));
    if let Some(answer) = asked.cross_origin.preflight(request) {
        return handled((answer, None), &request_id, &asked);
    }
    let (answer, fault) = match Path::parse(request.uri().path()).resource {
        Some(Resource::Health) => (healthy(), None),
        Some(Resource::Ready) => unready(checks),
        _ => (problem::misconfigured(&request_id), Some(faults(checks))),
    };
    handled((answer, fault), &request_id, &asked)
}

/// Answers a request that could not be handled through no fault of its settings, `reason` being for the log.
pub fn handle_failed<E: Entropy>(
    (request, entropy): (&Request, &E),
    reason: &str,
    origins: &AllowedOrigins,
) -> Handled {
    let request_id = request_id(request, entropy);
    let answer = problem::unavailable(&request_id);
    handled((answer, Some(reason.to_owned())), &request_id, &Asked::of(origins, request))
}

fn handled((answer, fault): (Answer, Option<String>), request_id: &str, asked: &Asked) -> Handled {
    Handled { response: answer.respond(request_id, asked), fault, messages_waiting: false }
}

fn unready(checks: &[FailedCheck]) -> (Answer, Option<String>) {
    let shown: Vec<Value> = checks.iter().map(|it| json!({ "code": it.code, "setting": it.setting })).collect();
    let answer = Answer::json(503, &problem::unready(shown));
    (answer.with("retry-after", problem::OPERATOR_RETRY_AFTER.to_owned()), Some(faults(checks)))
}

fn faults(checks: &[FailedCheck]) -> String {
    checks.iter().map(|check| check.fault.as_str()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills with one byte, another one each time.
    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), Unavailable> {
            static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
            buffer.fill(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
            Ok(())
        }
    }

    #[test]
    fn each_request_to_a_misconfigured_installation_has_an_id_of_its_own() {
        let request = |id: Option<&str>| {
            let builder = id.into_iter().fold(http::Request::builder(), |it, id| it.header("x-request-id", id));
            builder.uri("https://x.example/v1/me").body(Vec::new()).unwrap()
        };
        let id_of = |sent: Option<&str>| {
            let request = request(sent);
            let handled = handle_misconfigured((&request, &Counting), &[], &AllowedOrigins::default());
            let body: Value = serde_json::from_slice(handled.response.body()).unwrap();
            assert_eq!(body["requestId"], handled.response.headers()["x-request-id"].to_str().unwrap());
            body["requestId"].as_str().unwrap().to_owned()
        };
        let (one, two) = (id_of(None), id_of(None));
        assert!(one != two && [&one, &two].iter().all(|id| id.len() == 36 && id.starts_with("req_")), "{one} {two}");
        assert_eq!(id_of(Some("mine")), "mine");
    }

    fn asked(line: &str, checks: &[FailedCheck]) -> (u16, Value, Option<String>) {
        let (method, path) = line.split_once(' ').unwrap();
        let request = http::Request::builder().method(method).uri(format!("https://x.example{path}"));
        let request = request.body(Vec::new()).unwrap();
        let handled = handle_misconfigured((&request, &Counting), checks, &AllowedOrigins::default());
        let body = serde_json::from_slice(handled.response.body()).unwrap_or_default();
        (handled.response.status().as_u16(), body, handled.fault)
    }

    #[test]
    fn failed_checks_are_named_and_their_values_are_for_the_log() {
        let errors = [
            ConfigError::Missing("SECRET_KEY"),
            ConfigError::Refused("BASE_DOMAIN", "`hunter2 x` is no such name".to_owned()),
        ];
        let checks: Vec<FailedCheck> = errors.iter().map(FailedCheck::from).collect();
        let (status, body, fault) = asked("GET /readyz", &checks);
        let expected = json!([
            { "code": "setting_missing", "setting": "SECRET_KEY" },
            { "code": "setting_invalid", "setting": "BASE_DOMAIN" },
        ]);
        assert_eq!((status, &body["status"], &body["checks"]), (503, &json!("unready"), &expected));
        assert!(!body.to_string().contains("hunter2"));
        assert!(fault.is_some_and(|fault| fault.contains("SECRET_KEY") && fault.contains("hunter2")));
        assert_eq!(asked("GET /healthz", &checks).0, 200);
    }

    #[test]
    fn callers_of_a_misconfigured_installation_are_sent_to_its_operator() {
        let checks = [FailedCheck { code: "binding_missing", setting: "DB", fault: "hunter2".to_owned() }];
        for line in ["GET /v1/me", "POST /v1/organizations", "GET /", "DELETE /o/acme/v1/resolve", "GET /nothing"] {
            let (status, body, fault) = asked(line, &checks);
            assert_eq!((status, &body["code"]), (503, &json!("unavailable")), "{line}");
            let detail = body["detail"].as_str().unwrap();
            assert!(detail.contains("operator") && !detail.contains("send it again"), "{line}: {detail}");
            assert!(!body.to_string().contains("hunter2") && fault.as_deref() == Some("hunter2"));
        }
        let request = http::Request::builder().uri("https://x.example/v1/me").body(Vec::new()).unwrap();
        let failed = handle_failed((&request, &Counting), "the body broke off", &AllowedOrigins::default());
        assert!(String::from_utf8_lossy(failed.response.body()).contains("send it again"));
    }
}
