//! Hosts in settings and requests: what is mended, what is refused by name, and that one host in several spellings is
//! one host at every door.

use crate::support::site::{Reply, Site, settings};
use guildhall::app::config::{Config, Settings};
use guildhall::store::memory::MemoryStore;
use guildhall::wire::gateway::{Gated, gate};
use pollster::block_on;
use serde_json::{Value, json};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn fault(settings: &Settings) -> Option<(&'static str, String)> {
    Config::read(settings).err().map(|error| (error.setting(), error.to_string()))
}

#[test]
fn base_domain_is_mended_where_its_meaning_is_plain() {
    for text in [
        ".example.com",
        "example.com.",
        "https://example.com",
        "example.com:8787",
        "*.example.com",
        "EXAMPLE.com",
        "  https://*.example.com.:8443/\n",
    ] {
        let config = Config::read(&Settings { base_domain: some(text), ..settings() }).unwrap();
        assert_eq!(config.resolution.base_domain.as_deref(), Some("example.com"), "{text:?}");
    }
    for text in ["münchen.example", "https://*.MÜNCHEN.example/", "xn--mnchen-3ya.example."] {
        let config = Config::read(&Settings { base_domain: some(text), ..settings() }).unwrap();
        assert_eq!(config.resolution.base_domain.as_deref(), Some("xn--mnchen-3ya.example"), "{text:?}");
    }
    for text in ["", " ", "\n"] {
        let config = Config::read(&Settings { base_domain: some(text), ..settings() }).unwrap();
        assert_eq!(config.resolution.base_domain, None, "{text:?}");
    }
}

#[test]
fn malformed_addresses_are_refused_by_the_name_of_their_setting() {
    for text in ["example.com/app", "a.com b.com", "example..com", "10.0.0.1", "http://", "{slug}.example.com"] {
        let (name, told) = fault(&Settings { base_domain: some(text), ..settings() }).unwrap();
        assert!(name == "BASE_DOMAIN" && told.contains(&format!("`{text}`")), "{told}");
    }
    for text in ["app.localhost", "http://localhost/app", "http://a@localhost", "http://local host", "ftp://localhost"]
    {
        let (name, told) = fault(&Settings { public_origin: some(text), ..settings() }).unwrap();
        assert!(name == "PUBLIC_ORIGIN" && told.contains(&format!("`{text}`")), "{told}");
    }
    for text in [
        "dns.example",
        "http://dns.example/q",
        "https://u@dns.example/q",
        "https://dns..example",
        "https://dns.example:99999",
    ] {
        assert_eq!(fault(&Settings { doh_url: some(text), ..settings() }).unwrap().0, "DOH_URL", "{text}");
    }
    for text in ["app.example", "https://app.example/x", "http://app.example", "https://app.example:x"] {
        assert_eq!(fault(&Settings { origin_url: some(text), ..settings() }).unwrap().0, "ORIGIN_URL", "{text}");
    }
    for (text, wrong) in
        [("invoice:read Invoice.burn", "Invoice.burn"), ("a:b,org:x:y", "org:x:y"), ("x:y\tü:z", "ü:z")]
    {
        let (name, told) = fault(&Settings { permissions: some(text), ..settings() }).unwrap();
        assert!(name == "PERMISSIONS" && told.contains(&format!("`{wrong}`")) && told.contains("`A-Z`"), "{told}");
    }
    for (text, wrong) in [("ok *", "*"), ("a?b", "a?b"), ("acme.*", "acme.*")] {
        let (name, told) = fault(&Settings { reserved_slugs: some(text), ..settings() }).unwrap();
        assert!(name == "RESERVED_SLUGS" && told.contains(&format!("`{wrong}`")), "{told}");
    }
}

#[test]
fn other_addresses_have_one_form() {
    let read = Config::read(&Settings {
        public_origin: some(" HTTP://App.LocalHost.:80/ "),
        doh_url: some("HTTPS://DNS.Example:443/dns-query\n"),
        origin_url: some("http://Back.localhost.:9000/"),
        auth: some(" [{\"type\":\"dev\"}]\n"),
        fallback_organization: some(" Welcome "),
        seat_limit: some(" 5 "),
        ..settings()
    });
    let config = read.unwrap();
    assert_eq!(config.public_origin, "http://app.localhost");
    assert_eq!(config.resolution.own_host.as_deref(), Some("app.localhost"));
    assert_eq!(config.resolver.as_deref(), Some("https://dns.example/dns-query"));
    assert_eq!(config.gateway.origin.as_deref(), Some("http://back.localhost:9000"));
    assert_eq!(config.seat_limit, Some(5));
    assert!(config.resolution.fallback.is_some());
}

/// An installation below its own base domain, with an application behind it: kurt owns acme, dave is suspended there.
fn installation() -> Site<MemoryStore> {
    let site = Site::with(
        MemoryStore::default(),
        &Settings {
            public_origin: some("http://app.localhost:8812"),
            base_domain: some("localhost"),
            origin_url: some("http://127.0.0.1:9000"),
            ..settings()
        },
    );
    made(&site, "kurt", "POST /v1/organizations", json!({ "name": "Acme" }));
    made(&site, "kurt", "POST /v1/organizations/acme/members", json!({ "userId": "dave" }));
    made(&site, "kurt", "PATCH /v1/organizations/acme/members/dave", json!({ "state": "suspended" }));
    made(&site, "dave", "POST /v1/organizations", json!({ "name": "Foo" }));
    site
}

fn asked(line: &str, headers: &[(&str, &str)], body: &Value) -> guildhall::wire::Request {
    let (method, path) = line.split_once(' ').unwrap();
    let url = if path.starts_with('/') { format!("http://app.localhost:8812{path}") } else { path.to_owned() };
    let builder = http::Request::builder().method(method).uri(url).header("content-type", "application/json");
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(if body.is_null() { Vec::new() } else { body.to_string().into_bytes() }).unwrap()
}

fn session(site: &Site<MemoryStore>, who: &str) -> Reply {
    let reply = block_on(site.send(asked("POST /dev/session", &[], &json!({ "userId": who }))));
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply
}

fn made(site: &Site<MemoryStore>, who: &str, line: &str, body: Value) {
    let token = format!("Bearer {}", session(site, who).body["token"].as_str().unwrap());
    let reply = block_on(site.send(asked(line, &[("authorization", &token)], &body)));
    assert!(reply.status < 300, "{line}: {}", reply.text);
}

#[test]
fn gateway_knows_its_own_host_and_reads_hosts_alike() {
    let site = installation();
    let table = [
        ("kurt", "GET http://app.localhost:8812/songs", Ok("acme")),
        ("kurt", "GET http://APP.localhost.:8812/o/ACME/songs", Ok("acme")),
        ("kurt", "GET http://acme.localhost/songs", Ok("acme")),
        ("kurt", "GET http://ACME.localhost.:99/songs?org=Acme", Ok("acme")),
        ("dave", "GET http://app.localhost/songs", Ok("foo")),
        ("dave", "GET http://acme.localhost./songs", Err((403, "membership_suspended"))),
        ("dave", "POST http://app.localhost/o/Acme/songs", Err((403, "membership_suspended"))),
        ("kurt", "GET http://foo.localhost./songs", Err((404, "not_found"))),
        ("kurt", "GET http://a.b.localhost/songs", Err((404, "not_found"))),
    ];
    for (who, line, expected) in table {
        let token = format!("Bearer {}", session(&site, who).body["token"].as_str().unwrap());
        let request = asked(line, &[("authorization", &token)], &Value::Null);
        let found = match block_on(gate(&site.app(), &request, site.caller(&request))) {
            Gated::Forwarded(forward) => {
                Ok(forward.headers["guildhall-organization-slug"].to_str().unwrap().to_owned())
            }
            Gated::Answered(handled) => {
                let body: Value = serde_json::from_slice(handled.response.body()).unwrap();
                Err((handled.response.status().as_u16(), body["code"].as_str().unwrap().to_owned()))
            }
        };
        let expected = expected.map(str::to_owned).map_err(|(status, code)| (status, code.to_owned()));
        assert_eq!(found, expected, "{who} {line}");
    }
}

#[test]
fn a_cookie_is_believed_from_the_own_origin_in_any_spelling() {
    let site = installation();
    let signed_in = session(&site, "kurt");
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    let status = |host: &str, origin: &str| {
        let line = format!("PATCH http://{host}/v1/organizations/acme");
        let sent = asked(&line, &[("cookie", cookie), ("origin", origin)], &json!({ "name": "Acme" }));
        block_on(site.send(sent)).status
    };
    for origin in ["http://app.localhost:8812", "http://APP.localhost:8812", "http://app.localhost.:8812"] {
        assert_eq!(status("app.localhost:8812", origin), 200, "{origin}");
        assert_eq!(status("acme.localhost.", origin), 200, "{origin}");
    }
    // In the development mode also the very origin that was asked, as a browser writes it.
    assert_eq!(status("acme.localhost.:80", "http://acme.localhost"), 200);
    for origin in [
        "https://app.localhost:8812",
        "http://app.localhost",
        "http://foo.localhost",
        "http://app.localhost:8812.evil.example",
        "null",
        "",
    ] {
        assert_eq!(status("app.localhost:8812", origin), 403, "{origin}");
    }
}

#[test]
fn development_mode_answers_on_loopback_hosts_in_any_spelling() {
    let site = installation();
    for host in ["localhost.", "LOCALHOST:1", "app.localhost.", "127.0.0.1", "127.0.0.1.:8812", "[::1]:8812"] {
        let reply = block_on(site.send(asked(&format!("GET http://{host}/v1/resolve"), &[], &Value::Null)));
        assert_eq!(reply.status, 200, "{host}: {}", reply.text);
    }
    for host in ["localhost.example", "localhost..", "app.localhost.evil.example", "10.0.0.1", "127.0.0.1.example"] {
        let reply = block_on(site.send(asked(&format!("GET http://{host}/v1/resolve"), &[], &Value::Null)));
        assert_eq!(reply.status, 403, "{host}");
    }
}
