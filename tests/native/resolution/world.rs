//! The small world of `tests/resolution/world.json`, as values and as the JSON that the npm package
//! takes.

use super::model::{Asked, Asker, Kind};
use guildhall::domain::id::OrganizationId;
use guildhall::domain::resolve::{Affiliation, Hints, ResolutionSettings, Seen};
use guildhall::wire::hints;
use serde_json::{Value, json};
use std::sync::OnceLock;

pub fn world() -> &'static Value {
    static WORLD: OnceLock<Value> = OnceLock::new();
    WORLD.get_or_init(|| serde_json::from_str(include_str!("../../resolution/world.json")).unwrap())
}

/// The kinds that a place can name.
pub fn kinds(place: &str) -> Vec<Kind> {
    let kinds = world()["sources"][place].as_array().unwrap();
    kinds.iter().map(|kind| kind.as_str().unwrap()).collect()
}

/// What a kind is called; by slug in most places, by id where only ids are.
fn name(kind: Kind, form: &str) -> &'static str {
    world()["kinds"][kind][form].as_str().unwrap()
}

pub fn id(kind: Kind) -> OrganizationId {
    OrganizationId::parse(name(kind, "id")).unwrap()
}

/// The address and the headers in which a request names what it names.
pub fn written(asked: &Asked) -> (String, Vec<(&'static str, &'static str)>) {
    let at = |place: &str| asked.explicit.iter().find(|(other, _)| *other == place).map(|(_, kind)| *kind);
    let host = match (at("label"), at("domain")) {
        (Some(kind), _) => format!("{}.bands.example", name(kind, "slug")),
        (None, Some(kind)) => name(kind, "domain").to_owned(),
        (None, None) => "bands.example".to_owned(),
    };
    let path = at("path").map(|kind| format!("/o/{}", name(kind, "slug"))).unwrap_or_default();
    // The same organization by its id, so that the two forms meet.
    let query = at("query").map(|kind| world()["kinds"][kind]["id"].as_str().unwrap_or_else(|| name(kind, "slug")));
    let query = query.map(|name| format!("?org={name}")).unwrap_or_default();
    let header = at("header").map(|kind| ("guildhall-organization", name(kind, "slug")));
    (format!("https://{host}{path}/songs{query}"), header.into_iter().collect())
}

pub fn hints(asked: &Asked) -> Hints {
    let (url, headers) = written(asked);
    let headers = headers.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let settings = ResolutionSettings { base_domain: Some("bands.example".to_owned()), ..Default::default() };
    let uri = url.parse().unwrap();
    let hints = hints::of(&hints::Place::of(&uri, &headers), &settings);
    let pass = asked.explicit.iter().find(|(place, _)| *place == "pass");
    let hints = pass.into_iter().fold(hints, |hints, (_, kind)| hints.with_pass(id(kind)));
    Hints { remembered: asked.remembered.map(id), ..hints }
}

fn affiliation(shown: &Value) -> Affiliation {
    let of = &shown["organization"];
    let form = json!({
        "organization": of["id"], "slug": of["slug"], "name": of["name"], "state": of["state"], "owner": of["ownerId"],
        "version": of["version"], "user": "kurt", "membership": shown["id"], "roles": shown["roles"],
        "membershipState": shown["state"].as_str().unwrap_or("active"),
        "formerSlugs": shown["formerSlugs"].as_array().cloned().unwrap_or_default(),
    });
    serde_json::from_value(form).unwrap()
}

pub fn seen(asker: Asker) -> Seen {
    let mine = asker.memberships.iter().map(|name| affiliation(&world()["memberships"][name])).collect();
    let offer = |name: &str| asker.offered.then(|| serde_json::from_value(world()["offers"][name].clone()).unwrap());
    Seen {
        signed_in: !asker.anonymous,
        affiliations: mine,
        hosts: serde_json::from_value(world()["domains"].clone()).unwrap(),
        fallback: offer("fallbackOrganization"),
        auto_join: offer("autoJoinOrganization"),
    }
}

/// The same request as the npm package takes it.
pub fn request(asked: &Asked, asker: Asker) -> Value {
    let (url, headers) = written(asked);
    let mut config = world()["config"].clone();
    if asker.offered {
        config.as_object_mut().unwrap().extend(world()["offers"].as_object().unwrap().clone());
    }
    let memberships: Vec<&Value> = asker.memberships.iter().map(|name| &world()["memberships"][name]).collect();
    let pass = asked.explicit.iter().find(|(place, _)| *place == "pass");
    json!({
        "url": url,
        "headers": headers,
        "caller": (!asker.anonymous).then_some("kurt"),
        "memberships": memberships,
        "config": config,
        "domains": world()["domains"],
        "pass": pass.map(|(_, kind)| name(kind, "id")),
        "remembered": asked.remembered.map(|kind| name(kind, "id")),
    })
}

/// The kind whose id this is.
pub fn kind_by_id(id: OrganizationId) -> &'static str {
    static KINDS: OnceLock<Vec<(OrganizationId, Kind)>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| kinds("remembered").into_iter().map(|kind| (self::id(kind), kind)).collect());
    kinds.iter().find(|(known, _)| *known == id).map(|(_, kind)| *kind).unwrap()
}

/// The kind whose id this is, as text.
pub fn kind_of(id: &str) -> &'static str {
    let kinds = world()["kinds"].as_object().unwrap();
    kinds.iter().find(|(_, names)| names["id"] == id).map(|(kind, _)| kind.as_str()).unwrap()
}
