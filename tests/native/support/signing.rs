//! Requests signed as an upstream signs them.

use guildhall::app::upstream::{Claims, HEADER, SignedRequest, signed};
use guildhall::domain::time::Timestamp;
use guildhall::wire::Request;
use serde_json::Value;
use std::cell::Cell;

thread_local! {
    static NONCES: Cell<u64> = const { Cell::new(0) };
}

/// Signs a request by `{"key", "principal", "nonce"?}`, with the secret of that key, for an origin.
pub fn sign(request: &mut Request, said: &Value, (secrets, origin): (&Value, &str), now: Timestamp) {
    let text = |name: &str| said[name].as_str().unwrap();
    NONCES.set(NONCES.get() + 1);
    let nonce = said["nonce"].as_str().map_or_else(|| format!("nonce-of-a-test-{:08}", NONCES.get()), str::to_owned);
    let principal = data_encoding::BASE64URL_NOPAD.encode(said["principal"].to_string().as_bytes());
    let timestamp = (now.millis() / 1000).to_string();
    let claims = Claims { key: text("key"), timestamp: &timestamp, nonce: &nonce, principal: &principal };
    let mac = {
        let headers: Vec<(&str, &[u8])> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let signed_request = SignedRequest {
            method: request.method().as_str(),
            authority: request.uri().authority().unwrap().as_str(),
            target: request.uri().path_and_query().unwrap().as_str(),
            headers: &headers,
            body: request.body(),
        };
        signed::mac(secrets[text("key")].as_str().unwrap().as_bytes(), origin, &claims, &signed_request).unwrap()
    };
    let mac = data_encoding::BASE64URL_NOPAD.encode(&mac);
    let header = ["v1", text("key"), &timestamp, &nonce, &principal, &mac].join(".");
    request.headers_mut().insert(HEADER, header.parse().unwrap());
}
