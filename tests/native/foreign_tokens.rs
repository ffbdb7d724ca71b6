//! Tokens of foreign issuers: every shape that a provider documents is accepted, every wrong token is refused for its
//! reason.
//!
//! The tables are `tests/fixtures/foreign-tokens`; the same tokens are sent to the Worker and to the directory.
//! `WRITE_CORPUS=1 cargo test --test native wrong_tokens` writes the sentences of the refusals anew.

use crate::support::foreign::{Foreign, filled, now, path};
use crate::support::signatures::verify;
use crate::support::site::{Reply, Site, request, settings};
use guildhall::app::config::Settings;
use guildhall::domain::principal::Principal;
use guildhall::domain::time::Timestamp;
use guildhall::domain::token::{Choice, Issuer, KeySource, TokenFault, TokenFaultCode, Unverified, judge};
use guildhall::store::memory::MemoryStore;
use http::HeaderName;
use pollster::block_on;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// An installation with the issuers of the table, at the table's time.
fn site(foreign: &Foreign) -> Site<MemoryStore> {
    let site = Site::with(MemoryStore::default(), &Settings { auth: Some(foreign.auth()), ..settings() });
    site.now.set(now());
    site
}

/// The answer to a request with a token.
fn asked(site: &Site<MemoryStore>, foreign: &Foreign, row: &Value, token: &str) -> Reply {
    // Whatever the tokens of the table are, they are sent at one instant.
    site.now.set(Timestamp::from_millis(now().millis() - 1));
    let mut request = request("GET", "/v1/me", None, None);
    let (name, value) = match foreign.base(row)["via"].as_str() {
        Some(name) => (name, token.to_owned()),
        None => ("authorization", format!("Bearer {token}")),
    };
    request.headers_mut().insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    block_on(site.send(request))
}

fn issuers(site: &Site<MemoryStore>) -> Vec<Issuer> {
    site.config.auth.issuers().map(|(_, issuer)| issuer.clone()).collect()
}

/// The rules in their order, for the codes, which no answer shows.
fn caller(token: &str, issuers: &[Issuer]) -> Result<Principal, TokenFault> {
    let read = Unverified::read(token)?;
    let wrong = || TokenFault::new(TokenFaultCode::WrongIssuer, "no issuer of that name is configured");
    let issuer = issuers.iter().find(|issuer| issuer.matches(read.issuer())).ok_or_else(wrong)?;
    let inline = if let KeySource::Inline(keys) = &issuer.keys { Some(keys) } else { None };
    let keys = inline.unwrap();
    match keys.choose(&read, &issuer.algorithms) {
        Choice::Unknown => Err(keys.unknown_key(&read)),
        Choice::Refused(fault) => Err(fault),
        Choice::Key(key, algorithm) => match verify(key.jwk(), algorithm, read.signed_bytes(), read.signature()) {
            true => judge(&read, issuer, now()),
            false => Err(TokenFault::new(TokenFaultCode::WrongSignature, "the signature is wrong")),
        },
    }
}

/// A principal as the table shows it: what is false, absent or the ordinary kind is left out.
fn shown(principal: &Principal) -> Value {
    let mut shown = serde_json::to_value(principal).unwrap();
    let fields = shown.as_object_mut().unwrap();
    fields.remove("issuer");
    let signed_in = fields.remove("signedInAt").is_some();
    fields.insert("signedIn".to_owned(), json!(signed_in));
    fields.retain(|_, value| !value.is_null() && *value != json!(false) && *value != json!("user"));
    shown
}

#[test]
fn token_in_the_shape_of_each_provider_is_accepted() {
    let foreign = Foreign::read();
    let site = site(&foreign);
    let issuers = issuers(&site);
    for row in foreign.issuers["right"].as_array().unwrap() {
        let token = foreign.token(row);
        let found = caller(&token, &issuers);
        assert!(found.is_ok(), "{}: {found:?}", row["name"]);
        let found = found.unwrap();
        let reply = asked(&site, &foreign, row, &token);
        assert_eq!((reply.status, &reply.body["principal"]["userId"]), (200, &json!(found.user_id)), "{}", row["name"]);
        let expected: Value = serde_json::from_str(&filled(&row["principal"].to_string())).unwrap();
        assert_eq!(shown(&found), expected, "{}", row["name"]);
        assert!(found.issuer.is_some(), "{}", row["name"]);
    }
}

#[test]
fn shape_of_each_provider_says_what_it_was_written_from() {
    let foreign = Foreign::read();
    let names = |table: &Value| table.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let sources = &foreign.issuers["sources"];
    let types = foreign.issuers["auth"].as_array().unwrap().iter().map(|entry| entry["type"].as_str().unwrap());
    let hosted: BTreeSet<String> = types.filter(|kind| *kind != "jwt").chain(["oidc"]).map(str::to_owned).collect();
    assert_eq!(names(sources), hosted);
    for (name, source) in sources.as_object().unwrap() {
        let page = std::fs::read_to_string(format!("{}/docs/sign-in/{name}.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let read = source["read"].as_str().unwrap();
        assert!(page.contains(read), "docs/sign-in/{name}.md does not say that its sources were read on {read}");
        for address in source["pages"].as_array().unwrap() {
            let address = address.as_str().unwrap();
            assert!(page.contains(address), "docs/sign-in/{name}.md does not name {address}");
        }
        let is_documentation = source["from"] == "documentation";
        let said = page.contains("Not run against the hosted service");
        assert_eq!(said, is_documentation && name != "oidc", "docs/sign-in/{name}.md");
    }
}

#[test]
fn wrong_tokens_are_refused_for_their_reason() {
    let mut foreign = Foreign::read();
    let site = site(&foreign);
    let issuers = issuers(&site);
    let writes = std::env::var_os("WRITE_CORPUS").is_some();
    let mut rows = foreign.wrong["tokens"].as_array().unwrap().clone();
    let mut odd = Vec::new();
    assert!(rows.len() >= 300, "{} wrong tokens", rows.len());
    for row in &mut rows {
        let token = foreign.token(row);
        let code = caller(&token, &issuers).map_or_else(|fault| fault.code().as_str(), |_| "none");
        let reply = asked(&site, &foreign, row, &token);
        assert_eq!((reply.status, &reply.body["code"]), (401, &json!("unauthenticated")), "{}", row["name"]);
        assert_eq!(reply.headers["www-authenticate"], "Bearer error=\"invalid_token\"", "{}", row["name"]);
        let detail = reply.body["detail"].as_str().unwrap();
        if writes {
            row["detail"] = json!(detail);
        }
        if (row["code"].as_str(), row["detail"].as_str()) != (Some(code), Some(detail)) {
            odd.push(format!("{}: {code}: {detail}", row["name"]));
        }
    }
    foreign.wrong["tokens"] = rows.into();
    if writes {
        std::fs::write(path("wrong.json"), written(&foreign.wrong)).unwrap();
    }
    assert!(odd.is_empty(), "{} differ:\n{}", odd.len(), odd.join("\n"));
}

/// The table as a file, a token a line.
fn written(wrong: &Value) -> String {
    let line = |row: &Value| {
        let mut rest = row.as_object().unwrap().clone();
        let first = ["name", "code", "detail", "base"].map(|name| (name, rest.remove(name).unwrap_or_default()));
        let members = first.iter().map(|(name, value)| format!("\"{name}\": {value}"));
        let rest = rest.iter().map(|(name, value)| format!("\"{name}\": {value}"));
        format!("    {{{}}}", members.chain(rest).collect::<Vec<_>>().join(", "))
    };
    let lines: Vec<String> = wrong["tokens"].as_array().unwrap().iter().map(line).collect();
    format!("{{\n  \"about\": {},\n  \"tokens\": [\n{}\n  ]\n}}\n", wrong["about"], ascii(&lines.join(",\n")))
}

/// JSON in ASCII letters: a table full of look-alikes shows what they are.
fn ascii(text: &str) -> String {
    let mut units = [0; 2];
    let escaped = |letter: char, units: &mut [u16; 2]| match letter.is_ascii() && letter != '\u{7f}' {
        true => letter.to_string(),
        false => letter.encode_utf16(units).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    text.chars().map(|letter| escaped(letter, &mut units)).collect()
}
