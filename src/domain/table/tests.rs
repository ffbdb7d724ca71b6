//! A table is the standard library's tree, whatever is done to it.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
enum Change {
    Insert(u16, u8),
    Remove(u16),
    Update(u16),
    RetainMultiples(u16),
}

fn change() -> impl Strategy<Value = Change> {
    let key = 0..400_u16;
    prop_oneof![
        9 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Change::Insert(key, value)),
        3 => key.clone().prop_map(Change::Remove),
        1 => key.prop_map(Change::Update),
        1 => (40..90_u16).prop_map(Change::RetainMultiples),
    ]
}

fn agree(table: &Table<u16, u8>, tree: &BTreeMap<u16, u8>) {
    assert!(table.iter().eq(tree) && table.iter().rev().eq(tree.iter().rev()));
    assert_eq!((table.len(), table.is_empty()), (tree.len(), tree.is_empty()));
    assert!(table.runs.iter().all(|run| (1..=LONGEST).contains(&run.len())));
    assert_eq!(serde_json::to_string(table).unwrap(), serde_json::to_string(tree).unwrap());
}

proptest! {
    #[test]
    fn is_the_tree(changes in prop::collection::vec(change(), 0..700)) {
        let (mut table, mut tree) = (Table::new(), BTreeMap::new());
        for change in changes {
            match change {
                Change::Insert(key, value) => prop_assert_eq!(table.insert(key, value), tree.insert(key, value)),
                Change::Remove(key) => prop_assert_eq!(table.remove(&key), tree.remove(&key)),
                Change::Update(key) => {
                    table.update(key, |value| *value = value.wrapping_add(1));
                    let value = tree.entry(key).or_default();
                    *value = value.wrapping_add(1);
                }
                Change::RetainMultiples(of) => {
                    table.retain(|key, _| key.checked_rem(of) != Some(0));
                    tree.retain(|key, _| key.checked_rem(of) != Some(0));
                }
            }
        }
        agree(&table, &tree);
        for key in 0..400 {
            prop_assert_eq!(table.get(&key), tree.get(&key));
            prop_assert_eq!(table.contains_key(&key), tree.contains_key(&key));
        }
        for (value, expected) in table.values_mut().zip(tree.values_mut()) {
            prop_assert_eq!(*value, *expected);
            (*value, *expected) = (1, 1);
        }
        agree(&table, &tree);
        prop_assert_eq!(&table, &tree.clone().into_iter().rev().collect::<Table<_, _>>());
        prop_assert!(table.into_iter().eq(tree));
    }

    #[test]
    fn walks_meet_in_the_middle(length in 0..300_u16, fronts in prop::collection::vec(any::<bool>(), 0..320)) {
        let table: Table<u16, ()> = (0..length).map(|key| (key, ())).collect();
        let (mut ours, mut theirs) = (table.keys(), 0..length);
        for front in fronts {
            let (our, their) = if front { (ours.next(), theirs.next()) } else { (ours.next_back(), theirs.next_back()) };
            prop_assert_eq!(our.copied(), their);
        }
    }

    #[test]
    fn a_set_is_the_tree(values in prop::collection::vec(any::<u8>(), 0..300)) {
        let (set, tree): (Set<u8>, BTreeSet<u8>) = (values.iter().copied().collect(), values.iter().copied().collect());
        prop_assert!(set.iter().eq(&tree));
        prop_assert_eq!(serde_json::to_string(&set).unwrap(), serde_json::to_string(&tree).unwrap());
        prop_assert_eq!(serde_json::from_str::<Set<u8>>(&serde_json::to_string(&tree).unwrap()).unwrap(), set);
    }
}

#[test]
fn what_comes_in_order_fills_its_runs() {
    let table: Table<usize, ()> = (0..640).map(|key| (key, ())).collect();
    assert_eq!(table.runs.len(), 10);
}
