//! Bodies, systematically: what is said of every body in `/openapi.json` is tried on every operation that has one.

use crate::support::site::{Reply, Site, request};
use guildhall::store::memory::MemoryStore;
use guildhall::wire::openapi::document;
use pollster::block_on;
use serde_json::{Map, Value, json};

const HEX: &str = "0189aaaabbbb7ccc8dddeeeeffff0000";

/// Values of schemas that a pattern or a length alone does not give.
const NAMED: [(&str, &str); 14] = [
    ("Email", "pat@nirvana.example"),
    ("Slug", "scream"),
    ("UserId", "pat"),
    ("UserSelector", "pat"),
    ("OrganizationSelector", "nirvana"),
    ("RoleKey", "admin"),
    ("LogoUrl", "https://x.example/logo.png"),
    ("DomainName", "x.example"),
    ("NextPath", "/back"),
    ("InvitationToken", "ghi_x"),
    ("RegistrationToken", "ghr_x"),
    ("EventPattern", "*"),
    ("PermissionPattern", "member:read"),
    ("Locale", "en"),
];

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(schema, |pointer| document.pointer(pointer).unwrap())
}

/// A small value that a schema allows.
pub fn sample(document: &Value, schema: &Value) -> Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
    if let Some((_, value)) = NAMED.iter().find(|(known, _)| *known == name) {
        return json!(value);
    }
    let schema = resolved(document, schema);
    if let Some(first) = schema["enum"].get(0).or_else(|| schema.get("const")) {
        return first.clone();
    }
    if let Some(first) = schema["anyOf"].get(0).filter(|_| schema.get("properties").is_none()) {
        return sample(document, first);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default();
    match kind {
        "object" => Value::Object(filled(document, schema, "")),
        "array" => json!([sample(document, &schema["items"])]),
        "integer" => json!(schema["minimum"].as_i64().unwrap_or(0).max(1)),
        "boolean" => json!(false),
        _ if schema["format"] == "date-time" => json!("2030-01-01T00:00:00Z"),
        _ => text(schema),
    }
}

fn text(schema: &Value) -> Value {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    match pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix("[0-9a-f]{32}$")) {
        Some(prefix) => json!(format!("{prefix}{HEX}")),
        None if schema["maxLength"] == 2000 => json!("https://hooks.example/x"),
        None if schema["maxLength"] == 127 => json!("member:read"),
        None => json!("x"),
    }
}

/// The fields that must be there, but for one; and those that its alternatives ask for.
fn filled(document: &Value, schema: &Value, but: &str) -> Map<String, Value> {
    let properties = &schema["properties"];
    let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut fields: Map<String, Value> =
        needed.filter(|name| *name != but).map(|name| (name.to_owned(), sample(document, &properties[name]))).collect();
    let alternatives = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
    let chosen = alternatives.into_iter().flatten().find(|one| one["required"][0].as_str().is_some_and(|it| it != but));
    if let Some(name) = chosen.and_then(|one| one["required"][0].as_str()) {
        let fixed = chosen.unwrap()["properties"][name].get("const");
        fields.insert(name.to_owned(), fixed.cloned().unwrap_or_else(|| sample(document, &properties[name])));
    }
    fields
}

/// A path with names that are well-formed: whether they are there is asked after the body is read.
pub fn filled_path(template: &str) -> String {
    let ids = [
        ("team", "team"),
        ("invitation", "inv"),
        ("domain", "dom"),
        ("webhook", "whk"),
        ("link", "lnk"),
        ("request", "req"),
    ];
    let filled = template.replace("{org}", "nirvana").replace("{about}", "everywhere").replace("{slug}", "nirvana");
    let filled = filled.replace("{user}", "pat").replace("{role}", "bass").replace("{key}", "theme");
    ids.iter().fold(filled, |path, (name, prefix)| path.replace(&format!("{{{name}}}"), &format!("{prefix}_{HEX}")))
}

struct Asker {
    site: Site<MemoryStore>,
    token: String,
    document: Value,
}

/// An operation with a body: its line, and the schema of the body.
type Sent<'a> = (String, String, &'a Value, bool);

impl Asker {
    fn new() -> Self {
        let site = Site::new(MemoryStore::default());
        let person = json!({ "userId": "kurt", "email": "kurt@nirvana.example", "platformAdmin": true });
        let token = block_on(site.sign_in(&person));
        let made = request("POST", "/v1/organizations", Some(&token), Some(&json!({ "name": "Nirvana" })));
        assert_eq!(block_on(site.send(made)).status, 201);
        Asker { site, token, document: document() }
    }

    fn operations(&self) -> Vec<Sent<'_>> {
        let paths = self.document["paths"].as_object().unwrap().iter();
        let all = paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |it| (path, it)));
        let sent = all.filter(|(_, (_, operation))| operation["requestBody"].is_object());
        sent.map(|(path, (method, operation))| {
            let filled = filled_path(path);
            let body = &operation["requestBody"];
            let schema = &body["content"]["application/json"]["schema"];
            (method.to_uppercase(), filled, schema, body["required"] == true)
        })
        .collect()
    }

    /// Each property of each body, resolved, with the operation that it stands in.
    fn properties(&self) -> Vec<(Sent<'_>, &str, &Value)> {
        let mut all = Vec::new();
        for sent in self.operations() {
            let schema: &Value = sent.2;
            let fields = schema["properties"].as_object().into_iter().flatten();
            all.extend(fields.map(|(name, schema)| (sent.clone(), name.as_str(), schema)));
        }
        all
    }

    fn send(&self, method: &str, path: &str, text: &str) -> Reply {
        let mut asked = request(method, path, Some(&self.token), None);
        *asked.body_mut() = text.as_bytes().to_vec();
        block_on(self.site.send(asked))
    }

    /// A body whose field has a value that is written so.
    fn with(&self, schema: &Value, name: &str, written: &str) -> String {
        let others = filled(&self.document, schema, name);
        let others = others.iter().map(|(name, value)| format!(",\"{name}\":{value}"));
        format!("{{\"{name}\":{written}{}}}", others.collect::<String>())
    }
}

fn allows_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null))
        || schema["anyOf"].as_array().is_some_and(|all| all.iter().any(|one| is_null(&one["type"])))
}

#[test]
fn null_is_taken_where_it_is_described() {
    let asker = Asker::new();
    let mut count = 0;
    for ((method, path, schema, _), name, property) in asker.properties() {
        if !allows_null(property) {
            continue;
        }
        count += 1;
        let body = asker.with(schema, name, "null");
        let reply = asker.send(&method, &path, &body);
        assert!(reply.body["param"] != name, "{method} {path} {body}: {}", reply.text);
        assert_ne!(reply.body["code"], "unknown_field", "{method} {path} {body}");
    }
    assert!(count > 50, "{count} fields may be null");
}

/// What a schema of a field refers to, past null.
fn inner<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let schema = schema["anyOf"].get(0).unwrap_or(schema);
    let found = resolved(document, schema);
    found["anyOf"].get(0).map_or(found, |first| resolved(document, first))
}

#[test]
fn integers_are_those_of_json_schema() {
    let asker = Asker::new();
    let mut count = 0;
    for ((method, path, schema, _), name, property) in asker.properties() {
        let kind = &property["type"];
        if kind != "integer" && kind[0] != "integer" {
            continue;
        }
        let least = property["minimum"].as_i64().unwrap_or(0).max(1);
        for written in [
            format!("{least}.0"),
            format!("{least}e0"),
            format!("{least}0.00E-1"),
            format!("0.{least}e+{}", least.to_string().len()),
        ] {
            count += 1;
            let body = asker.with(schema, name, &written);
            let reply = asker.send(&method, &path, &body);
            assert!(reply.body["param"] != name, "{method} {path} {body}: {}", reply.text);
        }
        for written in [format!("{least}.5"), "1e400".to_owned(), "1e30".to_owned(), format!("\"{least}\"")] {
            let reply = asker.send(&method, &path, &asker.with(schema, name, &written));
            assert!([400, 422].contains(&reply.status), "{method} {path} {name}: {written}: {}", reply.text);
        }
    }
    assert!(count >= 24, "{count} numbers");
}

#[test]
fn malformed_ids_in_bodies_are_invalid_and_named() {
    let asker = Asker::new();
    let mut found = Vec::new();
    for ((method, path, schema, _), name, property) in asker.properties() {
        let listed = inner(&asker.document, property);
        let items = &listed["items"];
        let one = if items.is_object() { inner(&asker.document, items) } else { listed };
        let pattern = one["pattern"].as_str().unwrap_or_default();
        let selector = property["$ref"] == "#/components/schemas/OrganizationSelector";
        if !pattern.ends_with("[89ab][0-9a-f]{15}$") && !selector {
            continue;
        }
        found.push(name.to_owned());
        for text in [
            "xx,",
            "a,b",
            "",
            "org_0",
            "team_0189AAAABBBB7CCC8DDDEEEEFFFF0000",
            "inv_0189aaaabbbb7ccc8dddeeeeffff000\\u0000",
            "team_00000000000000000000000000000000",
        ] {
            let written = if items.is_object() { format!("[\"{text}\"]") } else { format!("\"{text}\"") };
            let body = asker.with(schema, name, &written);
            let reply = asker.send(&method, &path, &body);
            assert_eq!(
                (reply.status, &reply.body["param"]),
                (422, &json!(name)),
                "{method} {path} {body}: {}",
                reply.text
            );
        }
    }
    for needed in ["teams", "parentId", "team", "invitationId", "organization"] {
        assert!(found.iter().any(|name| name == needed), "{needed} is none of {found:?}");
    }
}

#[test]
fn a_name_that_stands_twice_is_refused_in_every_body() {
    let asker = Asker::new();
    let operations = asker.operations();
    assert!(operations.len() > 40, "{} operations have a body", operations.len());
    for (method, path, _, _) in operations {
        for (text, name) in [
            (r#"{"a":1,"a":1}"#, "a"),
            (r#"{"x":{"name":"first","b":[],"name":"second"}}"#, "name"),
            (r#"{"x":[{"roles":null,"ro\u006ces":[]}]}"#, "roles"),
            (r#"{"":{},"":{}}"#, ""),
        ] {
            let reply = asker.send(&method, &path, text);
            let told = (reply.status, &reply.body["code"], &reply.body["param"]);
            assert_eq!(told, (400, &json!("malformed_request"), &json!(name)), "{method} {path}: {}", reply.text);
            assert!(reply.body["detail"].as_str().unwrap().contains(name), "{}", reply.text);
        }
    }
}

#[test]
fn no_body_and_white_space_alone_are_told_as_such() {
    let asker = Asker::new();
    for (method, path, _, required) in asker.operations() {
        for text in ["", " ", "\r\n\t \n"] {
            let reply = asker.send(&method, &path, text);
            if required {
                let told = (reply.status, &reply.body["code"], &reply.body["detail"]);
                let expected = (400, &json!("malformed_json"), &json!("a JSON body is expected"));
                assert_eq!(told, expected, "{method} {path}: {}", reply.text);
            } else {
                assert_ne!(reply.body["code"], "malformed_json", "{method} {path}: {}", reply.text);
            }
        }
    }
}

/// A body with every field at its limit, as a client writes it that escapes all but ASCII.
#[test]
fn a_hundred_invitations_at_every_limit_are_taken() {
    let asker = Asker::new();
    let line = |number: usize| {
        let message = "\\ud83d\\udc4b".repeat(1_000);
        let local = format!("{number:064}");
        let domain = format!("{}.{}.example", "d".repeat(63), "e".repeat(63));
        let roles = vec!["\"member\""; 100].join(",");
        format!(
            r#"{{"email":"{local}@{domain}","roles":[{roles}],"teams":[],"expiresIn":8.6400e4,"message":"{message}","locale":"en","notify":false}}"#
        )
    };
    let lines: Vec<String> = (0..100).map(line).collect();
    let body = format!("{{\"invitations\":[{}]}}", lines.join(","));
    assert!(body.len() > 1_200_000, "{}", body.len());
    let reply = asker.send("POST", "/v1/organizations/nirvana/invitations/bulk", &body);
    assert_eq!(reply.status, 200, "{:.300}", reply.text);
    let lines = reply.body["data"].as_array().unwrap();
    assert!(lines.iter().all(|line| line["status"] == "created"), "{:.300}", reply.text);
    assert_eq!(lines[99]["invitation"]["message"].as_str().map(|text| text.chars().count()), Some(1_000));
}

/// The limit stands in the description of each body, and in the refusal of what is longer.
#[test]
fn the_limit_of_a_body_is_said() {
    let asker = Asker::new();
    let paths = asker.document["paths"].as_object().unwrap();
    for (path, limit) in [
        ("/v1/organizations", 65_536_usize),
        ("/v1/organizations/{org}/invitations", 65_536),
        ("/v1/organizations/{org}/invitations/bulk", 4_194_304),
        ("/v1/imports/django", 8_388_608),
    ] {
        let said = format!("at most {limit} bytes");
        assert_eq!(paths[path]["post"]["requestBody"]["description"], json!(said));
        assert!(asker.document["info"]["description"].as_str().unwrap().contains(&limit.to_string()));
        let filled = path.replace("{org}", "nirvana");
        let reply = asker.send("POST", &filled, &" ".repeat(limit + 1));
        assert_eq!((reply.status, &reply.body["code"]), (413, &json!("body_too_large")), "{path}");
        assert!(reply.body["detail"].as_str().unwrap().starts_with(&said), "{}", reply.text);
        assert_ne!(asker.send("POST", &filled, &" ".repeat(limit)).status, 413, "{path}");
    }
}
