//! Authentication of a directory's callers by tokens of issuers.
//!
//! Owns the steps on their way across the border: what JavaScript has to fetch or to check, and what it answers. Never
//! decides: `app::authentication` does. Lives beside the directory, because nothing may be waited for while a
//! directory's state is held.

use super::exchange::RequestHead;
use crate::app::authentication::fetched::{Document, FetchFault, Fetched};
use crate::app::authentication::{Authenticated, Begun, Inquiry, Memory, Question, Step, Verify, begin, invalid};
use crate::app::config::Config;
use crate::domain::read::{Fields, Record, instant_of, records};
use crate::domain::time::Timestamp;
use serde_json::{Value, json};
use std::cell::RefCell;

/// What one directory remembers of keys and tokens.
pub struct Authentication {
    config: Config,
    memory: RefCell<Memory>,
}

/// The caller of one request, on the way to being known.
#[derive(Default)]
pub struct Asked {
    inquiry: Option<Inquiry>,
    question: Option<Question>,
    outcome: Option<Authenticated>,
    fault: Option<String>,
}

/// What came back from an address.
struct Answer {
    fault: Option<String>,
    code: Option<u16>,
    cache_control: Option<String>,
    age: Option<String>,
}

records! {
    Answer { fault, code "status", cache_control "cacheControl", age, }
}

impl Asked {
    /// The outcome, for a token that was judged; `None` where the configuration alone says who calls.
    pub fn outcome(&self) -> Option<Authenticated> {
        self.outcome.clone()
    }
}

impl Authentication {
    /// With the settings of a directory. Its secret is of no use here: sessions are the directory's to read.
    pub(super) fn of(config: Config) -> Self {
        let memory = RefCell::new(Memory::new(&config.auth));
        Authentication { config, memory }
    }

    /// Looks at the head of a request.
    pub fn begin(&self, head: &str, millis: f64) -> Asked {
        let head = Fields::parse(head).and_then(|mut fields| RequestHead::fields(&mut fields));
        let begun = head.map(|head| begin(&self.config, &head.with(Vec::new()), at(millis)));
        match begun {
            Ok(Begun::Token(inquiry)) => Asked { inquiry: Some(inquiry), ..Asked::default() },
            _ => Asked::default(),
        }
    }

    /// What has to be done next: `{done}`, `{fetch}`, `{verify}` or `{wait}`, and what the log should say.
    pub fn step(&self, asked: &mut Asked, millis: f64) -> String {
        let fault = asked.fault.take();
        let step = if let Some(question) = &asked.question {
            json!({ "fetch": question.url })
        } else if let Some(inquiry) = asked.inquiry.as_mut().filter(|_| asked.outcome.is_none()) {
            match inquiry.step(&self.config.auth, &mut self.memory.borrow_mut(), at(millis)) {
                Step::Done(outcome) => {
                    asked.outcome = Some(outcome);
                    json!({ "done": true })
                }
                Step::Ask(question) => {
                    let url = question.url.clone();
                    asked.question = Some(question);
                    json!({ "fetch": url })
                }
                Step::Verify(verify) => json!({ "verify": shown(&verify) }),
                Step::Wait(milliseconds) => json!({ "wait": milliseconds }),
            }
        } else {
            json!({ "done": true })
        };
        with_fault(step, fault).to_string()
    }

    /// Takes what came back from the address of the last step: `{fault?, status?, cacheControl?, age?}` and a body.
    pub fn fetched(&self, asked: &mut Asked, answer: &str, body: Vec<u8>, millis: f64) {
        let Some(question) = asked.question.take() else { return };
        let answer = Fields::parse(answer).and_then(|mut fields| Answer::fields(&mut fields)).ok();
        let fetched = answer.map_or(Err(FetchFault::Unreachable), |answer| answer.with(body));
        let answered = self.memory.borrow_mut().answered(&self.config.auth, &question, fetched, at(millis));
        match answered {
            Ok(next) => asked.question = next,
            Err(fault) => asked.fault = Some(fault),
        }
    }

    /// Takes whether the signature of the last step is right.
    pub fn verified(asked: &mut Asked, is_right: bool) {
        if let Some(inquiry) = &mut asked.inquiry {
            inquiry.verified(is_right);
        }
    }
}

impl Answer {
    fn with(self, body: Vec<u8>) -> Fetched {
        match (self.fault.as_deref(), self.code) {
            (Some("slow"), _) => Err(FetchFault::TooSlow),
            (Some("redirect"), _) => Err(FetchFault::Redirected),
            (Some("long"), _) => Err(FetchFault::TooLong),
            (None, Some(200)) => Ok(Document { body, cache_control: self.cache_control, age: self.age }),
            (None, Some(code)) => Err(FetchFault::Answered(code)),
            _ => Err(FetchFault::Unreachable),
        }
    }
}

/// The refusal of a token that nothing has judged.
pub(super) fn unjudged() -> Authenticated {
    Err(invalid("the token was not judged"))
}

fn shown(verify: &Verify) -> Value {
    json!({
        "jwk": verify.jwk,
        "import": verify.import_parameters(),
        "verify": verify.verify_parameters(),
        "input": String::from_utf8_lossy(&verify.input),
        "signature": verify.signature,
    })
}

fn with_fault(mut step: Value, fault: Option<String>) -> Value {
    if let (Some(fault), Some(fields)) = (fault, step.as_object_mut()) {
        fields.insert("fault".to_owned(), fault.into());
    }
    step
}

/// A time that is none is the beginning of time: every token is of the future then.
fn at(millis: f64) -> Timestamp {
    instant_of(millis).unwrap_or_else(|| Timestamp::from_millis(0))
}
