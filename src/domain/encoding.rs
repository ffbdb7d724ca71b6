//! Bytes as text (RFC 4648): hex, base32, base64 and base64url.
//!
//! Owns the writing, and the reading of hex. Every alphabet is written by the same ten lines, against 6 kB
//! (gz) that a library of encodings weighs. Reads no base64url: [`base64url`](super::base64url) does.

/// Lower-case hexadecimal digits.
///
/// ```
/// use guildhall::domain::encoding::hex;
/// assert_eq!(hex(&[0, 0xaf]), "00af");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    written(bytes, b"0123456789abcdef")
}

/// Base32 in lower case, without padding.
pub fn base32(bytes: &[u8]) -> String {
    written(bytes, b"abcdefghijklmnopqrstuvwxyz234567")
}

/// Base64url without padding.
pub fn base64url(bytes: &[u8]) -> String {
    written(bytes, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    let mut text = written(bytes, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// As many bits for each sign as the alphabet can tell apart; what is missing at the end is zero.
fn written(bytes: &[u8], alphabet: &[u8]) -> String {
    let width = alphabet.len().ilog2();
    let sign = |held: u32| alphabet.get((held & !(u32::MAX << width)) as usize).map(|sign| char::from(*sign));
    let (mut held, mut bits) = (0u32, 0u32);
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        (held, bits) = ((held << 8) | u32::from(*byte), bits.wrapping_add(8));
        while bits >= width {
            bits = bits.wrapping_sub(width);
            text.extend(sign(held >> bits));
        }
    }
    if bits > 0 {
        text.extend(sign(held << width.wrapping_sub(bits)));
    }
    text
}

/// The bytes of exactly `2 * N` hexadecimal digits of either case.
pub fn bytes_of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits: Vec<u8> = text.chars().map_while(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    if digits.len() != text.len() || digits.len() != N.wrapping_mul(2) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, digit| (byte << 4) | digit);
    }
    Some(bytes)
}

/// Whether it is so many lower-case hexadecimal digits.
pub fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_what_the_library_writes(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(hex(&bytes), HEXLOWER.encode(&bytes));
            prop_assert_eq!(base32(&bytes), BASE32_NOPAD.encode(&bytes).to_ascii_lowercase());
            prop_assert_eq!(base64(&bytes), BASE64.encode(&bytes));
            prop_assert_eq!(base64url(&bytes), BASE64URL_NOPAD.encode(&bytes));
        }

        #[test]
        fn hex_is_read_as_the_library_reads_it(text in "[0-9a-fA-F]{2,6}[g é]?") {
            let expected = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
            prop_assert_eq!(bytes_of_hex::<2>(&text), expected);
            prop_assert_eq!(is_hex(&text, 4), HEXLOWER.decode(text.as_bytes()).is_ok_and(|bytes| bytes.len() == 2));
        }
    }
}
