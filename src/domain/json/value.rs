//! A text as a `serde_json` value, for whoever keeps it or looks around in it.
//!
//! Owns the reading, and the words for what is wrong, which are those of `serde_json`, place and all. Why not
//! `serde_json` itself: it reads texts and values by two sets of functions, each compiled anew for every type, and lets
//! the last of two equal names count. A test with random texts holds it to `serde_json` in everything else.

use super::Json;
use serde_json::{Map, Number, Value};
use std::fmt;

/// What a text says; `None` if it is not JSON, deeper than [`Json::MAX_DEPTH`], holds a number beyond all doubles or an
/// object with the same name twice.
///
/// ```
/// use guildhall::domain::json::value;
/// assert_eq!(value(r#"{"seats": [1, 2.5e0]}"#), Some(serde_json::json!({ "seats": [1, 2.5] })));
/// ```
pub fn value(text: &str) -> Option<Value> {
    Reader { bytes: text.as_bytes(), at: 0 }.whole().ok()
}

/// Why bytes are not taken for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// They are not JSON: what is wrong, and where.
    Malformed(String),
    /// An object has this name twice. Of two readers one may take the first value and the other the last.
    Duplicate(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Malformed(what) => formatter.write_str(what),
            Unreadable::Duplicate(name) => write!(formatter, "`{name}` stands twice in one object"),
        }
    }
}

/// The same of bytes.
///
/// # Errors
/// [`Unreadable`] for what is not JSON, and for an object with a name that it has already.
pub fn value_of(bytes: &[u8]) -> Result<Value, Unreadable> {
    let mut reader = Reader { bytes, at: 0 };
    reader.whole().map_err(|fault| match fault {
        Fault(DUPLICATE, start) => Unreadable::Duplicate(reader.name_at(start)),
        Fault(what, end) => {
            let lines = bytes.get(..end).unwrap_or_default().split(|byte| *byte == b'\n');
            let column = lines.clone().next_back().map_or(0, <[u8]>::len);
            Unreadable::Malformed(format!("{what} at line {} column {column}", lines.count()))
        }
    })
}

/// What is wrong, and how far had been read when it was seen.
struct Fault(&'static str, usize);

const END_OF_VALUE: &str = "EOF while parsing a value";
const END_OF_TEXT: &str = "EOF while parsing a string";
const END_OF_OBJECT: &str = "EOF while parsing an object";
/// Its place is where the name begins.
const DUPLICATE: &str = "duplicate name";
const LONE_SURROGATE: &str = "lone leading surrogate in hex escape";

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The next byte, which is read, or else that the text ends here.
    fn next(&mut self, end: &'static str) -> Result<u8, Fault> {
        let next = self.peek().ok_or_else(|| self.fault(end))?;
        self.at = self.at.wrapping_add(1);
        Ok(next)
    }

    fn eat(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let found = self.peek().is_some_and(wanted);
        self.at = self.at.wrapping_add(usize::from(found));
        found
    }

    /// What stands behind white space.
    fn behind_space(&mut self) -> Option<u8> {
        while self.eat(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {}
        self.peek()
    }

    fn fault(&self, what: &'static str) -> Fault {
        Fault(what, self.at)
    }

    /// Something is wrong with what stands next, or with nothing standing there.
    fn wrong<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault(what, self.at.saturating_add(1).min(self.bytes.len())))
    }

    fn whole(&mut self) -> Result<Value, Fault> {
        let value = self.value(Json::MAX_DEPTH)?;
        if self.behind_space().is_some() { self.wrong("trailing characters") } else { Ok(value) }
    }

    /// The name that begins at a place.
    fn name_at(&mut self, start: usize) -> String {
        self.at = start;
        self.text().unwrap_or_default()
    }

    fn value(&mut self, depth: u8) -> Result<Value, Fault> {
        match self.behind_space() {
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'"') => self.text().map(Value::String),
            Some(b'[' | b'{') if depth == 0 => self.wrong("recursion limit exceeded"),
            Some(b'[') => self.list(depth.wrapping_sub(1)).map(Value::Array),
            Some(b'{') => self.object(depth.wrapping_sub(1)).map(Value::Object),
            Some(_) => self.wrong("expected value"),
            None => self.wrong(END_OF_VALUE),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        for byte in word.bytes() {
            if self.next(END_OF_VALUE)? != byte {
                return Err(self.fault("expected ident"));
            }
        }
        Ok(value)
    }

    fn list(&mut self, depth: u8) -> Result<Vec<Value>, Fault> {
        let mut list = Vec::new();
        let mut open = self.opens(b']', "EOF while parsing a list")?;
        while open {
            list.push(self.value(depth)?);
            open = self.goes_on(b']', ("EOF while parsing a list", "expected `,` or `]`"))?;
        }
        Ok(list)
    }

    fn object(&mut self, depth: u8) -> Result<Map<String, Value>, Fault> {
        let mut object = Map::new();
        let mut open = self.opens(b'}', END_OF_OBJECT)?;
        while open {
            if self.peek() != Some(b'"') {
                return self.wrong("key must be a string");
            }
            let start = self.at;
            let name = self.text()?;
            match self.behind_space() {
                Some(b':') => self.at = self.at.wrapping_add(1),
                Some(_) => return self.wrong("expected `:`"),
                None => return self.wrong(END_OF_OBJECT),
            }
            if object.insert(name, self.value(depth)?).is_some() {
                return Err(Fault(DUPLICATE, start));
            }
            open = self.goes_on(b'}', (END_OF_OBJECT, "expected `,` or `}`"))?;
        }
        Ok(object)
    }

    /// The beginning of a list or object; whether anything is in it.
    fn opens(&mut self, end: u8, ended: &'static str) -> Result<bool, Fault> {
        self.at = self.at.wrapping_add(1);
        match self.behind_space() {
            None => self.wrong(ended),
            Some(_) => Ok(!self.eat(|byte| byte == end)),
        }
    }

    /// What stands behind an item; whether another one follows.
    fn goes_on(&mut self, end: u8, (ended, other): (&'static str, &'static str)) -> Result<bool, Fault> {
        match self.behind_space() {
            None => return self.wrong(ended),
            Some(byte) if byte == b',' || byte == end => self.at = self.at.wrapping_add(1),
            Some(_) => return self.wrong(other),
        }
        if self.bytes.get(self.at.wrapping_sub(1)) == Some(&end) {
            return Ok(false);
        }
        match self.behind_space() {
            None => self.wrong(END_OF_VALUE),
            Some(byte) if byte == end => self.wrong("trailing comma"),
            Some(_) => Ok(true),
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        self.eat(|byte| byte == b'-');
        match self.next(END_OF_VALUE)? {
            b'0' if self.peek().is_some_and(|byte| byte.is_ascii_digit()) => return self.wrong("invalid number"),
            b'0'..=b'9' => self.digits(),
            _ => return Err(self.fault("invalid number")),
        }
        if self.eat(|byte| byte == b'.') {
            match self.peek() {
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.wrong("invalid number"),
                None => return self.wrong(END_OF_VALUE),
            }
        }
        if self.eat(|byte| matches!(byte, b'e' | b'E')) {
            self.eat(|byte| matches!(byte, b'+' | b'-'));
            match self.next(END_OF_VALUE)? {
                b'0'..=b'9' => self.digits(),
                _ => return Err(self.fault("invalid number")),
            }
        }
        let text = self.bytes.get(start..self.at).and_then(|text| str::from_utf8(text).ok());
        text.and_then(number).map(Value::Number).ok_or_else(|| self.fault("number out of range"))
    }

    fn digits(&mut self) {
        while self.eat(|byte| byte.is_ascii_digit()) {}
    }

    fn text(&mut self) -> Result<String, Fault> {
        let mut text = Vec::new();
        self.at = self.at.wrapping_add(1);
        loop {
            match self.next(END_OF_TEXT)? {
                b'"' => return String::from_utf8(text).map_err(|_| self.fault("invalid unicode code point")),
                b'\\' => text.extend_from_slice(self.escaped()?.encode_utf8(&mut [0; 4]).as_bytes()),
                0..=0x1f => return Err(self.fault("control character (\\u0000-\\u001F) found while parsing a string")),
                byte => text.push(byte),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Fault> {
        match self.next(END_OF_TEXT)? {
            byte @ (b'"' | b'\\' | b'/') => Ok(char::from(byte)),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{c}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => self.unicode(),
            _ => Err(self.fault("invalid escape")),
        }
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let high = self.unit()?;
        if !matches!(high, 0xd800..=0xdbff) {
            return char::from_u32(high).ok_or_else(|| self.fault(LONE_SURROGATE));
        }
        for byte in *b"\\u" {
            if self.next(END_OF_TEXT)? != byte {
                return Err(self.fault("unexpected end of hex escape"));
            }
        }
        let low = self.unit()?;
        let both = (((high & 0x3ff) << 10) | (low & 0x3ff)).wrapping_add(0x1_0000);
        let low = Some(low).filter(|low| matches!(low, 0xdc00..=0xdfff));
        low.and(char::from_u32(both)).ok_or_else(|| self.fault(LONE_SURROGATE))
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<4>);
        self.at = self.at.saturating_add(4).min(self.bytes.len());
        let digits = digits.ok_or_else(|| self.fault(END_OF_TEXT))?;
        let unit = digits.iter().try_fold(0, |unit, digit| Some((unit << 4) | char::from(*digit).to_digit(16)?));
        unit.ok_or_else(|| self.fault("invalid escape"))
    }
}

/// A whole number that fits in 64 bits is kept as one, but for minus zero.
fn number(text: &str) -> Option<Number> {
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    match text.parse::<i64>() {
        Ok(number @ ..0) => Some(number.into()),
        // The standard library's tables weigh 14 kB (gz), and are worth it: a body may hold many.
        _ => text.parse().ok().and_then(Number::from_f64),
    }
}
