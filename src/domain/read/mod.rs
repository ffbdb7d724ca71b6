//! Reading values from JSON: the forms that serde writes, read without serde.
//!
//! Owns the reading and the wording of what cannot be read: a refusal has the code of the rule that
//! is broken and the path of the field. Why not derived: serde's derived readers of the same types
//! would add 45 kB to the wasm file (gz, measured), name Rust types in what they say, and lose the
//! code. A test holds the two to the same forms. Nothing is copied out of the text but what is asked for.

mod command;
mod event;
mod facts;
mod leaf;

use crate::domain::denial::{Denial, Reason, echo};
use crate::domain::json::Json;
use crate::domain::table::{Set, Table};
use crate::domain::time::Timestamp;
use std::borrow::Cow;

/// A value that can be read from JSON.
pub trait FromJson: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// The code of the rule that is broken; `invalid_value` for another kind of value altogether.
    fn read(value: Json<'_>) -> Result<Self, Denial>;

    /// What it is when nothing stands there; `None` when something must.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads what we have written ourselves; `None` if it is something else.
pub fn read<T: FromJson>(text: &str) -> Option<T> {
    T::read(Json::parse(text)?).ok()
}

/// A value that is an object with known fields.
pub trait Record: Sized {
    /// Reads the fields.
    ///
    /// # Errors
    /// What the first field at fault says.
    fn fields(fields: &mut Fields<'_>) -> Result<Self, Denial>;
}

impl<T: Record> FromJson for T {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut fields = Fields::of(value)?;
        let record = T::fields(&mut fields)?;
        fields.end()?;
        Ok(record)
    }
}

/// The fields of an object that have not been read yet.
pub struct Fields<'a> {
    /// What has been taken is none.
    rest: Vec<(Cow<'a, str>, Option<Json<'a>>)>,
}

impl<'a> Fields<'a> {
    /// The fields of a value.
    ///
    /// # Errors
    /// `invalid_value` for anything but an object.
    pub fn of(value: Json<'a>) -> Result<Self, Denial> {
        let members = value.members().ok_or_else(|| expected("an object"))?;
        Ok(Fields { rest: members.map(|(name, value)| (name.read(), Some(value))).collect() })
    }

    /// Reads the text of an object.
    ///
    /// # Errors
    /// `invalid_value`, also for text with half a surrogate pair and for more than 127 levels.
    pub fn parse(text: &'a str) -> Result<Self, Denial> {
        let readable = Json::parse(text);
        Fields::of(readable.ok_or_else(|| Denial::because(Reason::InvalidValue, "broken or too deep JSON"))?)
    }

    /// What stands under a name, null too; the last one, if there are several of that name.
    pub fn stored(&mut self, name: &str) -> Option<Json<'a>> {
        let mut named = self.rest.iter_mut().rev().filter(|(other, _)| other == name);
        named.next().and_then(|(_, value)| value.take())
    }

    /// A field.
    ///
    /// # Errors
    /// `missing_field` when it must be there, or what reading it says; each names the field.
    pub fn take<T: FromJson>(&mut self, name: &'static str) -> Result<T, Denial> {
        match self.stored(name) {
            Some(value) => T::read(value).map_err(|denial| within(name, denial)),
            None => T::absent().ok_or_else(|| missing(name)),
        }
    }

    /// A field that may be absent or null.
    ///
    /// # Errors
    /// What reading it says, naming the field.
    pub fn or_default<T: FromJson + Default>(&mut self, name: &'static str) -> Result<T, Denial> {
        self.take::<Option<T>>(name).map(Option::unwrap_or_default)
    }

    /// A field of any kind, as it is; nothing for null.
    pub fn any(&mut self, name: &str) -> Option<Json<'a>> {
        self.stored(name).filter(|value| !value.is_null())
    }

    /// An instant, as RFC 3339 text or as milliseconds since 1970 (a fraction is dropped).
    ///
    /// # Errors
    /// `missing_field`, `invalid_value`; each names the field.
    pub fn instant(&mut self, name: &'static str) -> Result<Timestamp, Denial> {
        let value = self.stored(name).ok_or_else(|| missing(name))?;
        instant(name, value)
    }

    /// The same where it may be absent or null.
    ///
    /// # Errors
    /// `invalid_value`, naming the field.
    pub fn maybe_instant(&mut self, name: &'static str) -> Result<Option<Timestamp>, Denial> {
        self.any(name).map(|value| instant(name, value)).transpose()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `unknown_field` for whatever is left: a misspelt field would otherwise be silently ignored.
    pub fn end(&self) -> Result<(), Denial> {
        match self.rest.iter().find(|(_, value)| value.is_some()) {
            None => Ok(()),
            Some((name, _)) => Err(within(name, Denial::because(Reason::UnknownField, "it is not known here"))),
        }
    }

    /// The one field of an object that says by its name what its value is.
    fn only(self) -> Result<(Cow<'a, str>, Json<'a>), Denial> {
        let mut rest = self.rest.into_iter().filter_map(|(name, value)| Some((name, value?)));
        rest.next().filter(|_| rest.next().is_none()).ok_or_else(|| expected("exactly one field"))
    }
}

/// The instant at a whole count of milliseconds; `None` for what has no text form.
pub fn instant_at(millis: u64) -> Option<Timestamp> {
    let millis = i64::try_from(millis).ok()?;
    (millis <= Timestamp::MAX.millis()).then(|| Timestamp::from_millis(millis))
}

fn instant(name: &'static str, value: Json<'_>) -> Result<Timestamp, Denial> {
    let instant = match value.text() {
        Some(text) => Timestamp::parse(&text.read()).ok(),
        None => value.whole_part().and_then(|(millis, _)| instant_at(millis)),
    };
    instant.ok_or_else(|| within(name, expected("RFC 3339 text, or milliseconds since 1970,")))
}

/// The instant at a count of milliseconds; `None` for what has no text form.
pub fn instant_of(millis: f64) -> Option<Timestamp> {
    // In this range every whole number is exact in both types.
    (0.0..=Timestamp::MAX.millis() as f64).contains(&millis).then(|| Timestamp::from_millis(millis as i64))
}

pub(crate) fn expected(what: &str) -> Denial {
    Denial::because(Reason::InvalidValue, [what, " is expected"].concat())
}

pub(crate) fn unknown(what: &str) -> Denial {
    Denial::because(Reason::InvalidValue, ["there is no `", &echo(what), "`"].concat())
}

fn missing(name: &str) -> Denial {
    Denial::about(Reason::MissingField, name.to_owned(), ["`", name, "` is missing"].concat())
}

/// The same refusal, one level further out.
pub(crate) fn within(name: &str, mut denial: Denial) -> Denial {
    let path = match &denial.param {
        Some(inner) => [name, ".", inner].concat(),
        None => name.to_owned(),
    };
    denial.param = Some(path.into());
    denial
}

impl<T: FromJson> FromJson for Option<T> {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Record> Record for Box<T> {
    fn fields(fields: &mut Fields<'_>) -> Result<Self, Denial> {
        T::fields(fields).map(Box::new)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        value.items().ok_or_else(|| expected("a list"))?.map(T::read).collect()
    }
}

impl<T: FromJson + Ord> FromJson for Set<T> {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut set = Set::new();
        // One by one: collecting would link a sort for each kind of item.
        set.extend(Vec::<T>::read(value)?);
        Ok(set)
    }
}

impl<K: TryFrom<String, Error = Denial> + Ord, V: FromJson> FromJson for Table<K, V> {
    fn read(value: Json<'_>) -> Result<Self, Denial> {
        let mut map = Table::new();
        for (key, value) in value.members().ok_or_else(|| expected("an object"))? {
            let key = key.read().into_owned();
            let value = V::read(value).map_err(|denial| within(&key, denial))?;
            map.insert(K::try_from(key)?, value);
        }
        Ok(map)
    }
}

/// One field of [`records`]: by its own name or by another one, required or not.
macro_rules! take {
    ($fields:ident $field:ident) => {
        $fields.take(stringify!($field))?
    };
    ($fields:ident $field:ident $name:literal) => {
        $fields.take($name)?
    };
    ($fields:ident $field:ident or_default) => {
        $fields.or_default(stringify!($field))?
    };
    ($fields:ident $field:ident unread) => {
        Default::default()
    };
    ($fields:ident $field:ident $name:literal or_default) => {
        $fields.or_default($name)?
    };
}

/// Objects: `Type { field, other_field "otherField" or_default, }`. A forgotten field does not compile.
macro_rules! records {
    ($($type:ident { $($field:ident $($name:literal)? $($mode:ident)?,)* })+) => {$(
        impl $crate::domain::read::Record for $type {
            fn fields(fields: &mut $crate::domain::read::Fields<'_>) -> Result<Self, $crate::domain::denial::Denial> {
                Ok($type { $($field: $crate::domain::read::take!(fields $field $($name)? $($mode)?),)* })
            }
        }
    )+};
}

/// Objects without a field of their own.
macro_rules! empty_records {
    ($($type:ident)+) => {$(
        impl $crate::domain::read::Record for $type {
            fn fields(_: &mut $crate::domain::read::Fields<'_>) -> Result<Self, $crate::domain::denial::Denial> {
                Ok($type {})
            }
        }
    )+};
}

pub(crate) use {empty_records, records, take};

#[cfg(test)]
mod tests;
