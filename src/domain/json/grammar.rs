//! The grammar: where a value ends.
//!
//! Every function takes the text from a place on and gives what stands behind, or `None` where the
//! grammar is broken. Bytes above ASCII occur inside of texts only, whose ends are ASCII: a cut is
//! always between characters.

/// What stands behind white space.
pub(super) fn after_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r'])
}

/// What stands behind the value that the text begins with.
pub(super) fn skip_value(text: &str, depth: u8) -> Option<&str> {
    match text.as_bytes().first()? {
        b'{' => skip_many(text.get(1..)?, depth.checked_sub(1)?, '}', skip_member),
        b'[' => skip_many(text.get(1..)?, depth.checked_sub(1)?, ']', skip_value),
        b'"' => skip_text(text),
        b't' => text.strip_prefix("true"),
        b'f' => text.strip_prefix("false"),
        b'n' => text.strip_prefix("null"),
        _ => skip_number(text),
    }
}

fn skip_many(text: &str, depth: u8, end: char, one: fn(&str, u8) -> Option<&str>) -> Option<&str> {
    let mut rest = after_space(text);
    if let Some(behind) = rest.strip_prefix(end) {
        return Some(behind);
    }
    loop {
        rest = after_space(one(rest, depth)?);
        match rest.strip_prefix(',') {
            Some(more) => rest = after_space(more),
            None => return rest.strip_prefix(end),
        }
    }
}

fn skip_member(text: &str, depth: u8) -> Option<&str> {
    let rest = after_space(skip_text(text)?).strip_prefix(':')?;
    skip_value(after_space(rest), depth)
}

fn skip_number(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let rest = rest.strip_prefix('0').or_else(|| skip_digits(rest))?;
    let rest = rest.strip_prefix('.').map_or(Some(rest), skip_digits)?;
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => skip_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => Some(rest),
    }
}

fn skip_digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

fn skip_text(text: &str) -> Option<&str> {
    let mut rest = text.strip_prefix('"')?;
    loop {
        let stop = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
        rest = rest.get(stop..)?;
        if let Some(behind) = rest.strip_prefix('"') {
            return Some(behind);
        }
        rest = unescape(rest.strip_prefix('\\')?)?.1;
    }
}

/// The character that an escape (without its backslash) stands for, and what stands behind it.
/// Half a surrogate pair stands for none.
pub(super) fn unescape(text: &str) -> Option<(char, &str)> {
    let (first, rest) = (text.as_bytes().first()?, text.get(1..)?);
    let char = match first {
        b'"' | b'\\' | b'/' => char::from(*first),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unescape_unicode(rest),
        _ => return None,
    };
    Some((char, rest))
}

fn unescape_unicode(text: &str) -> Option<(char, &str)> {
    let (high, rest) = unit(text)?;
    if !matches!(high, 0xd800..=0xdbff) {
        return Some((char::from_u32(high)?, rest));
    }
    let (low, rest) = unit(rest.strip_prefix("\\u")?).filter(|(low, _)| matches!(low, 0xdc00..=0xdfff))?;
    let code = (((high & 0x3ff) << 10) | (low & 0x3ff)).checked_add(0x1_0000)?;
    Some((char::from_u32(code)?, rest))
}

/// Four hexadecimal digits.
fn unit(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { Some((u32::from_str_radix(digits, 16).ok()?, rest)) } else { None }
}
