//! Replies: `{"value": …}`, or `{"error": {code, title, message, param?}}`.

use crate::app::ports::Failure;
use crate::domain::denial::Denial;
use crate::domain::read::Fields;
use serde::Serialize;

/// The longest message or path, in characters.
const LONGEST: usize = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Reply<T> {
    Value(T),
    Error(Problem),
}

/// A refusal as it looks from outside; the same words as in a problem document of the API.
#[derive(Debug, Serialize)]
pub struct Problem {
    code: &'static str,
    title: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    param: Option<String>,
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        Problem {
            code: denial.reason.code(),
            title: denial.reason.title(),
            message: shortened(&denial.detail),
            param: denial.param.as_deref().map(shortened),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Denied(denial) | Failure::Busy(denial) => denial.into(),
            Failure::Unavailable(fault) => {
                let title = "it cannot be done now";
                Problem { code: "unavailable", title, message: fault.to_string(), param: None }
            }
        }
    }
}

impl Problem {
    /// A problem that no request of the API can have.
    pub fn of(code: &'static str, title: &'static str, message: &str) -> Self {
        Problem { code, title, message: message.to_owned(), param: None }
    }

    /// The same under another code.
    pub fn renamed(self, code: &'static str, title: &'static str) -> Self {
        Problem { code, title, ..self }
    }

    /// The whole reply.
    pub fn text(self) -> String {
        text(&Reply::<()>::Error(self))
    }
}

/// What repeats what was handed in is no longer than a person reads.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}

/// Reads the input, calls, and writes the reply. Input that the function leaves unread is refused.
pub fn to<T: Serialize>(input: &str, function: impl FnOnce(&mut Fields<'_>) -> Result<T, Denial>) -> String {
    text(&match call(input, function) {
        Ok(value) => Reply::Value(value),
        Err(denial) => Reply::Error(denial.into()),
    })
}

/// The same where the value is JSON already.
pub fn with<'a>(input: &'a str, function: impl FnOnce(&mut Fields<'a>) -> Result<String, Denial>) -> String {
    match call(input, function) {
        Ok(json) => ["{\"value\":", &json, "}"].concat(),
        Err(denial) => Problem::from(denial).text(),
    }
}

fn call<'a, T>(input: &'a str, function: impl FnOnce(&mut Fields<'a>) -> Result<T, Denial>) -> Result<T, Denial> {
    let mut fields = Fields::parse(input)?;
    let value = function(&mut fields)?;
    fields.end()?;
    Ok(value)
}

/// The JSON of a value. Every one of ours has some; were there one without, the empty text would say so.
pub fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
