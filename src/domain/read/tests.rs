//! Reading: the same forms as serde's, better words.

use super::command::name_of as action_name;
use super::event::name_of as event_name;
use super::*;
use crate::domain::command::{Action, Command};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::table::Set;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;

const ORGANIZATION: &str = "org_00000000000170008000000000000000";
const MEMBERSHIP: &str = "mem_00000000000170008000000000000000";
const INVITATION: &str = "inv_00000000000170008000000000000000";
const LINK: &str = "lnk_00000000000170008000000000000000";
const REQUEST: &str = "req_00000000000170008000000000000000";
const REGISTRATION: &str = "reg_00000000000170008000000000000000";

const TEAM: &str = "team_00000000000170008000000000000000";
const ROLE: &str = "role_00000000000170008000000000000000";

fn digest() -> String {
    "0a".repeat(32)
}

fn organization() -> Value {
    json!({
        "id": ORGANIZATION, "slug": "nirvana", "name": "Nirvana", "state": "inactive", "owner": "kurt", "version": 7,
        "metadata": { "plan": ["pro", 1.5, null] }, "settings": {}, "logoUrl": "https://cdn.example/n.svg",
        "seatLimit": 9, "memberCount": 2, "pendingCount": 1, "joinRequests": "off", "createdAt": 1, "updatedAt": 2,
        "pendingFree": true, "personal": true, "requirements": { "verifiedEmail": true, "mfa": false },
        "nomination": nomination(), "deletion": deletion(),
    })
}

fn nomination() -> Value {
    json!({ "to": "krist", "by": "kurt", "createdAt": 1, "expiresAt": 9 })
}

fn deletion() -> Value {
    json!({ "by": "kurt", "at": 1, "purgeAt": 9 })
}

fn membership() -> Value {
    json!({
        "id": MEMBERSHIP, "organization": ORGANIZATION, "user": "kurt", "email": "kurt@nirvana.com", "emailVerified": true,
        "name": null, "roles": ["admin", "member"], "state": "suspended", "kind": "service", "title": "Bass", "until": 9,
        "joinedAt": 3,
    })
}

fn role() -> Value {
    json!({
        "id": ROLE, "organization": ORGANIZATION, "key": "co-owner", "name": "Second", "permissions": ["member:*"],
        "createdAt": 1, "updatedAt": 2,
    })
}

fn team() -> Value {
    json!({ "id": TEAM, "organization": ORGANIZATION, "name": "Road", "parent": TEAM, "createdAt": 1, "updatedAt": 2 })
}

fn team_member() -> Value {
    json!({ "organization": ORGANIZATION, "team": TEAM, "user": "krist", "roles": ["admin"], "addedAt": 4 })
}

fn invitation() -> Value {
    json!({
        "id": INVITATION, "organization": ORGANIZATION, "email": "krist@nirvana.com", "roles": ["member"],
        "teams": [TEAM], "invitedBy": "kurt", "state": "declined", "digest": digest(), "generation": 2, "message": "hello",
        "locale": "de-CH", "createdAt": 4, "expiresAt": 5, "answeredBy": "krist", "closedAt": 6,
    })
}

const WEBHOOK: &str = "whk_00000000000170008000000000000000";

const DOMAIN: &str = "dom_00000000000170008000000000000000";

fn domain() -> Value {
    json!({
        "id": DOMAIN, "organization": ORGANIZATION, "name": "nirvana.com", "state": "lapsed", "policy": "invite",
        "challenge": "a1".repeat(16), "verifiedAt": 1, "checkedAt": 2, "missingSince": 3, "recheckAt": null,
        "createdBy": "kurt", "createdAt": 4,
    })
}

fn link() -> Value {
    json!({
        "id": LINK, "organization": ORGANIZATION, "roles": ["member"], "invitedBy": "kurt", "digest": digest(),
        "generation": 1, "maxUses": null, "uses": 2, "allowedDomains": ["nirvana.com"], "disabled": false,
        "createdAt": 4, "expiresAt": 5,
    })
}

fn join_request() -> Value {
    json!({
        "id": REQUEST, "organization": ORGANIZATION, "user": "krist", "email": "krist@nirvana.com", "name": "Krist",
        "message": null, "state": "denied", "createdAt": 4, "decidedBy": "kurt", "closedAt": 5,
    })
}

fn registration() -> Value {
    json!({
        "id": REGISTRATION, "organization": ORGANIZATION, "email": "krist@nirvana.com", "slugs": ["nirvana"],
        "digest": digest(), "createdAt": 4, "expiresAt": 5, "activatedBy": "krist",
    })
}

fn webhook() -> Value {
    json!({
        "id": WEBHOOK, "organization": ORGANIZATION, "url": "https://hooks.example/", "events": ["*", "member.added"],
        "description": "Road", "state": "disabled", "disabledBecause": "failing", "seed": "s".repeat(43),
        "retired": { "seed": "r".repeat(43), "until": 9 }, "createdBy": "kurt", "createdAt": 4, "updatedAt": 5,
    })
}

fn webhook_events() -> Vec<Value> {
    let whole = |name: &str| json!({ "type": name, "webhook": webhook() });
    let names = ["webhook.created", "webhook.changed", "webhook.secret_rotated", "webhook.disabled"];
    names.into_iter().map(whole).chain([json!({ "type": "webhook.deleted", "webhook": WEBHOOK })]).collect()
}

fn webhook_actions() -> Vec<Value> {
    vec![
        json!({ "type": "webhook.create", "webhook": WEBHOOK, "url": "https://hooks.example/", "events": ["*"], "description": null, "seed": "s".repeat(43) }),
        json!({ "type": "webhook.update", "webhook": WEBHOOK, "url": null, "events": ["member.*"], "description": "clear", "state": "active" }),
        json!({ "type": "webhook.rotate", "webhook": WEBHOOK, "seed": "s".repeat(43), "overlap": 60 }),
        json!({ "type": "webhook.delete", "webhook": WEBHOOK }),
        json!({ "type": "webhook.test", "webhook": WEBHOOK, "message": "msg_00000000000170008000000000000000" }),
        json!({ "type": "webhook.disable", "webhook": WEBHOOK, "url": "https://hooks.example/", "because": "gone" }),
    ]
}

fn team_events() -> Vec<Value> {
    vec![
        json!({ "type": "team.created", "team": team() }),
        json!({ "type": "team.changed", "team": team() }),
        json!({ "type": "team.deleted", "team": TEAM }),
        json!({ "type": "team.member_added", "member": team_member() }),
        json!({ "type": "team.member_roles_changed", "team": TEAM, "user": "krist", "from": ["member"], "to": ["admin"] }),
        json!({ "type": "team.member_removed", "team": TEAM, "user": "krist" }),
    ]
}

fn events() -> Vec<Value> {
    vec![
        json!({ "type": "organization.created", "organization": organization(), "owner": membership() }),
        json!({ "type": "organization.renamed", "name": "Bliss" }),
        json!({ "type": "organization.slug_changed", "from": "bliss", "to": "nirvana" }),
        json!({ "type": "organization.details_changed", "metadata": {}, "settings": { "a": true }, "logoUrl": null }),
        json!({ "type": "organization.deactivated" }),
        json!({ "type": "organization.activated" }),
        json!({ "type": "organization.seats_changed", "seatLimit": null, "pendingFree": true }),
        json!({ "type": "organization.requirements_changed", "requirements": { "verifiedEmail": false, "mfa": true } }),
        json!({ "type": "organization.deleted", "deletion": deletion() }),
        json!({ "type": "organization.restored" }),
        json!({ "type": "organization.purged" }),
        json!({ "type": "organization.ownership_nominated", "nomination": nomination() }),
        json!({ "type": "organization.nomination_ended", "to": "krist", "reason": "accepted" }),
        json!({ "type": "organization.nomination_ended", "to": "krist", "reason": "declined" }),
        json!({ "type": "organization.nomination_ended", "to": "krist", "reason": "withdrawn" }),
        json!({ "type": "organization.nomination_ended", "to": "krist", "reason": "expired" }),
        json!({ "type": "organization.nomination_ended", "to": "krist", "reason": "void" }),
        json!({ "type": "member.erased", "user": "krist" }),
        json!({ "type": "organization.ownership_transferred", "from": "kurt", "to": "krist" }),
        json!({ "type": "member.added", "member": membership() }),
        json!({ "type": "member.removed", "user": "krist" }),
        json!({ "type": "member.left", "user": "krist" }),
        json!({ "type": "member.roles_changed", "user": "krist", "from": ["member"], "to": ["admin"] }),
        json!({ "type": "member.title_changed", "user": "krist", "title": null }),
        json!({ "type": "member.suspended", "user": "krist" }),
        json!({ "type": "member.reactivated", "user": "krist" }),
        json!({ "type": "member.term_changed", "user": "krist", "until": 5 }),
        json!({ "type": "member.expired", "user": "krist" }),
        json!({ "type": "member.email_verified", "user": "krist", "email": "krist@nirvana.com" }),
        json!({ "type": "role.created", "role": role() }),
        json!({ "type": "role.changed", "role": role() }),
        json!({ "type": "role.deleted", "role": ROLE, "key": "co-owner", "movedTo": null }),
        json!({ "type": "invitation.created", "invitation": invitation() }),
        json!({ "type": "invitation.resent", "invitation": INVITATION, "invitedBy": "kurt", "digest": digest(), "generation": 3, "expiresAt": 7 }),
        json!({ "type": "invitation.revoked", "invitation": INVITATION, "at": 8 }),
        json!({ "type": "invitation.accepted", "invitation": INVITATION, "user": "krist", "at": 8 }),
        json!({ "type": "invitation.superseded", "invitation": INVITATION, "at": 8 }),
        json!({ "type": "invitation.declined", "invitation": INVITATION, "user": "krist", "at": 8 }),
        json!({ "type": "invitation.expired", "invitation": INVITATION, "at": 8 }),
        json!({ "type": "domain.created", "domain": domain() }),
        json!({ "type": "domain.verified", "domain": domain() }),
        json!({ "type": "domain.changed", "domain": domain() }),
        json!({ "type": "domain.checked", "domain": domain() }),
        json!({ "type": "domain.lapsed", "domain": domain() }),
        json!({ "type": "domain.deleted", "domain": DOMAIN }),
        json!({ "type": "invitation_link.created", "link": link() }),
        json!({ "type": "invitation_link.changed", "link": link() }),
        json!({ "type": "invitation_link.rotated", "link": link() }),
        json!({ "type": "invitation_link.used", "link": link(), "user": "krist" }),
        json!({ "type": "invitation_link.deleted", "link": LINK }),
        json!({ "type": "join_request.created", "request": join_request() }),
        json!({ "type": "join_request.approved", "request": join_request() }),
        json!({ "type": "join_request.denied", "request": join_request() }),
        json!({ "type": "join_request.withdrawn", "request": join_request() }),
        json!({ "type": "organization.join_requests_changed", "to": "open" }),
        json!({ "type": "registration.created", "registration": registration() }),
        json!({ "type": "registration.activated", "registration": registration() }),
    ]
}

fn actions() -> Vec<Value> {
    let member = json!({ "membership": MEMBERSHIP, "user": "kurt", "email": null, "name": "Kurt", "roles": ["admin"], "joinedAt": 1 });
    vec![
        json!({ "type": "organization.create", "membership": MEMBERSHIP, "name": "Nirvana", "slug": { "exact": "nirvana" }, "metadata": {}, "settings": {}, "logoUrl": null, "seatLimit": null, "personal": true }),
        json!({ "type": "organization.create", "membership": MEMBERSHIP, "name": "Nirvana", "slug": { "firstFree": ["a1", "a2"] }, "metadata": {}, "settings": {}, "logoUrl": null, "seatLimit": 4, "personal": false, "owner": "krist" }),
        json!({ "type": "organization.update", "name": "Bliss", "slug": "bliss", "metadata": { "a": 1 }, "settings": {}, "logoUrl": { "set": "https://a.example/b" }, "joinRequests": "off", "seatLimit": { "set": 5 }, "countPending": true, "requireVerifiedEmail": true, "requireMfa": false }),
        json!({ "type": "organization.update", "name": null, "slug": null, "metadata": null, "settings": null, "logoUrl": "clear", "joinRequests": null, "seatLimit": "clear", "countPending": null, "requireVerifiedEmail": null, "requireMfa": null }),
        json!({ "type": "organization.deactivate" }),
        json!({ "type": "organization.activate" }),
        json!({ "type": "organization.delete" }),
        json!({ "type": "organization.transfer", "to": "krist" }),
        json!({ "type": "organization.import", "name": "N", "slugs": ["n1"], "state": "active", "metadata": {}, "settings": {}, "createdAt": 1, "owner": "kurt", "members": [member] }),
        json!({ "type": "member.add", "membership": MEMBERSHIP, "user": "krist", "email": "k@n.de", "name": null, "roles": ["member"], "kind": "human", "title": null, "until": 7, "ifAbsent": true }),
        json!({ "type": "member.remove", "user": "krist" }),
        json!({ "type": "member.auto_join", "membership": MEMBERSHIP, "user": { "userId": "krist", "email": "k@n.de", "emailVerified": true, "name": "Krist", "kind": "user" } }),
        json!({ "type": "member.update", "user": "krist", "roles": ["admin"], "title": { "set": "Bass" }, "state": null, "until": "clear" }),
        json!({ "type": "role.create", "role": ROLE, "key": "bass", "name": "Bass", "permissions": ["a:b"] }),
        json!({ "type": "role.update", "role": "bass", "name": null, "permissions": null }),
        json!({ "type": "role.delete", "role": ROLE, "moveTo": "member" }),
        json!({ "type": "organization.restore" }),
        json!({ "type": "organization.purge", "early": true }),
        json!({ "type": "organization.nominate_owner", "to": "krist", "expiresAt": 9 }),
        json!({ "type": "organization.accept_ownership" }),
        json!({ "type": "organization.decline_ownership" }),
        json!({ "type": "organization.withdraw_nomination" }),
        json!({ "type": "user.erase", "user": "krist", "emails": ["k@n.de"] }),
        json!({ "type": "member.leave", "successor": null }),
        json!({ "type": "member.leave", "successor": "krist" }),
        json!({ "type": "team.create", "team": TEAM, "name": "Road", "parent": null }),
        json!({ "type": "team.update", "team": TEAM, "name": null, "parent": { "set": TEAM } }),
        json!({ "type": "team.delete", "team": TEAM, "cascade": true }),
        json!({ "type": "team.put_member", "team": TEAM, "user": "krist", "roles": ["admin"] }),
        json!({ "type": "team.remove_member", "team": TEAM, "user": "krist" }),
        json!({ "type": "invitation.create", "invitation": INVITATION, "email": "k@n.de", "roles": ["member"], "teams": [TEAM], "digest": digest(), "expiresAt": 9, "message": "hi", "locale": "en", "notify": true }),
        json!({ "type": "invitation.create_many", "lines": [{ "invitation": INVITATION, "email": "k@n.de", "roles": ["member"], "digest": digest(), "expiresAt": 9, "message": "hi", "locale": "en", "notify": true }] }),
        json!({ "type": "invitation.resend", "invitation": INVITATION, "digest": digest(), "expiresAt": 9, "notify": false }),
        json!({ "type": "invitation.revoke", "invitation": INVITATION }),
        json!({ "type": "invitation.accept", "membership": MEMBERSHIP }),
        json!({ "type": "invitation.decline", "suppress": "everywhere" }),
        json!({ "type": "organization.close_overdue" }),
        json!({ "type": "domain.create", "domain": DOMAIN, "name": "nirvana.com", "policy": "off", "challenge": "a1".repeat(16) }),
        json!({ "type": "domain.verify", "domain": DOMAIN, "name": "nirvana.com", "found": ["x"] }),
        json!({ "type": "domain.update", "domain": DOMAIN, "policy": "join" }),
        json!({ "type": "domain.delete", "domain": DOMAIN }),
        json!({ "type": "domain.recheck", "domain": DOMAIN, "found": [] }),
        json!({ "type": "invitation_link.create", "link": LINK, "roles": ["member"], "digest": digest(), "maxUses": 3, "allowedDomains": ["nirvana.com"], "disabled": true, "expiresAt": 9 }),
        json!({ "type": "invitation_link.update", "link": LINK, "disabled": true, "maxUses": { "set": 3 }, "expiresAt": null }),
        json!({ "type": "invitation_link.update", "link": LINK, "disabled": null, "maxUses": "clear", "expiresAt": 9 }),
        json!({ "type": "invitation_link.rotate", "link": LINK, "digest": digest() }),
        json!({ "type": "invitation_link.delete", "link": LINK }),
        json!({ "type": "invitation_link.accept", "membership": MEMBERSHIP }),
        json!({ "type": "join_request.create", "request": REQUEST, "message": "please", "door": null }),
        json!({ "type": "join_request.create", "request": REQUEST, "message": null, "door": { "membership": MEMBERSHIP, "invitation": INVITATION, "digest": digest(), "expiresAt": 9 } }),
        json!({ "type": "join_request.approve", "request": REQUEST, "membership": MEMBERSHIP, "roles": ["member"] }),
        json!({ "type": "join_request.deny", "request": REQUEST, "silent": true }),
        json!({ "type": "join_request.withdraw", "request": REQUEST }),
        json!({ "type": "registration.create", "registration": REGISTRATION, "membership": MEMBERSHIP, "name": "Nirvana", "slugs": ["nirvana"], "holding": "registration-x", "email": "k@n.de", "digest": digest(), "expiresAt": 9, "seatLimit": null }),
        json!({ "type": "registration.activate", "membership": MEMBERSHIP, "slug": "nirvana" }),
        json!({ "type": "registration.expire" }),
    ]
}

/// Reads the text of a form.
fn read<T: FromJson>(form: &Value) -> Result<T, Denial> {
    T::read(Json::parse(&form.to_string()).unwrap())
}

/// Read here and read by serde is the same, and serde writes it back as it was.
fn same<T: FromJson + DeserializeOwned + Serialize + PartialEq + Debug>(form: &Value) -> T {
    let read = read::<T>(form).unwrap_or_else(|denial| panic!("{form}: {denial:?}"));
    assert_eq!(Ok(&read), serde_json::from_value(form.clone()).as_ref().map_err(|error| error.to_string()));
    assert_eq!(serde_json::to_value(&read).unwrap(), *form);
    read
}

#[test]
fn facts_have_the_form_that_serde_gives_them() {
    same::<Facts>(
        &json!({ "organization": null, "deleted": true, "members": {}, "invitations": {}, "joined": [], "suppressed": [], "sent": {}, "roles": {}, "holders": 0, "links": {}, "joinRequests": {}, "pendingRequests": 0, "registrations": {}, "recentRegistrations": 0, "slugs": {} }),
    );
    same::<Facts>(&json!({
        "organization": organization(), "deleted": false, "members": { "kurt": membership() },
        "domains": { DOMAIN: domain() }, "domainHolders": { "nirvana.com": ORGANIZATION },
        "invitations": { INVITATION: invitation() }, "joined": ["pat@nirvana.com"], "suppressed": ["dave@nirvana.com"],
        "sent": { "inviter:kurt": { "day": 20000, "used": 3 } }, "links": { LINK: link() },
        "joinRequests": { REQUEST: join_request() },
        "pendingRequests": 1, "registrations": { REGISTRATION: registration() }, "recentRegistrations": 2,
        "slugs": { "nirvana": ORGANIZATION }, "departed": ["pat"],
        "roles": { "co-owner": role() }, "holders": 3, "holdersInTeams": 1, "teams": { TEAM: team() },
        "teamMembers": { "krist": { TEAM: team_member() } }, "teamRoles": { TEAM: ["admin"] }, "webhooks": { WEBHOOK: webhook() },
        "owned": { "count": 3, "personal": { "id": ORGANIZATION, "slug": "nirvana", "name": "Nirvana" } },
    }));
    assert_eq!(read(&json!({})), Ok(Facts::default()));
}

#[test]
fn every_event_has_the_form_that_serde_gives_it() {
    let name = |form: &Value| {
        let event = same::<Event>(form);
        assert_eq!((&form["type"], event_name(&event)), (&json!(event.name()), event.name()));
        event.name()
    };
    let names: Set<_> = events().iter().chain(&team_events()).chain(&webhook_events()).map(name).collect();
    assert_eq!(names, Event::NAMES.iter().copied().collect(), "an event is not tried here");
}

#[test]
fn every_action_has_the_form_that_serde_gives_it() {
    let names: Set<_> =
        actions().iter().chain(&webhook_actions()).map(|form| action_name(&same::<Action>(form))).collect();
    assert_eq!(names.len(), 57, "an action is not tried here");
    for form in actions().into_iter().chain(webhook_actions()) {
        let action = same::<Action>(&form);
        assert_eq!(action.name(), action_name(&action));
    }
}

#[test]
fn commands_have_the_form_that_serde_gives_them() {
    let actor = json!({ "userId": "kurt", "email": "kurt@nirvana.com", "emailVerified": true, "mfa": true, "name": "Kurt", "kind": "platform_admin" });
    let targets = [
        json!({ "new": ORGANIZATION }),
        json!({ "organization": ORGANIZATION }),
        json!({ "organization": "nirvana" }),
        json!({ "invitation": { "id": INVITATION } }),
        json!({ "invitation": { "digest": digest() } }),
        json!({ "link": digest() }),
        json!({ "registration": digest() }),
    ];
    for target in targets {
        let action = json!({ "type": "member.leave", "successor": null });
        same::<Command>(
            &json!({ "actor": actor, "target": target, "hints": ["nirvana"], "hosts": ["nirvana.com"], "ifMatch": 3, "action": action }),
        );
    }
    let short = json!({ "actor": { "userId": "kurt" }, "target": { "organization": "nirvana" }, "action": { "type": "member.leave" } });
    assert_eq!(read::<Command>(&short).ok(), serde_json::from_value(short).ok());
}

fn refusal<T: FromJson + Debug>(value: Value) -> (&'static str, String) {
    let denial = read::<T>(&value).unwrap_err();
    (denial.reason.code(), denial.param.as_deref().unwrap_or_default().to_owned())
}

#[test]
fn a_refusal_has_the_code_of_the_rule_and_the_path_of_the_field() {
    let facts = |path: &str, value: Value| {
        let mut facts = json!({ "organization": organization(), "members": { "kurt": membership() } });
        *facts.pointer_mut(path).unwrap() = value;
        refusal::<Facts>(facts)
    };
    let refused = |code, path: &str| (code, path.to_owned());
    assert_eq!(facts("/organization/slug", json!("A")), refused("slug_invalid", "organization.slug"));
    assert_eq!(facts("/organization/version", json!(-1)), refused("invalid_value", "organization.version"));
    assert_eq!(
        facts("/organization/memberCount", json!(1u64 << 40)),
        refused("invalid_value", "organization.memberCount")
    );
    assert_eq!(
        facts("/organization/metadata", json!({ "a": "x".repeat(9000) })),
        refused("metadata_invalid", "organization.metadata")
    );
    assert_eq!(facts("/organization/createdAt", json!(1e18)), refused("invalid_value", "organization.createdAt"));
    assert_eq!(facts("/members/kurt/roles", json!(["owner"])), refused("role_not_grantable", "members.kurt.roles"));
    assert_eq!(facts("/members/kurt/roles", json!(["Chief"])), refused("unknown_role", "members.kurt.roles"));
    assert_eq!(refusal::<Facts>(json!({ "member": {} })), refused("unknown_field", "member"));
    assert_eq!(refusal::<Event>(json!({ "type": "member.removed" })), refused("missing_field", "user"));
    assert_eq!(refusal::<Event>(json!({ "type": "member.exploded" })), refused("invalid_value", ""));
    assert_eq!(refusal::<Event>(json!([])), refused("invalid_value", ""));
    assert_eq!(refusal::<Command>(json!({})), refused("missing_field", "actor"));
    assert_eq!(refusal::<crate::domain::command::Target>(json!({ "new": 1, "id": 2 })), refused("invalid_value", ""));
    assert_eq!(refusal::<crate::domain::command::Change<String>>(json!("gone")), refused("invalid_value", ""));
}

#[test]
fn an_instant_is_text_or_a_number() {
    let instant = |text: &str| Fields::parse(text).unwrap().instant("now").map(Timestamp::millis);
    assert_eq!(instant(r#"{"now":"1970-01-01T00:00:01Z"}"#), Ok(1000));
    assert_eq!(instant(r#"{"now":1000.9}"#), Ok(1000));
    for value in [r#""soon""#, "-1", "1e300", "[]", "true", "null"] {
        assert_eq!(instant(&format!(r#"{{"now":{value}}}"#)).unwrap_err().reason, Reason::InvalidValue, "{value}");
    }
    assert_eq!(instant("{}").unwrap_err().reason, Reason::MissingField);
}

#[test]
fn only_objects_are_read() {
    for text in ["", "null", "[]", "1", "{", r#"{"a":"\ud800"}"#, &"[".repeat(500)] {
        assert_eq!(Fields::parse(text).err().map(|denial| denial.reason), Some(Reason::InvalidValue), "{text}");
    }
}
