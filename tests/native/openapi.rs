//! `/openapi.json` is exact: every route is in it and no other, and whatever the scenarios send that is
//! accepted, and whatever they are answered, is what it says.

use crate::scenarios::watched;
use crate::support::json_schema::Schemas;
use crate::support::site::{Reply, Site, request};
use guildhall::domain::denial::Reason;
use guildhall::store::memory::MemoryStore;
use guildhall::wire::Request;
use guildhall::wire::openapi::document;
use guildhall::wire::route::{Path, Resource};
use pollster::block_on;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// An operation by its method and path.
type Line = (String, String);

fn operations(document: &Value) -> BTreeMap<Line, &Value> {
    let paths = document["paths"].as_object().unwrap().iter();
    let each = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| ((method.to_uppercase(), path.clone()), operation))
    });
    each.collect()
}

fn resource(path: &str) -> Resource {
    let id = "0189aaaabbbb7ccc8dddeeeeffff0000";
    let filled: Vec<&str> =
        path.split('/').map(|segment| if segment.starts_with('{') { id } else { segment }).collect();
    Path::parse(&filled.join("/")).resource.unwrap()
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    let document = document();
    let described: BTreeSet<Line> = operations(&document).into_keys().collect();
    let routed = Resource::TEMPLATES.iter().flat_map(|path| {
        assert_eq!(resource(path).template(), *path, "src/wire/template.rs names a path that leads elsewhere");
        resource(path).methods().iter().map(|method| ((*method).to_owned(), (*path).to_owned()))
    });
    let routed: BTreeSet<Line> = routed.collect();
    let missing: Vec<_> = routed.difference(&described).collect();
    let help = "describe them in the file of their part in src/wire/openapi/*.json, under `operations`, each with a \
                schema of its answer under `schemas`; for a new part, name its file in src/wire/openapi/mod.rs";
    assert!(missing.is_empty(), "not described: {missing:#?}\n{help}");
    let unknown: Vec<_> = described.difference(&routed).collect();
    assert!(unknown.is_empty(), "described in src/wire/openapi/*.json, and no route: {unknown:#?}");
}

/// Every reference leads somewhere, every code is one, every operation has a name of its own.
#[test]
fn the_document_is_whole() {
    let document = document();
    let mut names = BTreeSet::new();
    for ((method, path), operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(!id.is_empty() && names.insert(id), "{method} {path}: its `id` is missing, or another's");
        assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{method} {path}");
        let unknown = &operation["responses"]["default"]["description"];
        assert!(unknown.is_null(), "{method} {path}: no codes of domain/denial.rs: {unknown}");
    }
    follow(&document, &document);
    let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).chain(["unavailable"]).collect();
    assert_eq!(document["components"]["schemas"]["ProblemCode"]["enum"], json!(codes));
    let listed: Vec<&Value> = document["x-problems"].as_array().unwrap().iter().map(|row| &row["code"]).collect();
    assert_eq!(listed, codes);
}

fn follow(document: &Value, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                Schemas { document }.named(reference).unwrap();
            }
            fields.values().for_each(|field| follow(document, field));
        }
        Value::Array(items) => items.iter().for_each(|item| follow(document, item)),
        _ => {}
    }
}

/// What a corpus told of the document.
struct Watch<'a> {
    schemas: Schemas<'a>,
    operations: BTreeMap<Line, &'a Value>,
    wrong: RefCell<BTreeMap<String, String>>,
    seen: RefCell<BTreeSet<(Line, String)>>,
}

impl Watch<'_> {
    fn look(&self, request: &Request, reply: &Reply) {
        let method = request.method().as_str().to_owned();
        let Some(found) = Path::parse(request.uri().path()).resource.filter(|_| reply.status != 405) else { return };
        let line = (method, found.template().to_owned());
        let Some(operation) = self.operations.get(&line) else { return };
        let name = format!("{} {}", line.0, line.1);
        let told = reply.body["code"].as_str().filter(|_| reply.status >= 400);
        let what = told.map_or_else(|| reply.status.to_string(), str::to_owned);
        self.seen.borrow_mut().insert((line, what));
        let answered = self.answer(operation, reply, request);
        self.note(&name, format!("the answer {}", reply.status), answered);
        if reply.status < 300 {
            self.note(&name, "the body sent".to_owned(), self.body(operation, request));
            self.note(&name, "what was sent besides".to_owned(), self.sent_besides(operation, request));
            self.note(&name, "the path".to_owned(), self.path(operation, (found.template(), request)));
        }
    }

    fn note(&self, name: &str, what: String, checked: Result<(), String>) {
        if let Err(difference) = checked {
            let place: String = difference.split(", found").next().unwrap_or_default().to_owned();
            self.wrong.borrow_mut().entry(format!("{name}: {what}: {place}")).or_insert(difference);
        }
    }

    fn answer(&self, operation: &Value, reply: &Reply, request: &Request) -> Result<(), String> {
        let described = &operation["responses"][reply.status.to_string()];
        if described.is_null() {
            return Err(format!("the status is not described: {}", reply.body["code"]));
        }
        if reply.status < 400 {
            headers(described, reply)?;
        }
        let kind = reply.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
        let content = &described["content"][kind];
        match (kind, content) {
            ("", _) if described["content"].is_null() => Ok(()),
            // No lines are no content.
            ("", _) if reply.text.is_empty() && described["content"]["application/x-ndjson"].is_object() => Ok(()),
            (_, Value::Null) => Err(format!("nothing is said of `{kind}`")),
            ("application/x-ndjson", _) => {
                let mut lines = reply.text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
                lines.try_for_each(|line| self.schemas.check(&content["x-line"], &line, "line"))
            }
            _ => {
                let tried = request.uri().query().is_some_and(|query| query.contains("dryRun=true"));
                let trial = json!({ "$ref": "#/components/schemas/Trial" });
                let schema = if tried && reply.status == 200 { &trial } else { &content["schema"] };
                self.schemas.check(schema, &reply.body, "body")
            }
        }
    }

    fn body(&self, operation: &Value, request: &Request) -> Result<(), String> {
        let described = &operation["requestBody"];
        if request.body().trim_ascii().is_empty() {
            return if described["required"] == true { Err("a body is required".to_owned()) } else { Ok(()) };
        }
        if described.is_null() {
            return Err("no body is described".to_owned());
        }
        let sent: Value = serde_json::from_slice(request.body()).unwrap();
        let schema = &described["content"]["application/json"]["schema"];
        let checked = self.schemas.check(schema, &sent, "body");
        let closed = schema["type"] != "object" || schema["additionalProperties"] == false;
        if closed { checked } else { Err("unknown fields would be allowed".to_owned()) }
    }

    fn sent_besides(&self, operation: &Value, request: &Request) -> Result<(), String> {
        let parameters: Vec<&Value> =
            operation["parameters"].as_array().unwrap().iter().map(|it| self.whole(it)).collect();
        let find = |kind: &str, name: &str| {
            let same = |it: &&&Value| it["in"] == kind && it["name"].as_str().unwrap().eq_ignore_ascii_case(name);
            parameters.iter().find(same).map(|it| &it["schema"]).ok_or_else(|| format!("{kind} parameter {name}"))
        };
        for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
            self.check_text(find("query", &name)?, &value, &name)?;
        }
        for (name, value) in request.headers() {
            let ours =
                name.as_str().starts_with("guildhall-") || ["idempotency-key", "if-match"].contains(&name.as_str());
            // A security scheme describes the header of a signed principal.
            let is_credential = name == "guildhall-principal";
            // What is known of every request is not said of each.
            let ignored = is_credential || name == "idempotency-key" && request.method() != "POST";
            if ours && !ignored {
                self.check_text(find("header", name.as_str())?, value.to_str().unwrap(), name.as_str())?;
            }
        }
        Ok(())
    }

    /// The segments that name something, against what is said of each. Behind `/o/{slug}` the same path stands.
    fn path(&self, operation: &Value, (template, request): (&str, &Request)) -> Result<(), String> {
        let path = request.uri().path();
        let path = path.strip_prefix("/o/").map_or(path, |rest| rest.split_once('/').map_or("", |(_, rest)| rest));
        let segments = template.trim_start_matches('/').split('/').zip(path.trim_start_matches('/').split('/'));
        for (name, sent) in segments {
            let Some(name) = name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { continue };
            let all = operation["parameters"].as_array().unwrap().iter().map(|it| self.whole(it));
            let found = all.into_iter().find(|it| it["in"] == "path" && it["name"] == name).unwrap();
            let text = percent_encoding::percent_decode_str(sent).decode_utf8_lossy();
            self.check_text(&found["schema"], &text, name)?;
        }
        Ok(())
    }

    fn whole<'b>(&'b self, parameter: &'b Value) -> &'b Value {
        parameter["$ref"].as_str().map_or(parameter, |reference| self.schemas.named(reference).unwrap())
    }

    /// Parameters are text; one that is a number reads as one.
    fn check_text(&self, schema: &Value, text: &str, place: &str) -> Result<(), String> {
        let schema = self.whole(schema);
        let number = text.parse::<i64>().ok().filter(|_| schema["type"] == "integer");
        self.schemas.check(schema, &number.map_or_else(|| json!(text), |number| json!(number)), place)
    }
}

fn headers(described: &Value, reply: &Reply) -> Result<(), String> {
    let told: Vec<String> = described["headers"].as_object().unwrap().keys().map(|name| name.to_lowercase()).collect();
    let ours =
        ["etag", "location", "idempotent-replayed", "guildhall-next-cursor", "guildhall-organization", "retry-after"];
    let silent = ours.iter().find(|name| reply.headers.contains_key(**name) && !told.iter().any(|it| it == *name));
    silent.map_or(Ok(()), |name| Err(format!("nothing is said of the header {name}")))
}

#[test]
fn what_the_scenarios_send_and_get_is_as_described() {
    let document = document();
    let watch = Watch {
        schemas: Schemas { document: &document },
        operations: operations(&document),
        wrong: RefCell::default(),
        seen: RefCell::default(),
    };
    watched(&|request, reply| watch.look(request, reply));
    let wrong: Vec<String> =
        watch.wrong.borrow().iter().map(|(place, found)| format!("{place}\n    {found:.300}")).collect();
    assert!(wrong.is_empty(), "{} differ from src/wire/openapi/*.json:\n{}", wrong.len(), wrong.join("\n"));
    let seen = watch.seen.borrow();
    let unseen =
        watch.operations.keys().filter(|line| !seen.iter().any(|(it, what)| it == *line && what.starts_with('2')));
    assert_eq!(unseen.collect::<Vec<_>>(), Vec::<&Line>::new(), "no scenario shows these succeed");
    let never = watch.operations.iter().flat_map(|(line, operation)| {
        let described = operation["responses"].as_object().unwrap().keys().filter(|status| is_shown(operation, status));
        let unseen = described.filter(|status| !seen.contains(&(line.clone(), (*status).clone())));
        unseen.map(|status| format!("{} {}: {status}", line.0, line.1)).collect::<Vec<_>>()
    });
    assert_eq!(never.collect::<Vec<_>>(), Vec::<String>::new(), "described, and no scenario is answered so");
}

/// The statuses of success that scenarios must show: a trial's 200, a moved organization and an unchanged answer are
/// shown of some operations for all of them.
fn is_shown(operation: &Value, status: &str) -> bool {
    let schema = &operation["responses"][status]["content"]["application/json"]["schema"]["$ref"];
    status.starts_with('2') && *schema != "#/components/schemas/Trial"
}

/// A status in prose is one that the operation has.
#[test]
fn statuses_in_prose_are_described() {
    let document = document();
    for ((method, path), operation) in operations(&document) {
        for text in [&operation["summary"], &operation["description"]].into_iter().filter_map(Value::as_str) {
            for part in text.split('(').skip(1) {
                let status = part.split(')').next().unwrap_or_default();
                let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
                let described = operation["responses"].get(status).is_some();
                assert!(!is_status || described, "{method} {path} speaks of {status}, which it does not describe");
            }
        }
    }
}

/// `dryRun` is described where it is taken, and taken where it is described.
#[test]
fn what_can_be_tried_out_is_described_so() {
    let document = document();
    let site = Site::new(MemoryStore::default());
    let token = block_on(site.sign_in(&json!({ "userId": "root", "platformAdmin": true, "email": "root@x.example" })));
    for ((method, path), operation) in operations(&document) {
        let described = operation["parameters"].as_array().unwrap().iter().any(|it| {
            let name = it["$ref"].as_str().unwrap_or_default();
            name == "#/components/parameters/dry-run"
        });
        // What asks nobody who they are looks at no parameter.
        if operation["security"] == json!([]) {
            continue;
        }
        let filled = crate::bodies::filled_path(&path);
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let body = crate::bodies::sample(&document, schema);
        let reply = block_on(site.send(request(&method, &format!("{filled}?dryRun=true"), Some(&token), Some(&body))));
        let refused = reply.status == 422 && reply.body["param"] == "dryRun";
        assert_eq!(refused, !described, "{method} {path}: {}", reply.text);
    }
}

#[test]
fn anybody_may_read_it_and_keep_it() {
    let site = Site::new(MemoryStore::default());
    let mut ask = request("GET", "/openapi.json", None, None);
    let reply = block_on(site.send(ask.clone()));
    assert_eq!((reply.status, &reply.body), (200, &document()));
    assert_eq!(reply.headers["cache-control"], "public, max-age=300");
    assert!(!reply.headers.contains_key("vary") && reply.headers["content-type"] == "application/json");
    ask.headers_mut().insert("if-none-match", reply.headers["etag"].clone());
    let again = block_on(site.send(ask));
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(again.headers["etag"], reply.headers["etag"]);
}
