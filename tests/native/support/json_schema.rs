//! As much of JSON Schema as our document uses, read strictly: a field that an object's schema does not
//! name is an error, unless the schema says that there may be others. A keyword that is not known
//! here is one too, so that nothing is thought to be checked that is not.

use serde_json::{Map, Value};

/// What says something to people only.
const SPOKEN: [&str; 6] = ["description", "default", "examples", "format", "title", "deprecated"];

pub struct Schemas<'a> {
    pub document: &'a Value,
}

type Checked = Result<(), String>;

impl Schemas<'_> {
    /// Whether a value is what a schema says, or where it is not.
    pub fn check(&self, schema: &Value, value: &Value, place: &str) -> Checked {
        let Some(words) = schema.as_object() else { return Err(format!("{place}: a schema is expected: {schema}")) };
        for (word, rule) in words {
            self.word(words, (word, rule), value, place)?;
        }
        Ok(())
    }

    fn word(&self, schema: &Map<String, Value>, (word, rule): (&str, &Value), value: &Value, place: &str) -> Checked {
        let wrong = |what: String| Err(format!("{place}: {what}, found {value}"));
        let number = || rule.as_f64().unwrap();
        match (word, value) {
            ("$ref", _) => self.check(self.named(rule.as_str().unwrap())?, value, place),
            ("anyOf", _) => self.any(rule, value, place),
            ("oneOf", _) => {
                let fits = |schema: &&Value| self.check(schema, value, place).is_ok();
                let count = rule.as_array().unwrap().iter().filter(fits).count();
                if count == 1 { Ok(()) } else { wrong(format!("{count} of the alternatives fit")) }
            }
            ("minProperties", Value::Object(fields)) if (fields.len() as f64) < number() => wrong("too few".into()),
            ("type", _) if !is_a(rule, value) => wrong(format!("expected {rule}")),
            ("enum", _) if !rule.as_array().unwrap().contains(value) => wrong(format!("expected one of {rule}")),
            ("const", _) if rule != value => wrong(format!("expected {rule}")),
            ("minLength", Value::String(text)) if (text.chars().count() as f64) < number() => wrong("too short".into()),
            ("maxLength", Value::String(text)) if text.chars().count() as f64 > number() => wrong("too long".into()),
            ("pattern", Value::String(text)) if !pattern(rule.as_str().unwrap(), text) => wrong(format!("not {rule}")),
            ("minimum", Value::Number(it)) if it.as_f64().unwrap() < number() => wrong(format!("less than {rule}")),
            ("maximum", Value::Number(it)) if it.as_f64().unwrap() > number() => wrong(format!("more than {rule}")),
            ("minItems", Value::Array(items)) if (items.len() as f64) < number() => wrong("too few".into()),
            ("maxItems", Value::Array(items)) if items.len() as f64 > number() => wrong("too many".into()),
            ("items", Value::Array(items)) => {
                let mut each = items.iter().enumerate();
                each.try_for_each(|(index, item)| self.check(rule, item, &format!("{place}[{index}]")))
            }
            ("required", Value::Object(fields)) => {
                let missing = rule.as_array().unwrap().iter().find(|name| !fields.contains_key(name.as_str().unwrap()));
                missing.map_or(Ok(()), |name| wrong(format!("{name} is missing")))
            }
            ("properties", Value::Object(fields)) => self.fields(schema, rule, fields, place),
            ("additionalProperties", Value::Object(fields))
                if rule.is_object() && !schema.contains_key("properties") =>
            {
                fields.iter().try_for_each(|(name, field)| self.check(rule, field, &format!("{place}.{name}")))
            }
            (known, _) if KNOWN.contains(&known) || SPOKEN.contains(&known) => Ok(()),
            (unknown, _) => Err(format!("{place}: nobody checks `{unknown}`")),
        }
    }

    /// A schema beside a `$ref` adds to it; any other says all.
    fn fields(&self, schema: &Map<String, Value>, rule: &Value, fields: &Map<String, Value>, place: &str) -> Checked {
        let open = schema.contains_key("$ref") || schema.get("additionalProperties") == Some(&Value::Bool(true));
        for (name, field) in fields {
            match rule.get(name) {
                Some(schema) => self.check(schema, field, &format!("{place}.{name}"))?,
                None if open => {}
                None => return Err(format!("{place}: nothing is said of `{name}`, found {field}")),
            }
        }
        Ok(())
    }

    fn any(&self, schemas: &Value, value: &Value, place: &str) -> Checked {
        let tried: Vec<Checked> =
            schemas.as_array().unwrap().iter().map(|schema| self.check(schema, value, place)).collect();
        if tried.iter().any(Result::is_ok) {
            return Ok(());
        }
        // The one that came the farthest says the most.
        let failures = tried.into_iter().rev().filter_map(Result::err);
        let farthest = failures.max_by_key(|failure| failure.split(':').next().map_or(0, str::len));
        Err(farthest.unwrap_or_default())
    }

    pub fn named(&self, reference: &str) -> Result<&Value, String> {
        let found = reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
        found.ok_or_else(|| format!("{reference} leads nowhere"))
    }
}

const KNOWN: [&str; 17] = [
    "oneOf",
    "minProperties",
    "type",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "items",
    "required",
    "properties",
    "additionalProperties",
    "anyOf",
];

fn is_a(kinds: &Value, value: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    };
    kinds.as_array().map_or_else(|| is(kinds), |kinds| kinds.iter().any(is))
}

/// As much of regular expressions as our patterns use: characters and classes in a row, each perhaps
/// with `*`, `+`, `{n}` or `{n,m}`, from the first character to the last.
fn pattern(rule: &str, text: &str) -> bool {
    let rule: Vec<char> = rule.strip_prefix('^').unwrap().strip_suffix('$').unwrap().chars().collect();
    follows(&rule, &text.chars().collect::<Vec<_>>())
}

fn follows(rule: &[char], text: &[char]) -> bool {
    let Some(first) = rule.first() else { return text.is_empty() };
    let class_ends = rule.iter().position(|char| *char == ']').filter(|_| *first == '[').map_or(1, |at| at + 1);
    let (class, rest) = rule.split_at(class_ends);
    let (least, most, rest) = times(rest);
    let fitting = text.iter().take_while(|char| fits(class, **char)).count().min(most);
    (least..=fitting).rev().any(|taken| follows(rest, &text[taken..]))
}

fn times(rule: &[char]) -> (usize, usize, &[char]) {
    match rule.first() {
        Some('*') => (0, usize::MAX, &rule[1..]),
        Some('+') => (1, usize::MAX, &rule[1..]),
        Some('{') => {
            let end = rule.iter().position(|char| *char == '}').unwrap();
            let bounds: String = rule[1..end].iter().collect();
            let (least, most) = bounds.split_once(',').unwrap_or((&bounds, &bounds));
            (least.parse().unwrap(), most.parse().unwrap(), &rule[end + 1..])
        }
        _ => (1, 1, rule),
    }
}

fn fits(class: &[char], char: char) -> bool {
    let inner = class.strip_prefix(&['[']).and_then(|rest| rest.strip_suffix(&[']'])).unwrap_or(class);
    let mut at = 0;
    while at < inner.len() {
        match (inner.get(at + 1), inner.get(at + 2)) {
            (Some('-'), Some(last)) if (inner[at]..=*last).contains(&char) => return true,
            (Some('-'), Some(_)) => at += 3,
            _ if inner[at] == char => return true,
            _ => at += 1,
        }
    }
    false
}
