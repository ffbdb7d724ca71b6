//! Base64url without padding (RFC 4648, §5), read in the one way in which a byte sequence is written.
//!
//! Owns the reading of tokens and keys: 30 lines against 4 kB that a library of encodings weighs (gz) where
//! every byte counts, in a browser's file for passes. Never writes: [`encoding`](super::encoding) does.

/// The bytes of a text, at the beginning of `into`. `None` for other signs, for bits that are left over,
/// and for more bytes than there is room for.
///
/// ```
/// use guildhall::domain::base64url::decode;
/// assert_eq!(decode("-_8", &mut [0; 4]), Some([0xfb, 0xff].as_slice()));
/// assert_eq!(decode("-_9", &mut [0; 4]), None);
/// ```
pub fn decode<'a>(text: &str, into: &'a mut [u8]) -> Option<&'a [u8]> {
    let (mut held, mut bits, mut length) = (0u32, 0u32, 0usize);
    for sign in text.bytes() {
        held = (held << 6) | sextet(sign)?;
        bits = bits.wrapping_add(6);
        if bits >= 8 {
            bits = bits.wrapping_sub(8);
            *into.get_mut(length)? = (held >> bits).to_le_bytes()[0];
            held &= !(u32::MAX << bits);
            length = length.wrapping_add(1);
        }
    }
    if held == 0 && bits < 6 { into.get(..length) } else { None }
}

fn sextet(sign: u8) -> Option<u32> {
    let (first, value) = match sign {
        b'A'..=b'Z' => (b'A', 0),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'-' => (b'-', 62),
        b'_' => (b'_', 63),
        _ => return None,
    };
    Some(u32::from(sign.wrapping_sub(first)).wrapping_add(value))
}

/// The same for exactly `N` bytes.
pub fn decode_exactly<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let length = decode(text, &mut bytes)?.len();
    (length == N).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64URL_NOPAD;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_the_library_reads_is_read_and_nothing_else(text in "[A-Za-z0-9_=+ -]{0,12}") {
            let expected = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
            prop_assert_eq!(decode(&text, &mut [0; 16]).map(<[u8]>::to_vec), expected);
        }

        #[test]
        fn what_the_library_writes_is_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let text = BASE64URL_NOPAD.encode(&bytes);
            let mut room = vec![0; bytes.len()];
            prop_assert_eq!(decode(&text, &mut room), Some(bytes.as_slice()));
            if !bytes.is_empty() {
                room.pop();
                prop_assert_eq!(decode(&text, &mut room), None);
            }
        }
    }
}
