//! Cookies: reading one, setting one.

pub use crate::app::authentication::cookie as read;

/// The cookie that remembers the current organization.
pub const CURRENT_ORGANIZATION: &str = "__Host-guildhall_organization";

/// What the names of all our cookies begin with.
const OURS: &[u8] = b"__Host-guildhall_";

/// Whether a cookie (`name=value`, with whatever follows) is Guildhall's. Browsers take the prefix in any
/// case, and some send a cookie without a name as its value alone.
pub fn is_ours(pair: &[u8]) -> bool {
    let is_filling = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'=';
    let name: Vec<u8> = pair.iter().copied().skip_while(is_filling).take(OURS.len()).collect();
    name.eq_ignore_ascii_case(OURS)
}

/// A `Set-Cookie` value. `__Host-` asks for `Secure` and `Path=/`; browsers take that from a
/// loopback host without TLS as well.
pub fn set(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Lax")
}

/// A `Set-Cookie` value that removes a cookie.
pub fn clear(name: &str) -> String {
    set(name, "", 0)
}
