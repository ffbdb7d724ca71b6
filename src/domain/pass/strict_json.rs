//! JSON as tokens may have it: one value in one way.
//!
//! Owns a reader that refuses what two readers could read differently: names that stand twice, half
//! surrogates, anything after the value. Small on purpose: the browser's core has no other JSON.

use std::iter::Peekable;
use std::str::Chars;

/// The deepest nesting; the value itself is level one.
const MAX_DEPTH: u8 = 6;

/// The largest whole number that JavaScript tells from its neighbours.
const MAX_WHOLE: u64 = (1 << 53) - 1;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// Digits alone, at most 2^53 - 1.
    Whole(u64),
    /// Any other number: no claim of ours has one.
    Number,
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object; every name once.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text that is one value and nothing else.
    pub fn parse(text: &str) -> Option<Json> {
        let mut reader = Reader { rest: text.chars().peekable() };
        let value = reader.value(MAX_DEPTH)?;
        reader.space();
        reader.rest.next().is_none().then_some(value)
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    /// A whole number.
    pub fn whole(&self) -> Option<u64> {
        if let Json::Whole(number) = self { Some(*number) } else { None }
    }

    /// A list.
    pub fn list(&self) -> Option<&[Json]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// What an object has under a name.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Json::Object(fields) = self else { return None };
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The names of an object.
    pub fn names(&self) -> Option<impl Iterator<Item = &str>> {
        let Json::Object(fields) = self else { return None };
        Some(fields.iter().map(|(name, _)| name.as_str()))
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn space(&mut self) {
        while self.rest.next_if(|next| matches!(next, ' ' | '\t' | '\n' | '\r')).is_some() {}
    }

    /// The next character that is not space, if it is this one.
    fn eat(&mut self, wanted: char) -> Option<()> {
        self.space();
        self.rest.next_if_eq(&wanted).map(|_| ())
    }

    fn value(&mut self, depth: u8) -> Option<Json> {
        let below = depth.checked_sub(1)?;
        self.space();
        match self.rest.peek()? {
            '{' => self.object(below),
            '[' => self.list(below),
            '"' => self.text().map(Json::Text),
            'a'..='z' => self.word(),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: u8) -> Option<Json> {
        self.eat('{')?;
        let mut fields: Vec<(String, Json)> = Vec::new();
        if self.eat('}').is_some() {
            return Some(Json::Object(fields));
        }
        loop {
            self.space();
            let name = self.text()?;
            self.eat(':')?;
            let value = self.value(depth)?;
            if fields.iter().any(|(known, _)| *known == name) {
                return None;
            }
            fields.push((name, value));
            if self.eat(',').is_none() {
                return self.eat('}').map(|()| Json::Object(fields));
            }
        }
    }

    fn list(&mut self, depth: u8) -> Option<Json> {
        self.eat('[')?;
        let mut items = Vec::new();
        if self.eat(']').is_some() {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value(depth)?);
            if self.eat(',').is_none() {
                return self.eat(']').map(|()| Json::List(items));
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        self.rest.next_if_eq(&'"')?;
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escaped()?),
                control if control < ' ' => return None,
                plain => text.push(plain),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.rest.next()? {
            same @ ('"' | '\\' | '/') => same,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        let escaped = self.rest.next() == Some('\\') && self.rest.next() == Some('u');
        let pair = [u16::try_from(first).ok()?, u16::try_from(self.unit().filter(|_| escaped)?).ok()?];
        char::decode_utf16(pair).next()?.ok()
    }

    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit << 4 | self.rest.next()?.to_digit(16)?;
        }
        Some(unit)
    }

    fn word(&mut self) -> Option<Json> {
        let mut word = String::new();
        while let Some(letter) = self.rest.next_if(char::is_ascii_lowercase) {
            word.push(letter);
        }
        match word.as_str() {
            "null" => Some(Json::Null),
            "true" => Some(Json::Bool(true)),
            "false" => Some(Json::Bool(false)),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<Json> {
        let mut text = String::new();
        while let Some(part) = self.rest.next_if(|next| next.is_ascii_digit() || "+-.eE".contains(*next)) {
            text.push(part);
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(number) if plain && is_number(&text) && number <= MAX_WHOLE => Some(Json::Whole(number)),
            _ => is_number(&text).then_some(Json::Number),
        }
    }
}

/// Whether a text of the right characters is a number of JSON.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let unsigned = |text: &str| digits(text.strip_prefix(['+', '-']).unwrap_or(text));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(unsigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            "{} {}",
            "{}x",
            "",
            " ",
            "{",
            r#"{"a"}"#,
            r#"{"a":}"#,
            "[1,]",
            r#"{"a":1,}"#,
            "01",
            "-",
            "1.",
            ".5",
            "+1",
            "1e",
            "--1",
            "NaN",
            "nul",
            "True",
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            r#""\ud800\ud800""#,
            "\"\u{1}\"",
            r#""\x""#,
            r#""\u12""#,
            "'a'",
            "\"a",
            "[[[[[[[]]]]]]]",
            "{a:1}",
            "// c\n1",
            "\u{feff}1",
        ] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_json_is_read() {
        let read = Json::parse(" {\"a\" : [1, \"\\ud83c\\udfb8\\u00e9\\n/\", null , true] , \"b\":{} } ").unwrap();
        assert_eq!(read.get("a").unwrap().list().unwrap()[1].text(), Some("🎸é\n/"));
        assert_eq!(read.get("b").unwrap().names().unwrap().count(), 0);
        assert_eq!(Json::parse("9007199254740991"), Some(Json::Whole(MAX_WHOLE)));
        for number in ["9007199254740992", "-1", "1.0", "1e3", "-0", "0.5E-7", "99999999999999999999999"] {
            assert_eq!(Json::parse(number), Some(Json::Number), "{number}");
        }
    }
}
