//! Problem documents (RFC 9457), and the one place that gives refusals their status.

use super::answer::Answer;
use crate::app::ports::Failure;
use crate::domain::denial::{Class, Denial, Reason};
use serde_json::{Value, json};

/// The status of a class of refusals.
fn status(class: Class) -> u16 {
    match class {
        Class::Malformed => 400,
        Class::Unauthenticated => 401,
        Class::Forbidden => 403,
        Class::Missing => 404,
        Class::Method => 405,
        Class::Conflict => 409,
        Class::Gone => 410,
        Class::Precondition => 412,
        Class::TooLarge => 413,
        Class::MediaType => 415,
        Class::Invalid => 422,
        Class::TooMany => 429,
        Class::Elsewhere | Class::Busy => 503,
        Class::Behind => 502,
        Class::BehindLate => 504,
    }
}

/// The status that a code is sent with; `None` for what is no code.
pub fn status_of(code: &str) -> Option<u16> {
    let reason = Reason::ALL.iter().find(|reason| reason.code() == code);
    reason.map(|reason| status(reason.class())).or((code == "unavailable").then_some(503))
}

/// What is said when the fault is ours.
pub const UNAVAILABLE: &str = "the service cannot answer now";

/// How long a client waits before it asks again, in seconds.
const RETRY_AFTER: &str = "1";

/// The answer to a refusal.
pub fn denied(denial: &Denial, request_id: &str) -> Answer {
    denied_with(denial, request_id, |document| document)
}

/// The answer to a refusal, its document completed.
pub fn denied_with(denial: &Denial, request_id: &str, complete: impl FnOnce(Value) -> Value) -> Answer {
    let code = denial.reason.code();
    let status = status(denial.reason.class());
    let mut document = json!({
        "type": kind(code),
        "title": denial.reason.title(),
        "status": status,
        "detail": denial.detail,
        "code": code,
        "requestId": request_id,
    });
    if let (Some(param), Some(fields)) = (&denial.param, document.as_object_mut()) {
        fields.insert("param".to_owned(), json!(param));
    }
    if let (false, Some(fields)) = (denial.organizations.is_empty(), document.as_object_mut()) {
        fields.insert("organizations".to_owned(), json!(denial.organizations));
    }
    if let (false, Some(fields)) = (denial.missing.is_empty(), document.as_object_mut()) {
        fields.insert("missingPermissions".to_owned(), json!(denial.missing));
    }
    let answer = Answer::problem(status, &complete(document));
    match denial.reason.class() {
        Class::Unauthenticated => answer.with("www-authenticate", challenge(denial).to_owned()),
        Class::TooMany | Class::Elsewhere | Class::Busy => {
            answer.with("retry-after", denial.retry_after.unwrap_or(60).to_string())
        }
        _ => answer,
    }
}

/// What a caller without a credential is asked for, and what was wrong with a credential (RFC 6750). A refusal of a
/// credential says which rule it broke; that of an anonymous request has nothing to say.
fn challenge(denial: &Denial) -> &'static str {
    match denial.reason {
        Reason::CredentialsConflict => r#"Bearer error="invalid_request""#,
        reason if denial.detail == reason.title() => "Bearer",
        _ => r#"Bearer error="invalid_token""#,
    }
}

/// The same where only the operator can help, in seconds.
pub const OPERATOR_RETRY_AFTER: &str = "60";

/// The answer to a failure of ours: opaque, to be repeated.
pub fn unavailable(request_id: &str) -> Answer {
    let detail = "nothing is wrong with the request; send it again, a write with the same idempotency key";
    opaque(detail, request_id).with("retry-after", RETRY_AFTER.to_owned())
}

/// The answer of an installation that its operator has not set up as it must be. Rule: a caller is not told to
/// repeat what cannot succeed.
pub fn misconfigured(request_id: &str) -> Answer {
    let detail = "the installation is not set up correctly: its operator must act, `GET /readyz` and the log name what \
        is missing; the request cannot succeed before";
    opaque(detail, request_id).with("retry-after", OPERATOR_RETRY_AFTER.to_owned())
}

/// The body of `/readyz` while checks fail: what a client of the API reads of a problem, and the checks.
pub fn unready(checks: Vec<Value>) -> Value {
    json!({
        "status": "unready",
        "code": "unavailable",
        "title": UNAVAILABLE,
        "detail": "the operator must act on each of `checks`; the log says what is wrong with a value",
        "checks": checks,
    })
}

fn opaque(detail: &str, request_id: &str) -> Answer {
    let document = json!({
        "type": kind("unavailable"),
        "title": UNAVAILABLE,
        "status": 503,
        "detail": detail,
        "code": "unavailable",
        "requestId": request_id,
    });
    Answer::problem(503, &document)
}

/// What the operator's log says of it: one organization is written to more often than its commands can follow.
const BUSY: &str = "the organization is busy: every attempt lost its race";

/// The answer to a failure, and what the operator's log should say of it.
pub fn failed(failure: &Failure, request_id: &str) -> (Answer, Option<String>) {
    match failure {
        Failure::Denied(denial) => (denied(denial, request_id), None),
        Failure::Busy(denial) => (denied(denial, request_id), Some(BUSY.to_owned())),
        Failure::Unavailable(fault) if fault.lacks_migrations() => (misconfigured(request_id), Some(fault.to_string())),
        Failure::Unavailable(fault) => (unavailable(request_id), Some(fault.to_string())),
    }
}

fn kind(code: &str) -> String {
    format!("urn:guildhall:problem:{code}")
}
