//! Query parameters, pages and cursors.
//!
//! Owns the rule that a parameter nobody knows is refused: a misspelt filter would show too much.

use super::hints::ORGANIZATION_PARAMETER;
use super::position::Position;
use super::route::{Path, Resource};
use crate::app::keys::{Keys, Purpose};
use crate::app::trial::not_tried;
use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::json;
use crate::domain::json_object::object_of;
use crate::domain::search::Search;
use crate::domain::table::Table;
use http::Uri;
use serde_json::{Value, json};

/// The parameters of a request, each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    values: Table<String, String>,
}

/// Parameters that every resource takes.
const COMMON: &[&str] = &[ORGANIZATION_PARAMETER, "consistency", DRY_RUN];
/// The parameter under which a command is tried out only.
pub const DRY_RUN: &str = "dryRun";
const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 100;

impl Query {
    /// Reads the parameters of an address; `known` are those of the resource.
    ///
    /// # Errors
    /// `unknown_field`, `invalid_value` for one that is sent twice.
    pub fn parse(uri: &Uri, known: &[&str]) -> Result<Self, Denial> {
        let mut values = Table::new();
        for (key, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            let key = key.into_owned();
            if !known.contains(&key.as_str()) && !COMMON.contains(&key.as_str()) {
                let name = echo(&key).into_owned();
                let detail = format!("the parameter `{name}` is not known here");
                return Err(Denial::about(Reason::UnknownField, name, detail));
            }
            let passed_over = || key == ORGANIZATION_PARAMETER && !has_organization(uri);
            if values.insert(key.clone(), value.into_owned()).is_some() && !passed_over() {
                let detail = format!("the parameter `{key}` is sent twice");
                return Err(Denial::about(Reason::InvalidValue, key, detail));
            }
        }
        Ok(Query { values })
    }

    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A parameter read by a function.
    ///
    /// # Errors
    /// What `parse` says, naming the parameter.
    pub fn read<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Denial>,
    ) -> Result<Option<T>, Denial> {
        self.get(name).map(parse).transpose().map_err(|denial| denial.at(name))
    }

    /// A parameter that takes one of a few words.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn word(&self, name: &'static str, words: &[&str]) -> Result<Option<&str>, Denial> {
        match self.get(name) {
            Some(word) if !words.contains(&word) => {
                let detail = format!("`{name}` is one of: {}", words.join(", "));
                Err(Denial::about(Reason::InvalidValue, name, detail))
            }
            word => Ok(word),
        }
    }

    /// The page size.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn limit(&self) -> Result<u32, Denial> {
        self.limit_up_to(DEFAULT_LIMIT, MAX_LIMIT)
    }

    /// The page size of a list with bounds of its own.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn limit_up_to(&self, default: u32, most: u32) -> Result<u32, Denial> {
        let Some(text) = self.get("limit") else { return Ok(default) };
        let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit) && !text.starts_with('+'));
        let detail = format!("`limit` is a whole number from 1 to {most}");
        limit.ok_or_else(|| Denial::about(Reason::InvalidValue, "limit", detail))
    }
}

/// Whether a path leads to an operation in which naming an organization means something.
fn has_organization(uri: &Uri) -> bool {
    matches!(Path::parse(uri.path()).resource, Some(Resource::Within(..) | Resource::Resolve | Resource::Me))
}

/// What can stand in the body and in the query. Rule: it stands in one of them, for whichever was meant to count, the
/// other would be passed over in silence.
///
/// # Errors
/// `invalid_value` when it stands in both, even with the same value.
pub fn said_once<T>(name: &'static str, in_body: Option<T>, in_query: Option<T>) -> Result<Option<T>, Denial> {
    if in_body.is_some() && in_query.is_some() {
        let detail = format!("`{name}` stands in the body and in the query; send it once");
        return Err(Denial::about(Reason::InvalidValue, name, detail));
    }
    Ok(in_body.or(in_query))
}

/// The greatest version that is read: every whole number up to it is a double.
const GREATEST_VERSION: u64 = 9_007_199_254_740_991;

/// A version in digits alone; entries of the audit log bear the same number.
///
/// # Errors
/// `invalid_value`, saying up to which number.
pub fn version(text: &str) -> Result<u64, Denial> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && *number <= GREATEST_VERSION);
    let rule = || format!("a version is a whole number from 0 to {GREATEST_VERSION}");
    number.ok_or_else(|| Denial::because(Reason::InvalidValue, rule()))
}

/// A position in the order of all events, in digits alone.
///
/// # Errors
/// `invalid_value`, saying up to which number.
pub fn position(text: &str) -> Result<u64, Denial> {
    let rule = || format!("a position is a whole number from 0 to {GREATEST_VERSION}");
    version(text).map_err(|_| Denial::because(Reason::InvalidValue, rule()))
}

/// The longest search, in characters.
const LONGEST_SEARCH: usize = 100;

/// What is searched for.
///
/// # Errors
/// `invalid_value`.
pub fn searched(text: &str) -> Result<Search, Denial> {
    let short = text.trim().chars().count() <= LONGEST_SEARCH;
    let search = Search::parse(text).filter(|_| short);
    search.ok_or_else(|| Denial::because(Reason::InvalidValue, "`q` has 1 to 100 characters"))
}

/// Whether a request's command is to be tried out only. Rule: only a write can be.
///
/// # Errors
/// `invalid_value`.
pub fn dry_run(method: &str, uri: &Uri) -> Result<bool, Denial> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let values: Vec<_> = pairs.filter(|(key, _)| key == DRY_RUN).map(|(_, value)| value).collect();
    match values.iter().map(AsRef::as_ref).collect::<Vec<&str>>().as_slice() {
        [] => Ok(false),
        _ if method == "GET" => Err(not_tried()),
        ["true"] => Ok(true),
        ["false"] => Ok(false),
        _ => Err(Denial::about(Reason::InvalidValue, DRY_RUN, "`dryRun` is `true` or `false`, once")),
    }
}

/// A list whose cursors belong to one caller and one filter.
#[derive(Debug)]
pub struct Cursors<'a> {
    keys: &'a Keys,
    context: String,
}

impl<'a> Cursors<'a> {
    /// Cursors for a list: which, whose, and how it is filtered.
    pub fn new(keys: &'a Keys, context: &[&str]) -> Self {
        Cursors { keys, context: json!(context).to_string() }
    }

    /// Where a list goes on.
    ///
    /// # Errors
    /// `cursor_invalid` for one that was not given out for this list.
    pub fn place<T: Position>(&self, query: &Query) -> Result<Option<T>, Denial> {
        let Some(text) = query.get("cursor") else { return Ok(None) };
        let place = self.opened(text).and_then(|place| T::read(&place));
        place.map(Some).ok_or_else(|| Denial::from(Reason::CursorInvalid).at("cursor"))
    }

    fn opened(&self, text: &str) -> Option<Value> {
        json::value(&self.keys.unseal(Purpose::Cursor, &self.context, text)?)
    }

    /// A page: at most `limit` of the `rows` (one more was asked for), and how to go on.
    pub fn page<T>(
        &self,
        rows: Vec<T>,
        limit: u32,
        position: impl Fn(&T) -> Value,
        show: impl Fn(&T) -> Value,
    ) -> Value {
        self.page_of_some(rows, limit, position, |row| Some(show(row)))
    }

    /// A page that leaves some rows out: shorter than it could be, although more may follow.
    pub fn page_of_some<T>(
        &self,
        mut rows: Vec<T>,
        limit: u32,
        position: impl Fn(&T) -> Value,
        show: impl Fn(&T) -> Option<Value>,
    ) -> Value {
        let next = self.cut(&mut rows, limit, position);
        page(rows.iter().filter_map(show).collect(), next)
    }

    /// Leaves at most `limit` rows (one more was asked for); the cursor that goes on, if there are more.
    pub fn cut<T>(&self, rows: &mut Vec<T>, limit: u32, position: impl Fn(&T) -> Value) -> Option<String> {
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        rows.last().filter(|_| more).map(|row| self.seal(&position(row)))
    }

    /// The cursor of a place.
    pub fn seal(&self, position: &Value) -> String {
        self.keys.seal(Purpose::Cursor, &self.context, &position.to_string())
    }
}

/// The form of every page: what is shown, and the cursor that goes on.
pub fn page(data: Vec<Value>, next: Option<String>) -> Value {
    let more = Value::Bool(next.is_some());
    let entries = [("data", Value::Array(data)), ("nextCursor", next.into()), ("hasMore", more)];
    Value::Object(object_of(entries.map(|(name, value)| (name.to_owned(), value))))
}
