//! Laws that hold for every input: parsers never panic and agree with themselves, what was written
//! can be read, and no command — permitted or refused — leads where a promise is broken.

use crate::support::invariants::broken;
use crate::support::random::{PEOPLE, person};
use crate::support::site::{Site, request};
use guildhall::app::keys::{Keys, Purpose};
use guildhall::domain::command::OrganizationRef;
use guildhall::domain::email::Email;
use guildhall::domain::id::{OrganizationId, UserId};
use guildhall::domain::json_object::JsonObject;
use guildhall::domain::permission::Catalog;
use guildhall::domain::resolve::{Resolution, ResolutionSettings, Seen, resolve};
use guildhall::domain::role::Roles;
use guildhall::domain::slug::Slug;
use guildhall::domain::text::{Locale, LogoUrl, Message, Name};
use guildhall::domain::time::Timestamp;
use guildhall::store::memory::MemoryStore;
use guildhall::wire;
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #[test]
    fn parsers_take_any_text(text in any::<String>()) {
        let _ = (Email::parse(&text), Slug::parse(&text), Name::parse(&text), Message::parse(&text));
        let _ = (Locale::parse(&text), LogoUrl::parse(&text), UserId::parse(&text), Timestamp::parse(&text));
        let _ = (OrganizationRef::parse(&text), OrganizationId::parse(&text), Catalog::default().expand(&text));
        let _ = (Roles::parse(&[&text]), serde_json::from_str::<JsonObject>(&text));
    }

    #[test]
    fn a_suggestion_is_always_a_slug(name in any::<String>(), suffix in "[a-z0-9]{1,8}") {
        let slug = Slug::suggest(&name);
        prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
        let suffixed = slug.with_suffix(&suffix);
        prop_assert!(Slug::parse(suffixed.as_str()).is_ok(), "{}", suffixed);
    }

    #[test]
    fn canonical_addresses_are_canonical(text in "[ ]?[A-Za-z0-9.!+_-]{1,12}@[A-Za-z0-9.-]{1,12}\\.[A-Za-z]{2,4}[ ]?") {
        if let Ok(email) = Email::parse(&text) {
            let again = Email::parse(email.canonical()).unwrap();
            prop_assert_eq!(again.canonical(), email.canonical());
            prop_assert_eq!(again.as_str(), email.canonical());
            prop_assert!(!email.masked().contains(email.canonical()));
        }
    }

    #[test]
    fn a_name_is_its_own_parse(text in any::<String>()) {
        if let Ok(name) = Name::parse(&text) {
            prop_assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
            let json = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(serde_json::from_str::<Name>(&json).unwrap(), name);
        }
    }

    #[test]
    fn times_survive_their_text(millis in 0i64..=253_402_300_799_999) {
        let at = Timestamp::from_millis(millis);
        prop_assert_eq!(Timestamp::parse(&at.to_string()), Ok(at));
    }

    #[test]
    fn ids_survive_their_text_and_sort_by_birth(early in 0u64..1 << 40, later in 1u64..1 << 40, random: [u8; 10]) {
        let (old, young) = (OrganizationId::from_parts(early, &random), OrganizationId::from_parts(early + later, &random));
        prop_assert_eq!(OrganizationId::parse(&old.to_string()), Ok(old));
        prop_assert!(old.to_string() < young.to_string());
    }

    #[test]
    fn a_seal_opens_only_unchanged(payload in any::<String>(), context in any::<String>(), at in any::<usize>(), byte in any::<u8>()) {
        let keys = Keys::new(&"k".repeat(32)).unwrap();
        let sealed = keys.seal(Purpose::Cursor, &context, &payload);
        prop_assert_eq!(keys.unseal(Purpose::Cursor, &context, &sealed), Some(payload));
        let mut bytes = sealed.clone().into_bytes();
        let place = at % bytes.len();
        bytes[place] = byte;
        if let (true, Ok(text)) = (bytes != sealed.as_bytes(), String::from_utf8(bytes)) {
            prop_assert_eq!(keys.unseal(Purpose::Cursor, &context, &text), None);
        }
    }

    #[test]
    fn hints_take_any_request(path in "/[ -~]{0,40}", header in "[ -~]{0,20}", host in "[a-z0-9.]{1,20}") {
        if let Ok(uri) = format!("https://{host}{path}").parse::<http::Uri>() {
            let mut headers = http::HeaderMap::new();
            headers.insert(wire::hints::ORGANIZATION_HEADER, header.parse().unwrap());
            let base_domain = Some("example.com".to_owned());
            let settings = ResolutionSettings { base_domain, ..ResolutionSettings::default() };
            let hints = wire::hints::of(&wire::hints::Place::of(&uri, &headers), &settings);
            // Without memberships nothing is ever resolved.
            for seen in [Seen::default(), Seen::of(Vec::new())] {
                prop_assert_eq!(resolve(&hints, &seen), Resolution::Unknown);
            }
        }
    }

    #[test]
    fn any_request_gets_an_answer_and_a_refusal_changes_nothing(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"]),
        path in prop::sample::select(PATHS.to_vec()),
        junk in "[ -~]{0,12}",
        body in body(),
        who in 0usize..=PEOPLE.len() + 1,
    ) {
        let site = populated();
        let operator = json!({ "userId": "root", "platformAdmin": true });
        let known = PEOPLE.get(who).map(|name| person(name)).or_else(|| (who > PEOPLE.len()).then_some(operator));
        let token = known.map(|person| block_on(site.sign_in(&person)));
        let path = path.replace("{}", &percent_encoding::utf8_percent_encode(&junk, percent_encoding::NON_ALPHANUMERIC).to_string());
        let before = site.store.dump();
        let reply = block_on(site.send(request(method, &path, token.as_deref(), body.as_ref())));
        prop_assert!(reply.status < 500, "{} {} {:?}: {}", method, path, body, reply.text);
        prop_assert_eq!(broken(&site.store.dump()), None);
        if reply.status >= 400 {
            prop_assert_eq!(site.store.dump(), before);
            prop_assert!(method == "HEAD" || reply.body["code"].is_string(), "{}", reply.text);
        }
    }
}

const PATHS: &[&str] = &[
    "/{}",
    "/v1/{}",
    "/v1/me",
    "/v1/me/invitations?cursor={}",
    "/v1/resolve?org={}",
    "/v1/resolve?explain=true",
    "/v1/resolve?explain={}",
    "/o/{}/v1/resolve",
    "/v1/slugs/{}",
    "/v1/organizations",
    "/v1/organizations?{}",
    "/v1/organizations?all=true&q={}",
    "/v1/organizations?all=true&cursor={}",
    "/v1/users?q={}",
    "/v1/users?q=kurt&cursor={}",
    "/v1/events?after={}",
    "/v1/operations",
    "/v1/organizations/{}",
    "/v1/organizations/nirvana",
    "/v1/organizations/nirvana/{}",
    "/v1/organizations/nirvana/members",
    "/v1/organizations/nirvana/members/{}",
    "/v1/organizations/nirvana/members/krist",
    "/v1/organizations/nirvana/members/me",
    "/v1/organizations/nirvana/members?cursor={}",
    "/v1/organizations/nirvana/invitations",
    "/v1/organizations/nirvana/invitations/{}",
    "/v1/organizations/nirvana/invitations/{}/resend",
    "/v1/organizations/nirvana/transfer",
    "/v1/organizations/nirvana/domains",
    "/v1/organizations/nirvana/domains?cursor={}",
    "/v1/organizations/nirvana/domains/{}",
    "/v1/organizations/nirvana/domains/{}/verify",
    "/v1/me/joinable-organizations",
    "/dev/dns",
    "/v1/organizations/nirvana/check",
    "/v1/organizations/nirvana/deactivate",
    "/v1/invitations/accept",
    "/v1/registrations",
    "/v1/registrations/activate",
    "/v1/me/join-requests?cursor={}",
    "/v1/organizations/nirvana/passes",
    "/v1/me/passport",
    "/.well-known/jwks.json",
    "/v1/organizations/nirvana/invitation-links",
    "/v1/organizations/nirvana/invitation-links/{}",
    "/v1/organizations/nirvana/invitation-links/{}/rotate",
    "/v1/organizations/nirvana/join-requests",
    "/v1/organizations/nirvana/join-requests/{}/approve",
    "/v1/organizations/nirvana/join-requests/{}",
    "/v1/invitations/preview",
    "/v1/invitations/decline",
    "/v1/me/current-organization",
    "/dev/session",
    "/dev/outbox",
    "/v1/imports/django",
    "/v1/imports/django?userId={}",
    "/v1/imports/django?site={}",
];

/// Bodies with the right names, and values of every kind beneath them.
fn body() -> impl Strategy<Value = Option<Value>> {
    let names = [
        "name",
        "slug",
        "email",
        "userId",
        "roles",
        "token",
        "invitationId",
        "permissions",
        "organization",
        "expiresIn",
        "notify",
        "metadata",
        "settings",
        "logoUrl",
        "ownerId",
        "message",
        "locale",
        "organizationName",
        "maxUses",
        "allowedDomains",
        "disabled",
        "joinRequests",
        "next",
        "policy",
        "txt",
        "broken",
        "audience",
        "extra",
    ];
    let value = prop_oneof![
        Just(Value::Null),
        Just(json!("krist")),
        Just(json!("krist@nirvana.com")),
        Just(json!(["admin"])),
        Just(json!(["member:read"])),
        Just(json!("nirvana")),
        Just(json!({})),
        Just(json!(true)),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::collection::vec(any::<String>(), 0..3).prop_map(Value::from),
    ];
    let field = (prop::sample::select(names.to_vec()), value);
    let fields = prop::collection::vec(field, 0..4);
    let object = fields.prop_map(|fields| fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    prop::option::of(object.prop_map(Value::Object))
}

fn populated() -> Site<MemoryStore> {
    let site = Site::new(MemoryStore::default());
    let token = block_on(site.sign_in(&person("kurt")));
    let posts = [
        ("/v1/organizations", json!({ "name": "Nirvana" })),
        ("/v1/organizations/nirvana/members", json!({ "userId": "krist", "roles": ["admin"] })),
        ("/v1/organizations/nirvana/invitations", json!({ "email": "dave@nirvana.com" })),
    ];
    for (path, body) in posts {
        assert_eq!(block_on(site.send(request("POST", path, Some(&token), Some(&body)))).status, 201);
    }
    site
}
