//! Order: lists sorted by a key.
//!
//! Owns the one sort of the core. Why not the standard library's: it is compiled anew for every type
//! of item and weighs 4 kB each time. This one is compiled once: it
//! sorts places, not items, and asks about them through a reference. Never for the edge of a hot loop.

/// Sorts items by a key; those with the same key keep their order.
///
/// ```
/// use guildhall::domain::order::sort_by_key;
/// let mut bands = ["Nirvana", "Soundgarden", "Mudhoney"];
/// sort_by_key(&mut bands, |name| name.len());
/// assert_eq!(bands, ["Nirvana", "Mudhoney", "Soundgarden"]);
/// ```
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let sorted = order(items.len(), &|one, other| items.get(one).map(&key) <= items.get(other).map(&key));
    rearrange(sorted, &mut |one, other| items.swap(one, other));
}

/// Sorts items by themselves.
pub fn sort<T: Ord>(items: &mut [T]) {
    let sorted = order(items.len(), &|one, other| items.get(one) <= items.get(other));
    rearrange(sorted, &mut |one, other| items.swap(one, other));
}

/// The places 0 to `length`, sorted; `in_order` says whether the first of two may stay before the second.
fn order(length: usize, in_order: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..length).collect();
    let mut width = 1_usize;
    while width < length {
        let mut merged = Vec::with_capacity(length);
        for pair in places.chunks(width.saturating_mul(2)) {
            merge(pair.split_at_checked(width).unwrap_or((pair, &[])), in_order, &mut merged);
        }
        places = merged;
        width = width.saturating_mul(2);
    }
    places
}

fn merge((left, right): (&[usize], &[usize]), in_order: &dyn Fn(usize, usize) -> bool, merged: &mut Vec<usize>) {
    let (mut left, mut right) = (left, right);
    while let (Some((one, ones)), Some((other, others))) = (left.split_first(), right.split_first()) {
        if in_order(*one, *other) {
            merged.push(*one);
            left = ones;
        } else {
            merged.push(*other);
            right = others;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
}

/// Brings to every place what stands at the place that `from` says, each cycle of moves by swaps.
fn rearrange(mut from: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..from.len() {
        let mut place = start;
        while let Some(next) = from.get_mut(place).map(|next| std::mem::replace(next, place)).filter(|it| *it != start)
        {
            swap(place, next);
            place = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_the_standard_librarys(items in prop::collection::vec((0..9_u8, any::<u8>()), 0..70)) {
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            sort_by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }
    }
}
