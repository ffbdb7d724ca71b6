//! The examples of RFC 7515, RFC 7519 and RFC 8037: good signatures of theirs, and no passes of ours.
//!
//! They stand in the corpus of malicious tokens as well, so that every runtime is asked.

use crate::support::forge::Case;
use data_encoding::BASE64URL_NOPAD;
use guildhall::domain::base64url;
use guildhall::domain::pass::{KeySet, PublicKey};
use serde_json::json;

/// RFC 7515, A.1 and RFC 7519, 3.1: `{"iss":"joe", "exp":1300819380, "http://example.com/is_root":true}`.
const JOE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// RFC 8037, A.4, and the key of its A.2.
const ED25519: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
const SIGNATURE: &str = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

/// Each with its place.
pub fn examples() -> Vec<Case> {
    let hs256 = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let rs256 = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let es256 = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let es512 = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
    let parts = [
        ("RFC 7519, 3.1 (RFC 7515, A.1): HS256", "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", JOE, hs256),
        ("RFC 7519, 6.1 (RFC 7515, A.5): unsecured", "eyJhbGciOiJub25lIn0", JOE, ""),
        ("RFC 7515, A.2: RS256", "eyJhbGciOiJSUzI1NiJ9", JOE, rs256),
        ("RFC 7515, A.3: ES256", "eyJhbGciOiJFUzI1NiJ9", JOE, es256),
        ("RFC 7515, A.4: ES512", "eyJhbGciOiJFUzUxMiJ9", "UGF5bG9hZA", es512),
    ];
    let own = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": X }] });
    let eddsa =
        Case::new("RFC 8037, A.4: EdDSA, of a key that is known", format!("{ED25519}.{SIGNATURE}")).with("jwks", own);
    let tokens =
        parts.map(|(name, header, payload, signature)| Case::new(name, format!("{header}.{payload}.{signature}")));
    tokens.into_iter().chain([eddsa]).collect()
}

#[test]
fn the_example_of_an_eddsa_signature_is_right() {
    let (key, signature) = (PublicKey::parse(X).unwrap(), base64url::decode_exactly(SIGNATURE).unwrap());
    assert!(key.verify(ED25519.as_bytes(), &signature));
    assert!(!key.verify(JOE.as_bytes(), &signature));
    assert_eq!(KeySet::of([key]).find("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), Some(&key));
}

/// RFC 7515, appendix C, and the texts of A.1: the headers' bytes are as they were, line ends and all.
#[test]
fn the_examples_of_base64url_are_read() {
    let read = |text| base64url::decode(text, &mut [0; 128]).map(<[u8]>::to_vec);
    assert_eq!(read("A-z_4ME"), Some(vec![3, 236, 255, 224, 193]));
    assert_eq!(read("A-z_4ME="), None);
    assert_eq!(read("A+z/4ME"), None);
    let header = read("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9").unwrap();
    assert_eq!(header, b"{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
    assert_eq!(BASE64URL_NOPAD.encode(&read(JOE).unwrap()), JOE);
}
