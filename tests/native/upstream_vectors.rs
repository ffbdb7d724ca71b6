//! The test vectors for signatures of upstreams, which the npm package and other languages share.

use guildhall::app::upstream::{SignedRequest, Upstream, UpstreamKey, verify};
use guildhall::domain::operator::{Vouch, Vouches};
use guildhall::domain::principal::IssuerName;
use guildhall::domain::time::Timestamp;
use guildhall::domain::token::UserPrefixes;
use serde_json::Value;

#[test]
fn each_vector_is_believed_for_its_request_and_instant() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/upstream-signatures.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let keys = file["keys"].as_object().unwrap().iter();
    let keys = keys.map(|(id, secret)| UpstreamKey::new(id, secret.as_str().unwrap()).unwrap()).collect();
    let vouches = Vouch::ALL.iter().copied().fold(Vouches::default(), Vouches::with);
    let name = IssuerName::parse("upstream").unwrap();
    let upstreams = [Upstream { name, keys, users: UserPrefixes::default(), vouches }];
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 6);
    for vector in vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let uri: http::Uri = text("url").parse().unwrap();
        let names: Vec<(String, String)> = serde_json::from_value(vector["headers"].clone()).unwrap();
        let names: Vec<(String, String)> =
            names.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
        let headers: Vec<(&str, &[u8])> = names.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let request = SignedRequest {
            method: text("method"),
            authority: uri.authority().unwrap().as_str(),
            target: uri.path_and_query().unwrap().as_str(),
            headers: &headers,
            body: text("body").as_bytes(),
        };
        let now = Timestamp::from_millis(vector["timestamp"].as_i64().unwrap() * 1000);
        let origin = file["origin"].as_str().unwrap();
        let verified = verify(&upstreams, origin, (text("header"), &request), now).unwrap();
        assert_eq!(verified.principal.user_id.as_str(), vector["principal"]["userId"], "{}", text("title"));
        let later = verify(&upstreams, origin, (text("header"), &request), now.plus_seconds(61));
        assert!(later.is_err(), "{}", text("title"));
    }
}
