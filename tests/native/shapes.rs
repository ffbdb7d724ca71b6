//! Stored shapes, to the letter. A change here changes what lies in databases and caches: it needs
//! a migration, or a new key.

use crate::support::random::person;
use crate::support::site::{Site, request};
use guildhall::app::ports::Upkeep;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};

fn dump_after(asks: &[(&str, &str, Value)]) -> (Value, String) {
    let site = Site::new(MemoryStore::default());
    let token = block_on(site.sign_in(&person("kurt")));
    for (method, path, body) in asks {
        let mut request = request(method, path, Some(&token), Some(body));
        request.headers_mut().insert("idempotency-key", "one-key".parse().unwrap());
        let reply = block_on(site.send(request));
        assert!(reply.status < 300 || reply.status == 422, "{}", reply.text);
    }
    let hints = site.cache.values.borrow().values().next().cloned().unwrap_or_default();
    (site.store.dump(), hints)
}

fn founded() -> (Value, String) {
    dump_after(&[("POST", "/v1/organizations", json!({ "name": "Nirvana" }))])
}

const ORGANIZATION: &str = "org_019b76db9c0275c9a6461de6c61c2f33";
const MEMBERSHIP: &str = "mem_019b76db9c0270df910d53f4c91c0d5c";

/// Ids differ with the entropy that a run draws; the shape must not.
fn normalised(mut text: String, dump: &Value) -> Value {
    let organization = dump["organizations"][0]["id"].as_str().unwrap();
    let membership = dump["members"][0]["id"].as_str().unwrap();
    text = text.replace(organization, ORGANIZATION).replace(membership, MEMBERSHIP);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn an_organization_and_a_membership() {
    let (dump, _) = founded();
    let shape = normalised(json!([dump["organizations"][0], dump["members"][0]]).to_string(), &dump);
    let expected = json!([
        {
            "id": ORGANIZATION, "slug": "nirvana", "name": "Nirvana", "state": "active", "owner": "kurt", "version": 1,
            "metadata": {}, "settings": {}, "logoUrl": null, "seatLimit": null, "memberCount": 1, "pendingCount": 0, "joinRequests": "open",
            "createdAt": 1767225600002i64, "updatedAt": 1767225600002i64
        },
        {
            "id": MEMBERSHIP, "organization": ORGANIZATION, "user": "kurt", "email": "kurt@nirvana.com", "emailVerified": true, "name": "kurt",
            "roles": ["admin"], "state": "active", "kind": "human", "title": null, "until": null,
            "joinedAt": 1767225600002i64
        }
    ]);
    assert_eq!(shape, expected);
}

#[test]
fn a_hint() {
    let (dump, hint) = founded();
    let affiliation = json!({
        "organization": ORGANIZATION, "slug": "nirvana", "name": "Nirvana", "state": "active", "owner": "kurt",
        "version": 1, "user": "kurt", "membership": MEMBERSHIP, "roles": ["owner"], "customRoles": [],
        "membershipState": "active", "until": null, "formerSlugs": []
    });
    let entry = json!({ "organization": ORGANIZATION, "version": 1, "affiliation": affiliation });
    assert_eq!(normalised(hint, &dump), json!({ "readAt": null, "entries": [entry] }));
}

#[test]
fn an_audit_entry_and_a_receipt() {
    let (dump, _) = founded();
    let shape = normalised(dump["commits"][0].to_string(), &dump);
    assert_eq!((&shape[0], &shape[1]), (&json!(ORGANIZATION), &json!(1)));
    assert_eq!((&shape[2]["actor"], &shape[2]["action"]), (&json!("kurt"), &json!("organization.create")));
    let names: Vec<&String> = shape[2].as_object().unwrap().keys().collect();
    assert_eq!(names, ["action", "actor", "actorKind", "at", "events", "hash", "prevHash", "seq"]);
    assert_eq!((&shape[2]["actorKind"], &shape[2]["prevHash"]), (&json!("user"), &Value::Null));
    let event = &shape[2]["events"][0];
    assert_eq!(event["type"], "organization.created");
    let names: Vec<&String> = event.as_object().unwrap().keys().collect();
    assert_eq!(names, ["organization", "owner", "type"]);
    let names: Vec<&String> = dump["receipts"][0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["answer", "createdAt", "fingerprint", "key", "seed", "user"]);
    let kept: Value = serde_json::from_str(dump["receipts"][0]["answer"].as_str().unwrap()).unwrap();
    let names: Vec<&String> = kept.as_object().unwrap().keys().collect();
    assert_eq!(names, ["body", "location", "status", "version"]);
}

fn send(site: &Site<MemoryStore>, user: &str, (method, path): (&str, &str), body: Value) -> Value {
    let token = block_on(site.sign_in(&person(user)));
    let reply = block_on(site.send(request(
        method,
        format!("/v1/organizations/{path}").trim_end_matches('/'),
        Some(&token),
        Some(&body),
    )));
    assert!(reply.status < 300, "{method} {path} {}", reply.text);
    reply.body
}

fn tick(site: &Site<MemoryStore>) {
    assert!(block_on(site.app().tick(None::<&crate::support::NoMessenger>)).is_empty());
}

fn live_with_invitations(site: &Site<MemoryStore>) {
    let mail = json!({ "email": "krist@nirvana.com", "expiresIn": 60 });
    for end in ["accept", "decline", "revoke", "expire"] {
        let id = send(site, "kurt", ("POST", "bliss/invitations"), mail.clone())["id"].as_str().unwrap().to_owned();
        send(site, "kurt", ("POST", &format!("bliss/invitations/{id}/resend")), json!({ "expiresIn": 60 }));
        match end {
            "revoke" => drop(send(site, "kurt", ("DELETE", &format!("bliss/invitations/{id}")), json!({}))),
            "expire" => site.advance(61),
            answer => {
                let path = format!("/v1/invitations/{answer}");
                let token = block_on(site.sign_in(&person("krist")));
                let body = json!({ "invitationId": id });
                assert_eq!(block_on(site.send(request("POST", &path, Some(&token), Some(&body)))).status, 200);
            }
        }
        if end == "accept" {
            send(site, "kurt", ("PATCH", "bliss/members/krist"), json!({ "roles": ["admin"] }));
            send(site, "krist", ("DELETE", "bliss/members/me"), json!({}));
        }
    }
    tick(site);
}

fn live_with_teams(site: &Site<MemoryStore>) {
    let team = send(site, "krist", ("POST", "bliss/teams"), json!({ "name": "Road" }));
    let path = format!("bliss/teams/{}", team["id"].as_str().unwrap());
    send(site, "krist", ("PATCH", &path), json!({ "name": "Road crew" }));
    let kurt = format!("{path}/members/kurt");
    send(site, "krist", ("PUT", &kurt), json!({}));
    send(site, "krist", ("PUT", &kurt), json!({ "roles": ["admin"] }));
    send(site, "krist", ("DELETE", &kurt), json!({}));
    send(site, "krist", ("DELETE", &path), json!({}));
}

fn live_with_members_and_roles(site: &Site<MemoryStore>) {
    let end = json!({ "title": "Drums", "until": "2026-02-01T00:00:00Z" });
    send(site, "kurt", ("POST", "bliss/members"), json!({ "userId": "dave" }));
    for change in [end, json!({ "state": "suspended" }), json!({ "state": "active" })] {
        send(site, "kurt", ("PATCH", "bliss/members/dave"), change);
    }
    site.advance(60 * 86_400);
    tick(site);
    send(site, "kurt", ("POST", "bliss/members"), json!({ "userId": "dave" }));
    send(site, "kurt", ("DELETE", "bliss/members/dave"), json!({}));
    send(site, "kurt", ("POST", "bliss/roles"), json!({ "key": "bass" }));
    send(site, "kurt", ("PATCH", "bliss/roles/bass"), json!({ "name": "Bass" }));
    send(site, "kurt", ("DELETE", "bliss/roles/bass"), json!({}));
    send(site, "kurt", ("POST", "bliss/members"), json!({ "userId": "krist" }));
    send(site, "kurt", ("POST", "bliss/transfer"), json!({ "userId": "krist" }));
}

/// Links, requests and a registration, each to its end.
fn doors_open_and_close(site: &Site<MemoryStore>) {
    let owner = site.store.dump()["organizations"][0]["owner"].as_str().unwrap().to_owned();
    send(site, &owner, ("PATCH", "bliss"), json!({ "joinRequests": "off" }));
    send(site, &owner, ("PATCH", "bliss"), json!({ "joinRequests": "open" }));
    let made = send(site, &owner, ("POST", "bliss/invitation-links"), json!({}));
    let link = format!("bliss/invitation-links/{}", made["id"].as_str().unwrap());
    send(site, &owner, ("PATCH", &link), json!({ "maxUses": 9 }));
    let token = send(site, &owner, ("POST", &format!("{link}/rotate")), json!({}))["token"].clone();
    outside(site, Some("chad"), "/v1/invitations/accept", json!({ "token": token }));
    send(site, &owner, ("DELETE", &link), json!({}));
    for (who, by, word) in [("dan", "dan", "withdraw"), ("dan", &*owner, "deny"), ("jason", &*owner, "approve")] {
        let id = send(site, who, ("POST", "bliss/join-requests"), json!({}))["id"].as_str().unwrap().to_owned();
        send(site, by, ("POST", &format!("bliss/join-requests/{id}/{word}")), json!({}));
    }
    outside(site, None, "/v1/registrations", json!({ "organizationName": "Fecal Matter", "email": "pat@nirvana.com" }));
    let message = block_on(site.store.newest_messages(1)).unwrap().remove(0);
    let token = guildhall::app::mail::compose(&site.config, &message).token;
    outside(site, Some("pat"), "/v1/registrations/activate", json!({ "token": token }));
}

fn live_with_webhooks(site: &Site<MemoryStore>) {
    let owner = site.store.dump()["organizations"][0]["owner"].as_str().unwrap().to_owned();
    let made = send(site, &owner, ("POST", "bliss/webhooks"), json!({ "url": "https://hooks.example/" }));
    let path = format!("bliss/webhooks/{}", made["id"].as_str().unwrap());
    send(site, &owner, ("PATCH", &path), json!({ "events": ["member.*"] }));
    send(site, &owner, ("POST", &format!("{path}/rotate")), json!({}));
    send(site, &owner, ("PATCH", &path), json!({ "state": "disabled" }));
    send(site, &owner, ("DELETE", &path), json!({}));
}

fn outside(site: &Site<MemoryStore>, who: Option<&str>, path: &str, body: Value) {
    let token = who.map(|who| block_on(site.sign_in(&person(who))));
    let reply = block_on(site.send(request("POST", path, token.as_deref(), Some(&body))));
    assert!(reply.status < 300, "{path} {}", reply.text);
}

/// Kurt founds it, gives it another name and slug, suspends it and brings it back.
fn found_and_change(site: &Site<MemoryStore>) {
    send(site, "kurt", ("POST", ""), json!({ "name": "Nirvana" }));
    let change = json!({ "name": "Bliss", "slug": "bliss", "metadata": { "a": 1 } });
    send(site, "kurt", ("PATCH", "nirvana"), change);
    send(site, "kurt", ("POST", "bliss/deactivate"), json!({}));
    send(site, "kurt", ("POST", "bliss/activate"), json!({}));
}

fn everything_happens() -> Site<MemoryStore> {
    let site = Site::new(MemoryStore::default());
    found_and_change(&site);
    live_with_invitations(&site);
    live_with_members_and_roles(&site);
    domains_come_and_go(&site);
    live_with_teams(&site);
    doors_open_and_close(&site);
    live_with_webhooks(&site);
    site
}

/// Each event's name and fields, as they stand in audit logs.
#[test]
fn every_event() {
    let site = everything_happens();
    let shapes: std::collections::BTreeSet<String> = shapes(&site.store.dump());
    let expected = [
        "domain.changed domain",
        "domain.checked domain",
        "domain.created domain",
        "domain.deleted domain",
        "domain.lapsed domain",
        "domain.verified domain",
        "invitation.accepted at invitation user",
        "invitation.created invitation",
        "invitation.declined at invitation user",
        "invitation.expired at invitation",
        "invitation.resent digest expiresAt generation invitation invitedBy",
        "invitation.revoked at invitation",
        "invitation_link.changed link",
        "invitation_link.created link",
        "invitation_link.deleted link",
        "invitation_link.rotated link",
        "invitation_link.used link user",
        "join_request.approved request",
        "join_request.created request",
        "join_request.denied request",
        "join_request.withdrawn request",
        "member.added member",
        "member.email_verified email user",
        "member.expired user",
        "member.left user",
        "member.reactivated user",
        "member.removed user",
        "member.roles_changed from to user",
        "member.suspended user",
        "member.term_changed until user",
        "member.title_changed title user",
        "organization.activated",
        "organization.created organization owner",
        "organization.deactivated",
        "organization.details_changed logoUrl metadata settings",
        "organization.join_requests_changed to",
        "organization.ownership_transferred from to",
        "organization.renamed name",
        "organization.slug_changed from to",
        "registration.activated registration",
        "registration.created registration",
        "role.changed role",
        "role.created role",
        "role.deleted key movedTo role",
        "team.changed team",
        "team.created team",
        "team.deleted team",
        "team.member_added member",
        "team.member_removed team user",
        "team.member_roles_changed from team to user",
        "webhook.changed webhook",
        "webhook.created webhook",
        "webhook.deleted webhook",
        "webhook.disabled webhook",
        "webhook.secret_rotated webhook",
    ];
    assert_eq!(shapes.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

/// One is given up, one lapses.
fn domains_come_and_go(site: &Site<MemoryStore>) {
    let token = &block_on(site.sign_in(&person("kurt")));
    let send = |method: &str, path: &str, body: Value| {
        let reply = block_on(site.send(request(method, path, Some(token), Some(&body))));
        assert!(reply.status < 300, "{method} {path} {}", reply.text);
        reply.body
    };
    let all = "/v1/organizations/bliss/domains";
    for name in ["foo.com", "nirvana.com"] {
        let claim = send("POST", all, json!({ "name": name }));
        let one = format!("{all}/{}", claim["id"].as_str().unwrap());
        send("PUT", "/dev/dns", json!({ "name": claim["record"]["name"], "txt": [claim["record"]["value"]] }));
        send("POST", &format!("{one}/verify"), json!({}));
        send("PATCH", &one, json!({ "policy": "join" }));
        if name == "foo.com" {
            send("DELETE", &one, json!({}));
        }
    }
    site.cache.broken.set(true);
    for days in [8, 15] {
        site.advance(days * 24 * 60 * 60);
        assert!(block_on(site.app().tick(None::<&crate::support::NoMessenger>)).is_empty());
    }
}

fn shapes(dump: &Value) -> std::collections::BTreeSet<String> {
    let events = dump["commits"].as_array().unwrap().iter().flat_map(|commit| commit[2]["events"].as_array().unwrap());
    let shape = |event: &Value| {
        let fields = event.as_object().unwrap().keys().filter(|name| *name != "type").cloned();
        let words: Vec<String> = [event["type"].as_str().unwrap().to_owned()].into_iter().chain(fields).collect();
        words.join(" ")
    };
    events.map(shape).collect()
}
