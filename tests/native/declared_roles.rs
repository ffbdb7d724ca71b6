//! Declarations that change under stored data: an own role of the same key, a role that is declared no more.

use crate::support::random::person;
use crate::support::site::{Reply, Site, request, settings};
use crate::support::sqlite;
use guildhall::app::config::{Config, Settings};
use guildhall::app::ports::{Store, Upkeep};
use guildhall::store::memory::MemoryStore;
use pollster::block_on;
use serde_json::{Value, json};

const BILLING: &str = r#"{"billing": {"name": "Billing", "permissions": ["invoice:*"]}}"#;
const NIRVANA: &str = "/v1/organizations/nirvana";

struct World<S> {
    site: Site<S>,
}

impl<S: Store + Upkeep> World<S> {
    /// kurt owns nirvana, and the operator declares nothing yet.
    fn new(store: S) -> Self {
        let mut world = World { site: Site::new(store) };
        world.declare(None);
        world.ask("kurt", "POST", "/v1/organizations", json!({ "name": "Nirvana" })).require(201);
        world
    }

    fn declare(&mut self, roles: Option<&str>) {
        let permissions = Some("invoice:read invoice:pay".to_owned());
        let settings = Settings { permissions, roles: roles.map(str::to_owned), ..settings() };
        self.site.config = Config::read(&settings).unwrap();
    }

    fn ask(&self, who: &str, method: &str, path: &str, body: Value) -> Reply {
        let token = block_on(self.site.sign_in(&person(who)));
        let body = Some(&body).filter(|body| !body.is_null());
        block_on(self.site.send(request(method, path, Some(&token), body)))
    }

    fn read(&self, who: &str, path: &str) -> Value {
        self.ask(who, "GET", &format!("{NIRVANA}{path}"), Value::Null).require(200)
    }

    fn write(&self, who: &str, line: &str, body: Value) -> Reply {
        let (method, path) = line.split_once(' ').unwrap();
        self.ask(who, method, &format!("{NIRVANA}{path}"), body)
    }

    /// The roles that a new pass says.
    fn passed(&self, who: &str) -> Value {
        let pass = self.write(who, "POST /passes", json!({})).require(201);
        let claims = pass["token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
        let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
        serde_json::from_slice::<Value>(&claims).unwrap()["roles"].clone()
    }

    fn may(&self, who: &str, permission: &str) -> bool {
        let asked = json!({ "permissions": [permission] });
        self.write(who, "POST /check", asked).require(200)["allowed"] == true
    }
}

impl Reply {
    fn require(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    fn refused(self, status: u16, code: &str) {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
    }
}

/// The same on both stores.
macro_rules! on_both_stores {
    ($($(#[$doc:meta])* $test:ident $story:ident)+) => {$(
        $(#[$doc])*
        #[test]
        fn $test() {
            $story(World::new(MemoryStore::default()));
            $story(World::new(sqlite::open()));
        }
    )+};
}

on_both_stores! {
    own_role_with_a_declared_key_keeps_id_and_permissions shadowed
    undeclared_role_allows_nothing_and_is_shown_as_unknown withdrawn
    key_that_is_held_without_a_role_cannot_become_an_own_role reused
    changed_declaration_counts_at_once_in_cached_reads_and_passes changed
    invitation_to_an_own_role_that_ended_does_not_give_the_declared_one promised
    registered_organization_has_a_founder_with_the_declared_roles registered
}

fn shadowed<S: Store + Upkeep>(mut world: World<S>) {
    let own = json!({ "key": "billing", "name": "Our billing", "permissions": ["invoice:read"] });
    let id = world.write("kurt", "POST /roles", own).require(201)["id"].clone();
    world.write("kurt", "POST /members", json!({ "userId": "dave", "roles": ["member", "billing"] })).require(201);
    world.ask("krist", "POST", "/v1/organizations", json!({ "name": "Hole" })).require(201);
    let hole = json!({ "userId": "dave", "roles": ["billing"] });
    world.ask("krist", "POST", "/v1/organizations/hole/members", hole.clone()).refused(422, "unknown_role");

    world.declare(Some(BILLING));
    world.ask("krist", "POST", "/v1/organizations/hole/members", hole).require(201);
    let shown = world.read("kurt", "/roles/billing");
    assert_eq!((&shown["id"], &shown["name"], &shown["declared"]), (&id, &json!("Our billing"), &json!(false)));
    let listed = world.read("kurt", "/roles");
    let keys: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|role| &role["key"]).collect();
    assert_eq!(keys, ["owner", "admin", "member", "billing"]);
    assert!(world.may("dave", "invoice:read") && !world.may("dave", "invoice:pay"));

    // Each organization's meaning of the key stands beside it, once.
    let me = world.ask("dave", "GET", "/v1/me", Value::Null).require(200);
    let billing: Vec<&Value> = me["roles"].as_array().unwrap().iter().filter(|role| role["key"] == "billing").collect();
    let nirvana = &me["memberships"][1]["organization"]["id"];
    assert_eq!((billing[0]["organizationId"].is_null(), &billing[1]["organizationId"]), (true, nirvana), "{me}");
    assert_eq!(billing[1]["permissions"], json!(["invoice:read"]));
    let input = |org: &str| {
        let url = format!("https://x.example/o/{org}");
        let asked = json!({ "url": url, "caller": "dave", "memberships": me["memberships"], "roles": me["roles"] });
        let answer: Value = serde_json::from_str(&guildhall::ffi::resolve_organization(&asked.to_string())).unwrap();
        answer["value"]["permissions"].clone()
    };
    assert_eq!((input("nirvana"), input("hole")), (resolved(&world, "nirvana"), resolved(&world, "hole")));
    assert_eq!(input("hole"), json!(["invoice:read", "invoice:pay"]));

    // It can be changed and ended as before, and then the declared one is there.
    world.write("kurt", "PATCH /roles/billing", json!({ "name": "Money" })).require(200);
    world.write("kurt", "DELETE /roles/billing", Value::Null).refused(409, "role_in_use");
    world.write("kurt", "DELETE /roles/billing?moveTo=member", Value::Null).require(200);
    assert_eq!(world.read("kurt", "/roles/billing")["declared"], true);
    assert!(!world.may("dave", "invoice:read"));
}

fn resolved<S: Store + Upkeep>(world: &World<S>, org: &str) -> Value {
    let path = format!("/v1/resolve?org={org}");
    world.ask("dave", "GET", &path, Value::Null).require(200)["permissions"].clone()
}

fn withdrawn<S: Store + Upkeep>(mut world: World<S>) {
    world.declare(Some(BILLING));
    world.write("kurt", "POST /members", json!({ "userId": "dave", "roles": ["member", "billing"] })).require(201);
    let crew = world.write("kurt", "POST /teams", json!({ "name": "Crew" })).require(201)["id"].clone();
    let put = format!("PUT /teams/{}/members/dave", crew.as_str().unwrap());
    world.write("kurt", &put, json!({ "roles": ["billing"] })).require(201);
    let invited = json!({ "email": "krist@nirvana.com", "roles": ["billing"], "notify": false });
    let token = world.write("kurt", "POST /invitations", invited).require(201)["token"].clone();
    assert!(world.may("dave", "invoice:pay"));

    world.declare(None);
    assert!(!world.may("dave", "invoice:pay"));
    let in_team = json!({ "permissions": ["invoice:pay"], "team": crew });
    assert_eq!(world.write("dave", "POST /check", in_team).require(200)["allowed"], false);
    let seen = world.read("dave", "");
    assert_eq!((&seen["roles"], &seen["unknownRoles"]), (&json!(["member"]), &json!(["billing"])));
    let me = world.ask("dave", "GET", "/v1/me", Value::Null).require(200);
    assert_eq!(me["memberships"][0]["unknownRoles"], json!(["billing"]));
    assert!(me["roles"].as_array().unwrap().iter().all(|role| role["key"] != "billing"));
    assert_eq!(world.passed("dave"), json!(["member"]));
    let resolution = world.ask("dave", "GET", "/v1/resolve?org=nirvana", Value::Null).require(200);
    assert_eq!((&resolution["roles"], &resolution["membership"]["roles"]), (&json!(["member"]), &json!(["member"])));

    // The holders stay stored, and who may read roles finds them.
    let listed = world.read("kurt", "/roles");
    let last = listed["data"].as_array().unwrap().last().unwrap();
    let shown = (&last["key"], &last["unknown"], &last["permissions"], &last["declared"]);
    assert_eq!(shown, (&json!("billing"), &json!(true), &json!([]), &json!(false)));
    assert_eq!(world.read("kurt", "/roles/billing")["unknown"], true);
    assert_eq!(world.read("kurt", "/members?role=billing")["data"][0]["userId"], "dave");
    world.write("kurt", "PATCH /roles/billing", json!({ "name": "Money" })).refused(404, "not_found");
    world.write("kurt", "POST /members", json!({ "userId": "pat", "roles": ["billing"] })).refused(422, "unknown_role");
    let accept = json!({ "token": token });
    world.ask("krist", "POST", "/v1/invitations/accept", accept).refused(410, "invitation_revoked");

    world.declare(Some(BILLING));
    assert!(world.may("dave", "invoice:pay"));
}

fn reused<S: Store + Upkeep>(mut world: World<S>) {
    let own = json!({ "key": "billing", "permissions": ["invoice:pay"] });
    world.declare(Some(BILLING));
    world.write("kurt", "POST /members", json!({ "userId": "dave", "roles": ["member", "billing"] })).require(201);
    world.declare(None);
    world.write("kurt", "POST /roles", own.clone()).refused(409, "role_in_use");
    let crew = world.write("kurt", "POST /teams", json!({ "name": "Crew" })).require(201)["id"].clone();
    world.declare(Some(BILLING));
    let put = format!("PUT /teams/{}/members/dave", crew.as_str().unwrap());
    world.write("kurt", &put, json!({ "roles": ["billing"] })).require(201);
    world.declare(None);
    world.write("kurt", "PATCH /members/dave", json!({ "roles": ["member"] })).require(200);
    world.write("kurt", "POST /roles", own.clone()).refused(409, "role_in_use");
    world.write("kurt", &put, json!({ "roles": ["member"] })).require(200);
    world.write("kurt", "POST /roles", own).require(201);
    assert!(!world.may("dave", "invoice:pay"));
}

fn changed<S: Store + Upkeep>(mut world: World<S>) {
    world.declare(Some(r#"{"member": {"adds": ["invoice:read"]}, "billing": {"permissions": ["invoice:pay"]}}"#));
    world.write("kurt", "POST /members", json!({ "userId": "dave", "roles": ["member", "billing"] })).require(201);
    let cached = "/v1/resolve?org=nirvana&consistency=cached";
    let allowed = |world: &World<S>| {
        let found = world.ask("dave", "GET", cached, Value::Null).require(200);
        let names = found["permissions"].as_array().unwrap().clone();
        names.into_iter().filter(|name| name.as_str().unwrap().starts_with("invoice")).collect::<Vec<_>>()
    };
    assert_eq!(allowed(&world), ["invoice:read", "invoice:pay"]);
    let (both, member) = (world.passed("dave"), world.passed("dave")[1].clone());
    assert_eq!((&both[0][0], &both[1][0]), (&json!("billing"), &json!("member")), "what is added is said");
    world.declare(Some(BILLING));
    assert_eq!(allowed(&world), ["invoice:read", "invoice:pay"]);
    let passed = world.passed("dave");
    assert_eq!(passed[1], "member", "{member}");
    assert_ne!(passed[0], both[0]);
    world.declare(Some(r#"{"billing": {"permissions": ["invoice:read"]}}"#));
    assert_eq!(allowed(&world), ["invoice:read"]);
    world.declare(None);
    assert!(allowed(&world).is_empty());
}

fn promised<S: Store + Upkeep>(mut world: World<S>) {
    let own = json!({ "key": "billing", "permissions": ["invoice:read"] });
    world.write("kurt", "POST /roles", own).require(201);
    let invited = json!({ "email": "krist@nirvana.com", "roles": ["billing"], "notify": false });
    let token = world.write("kurt", "POST /invitations", invited).require(201)["token"].clone();
    let link =
        world.write("kurt", "POST /invitation-links", json!({ "roles": ["billing"] })).require(201)["token"].clone();
    world.declare(Some(BILLING));
    world.write("kurt", "DELETE /roles/billing", Value::Null).require(200);
    for token in [&token, &link] {
        let accept = json!({ "token": token });
        world.ask("krist", "POST", "/v1/invitations/accept", accept).refused(410, "invitation_revoked");
    }
    let listed = world.read("kurt", "/invitations");
    assert_eq!(listed["data"][0]["void"], true);
    let again = json!({ "email": "krist@nirvana.com", "roles": ["billing"], "notify": false });
    let token = world.write("kurt", "POST /invitations", again).require(201)["token"].clone();
    world.ask("krist", "POST", "/v1/invitations/accept", json!({ "token": token })).require(200);
    assert!(world.may("krist", "invoice:pay"));
}

fn registered<S: Store + Upkeep>(mut world: World<S>) {
    world.declare(Some(r#"{"billing": {"permissions": ["invoice:*"]}, "creator": {"roles": ["billing"]}}"#));
    world.ask("krist", "POST", "/v1/organizations", json!({ "name": "Hole" })).require(201);
    world.ask("krist", "POST", "/v1/organizations/hole/members", json!({ "userId": "dave" })).require(201);
    let moved = world.ask("krist", "POST", "/v1/organizations/hole/transfer", json!({ "userId": "dave" })).require(200);
    assert_eq!((&moved["ownerId"], &moved["roles"]), (&json!("dave"), &json!(["admin", "billing"])));
    // Of an organization that was founded before the declaration, the former owner is an admin, as ever.
    world.write("kurt", "POST /members", json!({ "userId": "dave" })).require(201);
    assert_eq!(
        world.write("kurt", "POST /transfer", json!({ "userId": "dave" })).require(200)["roles"],
        json!(["admin"])
    );
}
