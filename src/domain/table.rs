//! Tables and sets: values by key, in the order of the keys.
//!
//! Owns the one ordered collection of the core. Why not the standard library's tree: it is compiled
//! anew for every type of value, and again for every way of collecting one (ARCHITECTURE.md
//! has the measure). This one is a list of short sorted lists: a look-up halves twice, a change
//! moves no more than one short list, a walk is a walk over slices.

mod iter;
mod serial;
mod set;
#[cfg(test)]
mod tests;

pub use iter::{Entries, EntriesMut};
pub use set::Set;

use std::borrow::Borrow;
use std::fmt;

/// The most entries of one run.
const LONGEST: usize = 64;

/// Values by key, in the order of the keys.
///
/// ```
/// use guildhall::domain::table::Table;
/// let mut founded: Table<&str, u16> = [("Soundgarden", 1984), ("Nirvana", 1987)].into();
/// founded.insert("Mudhoney", 1988);
/// assert_eq!(founded.get("Nirvana"), Some(&1987));
/// assert!(founded.keys().eq(&["Mudhoney", "Nirvana", "Soundgarden"]));
/// ```
#[derive(Clone)]
pub struct Table<K, V> {
    /// Sorted, across them too; none is empty and none is longer than [`LONGEST`].
    runs: Vec<Vec<(K, V)>>,
}

impl<K, V> Table<K, V> {
    /// A table of nothing.
    pub const fn new() -> Self {
        Table { runs: Vec::new() }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.runs.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The entries.
    pub fn iter(&self) -> Entries<'_, K, V> {
        Entries::of(&self.runs)
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        EntriesMut::of(&mut self.runs).map(|(_, value)| value)
    }

    /// The keys alone.
    pub fn into_keys(self) -> impl Iterator<Item = K> {
        self.into_iter().map(|(key, _)| key)
    }

    /// The values alone.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// Keeps the entries that the test accepts.
    pub fn retain(&mut self, keep: impl Fn(&K, &mut V) -> bool) {
        self.runs.iter_mut().for_each(|run| run.retain_mut(|(key, value)| keep(key, value)));
        self.runs.retain(|run| !run.is_empty());
    }
}

impl<K: Ord, V> Table<K, V> {
    /// Where a key stands, or where it would: the run, and the place in it.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let begins_before = |run: &Vec<(K, V)>| run.first().is_some_and(|(first, _)| first.borrow() <= key);
        let run = self.runs.partition_point(begins_before).saturating_sub(1);
        let within = |run: &Vec<(K, V)>| run.binary_search_by(|(other, _)| other.borrow().cmp(key));
        (run, self.runs.get(run).map_or(Err(0), within))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (run, place) = self.place(key);
        self.runs.get(run)?.get(place.ok()?).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (run, place) = self.place(key);
        self.runs.get_mut(run)?.get_mut(place.ok()?).map(|(_, value)| value)
    }

    /// The entries from a key on, whether it has a value or not.
    pub fn since(&self, key: &K) -> Entries<'_, K, V> {
        let (run, place) = self.place(key);
        let mut behind = self.runs.get(run..).unwrap_or_default().iter();
        let front = behind.next().and_then(|run| run.get(place.unwrap_or_else(|place| place)..));
        Entries::between(front.unwrap_or_default(), behind)
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).1.is_ok()
    }

    /// Gives a key a value; what it had before is given back.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            (run, Ok(place)) => {
                let known = self.runs.get_mut(run)?.get_mut(place)?;
                Some(std::mem::replace(&mut known.1, value))
            }
            (run, Err(place)) => {
                self.add((run, place), (key, value));
                None
            }
        }
    }

    fn add(&mut self, (run, place): (usize, usize), entry: (K, V)) {
        let Some(entries) = self.runs.get_mut(run) else { return self.runs.push(vec![entry]) };
        entries.insert(place, entry);
        if entries.len() > LONGEST {
            // What comes in order fills run after run; what comes anywhere leaves room on both sides.
            let behind = entries.split_off(if place == LONGEST { LONGEST } else { LONGEST / 2 });
            self.runs.insert(run.saturating_add(1), behind);
        }
    }

    /// Takes a key and its value out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (at, place) = self.place(key);
        let run = self.runs.get_mut(at)?;
        let (_, value) = run.remove(place.ok()?);
        if run.is_empty() {
            self.runs.remove(at);
        }
        Some(value)
    }

    /// Changes the value of a key, or the default that it gets first.
    pub fn update(&mut self, key: K, change: impl FnOnce(&mut V))
    where
        V: Default,
    {
        match self.get_mut(&key) {
            Some(value) => change(value),
            None => {
                let mut value = V::default();
                change(&mut value);
                self.insert(key, value);
            }
        }
    }
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table::new()
    }
}

/// How the entries lie in runs is nobody's business.
impl<K: PartialEq, V: PartialEq> PartialEq for Table<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for Table<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Table<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self).finish()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Table<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| {
            self.insert(key, value);
        });
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut table = Table::new();
        table.extend(entries);
        table
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Table<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}
