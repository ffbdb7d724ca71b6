//! Importing dumps of django-organizations and django-ar-organizations.
//!
//! The fixtures were written by `dumpdata` of the real packages (django-organizations 2.7.0 on
//! Django 5.2, django-ar-organizations 0.2.42 on Django 2.0), with our own data in them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail like tests do; clippy exempts only the test functions themselves"
)]

#[path = "django_import/run.rs"]
mod run;

use guildhall::app::django::{DjangoImport, SiteName, Source, UserKey, read};
use guildhall::domain::denial::{Denial, Reason};
use guildhall::domain::import::{ImportMember, ImportOrganization};
use guildhall::domain::role::Roles;
use guildhall::domain::time::Timestamp;
use serde_json::{Value, json};

const DEMO: &str = include_str!("../examples/django-organizations.json");
const DO: &str = include_str!("fixtures/django/organizations-2.7.json");
const DO_NATURAL: &str = include_str!("fixtures/django/organizations-2.7-natural.json");
const AR: &str = include_str!("fixtures/django/ar-organizations-0.2.42.json");
const SWAPPED: &str = include_str!("fixtures/django/swapped-user.json");
const SWAPPED_NATURAL: &str = include_str!("fixtures/django/swapped-user-natural.json");

fn import(dump: &str, key: UserKey) -> DjangoImport {
    read(dump.as_bytes(), key).unwrap_or_else(|denial| panic!("{denial}"))
}

fn refusal(dump: &Value) -> Denial {
    read(dump.to_string().as_bytes(), UserKey::Username).expect_err("a refusal")
}

fn demo() -> Value {
    serde_json::from_str(DEMO).expect("JSON")
}

/// The row of a model and primary key.
fn row<'a>(dump: &'a mut Value, model: &str, pk: u64) -> &'a mut Value {
    let rows = dump.as_array_mut().expect("an array");
    rows.iter_mut().find(|row| row["model"] == model && row["pk"] == pk).expect("the row")
}

fn without(mut dump: Value, model: &str, pk: u64) -> Value {
    dump.as_array_mut().expect("an array").retain(|row| row["model"] != model || row["pk"] != pk);
    dump
}

fn with(mut dump: Value, row: Value) -> Value {
    dump.as_array_mut().expect("an array").push(row);
    dump
}

fn changed(model: &str, pk: u64, field: &str, value: Value) -> Value {
    let mut dump = demo();
    row(&mut dump, model, pk)["fields"][field] = value;
    dump
}

fn named<'a>(import: &'a DjangoImport, name: &str) -> &'a ImportOrganization {
    let found = import.organizations.iter().find(|(_, organization)| organization.name.as_str() == name);
    &found.unwrap_or_else(|| panic!("{name} is missing")).1
}

fn member<'a>(organization: &'a ImportOrganization, user: &str) -> &'a ImportMember {
    organization.members.iter().find(|member| member.user.as_str() == user).expect("the member")
}

const ORGANIZATION: &str = "organizations.organization";
const MEMBERSHIP: &str = "organizations.organizationuser";
const OWNER: &str = "organizations.organizationowner";

#[test]
fn the_demo_data_is_taken_over_whole() {
    let import = import(DEMO, UserKey::Username);
    let names: Vec<&str> = import.organizations.iter().map(|(_, o)| o.name.as_str()).collect();
    assert_eq!(names, ["Foo Fighters", "Nirvana", "Scream"]);
    assert_eq!((import.users, import.users_without_membership.as_slice()), (4, &["duder".to_owned()][..]));
    assert_eq!((import.skipped.len(), import.notes.len()), (0, 0), "{:?}", import.notes);

    let nirvana = named(&import, "Nirvana");
    assert_eq!((nirvana.owner.as_str(), nirvana.slugs[0].as_str()), ("kurt", "nirvana"));
    assert!(!nirvana.metadata.text().contains(':') && nirvana.created_at.to_string() == "2012-05-25T21:14:34.818Z");
    assert_eq!((nirvana.members.len(), member(nirvana, "dave").roles.clone()), (3, Roles::member()));
    let krist = member(nirvana, "krist");
    assert_eq!((krist.roles.clone(), krist.joined_at.to_string()), (Roles::admin(), "2012-05-26T01:28:02.221Z".into()));
    assert_eq!(krist.email.as_ref().map(|email| email.as_str()), Some("krist@nirvana.com"));
    assert_eq!(krist.name.as_ref().map(|name| name.as_str()), Some("Krist Novoselic"));
    assert_eq!(serde_json::to_value(named(&import, "Scream").state).expect("a state"), "inactive");
}

#[test]
fn a_whole_site_of_django_organizations_fits() {
    let import = import(DO, UserKey::Username);
    let world = named(&import, "Hello__World -- X");
    assert_eq!(world.slugs[0].as_str(), "hello-world-x");
    assert_eq!(named(&import, "日本").slugs[0].as_str(), "organization");
    assert_eq!(named(&import, "日本").slugs.len(), 21);
    assert!(member(world, "ben").email.is_none() && member(world, "ben").name.is_none());
    let skipped: Vec<(&str, usize)> = import.skipped.iter().map(|(model, count)| (model.as_str(), *count)).collect();
    let invitation = "organizations.organizationinvitation";
    let others = [("auth.permission", 2), ("contenttypes.contenttype", 2), (invitation, 1), ("sessions.session", 1)];
    assert_eq!(skipped, others);
    for note in [
        "organizations.organization[1]: the slug `hello__world-x` is not possible here, `hello-world-x` comes next",
        "organizations.organization[2]: the slug `-2` is not possible here, `organization` comes next",
        "organizations.organizationuser[4]: owner `ben` was no admin there; owners hold everything here",
    ] {
        assert!(import.notes.iter().any(|found| found == note), "{note} in {:?}", import.notes);
    }
    assert!(import.notes.iter().any(|note| note.contains("not active there: `1f4c9f0e-3a57-4a5e-9a53-2f6d0d6c8f10`")));
    assert!(import.notes.iter().any(|note| note.starts_with("organizations.organizationinvitation: 1 left out")));
}

#[test]
fn natural_keys_lead_to_the_same_import() {
    let (by_pk, by_key) = (import(DO, UserKey::Username), import(DO_NATURAL, UserKey::Username));
    assert_eq!(by_pk.organizations, by_key.organizations);
    let (by_pk, by_key) = (import(SWAPPED, UserKey::Pk), import(SWAPPED_NATURAL, UserKey::Pk));
    assert_eq!(by_pk.organizations, by_key.organizations);
    let refused = read(DO_NATURAL.as_bytes(), UserKey::Pk).expect_err("no primary keys of users");
    assert!(refused.detail.contains("it has no `pk`"), "{refused}");
}

#[test]
fn the_fork_brings_metadata_settings_and_times_without_offset() {
    let import = import(AR, UserKey::Username);
    let world = named(&import, "Hello__World -- X");
    assert_eq!(world.metadata.text(), r#"{"limits":{"seats":5},"plan":"pro"}"#);
    assert_eq!(world.settings.text(), r#"{"color":"red"}"#);
    assert_eq!(world.created_at, Timestamp::parse("2026-11-23T13:17:35.989Z").expect("a time"));
    assert!(import.notes.iter().any(|note| note.starts_with("times without an offset were read as UTC")));
    for (value, text) in [(json!({"a": 1}), r#"{"a":1}"#), (json!(""), "{}"), (json!(null), "{}")] {
        let dump = changed(ORGANIZATION, 2, "custom_data", value).to_string();
        let import = read(dump.as_bytes(), UserKey::Username).expect("an import");
        assert_eq!(named(&import, "Nirvana").metadata.text(), text);
    }
}

#[test]
fn the_user_model_may_be_another_one_and_the_id_another_field() {
    let import = import(SWAPPED, UserKey::Email);
    let engines = named(&import, "Engines");
    assert_eq!(engines.owner.as_str(), "ada@mail.example");
    assert_eq!(member(engines, "ada@mail.example").email.as_ref().map(|e| e.as_str()), Some("Ada@mail.example"));
    assert_eq!(member(engines, "ada@mail.example").name.as_ref().map(|n| n.as_str()), Some("Ada Lovelace"));
    let by_pk = read(SWAPPED.as_bytes(), UserKey::Pk).expect("an import");
    assert_eq!(named(&by_pk, "Engines").owner.as_str(), "b26c8da0-58d1-4f32-9ee8-ef73f57cef0f");
    let refused = read(SWAPPED.as_bytes(), UserKey::Username).expect_err("no usernames");
    assert!(refused.detail.contains("it has no `username` to become its id here"), "{refused}");

    let plain = DEMO.replace("auth.user", "accounts.User").replace("\"password\"", "\"secret\"");
    assert_eq!(read(plain.as_bytes(), UserKey::Username).expect("an import").users, 4);
    assert_eq!(UserKey::parse("uuid").expect_err("no such key").param.as_deref(), Some("userId"));
}

#[test]
fn what_is_no_dump_is_refused_before_it_is_looked_into() {
    let deep = "[".repeat(1000);
    for (bytes, reason, says) in [
        (&b""[..], Reason::MalformedJson, "the dump is not JSON"),
        (b"[{]", Reason::MalformedJson, "line 1"),
        (b"\xff\xff", Reason::MalformedJson, "byte 0 of the dump (line 1) is 0xFF, which is not UTF-8"),
        (deep.as_bytes(), Reason::MalformedJson, "recursion limit"),
        (b"\xff\xfe[", Reason::MalformedJson, "UTF-16"),
        (b"{}", Reason::ImportInvalid, "an array is expected"),
        (b"[]", Reason::ImportInvalid, "dumpdata organizations auth.user"),
        (br#"[{"model":"auth.group","pk":1,"fields":{}}]"#, Reason::ImportInvalid, "no `organizations.organization`"),
    ] {
        let denial = read(bytes, UserKey::Username).expect_err("a refusal");
        assert_eq!(denial.reason, reason, "{denial}");
        assert!(denial.detail.contains(says), "{denial}");
    }
}

#[test]
fn dump_is_taken_in_utf8_and_utf16_and_refused_in_a_code_page() {
    let dump = DEMO.replacen("Dave", "Davé", 1).replacen("\"name\": \"", "\"name\": \"Größe ", 1);
    let expected = read(dump.as_bytes(), UserKey::Username).expect("an import");
    assert!(expected.organizations.iter().any(|(_, organization)| organization.name.as_str().starts_with("Größe ")));
    let marked = format!("\u{feff}{dump}");
    let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [marked.as_bytes(), &little, &big] {
        assert_eq!(read(bytes, UserKey::Username).as_ref(), Ok(&expected));
    }
    // Every character here is one byte of Windows-1252 under its own number.
    let windows: Vec<u8> = dump.chars().map(|char| u8::try_from(u32::from(char)).expect("Latin-1")).collect();
    let denial = read(&windows, UserKey::Username).expect_err("a refusal");
    assert_eq!(denial.reason, Reason::MalformedJson);
    assert!(denial.detail.contains("which is not UTF-8; write it again with `python -X utf8"), "{denial}");
}

#[test]
fn every_value_that_does_not_fit_is_named_with_its_row() {
    let long = "x".repeat(201);
    let big = json!({"a": "x".repeat(9000)});
    for (model, pk, field, value, says) in [
        (ORGANIZATION, 2, "name", json!(""), "its name is empty; 1 to 200 characters"),
        (ORGANIZATION, 2, "name", json!(long), "…`; 1 to 200 characters"),
        (ORGANIZATION, 2, "name", json!("Nir\u{200b}vana\n"), r"its name is `Nir\u{200b}vana\n`"),
        (ORGANIZATION, 2, "name", json!(7), "`name` must be text"),
        (ORGANIZATION, 2, "is_active", json!("yes"), "`is_active` must be true or false"),
        (ORGANIZATION, 2, "created", json!("yesterday"), "`created` is `yesterday`; an ISO 8601 time"),
        (ORGANIZATION, 2, "created", json!(null), "`created` is empty"),
        (ORGANIZATION, 2, "custom_data", json!("[]"), "`custom_data` must be a JSON object"),
        (ORGANIZATION, 2, "custom_data", json!("{"), "`custom_data` must be a JSON object"),
        (ORGANIZATION, 2, "custom_settings", json!([1]), "`custom_settings` must be a JSON object"),
        (ORGANIZATION, 2, "custom_settings", big, "at most 8 kB"),
        (MEMBERSHIP, 3, "user", json!(99), "its user `99` is not in the dump"),
        (MEMBERSHIP, 3, "user", json!(["nobody"]), "its user `nobody` is not in the dump"),
        (MEMBERSHIP, 3, "user", json!(null), "`user` names nothing"),
        (MEMBERSHIP, 3, "user", json!(["a", "b"]), "`user` names nothing"),
        (
            MEMBERSHIP,
            3,
            "user",
            json!(3),
            "`kurt` is a member of `Nirvana` here and in organizations.organizationuser[3]",
        ),
        (MEMBERSHIP, 3, "organization", json!(99), "its organization `99` is not in the dump"),
        (MEMBERSHIP, 3, "organization", json!(["nirvana"]), "dump without `--natural-foreign`"),
        (MEMBERSHIP, 3, "is_admin", json!(1), "`is_admin` must be true or false"),
        (MEMBERSHIP, 3, "created", json!("1969-01-01T00:00:00Z"), "an ISO 8601 time from 1970 on"),
        (OWNER, 2, "organization", json!(99), "its organization `99` is not in the dump"),
        (OWNER, 2, "organization", json!(3), "has another owner row"),
        (OWNER, 2, "organization_user", json!(99), "its membership `99` is not in the dump"),
        (OWNER, 2, "organization_user", json!(1), "organizationuser[1] belongs to organization `1`"),
        ("auth.user", 2, "email", json!("krıst@nirvana.com"), "its e-mail is `krıst@nirvana.com`"),
        ("auth.user", 2, "username", json!("me"), "its `username` `me` cannot be an id here"),
        ("auth.user", 2, "username", json!("dave"), "it and auth.user[1] would both be `dave` here"),
        ("auth.user", 2, "is_active", json!(0), "`is_active` must be true or false"),
    ] {
        let denial = refusal(&changed(model, pk, field, value));
        assert_eq!(denial.reason, Reason::ImportInvalid);
        assert!(denial.detail.contains(says), "{field}: {denial}");
        assert!(denial.detail.contains(&format!("{model}[{pk}]")), "{field}: {denial}");
    }
}

#[test]
fn every_row_that_is_missing_or_comes_twice_is_named() {
    let extra =
        |model: &str, pk: Value, fields: Value| with(demo(), json!({"model": model, "pk": pk, "fields": fields}));
    let owner = json!({"organization": 2, "organization_user": 3});
    let two_models = with(without_accounts(), json!({"model": "crm.user", "pk": 1, "fields": {}}));
    for (dump, param, says) in [
        (without(demo(), OWNER, 2), "organizations.organization[2]", "it has no owner row"),
        (without(demo(), MEMBERSHIP, 4), "organizations.organizationowner[2]", "its membership `4` is not in the dump"),
        (without(demo(), ORGANIZATION, 3), "organizations.organizationuser[5]", "its organization `3` is not"),
        (without(demo(), "auth.user", 3), "organizations.organizationuser[4]", "its user `3` is not in the dump"),
        (extra(OWNER, json!(9), owner), "organizations.organizationowner[9]", "has another owner row"),
        (extra(ORGANIZATION, json!(null), json!({})), "organizations.organization[#16]", "it has no primary key"),
        (extra(ORGANIZATION, json!(1), json!({})), "organizations.organization[1]", "its primary key comes twice"),
        (with(demo(), json!(7)), "row 16", "an object with `model` and `fields` is expected"),
        (with(demo(), json!({"model": "a.b", "pk": 1})), "row 16", "an object with `model` and `fields`"),
        (without_accounts(), "auth.user", "there are no users; dump the user model too"),
        (
            with(two_models, json!({"model": "hr.user", "pk": 1, "fields": {}})),
            "auth.user",
            "`crm.user`, `hr.user` look",
        ),
    ] {
        let denial = refusal(&dump);
        assert_eq!((denial.reason, denial.param.as_deref()), (Reason::ImportInvalid, Some(param)), "{denial}");
        assert!(denial.detail.contains(says), "{denial}");
    }
}

fn without_accounts() -> Value {
    (1..=4).fold(demo(), |dump, pk| without(dump, "auth.user", pk))
}

#[test]
fn all_problems_are_told_at_once_and_each_only_once() {
    let mut dump = demo();
    row(&mut dump, ORGANIZATION, 2)["fields"]["name"] = json!("");
    row(&mut dump, ORGANIZATION, 2)["fields"]["is_active"] = json!(3);
    row(&mut dump, "auth.user", 1)["fields"]["email"] = json!("dave");
    let denial = refusal(&dump);
    let lines: Vec<&str> = denial.detail.lines().collect();
    assert_eq!(lines.len(), 3, "{denial}");
    assert!(lines[0].starts_with("organizations.organization[2]: its name"), "{denial}");
    assert!(lines[2].starts_with("auth.user[1]: its e-mail"), "{denial}");
    assert_eq!(denial.param.as_deref(), Some("organizations.organization[2]"));

    let many = (0..30).fold(demo(), |dump, number| with(dump, json!(number)));
    let denial = refusal(&many);
    assert_eq!((denial.detail.lines().count(), denial.detail.lines().last()), (21, Some("and 10 more")));
}

#[test]
fn users_who_belong_to_nothing_are_not_checked() {
    let dump = changed("auth.user", 4, "email", json!("broken")).to_string();
    let import = read(dump.as_bytes(), UserKey::Username).expect("an import");
    assert_eq!(import.users_without_membership, ["duder"]);
    let twin = changed("auth.user", 4, "email", json!("Dave@Foo.com")).to_string();
    let refused = read(twin.as_bytes(), UserKey::Email).expect_err("an outsider would become dave");
    assert!(refused.detail.contains("auth.user[4]: it and auth.user[1] would both be `dave@foo.com`"), "{refused}");
}

#[test]
fn ids_survive_renaming_and_differ_between_sites() {
    let id = |dump: &Value| read(dump.to_string().as_bytes(), UserKey::Username).expect("an import").organizations[1].0;
    let original = id(&demo());
    assert_eq!(id(&changed(ORGANIZATION, 2, "name", json!("Fecal Matter"))), original);
    assert_eq!(id(&changed(ORGANIZATION, 2, "slug", json!("fecal-matter"))), original);
    assert_ne!(id(&changed(ORGANIZATION, 2, "created", json!("2012-05-25T21:14:34.819Z"))), original);
}

#[test]
fn two_sites_that_began_as_copies_differ_by_their_names() {
    let ids = |site: Option<&str>| -> Vec<String> {
        let site = site.map(|site| SiteName::parse(site).expect("a site"));
        let source = Source { user_key: UserKey::Username, site };
        let import = read(DEMO.as_bytes(), source).expect("an import");
        let all = import.organizations.iter();
        all.flat_map(|(id, o)| [id.to_string(), o.members[0].membership.to_string()]).collect()
    };
    let (unnamed, eu, us) = (ids(None), ids(Some("eu.example.com")), ids(Some("us.example.com")));
    assert_eq!(eu, ids(Some("eu.example.com")));
    assert!(unnamed.iter().all(|id| !eu.contains(id) && !us.contains(id)) && eu.iter().all(|id| !us.contains(id)));
    for broken in ["", "EU", "a b", "straße", &"x".repeat(101)] {
        let denial = SiteName::parse(broken).expect_err("no site");
        assert_eq!((denial.reason, denial.param.as_deref()), (Reason::InvalidValue, Some("site")));
    }
}
