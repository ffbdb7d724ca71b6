//! The nearest right word to a wrong one.

/// The word that was probably meant: the one with the fewest letters to be changed, taken away or put in, if that is
/// at most a third of them.
///
/// ```
/// use guildhall::app::config::nearest;
/// assert_eq!(nearest("audiense", ["audience", "issuer"]), Some("audience"));
/// assert_eq!(nearest("Issuer", ["audience", "issuer"]), Some("issuer"));
/// assert_eq!(nearest("colour", ["audience", "issuer"]), None);
/// ```
pub fn nearest(given: &str, words: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let given: Vec<char> = given.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let measured = words.into_iter().map(|word| (distance(&given, word), word));
    let near = measured.filter(|(distance, word)| distance.saturating_mul(3) <= word.chars().count().max(3));
    near.min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// The longest name that is compared, in characters.
const LONGEST: usize = 64;

/// How many letters are changed, taken away, put in, or swapped with their neighbour, without regard to case.
fn distance(given: &[char], word: &str) -> usize {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX);
    let (mut before, mut last) = (Vec::new(), (0..=word.len()).collect::<Vec<usize>>());
    let mut former = None;
    for (line, letter) in given.iter().enumerate() {
        let mut row = vec![line.saturating_add(1)];
        for (place, other) in word.iter().enumerate() {
            let replaced = at(&last, place).saturating_add(usize::from(letter != other));
            let changed = at(&last, place.saturating_add(1)).min(at(&row, place)).saturating_add(1);
            let neighbour = place.checked_sub(1);
            let swaps = neighbour.is_some_and(|place| word.get(place) == Some(letter)) && former == Some(other);
            let swapped = neighbour.filter(|_| swaps).map_or(usize::MAX, |place| at(&before, place).saturating_add(1));
            row.push(replaced.min(changed).min(swapped));
        }
        former = Some(letter);
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        let distance = |given: &str, word: &str| distance(&given.chars().collect::<Vec<char>>(), word);
        for (given, word, expected) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abd", "abc", 1),
            ("ab", "abc", 1),
            ("xabc", "abc", 1),
            ("abc", "", 3),
            ("dve", "dev", 1),
        ] {
            assert_eq!(distance(given, word), expected, "{given} {word}");
        }
        assert_eq!((nearest("dve", ["dev"]), nearest("xve", ["dev"])), (Some("dev"), None));
    }
}
