//! Walks over a table.
//!
//! Owns their iterators, borrowed and taken. Never changes a table.

use super::Table;
use std::{iter, slice, vec};

/// The entries of a table, in the order of their keys.
#[derive(Debug)]
pub struct Entries<'a, K, V> {
    runs: slice::Iter<'a, Vec<(K, V)>>,
    front: slice::Iter<'a, (K, V)>,
    back: slice::Iter<'a, (K, V)>,
}

impl<'a, K, V> Entries<'a, K, V> {
    pub(super) fn of(runs: &'a [Vec<(K, V)>]) -> Self {
        Entries::between(&[], runs.iter())
    }

    pub(super) fn between(front: &'a [(K, V)], runs: slice::Iter<'a, Vec<(K, V)>>) -> Self {
        Entries { runs, front: front.iter(), back: [].iter() }
    }
}

impl<K, V> Clone for Entries<'_, K, V> {
    fn clone(&self) -> Self {
        Entries { runs: self.runs.clone(), front: self.front.clone(), back: self.back.clone() }
    }
}

fn parts<K, V>((key, value): &(K, V)) -> (&K, &V) {
    (key, value)
}

impl<'a, K, V> Iterator for Entries<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.front.next() {
                return Some(parts(entry));
            }
            match self.runs.next() {
                Some(run) => self.front = run.iter(),
                None => return self.back.next().map(parts),
            }
        }
    }
}

impl<K, V> DoubleEndedIterator for Entries<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.back.next_back() {
                return Some(parts(entry));
            }
            match self.runs.next_back() {
                Some(run) => self.back = run.iter(),
                None => return self.front.next_back().map(parts),
            }
        }
    }
}

/// The entries of a table, their values to be changed.
#[derive(Debug)]
pub struct EntriesMut<'a, K, V> {
    runs: slice::IterMut<'a, Vec<(K, V)>>,
    front: slice::IterMut<'a, (K, V)>,
}

impl<'a, K, V> EntriesMut<'a, K, V> {
    pub(super) fn of(runs: &'a mut [Vec<(K, V)>]) -> Self {
        EntriesMut { runs: runs.iter_mut(), front: [].iter_mut() }
    }
}

impl<'a, K, V> Iterator for EntriesMut<'a, K, V> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((key, value)) = self.front.next() {
                return Some((key, value));
            }
            self.front = self.runs.next()?.iter_mut();
        }
    }
}

impl<'a, K, V> IntoIterator for &'a Table<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Entries<'a, K, V>;

    fn into_iter(self) -> Entries<'a, K, V> {
        self.iter()
    }
}

impl<K, V> IntoIterator for Table<K, V> {
    type Item = (K, V);
    type IntoIter = iter::Flatten<vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.runs.into_iter().flatten()
    }
}
