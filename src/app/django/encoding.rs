//! How the bytes of a dump are text.
//!
//! Owns which encodings are taken: UTF-8 and UTF-16, with a byte order mark or without. Never guesses another one: a
//! Windows code page that is read as UTF-8 spoils names and user ids for ever.

use crate::domain::denial::{Denial, Reason};
use std::borrow::Cow;
use std::char::DecodeUtf16Error;

/// What mends a dump in another encoding.
const MEND: &str = "write it again with `python -X utf8 manage.py dumpdata organizations auth.user --output dump.json`";

/// The UTF-8 of a dump, without its byte order mark.
pub(super) fn utf8(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Denial> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(refused(format!("the dump is UTF-32; {MEND}"))),
        [0xff, 0xfe, rest @ ..] => utf16(rest, 2, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, 2, u16::from_be_bytes),
        // JSON begins with an ASCII character, so a zero beside it tells of UTF-16 (RFC 4627 §3).
        [first, 0, ..] if *first != 0 => utf16(bytes, 0, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, 0, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => checked(rest, 3),
        _ => checked(bytes, 0),
    }
}

fn checked(bytes: &[u8], mark: usize) -> Result<Cow<'_, [u8]>, Denial> {
    let Err(error) = std::str::from_utf8(bytes) else { return Ok(bytes.into()) };
    let (good, bad) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
    let line = good.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let place = good.len().saturating_add(mark);
    let byte = bad.first().copied().unwrap_or_default();
    Err(refused(format!("byte {place} of the dump (line {line}) is 0x{byte:02X}, which is not UTF-8; {MEND}")))
}

fn utf16(bytes: &[u8], mark: usize, unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, [u8]>, Denial> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut place = mark;
    let last = mark.saturating_add(pairs.len().saturating_sub(1).saturating_mul(2));
    for read in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let char = match read {
            Ok(char) => char,
            Err(half) if is_first(&half) && place == last => return Err(broken(place)),
            Err(half) => return Err(unpaired(&half, place)),
        };
        text.push(char);
        place = place.saturating_add(char.len_utf16().saturating_mul(2));
    }
    if rest.is_empty() { Ok(text.into_bytes().into()) } else { Err(broken(place)) }
}

/// Whether the second half of the pair is missing.
fn is_first(half: &DecodeUtf16Error) -> bool {
    half.unpaired_surrogate() < 0xdc00
}

/// Rule: only the end of the dump is called its end; half a pair in the middle is a fault of its own.
fn unpaired(half: &DecodeUtf16Error, place: usize) -> Denial {
    let unit = half.unpaired_surrogate();
    refused(format!(
        "the dump is UTF-16, and at byte {place} stands one half of a surrogate pair (0x{unit:04X}); {MEND}"
    ))
}

fn broken(place: usize) -> Denial {
    refused(format!("the dump is UTF-16 and breaks off at byte {place}; {MEND}"))
}

fn refused(detail: String) -> Denial {
    Denial::because(Reason::MalformedJson, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(bytes: &[u8]) -> String {
        utf8(bytes).unwrap_err().detail.to_string()
    }

    fn utf16_of(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf8_and_utf16_are_taken_with_a_mark_and_without() {
        let text = "[\"Größe 🎸\"]";
        for mark in ["", "\u{feff}"] {
            let marked = format!("{mark}{text}");
            let forms =
                [marked.clone().into_bytes(), utf16_of(&marked, u16::to_le_bytes), utf16_of(&marked, u16::to_be_bytes)];
            for form in forms {
                assert_eq!(utf8(&form).unwrap().as_ref(), text.as_bytes(), "{form:?}");
            }
        }
        assert_eq!(utf8(b"").unwrap().as_ref(), b"");
    }

    #[test]
    fn every_other_encoding_is_refused_with_the_place_and_the_command() {
        for (bytes, place) in [
            (b"[\"Gr\xf6\xdfe AG\"]".as_slice(), "byte 4 of the dump (line 1) is 0xF6"),
            (b"[\n\"M\xfcller\",\n\"Zo\xeb\"]", "byte 4 of the dump (line 2) is 0xFC"),
            (b"\xef\xbb\xbf[\"\x80\"]", "byte 5 of the dump (line 1) is 0x80"),
            (b"[\"\x8cXRX\x81V\"]", "byte 2 of the dump (line 1) is 0x8C"),
            (b"[\"\xc3\"]", "byte 2 of the dump (line 1) is 0xC3"),
            (b"[\"\xed\xa0\x80\"]", "byte 2 of the dump (line 1) is 0xED"),
            (b"\xff\xfe[\0\"\0\x3d\xd8]\0", "UTF-16, and at byte 6 stands one half of a surrogate pair (0xD83D)"),
            (b"\xfe\xff\0[\0\"\xdc\0\0\"", "UTF-16, and at byte 6 stands one half of a surrogate pair (0xDC00)"),
            (b"\xfe\xff\0[\0", "UTF-16 and breaks off at byte 4"),
            (b"\xff\xfe[\0\"\0\x3d\xd8", "UTF-16 and breaks off at byte 6"),
            (b"\xff\xfe\0\0[\0\0\0", "UTF-32"),
        ] {
            let detail = detail(bytes);
            assert!(detail.contains(place) && detail.contains("python -X utf8 manage.py dumpdata"), "{detail}");
        }
    }
}
