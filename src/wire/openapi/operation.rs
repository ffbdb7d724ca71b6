//! One operation: what it says of itself, and what follows from its method, path and kind.
//!
//! Owns what operations have in common: the parameters and headers that all of a kind take, and the
//! codes with which all of a kind can be refused. A code stands under the status that it is sent with.

use super::form::{filled, refers};
use super::schema::{Named, expand};
use crate::domain::denial::Reason;
use crate::domain::json_object::object_of;
use crate::domain::table::{Set, Table};
use crate::wire::body_limit;
use crate::wire::problem::status_of;
use serde_json::Value;

/// What the methods and paths of operations tell of them.
pub struct Described<'a> {
    /// `get`, `post`, …
    pub method: &'a str,
    /// With its variable segments in braces.
    pub path: &'a str,
    /// What the operation says of itself.
    pub note: &'a Value,
    /// The part that it belongs to.
    pub tag: &'a Value,
}

/// With which any request can be refused that is not about the installation's health.
const EVERYWHERE: [Reason; 15] = [
    Reason::RateLimited,
    Reason::Unauthenticated,
    Reason::CredentialsConflict,
    Reason::IssuerUnavailable,
    Reason::PassInvalid,
    Reason::PassUnknownKey,
    Reason::PassWrongIssuer,
    Reason::PassWrongAudience,
    Reason::PassNotYetValid,
    Reason::PassExpired,
    Reason::PassNotYours,
    Reason::PermissionDenied,
    Reason::MalformedRequest,
    Reason::UnknownField,
    Reason::InvalidValue,
];
/// Besides, where there is a body.
const WITH_BODY: [Reason; 3] = [Reason::MalformedJson, Reason::BodyTooLarge, Reason::UnsupportedMediaType];
/// Besides, within an organization.
const INSIDE: [Reason; 5] = [
    Reason::NotFound,
    Reason::OrganizationAmbiguous,
    Reason::MembershipSuspended,
    Reason::EmailNotVerified,
    Reason::MfaRequired,
];

impl Described<'_> {
    /// The operation as OpenAPI has it.
    pub fn operation(&self, named: &Named) -> Value {
        let form = r#"{ "operationId": "$0", "tags": ["$1"], "summary": "$2", "parameters": "$3", "responses": "$4" }"#;
        let said = |name: &str| self.note.get(name).cloned().unwrap_or_default();
        let (parameters, responses) = (self.parameters(named).into(), self.responses(named));
        let mut made = filled(form, [said("id"), self.tag.clone(), said("says"), parameters, responses]);
        let more = [
            ("description", self.description()),
            ("requestBody", self.body(named)),
            (
                "security",
                self.is("public")
                    .then(|| filled(r#"[{}, { "bearer": [] }, { "session": [] }, { "upstream": [] }]"#, [])),
            ),
            ("security", self.is("open").then(|| filled("[]", []))),
            ("x-permissions", self.note.get("needs").cloned()),
        ];
        if let Some(fields) = made.as_object_mut() {
            fields.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        made
    }

    fn is(&self, flag: &str) -> bool {
        self.note.get(flag) == Some(&Value::Bool(true))
    }

    /// Whether it changes something by a command, which can be tried out and repeated.
    fn commands(&self) -> bool {
        self.method != "get" && !self.is("plain") && !self.is("open")
    }

    /// Whether it can be tried out. What is told to strangers cannot: it would tell them without a trace.
    fn tries(&self) -> bool {
        self.commands() && !self.is("untried")
    }

    /// Whether `If-Match` guards it: where the caller can know the version of what they change.
    fn is_guarded(&self) -> bool {
        self.commands() && self.inside() && !self.is("unguarded")
    }

    /// Whether its answers have a tag, by which they can be asked for again.
    fn is_tagged(&self) -> bool {
        let answers = self.note.get("answers").and_then(Value::as_object);
        let kept = answers.is_some_and(|answers| answers.contains_key("304"));
        self.method == "get" && (kept || self.inside() || self.path == "/v1/resolve")
    }

    fn inside(&self) -> bool {
        self.path.starts_with("/v1/organizations/{org}")
    }

    fn description(&self) -> Option<Value> {
        let needs = self.note.get("needs").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let needs: Vec<String> = needs.map(|name| format!("`{name}`")).collect();
        let needs = (!needs.is_empty()).then(|| format!("Needs {}.", needs.join(", ")));
        let more = self.note.get("more").and_then(Value::as_str).map(str::to_owned);
        let sentences: Vec<String> = more.into_iter().chain(needs).collect();
        (!sentences.is_empty()).then(|| sentences.join(" ").into())
    }

    fn parameters(&self, named: &Named) -> Vec<Value> {
        let shared = |name: &str| refers("parameters", name);
        let in_path = self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
        let mut all: Vec<Value> = in_path.map(|name| shared(&format!("path-{name}"))).collect();
        let own = self.note.get("query").and_then(Value::as_object).into_iter().flatten();
        let needed = self.note.get("queryRequired").and_then(Value::as_array);
        let form = |name: &str| match needed.is_some_and(|needed| needed.iter().any(|it| it == name)) {
            true => r#"{ "name": "$0", "in": "query", "required": true, "schema": "$1" }"#,
            false => r#"{ "name": "$0", "in": "query", "schema": "$1" }"#,
        };
        all.extend(own.map(|(name, note)| filled(form(name), [name.as_str().into(), expand(note, named)])));
        let common = [
            (self.is("paged"), vec!["limit", "cursor"]),
            (!self.is("open"), self.selectors()),
            (!self.is("open"), vec!["pass", "consistency", "min-version", "act-as", "act-as-email"]),
            (self.tries(), vec!["dry-run"]),
            (self.is_guarded(), vec!["if-match"]),
            (self.is_tagged(), vec!["if-none-match"]),
            (self.method == "post" && !self.is("open"), vec!["idempotency-key"]),
            (true, vec!["request-id"]),
        ];
        all.extend(common.into_iter().filter(|(given, _)| *given).flat_map(|(_, names)| names).map(shared));
        all
    }

    /// What names an organization. Rule: it counts where the path has an organization or resolution is asked for, and
    /// is passed over everywhere else.
    fn selectors(&self) -> Vec<&'static str> {
        if self.inside() || ["/v1/resolve", "/v1/me"].contains(&self.path) {
            return vec!["org", "organization"];
        }
        vec!["org-passed-over", "organization-passed-over"]
    }

    /// A command whose body says nothing takes an empty object, or none.
    fn body(&self, named: &Named) -> Option<Value> {
        let nothing = filled("{}", []);
        let fields = match self.note.get("body") {
            None if self.commands() => Some(&nothing),
            body => body,
        }?;
        let raw = self.note.get("rawBody").map(|note| expand(note, named));
        let object = || {
            let mut object = expand(&filled(r#"{ "fields": "$0" }"#, [fields.clone()]), named);
            let rule = self.note.get("rule").and_then(Value::as_object).cloned().unwrap_or_default();
            if let Some(fields) = object.as_object_mut() {
                fields.insert("additionalProperties".to_owned(), false.into());
                fields.extend(rule);
            }
            object
        };
        let schema = raw.unwrap_or_else(object);
        let needed = schema.get("required").and_then(Value::as_array).is_some_and(|needed| !needed.is_empty());
        let required = needed || self.is("bodyRequired");
        let form =
            r#"{ "description": "$2", "required": "$0", "content": { "application/json": { "schema": "$1" } } }"#;
        let size = format!("at most {} bytes", body_limit(self.path));
        Some(filled(form, [required.into(), schema, size.into()]))
    }

    fn responses(&self, named: &Named) -> Value {
        let answers = self.note.get("answers").and_then(Value::as_object);
        let mut all: Table<String, Value> = answers
            .into_iter()
            .flatten()
            .map(|(status, note)| (status.clone(), self.answer(status, note, named)))
            .collect();
        if self.tries() && !all.contains_key("200") {
            all.insert("200".to_owned(), self.answer("200", &"Trial".into(), named));
        }
        if self.inside() && self.method == "get" {
            all.insert("308".to_owned(), filled(MOVED, []));
        }
        if self.is_tagged() {
            all.insert("304".to_owned(), self.answer("304", &Value::Null, named));
        }
        all.extend(self.problems());
        Value::Object(object_of(all))
    }

    fn answer(&self, status: &str, note: &Value, named: &Named) -> Value {
        let mut schema = expand(note, named);
        if self.tries() && status == "200" && note.as_str() != Some("Trial") {
            schema = filled(r#"{ "anyOf": ["$0", "$1"] }"#, [schema, refers("schemas", "Trial")]);
        }
        let lines = note.get("lines").map(|line| expand(line, named));
        let content = match (lines, note) {
            (Some(line), _) => {
                filled(r#"{ "application/x-ndjson": { "schema": { "type": "string" }, "x-line": "$0" } }"#, [line])
            }
            (None, Value::Null) => Value::Null,
            (None, _) => {
                let content = filled(r#"{ "schema": "$0" }"#, [schema]);
                Value::Object(object_of([(self.media_type().to_owned(), content)]))
            }
        };
        let resolves = ["/v1/resolve", "/v1/me/current-organization"].contains(&self.path);
        let versioned = self.inside() || self.commands() || resolves || self.is("open");
        let headers = [
            ("ETag", versioned),
            ("Location", (status == "201" && self.commands()) || status == "308"),
            ("Idempotent-Replayed", self.commands() && self.method == "post"),
            ("Guildhall-Next-Cursor", note.get("lines").is_some()),
            ("Guildhall-Organization", self.path == "/v1/resolve"),
            ("RateLimit-Policy", !self.is("open")),
            ("Retry-After", status == "503"),
            ("X-Request-Id", true),
        ];
        let given = headers.iter().filter(|(_, given)| *given);
        let headers = object_of(given.map(|(name, _)| ((*name).to_owned(), refers("headers", name)))).into();
        let description = match status {
            "304" => "nothing has changed since the tag that was sent",
            done if done.starts_with('2') => "done",
            _ => "not now",
        };
        match content {
            Value::Null => filled(r#"{ "description": "$0", "headers": "$1" }"#, [description.into(), headers]),
            content => {
                let form = r#"{ "description": "$0", "headers": "$1", "content": "$2" }"#;
                filled(form, [description.into(), headers, content])
            }
        }
    }

    fn media_type(&self) -> &str {
        self.note.get("mediaType").and_then(Value::as_str).unwrap_or("application/json")
    }

    /// The codes with which it can be refused, by status.
    fn problems(&self) -> Table<String, Value> {
        if self.is("open") {
            return Table::new();
        }
        let mut codes: Table<String, Set<String>> = Table::new();
        let own = self.note.get("codes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let own: Vec<&str> = own.collect();
        let shared: Vec<&str> = self.shared().into_iter().map(Reason::code).collect();
        for code in shared.into_iter().chain(own).chain(["unavailable"]) {
            // A code that is none stands where a test looks for it.
            let status = status_of(code).map_or("default".to_owned(), |status| status.to_string());
            codes.update(status, |codes| codes.extend([code.to_owned()]));
        }
        codes.into_iter().map(|(status, codes)| (status.clone(), problem(&status, &codes))).collect()
    }

    fn shared(&self) -> Vec<Reason> {
        let (reads, commands, has_body) = (self.method == "get", self.commands(), self.note.get("body").is_some());
        let needed = self.body(&Named::new()).is_some_and(|body| body.get("required") == Some(&Value::Bool(true)));
        let sets: [(bool, &[Reason]); 10] = [
            (true, &EVERYWHERE),
            (!reads, &[Reason::OriginMismatch, Reason::SignatureReplayed]),
            (commands || has_body, &WITH_BODY),
            (needed, &[Reason::MissingField]),
            (self.inside(), &INSIDE),
            (self.inside() && (reads || self.is("plain")), &[Reason::VersionNotReached]),
            (self.is_guarded(), &[Reason::VersionMismatch]),
            (self.inside() && commands && !self.is("whileSuspended"), &[Reason::OrganizationInactive]),
            (commands, &[Reason::OrganizationBusy]),
            (commands && self.method == "post", &[Reason::IdempotencyKeyInvalid, Reason::IdempotencyKeyReused]),
        ];
        let paged = if self.is("paged") { vec![Reason::CursorInvalid] } else { Vec::new() };
        sets.into_iter().filter(|(given, _)| *given).flat_map(|(_, reasons)| reasons.to_vec()).chain(paged).collect()
    }
}

const MOVED: &str = r##"{
  "description": "the organization has another slug now",
  "headers": { "Location": { "$ref": "#/components/headers/Location" } },
  "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Moved" } } }
}"##;

const PROBLEM: &str = r##"{
  "description": "$0",
  "headers": "$2",
  "content": {
    "application/problem+json": {
      "schema": { "$ref": "#/components/schemas/Problem", "properties": { "code": { "enum": "$1" } } }
    }
  }
}"##;

/// Each refusal can be one of a request that counts against a limit; what else is said in headers goes by the status.
fn problem(status: &str, codes: &Set<String>) -> Value {
    let named: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
    let headers: &[&str] = match status {
        "429" => &["RateLimit", "RateLimit-Policy", "Retry-After"],
        "503" => &["RateLimit-Policy", "Retry-After"],
        _ => &["RateLimit-Policy"],
    };
    let headers = object_of(headers.iter().map(|name| ((*name).to_owned(), refers("headers", name))));
    filled(PROBLEM, [named.join(", ").into(), codes.iter().map(String::as_str).collect(), headers.into()])
}
