//! DNS over HTTPS, as values: the question's address, and the reading of an answer.
//!
//! Owns the JSON form that public resolvers share (`application/dns-json`). Never fetches: the edge does.

use crate::app::ports::{TxtRecords, Unavailable};
use crate::domain::claim::PROOF_PREFIX;
use crate::domain::json::value_of;
use serde_json::Value;

/// The media type to ask for.
pub const MEDIA_TYPE: &str = "application/dns-json";

/// How many bytes of an answer are read. A TXT answer is at most 64 kB before it becomes JSON.
pub const MAX_BYTES: usize = 256 * 1024;

/// How long a resolver may take, in milliseconds.
pub const TIMEOUT: u64 = 5_000;

const TXT: u64 = 16;
const NO_ERROR: u64 = 0;
const NO_SUCH_NAME: u64 = 3;

/// The most values that are handed on.
const MOST: usize = 20;

/// The address of a question for TXT records.
pub fn question(resolver: &str, name: &str) -> String {
    let mark = if resolver.contains('?') { '&' } else { '?' };
    format!("{resolver}{mark}name={name}&type=TXT")
}

/// Reads an answer. Only values that could be a proof are handed on: others are nobody's business.
///
/// # Errors
/// [`Unavailable`] for what is no answer.
pub fn answer(body: &[u8]) -> Result<TxtRecords, Unavailable> {
    let strange = || Unavailable("the resolver's answer cannot be read".to_owned());
    let answer: Value = value_of(body).map_err(|_| strange())?;
    match answer.get("Status").and_then(Value::as_u64).ok_or_else(strange)? {
        NO_ERROR => Ok(TxtRecords::Found(proofs(answer.get("Answer")))),
        NO_SUCH_NAME => Ok(TxtRecords::Found(Vec::new())),
        _ => Ok(TxtRecords::Broken),
    }
}

fn proofs(records: Option<&Value>) -> Vec<String> {
    let records = records.and_then(Value::as_array).into_iter().flatten();
    let texts = records.filter(|record| record.get("type").and_then(Value::as_u64) == Some(TXT));
    let values = texts.filter_map(|record| record.get("data")?.as_str()).map(joined);
    values.filter(|value| value.starts_with(PROOF_PREFIX)).take(MOST).collect()
}

/// A TXT value is one or more quoted strings that belong together; some resolvers leave the quotes out.
fn joined(data: &str) -> String {
    if !data.starts_with('"') {
        return data.to_owned();
    }
    let (mut text, mut inside, mut escaped) = (String::new(), false, false);
    for char in data.chars() {
        match char {
            _ if escaped => {
                text.push(char);
                escaped = false;
            }
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ if inside => text.push(char),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(answer_section: Value) -> Result<TxtRecords, Unavailable> {
        answer(json!({ "Status": 0, "TC": false, "Answer": answer_section }).to_string().as_bytes())
    }

    #[test]
    fn values_come_quoted_split_and_bare() {
        let proof = "guildhall-verification=abc";
        for data in [r#""guildhall-verification=abc""#, r#""guildhall-" "verification=abc""#, proof] {
            let other = json!({ "name": "x", "type": 16, "TTL": 1, "data": "\"v=spf1 -all\"" });
            let alias = json!({ "name": "x", "type": 5, "TTL": 1, "data": proof });
            let records = json!([other, alias, { "name": "x", "type": 16, "TTL": 1, "data": data }]);
            assert_eq!(found(records), Ok(TxtRecords::Found(vec![proof.to_owned()])), "{data}");
        }
        assert_eq!(joined(r#""a\"b\\c""#), r#"a"b\c"#);
    }

    #[test]
    fn nothing_there_is_an_answer_and_a_broken_zone_is_another() {
        assert_eq!(answer(br#"{"Status":0}"#), Ok(TxtRecords::Found(Vec::new())));
        assert_eq!(answer(br#"{"Status":3}"#), Ok(TxtRecords::Found(Vec::new())));
        assert_eq!(answer(br#"{"Status":2}"#), Ok(TxtRecords::Broken));
        for strange in [&b""[..], b"<html>", b"{}", b"[]", b"{\"Status\":\"0\"}", b"\xff"] {
            assert!(answer(strange).is_err());
        }
        for odd in [json!(null), json!({}), json!([1, null, { "type": 16 }, { "type": 16, "data": 1 }])] {
            assert_eq!(found(odd), Ok(TxtRecords::Found(Vec::new())));
        }
    }

    #[test]
    fn a_question_is_appended() {
        assert_eq!(question("https://r.example/q", "a.b"), "https://r.example/q?name=a.b&type=TXT");
        assert_eq!(question("https://r.example/q?k=1", "a.b"), "https://r.example/q?k=1&name=a.b&type=TXT");
    }
}
