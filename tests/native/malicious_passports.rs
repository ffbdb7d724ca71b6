//! The part of the corpus of malicious tokens that is about passports: one token for all memberships of a user.

use crate::support::forge::{self, Case, claims, passport_claims};
use serde_json::{Value, json};

/// Passports of a wrong shape or time, each with the code that refuses it, and two good ones.
pub fn passports() -> Vec<Case> {
    let row = |n: usize| json!([forge::short(n as u8), format!("band-{n}"), 7, 3, ["member"], "AQ"]);
    let rows = |rows: Value| passport_claims(|c| c["orgs"] = rows.clone());
    let pass = Case::signed("a pass for a passport", &forge::header("guildhall-pass+jwt"), &claims(|_| ()).to_string());
    let renamed = forge::header("guildhall-passport+jwt");
    vec![
        pass.with("kind", json!("passport")),
        Case::signed("a pass's claims in a passport", &renamed, &claims(|_| ()).to_string())
            .with("kind", json!("passport")),
        Case::passport("no rows", passport_claims(|c| drop(c.as_object_mut().unwrap().remove("orgs")))),
        Case::passport("rows as an object", rows(json!({}))),
        Case::passport("a row too short", rows(json!([[row(1)[0], "band", 7, 3, []]]))),
        Case::passport("a row too long", rows(json!([[row(1)[0], "band", 7, 3, [], "AQ", 1, 1]]))),
        Case::passport(
            "an id in full",
            rows(json!([["org_01890a5d0c0070008000000000000001", "band", 7, 3, [], "AQ"]])),
        ),
        Case::passport("an end as a text", rows(json!([[row(1)[0], "band", 7, 3, [], "AQ", "1"]]))),
        Case::passport("one organization twice", rows(json!([row(1), [row(1)[0], "other", 7, 3, ["owner"], "_w"]]))),
        Case::passport("one slug twice", rows(json!([row(1), [row(2)[0], "band-1", 7, 3, ["owner"], "_w"]]))),
        Case::passport("one row too many", rows((0..101).map(row).collect())),
        Case::passport("more as a text", passport_claims(|c| c["more"] = json!("no"))),
        Case::passport(
            "ran out",
            passport_claims(|c| {
                (c["iat"], c["exp"]) = (json!(forge::NOW - 100), json!(forge::NOW));
            }),
        )
        .expect("pass_expired"),
        Case::passport("for somebody else", passport_claims(|c| c["aud"] = json!("x"))).expect("pass_wrong_audience"),
        Case::passport("a good passport", passport_claims(|_| ())).expect("ok"),
        Case::passport("a full one", rows((0..100).map(row).collect())).expect("ok"),
    ]
}
