//! The answers to many invitations at once: one line for each line of the request, in its order.

use super::invitation;
use crate::app::execute::Executed;
use crate::domain::command::InviteMember;
use crate::domain::decision::{InvitedLine, Outcome};
use crate::domain::denial::Denial;
use crate::domain::id::InvitationId;
use crate::domain::time::Timestamp;
use crate::wire::answer::line_token_placeholder;
use serde_json::{Value, json};

/// A line of the request: what is wanted, or why it cannot be read.
pub type ReadLine = Result<InviteMember, Denial>;

/// What came of each line.
pub fn answer(executed: &Executed, read: &[ReadLine], now: Timestamp) -> Value {
    let made = |at: usize, wanted: &InviteMember, status: &str, id: InvitationId| {
        let found = executed.facts.invitations.get(&id).map(|found| invitation(found, now));
        let mut line = json!({ "status": status, "invitation": found });
        if let (false, Some(fields)) = (wanted.notify, line.as_object_mut()) {
            fields.insert("token".to_owned(), json!(line_token_placeholder(at)));
        }
        line
    };
    json!({ "data": lines(executed, read, made), "version": executed.version })
}

/// What would come of each line: nothing is there that an id could name.
pub fn rehearsal(executed: &Executed, read: &[ReadLine], version: u64) -> Value {
    let made = |_: usize, wanted: &InviteMember, status: &str, _: InvitationId| {
        json!({
            "status": status,
            "email": wanted.email,
            "roles": wanted.roles,
            "expiresAt": wanted.expires_at.to_string(),
        })
    };
    json!({ "data": lines(executed, read, made), "dryRun": true, "version": version })
}

/// Lines that could not be read stand among those that were decided.
fn lines(
    executed: &Executed,
    read: &[ReadLine],
    made: impl Fn(usize, &InviteMember, &str, InvitationId) -> Value,
) -> Vec<Value> {
    let Outcome::Invitations { lines } = &executed.outcome else { return Vec::new() };
    let mut decided = lines.iter().enumerate();
    let show = |(index, line): (usize, &ReadLine)| {
        let shown = match line {
            Err(denial) => refused(denial.reason.code(), &denial.detail, (denial.param.as_deref(), &denial.missing)),
            Ok(wanted) => match decided.next() {
                Some((at, InvitedLine::Created { invitation })) => made(at, wanted, "created", *invitation),
                Some((at, InvitedLine::Replaced { invitation, .. })) => made(at, wanted, "replaced", *invitation),
                Some((_, InvitedLine::Refused { code, detail, param, missing })) => {
                    refused(code, detail, (param.as_deref(), missing))
                }
                None => Value::Null,
            },
        };
        super::with(shown, "index", json!(index))
    };
    read.iter().enumerate().map(show).collect()
}

fn refused(code: &str, detail: &str, (param, missing): (Option<&str>, &[String])) -> Value {
    let refusal = json!({ "status": "refused", "code": code, "detail": detail });
    let missing = Some(missing).filter(|missing| !missing.is_empty()).map(|missing| json!(missing));
    let more = [("param", param.map(Value::from)), ("missingPermissions", missing)];
    let given = more.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.fold(refusal, |refusal, (name, value)| super::with(refusal, name, value))
}
