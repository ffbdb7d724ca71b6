//! Where a token may be seen: in the mail, and once in the answer to whoever asked to send it
//! themselves. Nowhere else: no row, no hint, no other answer, no header, no fault.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request};
use guildhall::app::mail::compose;
use guildhall::app::ports::Upkeep;
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};

struct Watched {
    site: Site<MemoryStore>,
    tokens: Vec<String>,
    seen: Vec<String>,
}

impl Watched {
    fn ask(&mut self, who: &str, method: &str, path: &str, body: Value) -> Reply {
        let session = block_on(self.site.sign_in(&person(who)));
        let mut request = request(method, path, Some(&session), Some(&body).filter(|body| !body.is_null()));
        let key = format!("{method}-{}", path.replace('/', "-"));
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        let reply = block_on(self.site.send(request));
        self.seen.push(format!("{:?} {} {:?}", reply.headers, reply.text, reply.fault));
        reply
    }

    /// What was mailed since: the tokens that people have got.
    fn mailed(&mut self) -> String {
        let messages = block_on(self.site.store.newest_messages(100)).unwrap();
        let mails = messages.iter().map(|message| compose(&self.site.config, message));
        let newest = mails.filter_map(|mail| mail.token).next().unwrap();
        self.tokens.push(newest.clone());
        newest
    }
}

#[test]
fn tokens_are_seen_only_where_they_must_be() {
    let site = Site::new(MemoryStore::default());
    let mut world = Watched { site, tokens: Vec::new(), seen: Vec::new() };
    let invitations = "/v1/organizations/nirvana/invitations";
    world.ask("kurt", "POST", "/v1/organizations", json!({ "name": "Nirvana" }));
    let invited = world.ask("kurt", "POST", invitations, json!({ "email": "krist@nirvana.com" }));
    let mailed = world.mailed();
    let id = invited.body["id"].as_str().unwrap().to_owned();
    let resent = world.ask("kurt", "POST", &format!("{invitations}/{id}/resend"), Value::Null);
    let fresh = world.mailed();
    assert!(resent.status == 200 && fresh != mailed);

    // The one answer that may show a token, and its replay.
    let shown = json!({ "email": "dave@nirvana.com", "notify": false });
    let path = format!("{invitations}?org=nirvana");
    let answer = world.ask("kurt", "POST", &path, shown.clone());
    let token = answer.body["token"].as_str().unwrap().to_owned();
    assert_eq!(world.ask("kurt", "POST", &path, shown).body["token"], token);
    world.seen.truncate(world.seen.len() - 2);
    world.tokens.push(token.clone());

    // A link's token is shown once made and once rotated; a registration's only mailed.
    let links = "/v1/organizations/nirvana/invitation-links";
    let link = world.ask("kurt", "POST", links, json!({}));
    let path = format!("{links}/{}/rotate", link.body["id"].as_str().unwrap());
    let rotated = world.ask("kurt", "POST", &path, Value::Null);
    world.seen.truncate(world.seen.len() - 2);
    world.tokens.extend([&link, &rotated].map(|reply| reply.body["token"].as_str().unwrap().to_owned()));
    world.ask("krist", "POST", "/v1/invitations/preview", json!({ "token": rotated.body["token"] }));
    world.ask("pat", "POST", "/v1/invitations/accept", json!({ "token": rotated.body["token"] }));
    let registration = json!({ "organizationName": "Bliss", "email": "krist@nirvana.com" });
    assert_eq!(world.ask("pat", "POST", "/v1/registrations", registration).status, 202);
    let registered = world.mailed();
    world.ask("krist", "POST", "/v1/registrations/activate", json!({ "token": registered }));
    world.ask("kurt", "GET", links, Value::Null);
    hear(&mut world);
    world.ask("krist", "POST", "/v1/invitations/preview", json!({ "token": fresh }));
    world.ask("krist", "POST", "/v1/invitations/accept", json!({ "token": mailed }));
    world.ask("krist", "POST", "/v1/invitations/accept", json!({ "token": fresh }));
    world.ask("dave", "POST", "/v1/invitations/decline", json!({ "token": token }));
    // Passes are kept nowhere, whatever key they are asked for with.
    let passes = ["/v1/organizations/nirvana/passes", "/v1/me/passport"];
    let passes =
        passes.map(|path| world.ask("kurt", "POST", path, Value::Null).body["token"].as_str().unwrap().to_owned());
    world.seen.truncate(world.seen.len() - 2);
    world.tokens.extend(passes);
    for path in [invitations, "/v1/me", "/v1/me/invitations", "/v1/organizations/nirvana/members"] {
        world.ask("kurt", "GET", path, Value::Null);
    }
    let stored = format!("{} {:?}", world.site.store.dump(), world.site.cache.values.borrow());
    assert_eq!(world.tokens.len(), 10);
    for token in &world.tokens {
        assert!(!stored.contains(token), "stored: {token}");
        assert!(!world.seen.iter().any(|seen| seen.contains(token)), "seen: {token}");
    }
}

/// A webhook's secret is shown once made and once rotated, under a key again, and nowhere else.
fn hear(world: &mut Watched) {
    let webhooks = "/v1/organizations/nirvana/webhooks";
    let url = json!({ "url": "https://hooks.example/" });
    let made = world.ask("kurt", "POST", webhooks, url.clone());
    assert_eq!(world.ask("kurt", "POST", webhooks, url).body["secret"], made.body["secret"]);
    let one = format!("{webhooks}/{}", made.body["id"].as_str().unwrap());
    let rotated = world.ask("kurt", "POST", &format!("{one}/rotate"), Value::Null);
    world.seen.truncate(world.seen.len() - 3);
    world.tokens.extend([&made, &rotated].map(|reply| reply.body["secret"].as_str().unwrap().to_owned()));
    world.ask("kurt", "POST", &format!("{one}/test"), Value::Null);
    world.ask("kurt", "PATCH", &one, json!({ "description": "Roadies" }));
    let events = "/v1/organizations/nirvana/events";
    for path in [webhooks, &one, &format!("{one}/deliveries"), events, "/dev/outbox"] {
        let reply = world.ask("kurt", "GET", path, Value::Null);
        assert!(reply.status == 200 && !reply.text.contains("\"seed\""), "{path}");
        // The outbox is where mails with tokens are.
        if path == "/dev/outbox" {
            let outgoing = world.seen.pop().unwrap();
            assert!(!outgoing.contains("whsec_"));
        }
    }
}

/// A stranger who probes learns neither names nor addresses.
#[test]
fn strangers_learn_nothing() {
    let site = Site::new(MemoryStore::default());
    let mut world = Watched { site, tokens: Vec::new(), seen: Vec::new() };
    let secret = json!({ "name": "Nirvana", "metadata": { "plan": "canary-plan" } });
    let made = world.ask("kurt", "POST", "/v1/organizations", secret);
    world.ask("kurt", "POST", "/v1/organizations/nirvana/invitations", json!({ "email": "canary@secret.example" }));
    world.seen.clear();
    let id = made.body["id"].as_str().unwrap().to_owned();
    for name in ["nirvana", &id, "missing", "org_01890000000070008000000000000000"] {
        for (method, rest) in [
            ("GET", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("GET", "/members"),
            ("GET", "/members/kurt"),
            ("GET", "/invitations"),
            ("POST", "/deactivate"),
        ] {
            let body = if method == "PATCH" { json!({ "name": "x" }) } else { Value::Null };
            let reply = world.ask("dave", method, &format!("/v1/organizations/{name}{rest}"), body);
            assert_eq!((reply.status, &reply.body["code"]), (404, &json!("not_found")), "{method} {name}{rest}");
        }
    }
    let seen = world.seen.join("\n");
    for canary in ["canary", "Nirvana", "kurt@nirvana.com"] {
        assert!(!seen.contains(canary), "{canary}");
    }
}
