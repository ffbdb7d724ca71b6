//! Keys of the hint store, in one place. A change here abandons what is stored under the old keys.

use crate::domain::encoding::base64url;
use crate::domain::id::UserId;

/// The key of a user's affiliations. The user id is hashed: ids may be longer and stranger than keys.
pub fn affiliations_key(user: &UserId) -> String {
    format!("affiliations/v1/{}", base64url(&hmac_sha256::Hash::hash(user.as_str().as_bytes())))
}

/// The key of what the development mode answers to a DNS question.
pub fn dev_dns_key(name: &str) -> String {
    [DEV_DNS, name].concat()
}

/// Whether a key is one of those: what stands there is known nowhere else.
pub fn is_dev_dns(key: &str) -> bool {
    key.starts_with(DEV_DNS)
}

const DEV_DNS: &str = "dev-dns/v1/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_pinned() {
        let key = affiliations_key(&UserId::parse("kurt").unwrap());
        assert_eq!(key, "affiliations/v1/O29okWhlrLslNnl5RO5dGlcjBt4vurq2sKPid7KwRzg");
    }
}
