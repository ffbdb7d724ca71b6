//! What gets through to the application behind Guildhall, as whom, and what of it comes back.

use crate::support::opened::{Opened, believed};
use crate::support::site::{ORIGIN, Reply, Site, request, settings};
use guildhall::app::config::{Config, Settings};
use guildhall::domain::json::Text;
use guildhall::domain::pass::{Expectations, Kind};
use guildhall::store::memory::MemoryStore;
use guildhall::wire::gateway::{Forward, Gated, OriginFault, gate};
use guildhall::wire::{Handled, Request};
use http::{HeaderMap, HeaderName, HeaderValue};
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};

pub const APPLICATION: &str = "http://127.0.0.1:9000";
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

pub struct World {
    pub site: Site<MemoryStore>,
}

pub fn gateway_settings() -> Settings {
    Settings {
        origin_url: Some(APPLICATION.to_owned()),
        permissions: Some("invoice:read invoice:pay".to_owned()),
        skip_paths: Some("/assets/* /login".to_owned()),
        ..settings()
    }
}

/// kurt owns nirvana with krist in it, dave owns scream and foo, krist is in foo, too.
pub fn world(settings: &Settings) -> World {
    let world = World { site: Site::with(MemoryStore::default(), settings) };
    world.make("kurt", "POST /v1/organizations", json!({ "name": "Nirvana" }));
    world.make("dave", "POST /v1/organizations", json!({ "name": "Scream" }));
    world.make("dave", "POST /v1/organizations", json!({ "name": "Foo" }));
    world.make("kurt", "POST /v1/organizations/nirvana/members", json!({ "userId": "krist" }));
    world.make("dave", "POST /v1/organizations/foo/members", json!({ "userId": "krist" }));
    world
}

impl World {
    fn session(&self, who: &str) -> String {
        block_on(self.site.sign_in(&json!({ "userId": who, "platformAdmin": who == "root" })))
    }

    fn make(&self, who: &str, line: &str, body: Value) -> Value {
        let (method, path) = line.split_once(' ').unwrap();
        let reply: Reply = block_on(self.site.send(request(method, path, Some(&self.session(who)), Some(&body))));
        assert!(reply.status < 300, "{line}: {}", reply.text);
        reply.body
    }

    fn request(&self, who: Option<&str>, line: &str, headers: &[(&str, &str)]) -> Request {
        let (method, path) = line.split_once(' ').unwrap();
        let session = who.map(|who| self.session(who));
        let mut request = request(method, path, session.as_deref(), None);
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
        }
        request
    }

    pub fn gate(&self, who: Option<&str>, line: &str, headers: &[(&str, &str)]) -> Gated {
        {
            let request = self.request(who, line, headers);
            block_on(gate(&self.site.app(), &request, self.site.caller(&request)))
        }
    }

    pub fn forward(&self, who: Option<&str>, line: &str, headers: &[(&str, &str)]) -> Forward {
        forwarded(self.gate(who, line, headers)).unwrap()
    }

    /// Status and code, or address.
    pub fn refusal(&self, who: Option<&str>, line: &str, headers: &[(&str, &str)]) -> (u16, String) {
        forwarded(self.gate(who, line, headers)).unwrap_err()
    }

    fn pass(&self, token: &str) -> Opened {
        let issuer = Some(Text::verbatim(ORIGIN));
        let expected = Expectations { issuer, ..Expectations::of(APPLICATION, self.site.now.get()) };
        believed(token, Kind::Pass, &self.site.config.public_pass_keys(), &expected).unwrap()
    }
}

fn forwarded(gated: Gated) -> Result<Forward, (u16, String)> {
    match gated {
        Gated::Forwarded(forward) => Ok(*forward),
        Gated::Answered(handled) => Err(said(&handled)),
    }
}

fn said(handled: &Handled) -> (u16, String) {
    let headers = handled.response.headers();
    assert!(headers.contains_key("x-request-id"));
    let location = headers.get("location").map(|value| value.to_str().unwrap().to_owned());
    let body: Value = serde_json::from_slice(handled.response.body()).unwrap_or_default();
    (handled.response.status().as_u16(), location.unwrap_or_else(|| body["code"].as_str().unwrap_or("").to_owned()))
}

fn ours(headers: &HeaderMap) -> Vec<(&str, &str)> {
    let ours = headers.iter().filter(|(name, _)| name.as_str().starts_with("guildhall"));
    let mut ours: Vec<_> = ours.map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    ours.sort_unstable();
    ours
}

pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn a_member_is_vouched_for_with_every_method() {
    let world = world(&gateway_settings());
    world.make(
        "kurt",
        "POST /v1/organizations/nirvana/roles",
        json!({ "key": "bass", "permissions": ["invoice:pay"] }),
    );
    world.make("kurt", "PATCH /v1/organizations/nirvana/members/krist", json!({ "roles": ["member", "bass"] }));
    for method in METHODS {
        let line = format!("{method} /o/nirvana/invoices/7?org=nirvana&x=%2F&consistency=whatever");
        let forward = world.forward(Some("krist"), &line, &[("accept", "text/html")]);
        assert_eq!(forward.method.as_str(), method);
        assert_eq!(forward.url, format!("{APPLICATION}{}", line.split_once(' ').unwrap().1));
        let headers = &forward.headers;
        assert_eq!(get(headers, "guildhall-organization-slug"), Some("nirvana"));
        assert_eq!(get(headers, "guildhall-user"), Some("krist"));
        assert_eq!(get(headers, "guildhall-roles"), Some("bass,member"));
        assert_eq!(get(headers, "guildhall-permissions"), Some("organization:read,member:read,team:read,invoice:pay"));
        assert_eq!(get(headers, "accept"), Some("text/html"));
        assert_eq!(get(headers, "x-forwarded-host"), Some("127.0.0.1:8787"));
        assert_eq!(get(headers, "authorization"), None, "a session is Guildhall's");
        let pass = world.pass(get(headers, "guildhall-pass").unwrap());
        assert_eq!(Some(pass.members[0].organization.to_string().as_str()), get(headers, "guildhall-organization"));
        assert_eq!(Some(pass.members[0].version.to_string().as_str()), get(headers, "guildhall-version"));
        assert!(pass.stated.user.is("krist"));
    }
}

#[test]
fn each_way_to_name_an_organization_is_read() {
    let world = world(&gateway_settings());
    for (line, headers) in [
        ("GET /o/foo/x", vec![]),
        ("GET /x?org=foo", vec![]),
        ("GET /x", vec![("guildhall-organization", "foo")]),
        ("GET /o/foo", vec![("Guildhall-Organization", "foo")]),
    ] {
        let forward = world.forward(Some("krist"), line, &headers);
        assert_eq!(get(&forward.headers, "guildhall-organization-slug"), Some("foo"), "{line}");
        assert_eq!(forward.headers.get_all("guildhall-organization").iter().count(), 1);
    }
    let only = world.forward(Some("kurt"), "GET /", &[]);
    assert_eq!(get(&only.headers, "guildhall-organization-slug"), Some("nirvana"));
    assert_eq!(get(&only.headers, "guildhall-roles"), Some("owner"));
}

/// Who, which path, with which headers; status and code.
type Row<'a> = (Option<&'a str>, &'a str, &'a [(&'a str, &'a str)], u16, &'a str);

#[test]
fn what_resolution_refuses_never_reaches_the_origin() {
    let world = world(&gateway_settings());
    world.make("dave", "POST /v1/organizations/scream/deactivate", json!({}));
    world.make("dave", "PATCH /v1/organizations/foo/members/krist", json!({ "state": "suspended" }));
    let named = [("guildhall-organization", "nirvana")];
    let rows: [Row<'_>; 12] = [
        (None, "/", &[], 401, "unauthenticated"),
        (None, "/o/nirvana/x", &[], 401, "unauthenticated"),
        (None, "/o/nowhere/x", &[], 401, "unauthenticated"),
        (Some("kurt"), "/o/nowhere/x", &[], 404, "not_found"),
        (Some("kurt"), "/o/scream/x", &[], 404, "not_found"),
        (Some("kurt"), "/x?org=!!", &[], 404, "not_found"),
        (Some("krist"), "/o/foo/x", &named, 409, "organization_ambiguous"),
        (Some("krist"), "/o/foo/x", &[], 403, "membership_suspended"),
        (Some("dave"), "/o/scream/x", &[], 409, "organization_inactive"),
        (Some("pat"), "/", &[], 409, "organization_required"),
        (Some("kurt"), "/", &[("guildhall-pass", "forged")], 401, "pass_invalid"),
        (Some("kurt"), "/", &[("guildhall-min-version", "99")], 412, "version_not_reached"),
    ];
    for (who, path, headers, status, code) in rows {
        for method in METHODS {
            let (told, because) = world.refusal(who, &format!("{method} {path}"), headers);
            assert_eq!(told, status, "{method} {path}");
            assert!(method == "HEAD" || because == code, "{method} {path}: {because}");
        }
    }
    let token = ("authorization", "Bearer not-ours");
    assert_eq!(world.refusal(None, "GET /", &[token]), (401, "unauthenticated".to_owned()));
}

#[test]
fn whoever_has_several_is_told_which() {
    let world = world(&gateway_settings());
    let Gated::Answered(handled) = world.gate(Some("krist"), "GET /invoices", &[]) else { panic!("it got through") };
    assert_eq!(said(&handled), (409, "organization_required".to_owned()));
    let body: Value = serde_json::from_slice(handled.response.body()).unwrap();
    let slugs: Vec<&str> =
        body["organizations"].as_array().unwrap().iter().map(|o| o["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["foo", "nirvana"]);
}

#[test]
fn a_former_slug_leads_readers_on_and_lets_writers_through() {
    let world = world(&gateway_settings());
    world.make("kurt", "PATCH /v1/organizations/nirvana", json!({ "slug": "bliss" }));
    for method in ["GET", "HEAD"] {
        let moved = |path: &str| world.refusal(Some("kurt"), &format!("{method} {path}"), &[]);
        assert_eq!(moved("/o/nirvana/a/b%2Fc?x=1&y=/o/nirvana"), (308, "/o/bliss/a/b%2Fc?x=1&y=/o/nirvana".to_owned()));
        assert_eq!(moved("/o/nirvana"), (308, "/o/bliss".to_owned()));
        assert_eq!(moved("/o/nirvana/"), (308, "/o/bliss/".to_owned()));
        assert_eq!(moved("/o/nirvana//evil.example"), (308, "/o/bliss//evil.example".to_owned()));
    }
    let written = world.forward(Some("kurt"), "POST /o/nirvana/a", &[]);
    assert_eq!(written.url, format!("{APPLICATION}/o/nirvana/a"));
    assert_eq!(get(&written.headers, "guildhall-organization-slug"), Some("bliss"));
    let elsewhere = world.forward(Some("kurt"), "GET /a?org=nirvana", &[]);
    assert_eq!(get(&elsewhere.headers, "guildhall-organization-slug"), Some("bliss"));
    assert_eq!(world.refusal(Some("dave"), "GET /o/nirvana/a", &[]), (404, "not_found".to_owned()));
}

#[test]
fn skipped_paths_say_nothing_of_anybody() {
    let world = world(&gateway_settings());
    for (line, token) in [("GET /assets/logo.svg", "Bearer app"), ("POST /login", "Basic eDp5")] {
        let forged = [("guildhall-user", "kurt"), ("authorization", token), ("cookie", "a=1")];
        let forward = world.forward(None, line, &forged);
        assert_eq!(ours(&forward.headers), []);
        assert_eq!(get(&forward.headers, "authorization"), Some(token));
        assert_eq!(forward.answered(&HeaderMap::new()).get("vary"), None);
    }
    let signed_in = world.forward(Some("kurt"), "GET /login", &[]);
    assert_eq!(ours(&signed_in.headers), []);
    assert_eq!(get(&signed_in.headers, "authorization"), None);
    let line = "GET /assets/%2e%2e/admin";
    assert_eq!(world.refusal(None, line, &[]), (400, "malformed_request".to_owned()));
}

#[test]
fn nobody_gets_through_only_where_the_operator_says_so() {
    let open = Settings { gateway_anonymous: Some("pass".to_owned()), ..gateway_settings() };
    let world = world(&open);
    assert_eq!(ours(&world.forward(None, "GET /", &[("Guildhall-User", "kurt")]).headers), []);
    assert_eq!(world.refusal(None, "GET /o/nirvana/", &[]).0, 401);
    assert_eq!(world.refusal(Some("pat"), "GET /", &[]).0, 409);
}

#[test]
fn visitors_see_the_fallback_without_any_power() {
    let shown = Settings { fallback_organization: Some("nirvana".to_owned()), ..gateway_settings() };
    let world = world(&shown);
    let forward = world.forward(None, "GET /", &[("guildhall-roles", "owner")]);
    let names: Vec<&str> = ours(&forward.headers).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["guildhall-organization", "guildhall-organization-slug", "guildhall-version"]);
    assert_eq!(world.refusal(None, "GET /", &[("guildhall-min-version", "99")]).0, 412);
}

#[test]
fn a_platform_admin_has_power_and_no_pass() {
    let world = world(&gateway_settings());
    let forward = world.forward(Some("root"), "GET /o/nirvana/", &[]);
    assert_eq!(get(&forward.headers, "guildhall-platform-admin"), Some("true"));
    assert_eq!(get(&forward.headers, "guildhall-roles"), None);
    assert_eq!(get(&forward.headers, "guildhall-pass"), None);
    assert!(get(&forward.headers, "guildhall-permissions").unwrap().contains("organization:delete"));
    world.make("kurt", "POST /v1/organizations/nirvana/deactivate", json!({}));
    assert_eq!(world.refusal(Some("root"), "GET /o/nirvana/", &[]), (409, "organization_inactive".to_owned()));
}

#[test]
fn what_an_organization_asks_for_is_asked_for_here_too() {
    let world = world(&gateway_settings());
    let mfa = block_on(world.site.sign_in(&json!({ "userId": "kurt", "mfa": true })));
    let body = json!({ "requirements": { "mfa": true } });
    let line = request("PATCH", "/v1/organizations/nirvana", Some(&mfa), Some(&body));
    assert_eq!(block_on(world.site.send(line)).status, 200);
    assert_eq!(world.refusal(Some("krist"), "GET /o/nirvana/", &[]), (403, "mfa_required".to_owned()));
    let asked = request("GET", "/o/nirvana/", Some(&mfa), None);
    let shown = block_on(gate(&world.site.app(), &asked, world.site.caller(&asked)));
    assert!(matches!(shown, Gated::Forwarded(_)));
}

#[test]
fn a_cookie_counts_from_our_own_pages_and_stays_here() {
    let world = world(&gateway_settings());
    let cookie = format!("app=1; __Host-guildhall_session={}; theme=dark", world.session("kurt"));
    let sent = |method: &str, origin: &str| {
        world.gate(None, &format!("{method} /x"), &[("cookie", &cookie), ("origin", origin)])
    };
    let Gated::Forwarded(forward) = sent("POST", ORIGIN) else { panic!("it was refused") };
    assert_eq!(get(&forward.headers, "cookie"), Some("app=1; theme=dark"));
    assert_eq!(get(&forward.headers, "guildhall-user"), Some("kurt"));
    let Gated::Answered(handled) = sent("POST", "https://evil.example") else { panic!("it got through") };
    assert_eq!(said(&handled), (403, "origin_mismatch".to_owned()));
    assert!(matches!(sent("GET", "https://evil.example"), Gated::Forwarded(_)));
}

#[test]
fn odd_requests_never_get_through() {
    let world = world(&gateway_settings());
    for path in ["//evil.example/x", "/x/../o/foo/y", "/o/nirvana/%2e%2e/foo", "/a\\..\\b", "/o/foo/%ff"] {
        assert_eq!(world.refusal(Some("krist"), &format!("GET {path}"), &[]).0, 400, "{path}");
    }
    for method in ["TRACE", "CONNECT", "TRACK", "PURGE", "get"] {
        assert_eq!(world.refusal(Some("kurt"), &format!("{method} /"), &[]).0, 405, "{method}");
    }
    let mut foreign = world.request(Some("kurt"), "GET /", &[]);
    *foreign.uri_mut() = "http://elsewhere.example/".parse().unwrap();
    let Gated::Answered(handled) = block_on(gate(&world.site.app(), &foreign, world.site.caller(&foreign))) else {
        panic!("it got through")
    };
    assert_eq!(
        said(&handled),
        (403, "permission_denied".to_owned()),
        "the development mode answers on loopback hosts only"
    );
}

#[test]
fn a_silent_origin_is_a_problem_of_its_own() {
    let world = world(&gateway_settings());
    let forward = world.forward(Some("kurt"), "GET /", &[("x-request-id", "mine")]);
    for (fault, expected) in [
        (OriginFault::Unreachable, (502, "origin_unavailable".to_owned())),
        (OriginFault::TimedOut, (504, "origin_timeout".to_owned())),
    ] {
        let handled = forward.failed(fault);
        assert_eq!(said(&handled), expected);
        assert_eq!(get(handled.response.headers(), "x-request-id"), Some("mine"));
        assert!(handled.fault.is_some());
    }
    let back = forward.answered(&HeaderMap::new());
    assert_eq!(get(&back, "guildhall-organization"), get(&forward.headers, "guildhall-organization"));
    assert!(get(&back, "vary").unwrap().contains("cookie"));
}

#[test]
fn an_origin_behind_a_binding_is_asked_under_the_public_address() {
    let settings = Settings { origin_url: None, gateway_audience: Some("billing".to_owned()), ..gateway_settings() };
    let config = Config::read(&settings).unwrap();
    assert_eq!((config.gateway.origin, config.gateway.audience.as_str()), (None, "billing"));
    let forward = world(&settings).forward(Some("kurt"), "GET /x", &[]);
    assert_eq!(forward.url, format!("{ORIGIN}/x"));
}

/// Any spelling of a name that a server could take for one of ours.
fn spelling() -> impl Strategy<Value = String> {
    let cased = prop::collection::vec(any::<bool>(), 9).prop_map(|upper| {
        "guildhall".chars().zip(upper).map(|(c, up)| if up { c.to_ascii_uppercase() } else { c }).collect()
    });
    let rest = "[-_.a-zA-Z0-9!~]{0,24}|-user|_USER|-Roles|-pass|-Platform-Admin|_permissions";
    (cased, rest).prop_map(|(name, rest): (String, String)| format!("{name}{rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn nothing_that_a_client_says_in_our_name_reaches_the_origin(
        names in prop::collection::vec(spelling(), 1..6),
        others in prop::collection::vec("x-[a-z]{1,8}|connection", 0..4),
        skipped in any::<bool>(),
    ) {
        thread_local! { static WORLD: World = world(&gateway_settings()); }
        WORLD.with(|world| {
            let line = if skipped { "GET /assets/x" } else { "POST /o/nirvana/x" };
            let mut request = world.request(Some("kurt"), line, &[]);
            for name in names.iter().chain(&others) {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                // What is read as a hint would be refused here, which is another test's matter.
                if !matches!(name.as_str(), "guildhall-organization" | "guildhall-pass" | "guildhall-min-version") {
                    request.headers_mut().append(name, HeaderValue::from_static("forged, guildhall-user"));
                }
            }
            let Gated::Forwarded(forward) = block_on(gate(&world.site.app(), &request, world.site.caller(&request))) else { panic!("it was refused") };
            let said = ours(&forward.headers);
            prop_assert!(said.iter().all(|(_, value)| !value.contains("forged")), "{said:?}");
            prop_assert_eq!(said.len(), if skipped { 0 } else { 7 }, "{:?}", said);
            Ok(())
        })?;
    }
}
