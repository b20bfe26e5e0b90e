//! What is the same several times is drawn once, under all its names.

use std::collections::{BTreeMap, BTreeSet};

use super::style::{SMALL, WIDTH, text_width};

/// Positions of what is alike, by the first of each kind. Compares each with the first of every kind: for the few
/// that are drawn.
pub(super) fn groups<T>(all: &[T], alike: impl Fn(&T, &T) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        match groups.iter_mut().find(|group| alike(&all[group[0]], one)) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

/// The same for what is alike by a key, however many there are.
pub(super) fn by_key<T, K: Ord>(all: &[T], key: impl Fn(&T) -> K) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut places = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        let place = *places.entry(key(one)).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(at);
    }
    groups
}

/// The values that there are, each once, in the order in which they come.
pub(super) fn distinct<T: Ord + Copy>(all: &[T]) -> Vec<T> {
    let mut seen = BTreeSet::new();
    all.iter()
        .copied()
        .filter(|one| seen.insert(*one))
        .collect()
}

/// One name for all that is alike.
pub(super) fn label(names: &[&str]) -> String {
    if fits(names) {
        return names.join(" = ");
    }
    let others = match names.len() {
        2 => "one other".to_owned(),
        all => format!("{} others", all - 1),
    };
    format!("{} = {others}", names[0])
}

/// All the names, where the one for all has no room for them.
pub(super) fn note(names: &[&str]) -> Option<String> {
    let of = || format!("The same: {}.", names.join("; "));
    (!fits(names)).then(of)
}

fn fits(names: &[&str]) -> bool {
    names.len() < 2 || text_width(&names.join(" = "), SMALL) <= WIDTH * 0.8
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::engine::testing::Counting;

    /// A search in a tree of 2000 goes through some 4 nodes of up to 11 keys: at most 44 comparisons for each of 10 000.
    /// With the first of every kind it would be 1000 on average.
    #[test]
    fn grouping_by_a_key_does_not_compare_with_every_kind() {
        let compared = Cell::new(0);
        let all: Vec<u32> = (0..10_000).map(|i| i * 7919 % 2000).collect();
        let groups = by_key(&all, |one| Counting(*one, &compared));
        assert_eq!(groups, super::groups(&all, |a, b| a == b));
        assert!(compared.get() < 44 * 10_000, "{}", compared.get());
    }

    #[test]
    fn the_first_of_each_kind_leads() {
        assert_eq!(
            groups(&[1, 2, 1, 3, 2], |a, b| a == b),
            [vec![0, 2], vec![1, 4], vec![3]]
        );
        assert_eq!(label(&["a", "b"]), "a = b");
        let long = ["a very long name of a combination"; 4];
        assert_eq!(label(&long), format!("{} = 3 others", long[0]));
        assert_eq!(note(&long), Some(format!("The same: {}.", long.join("; "))));
        assert_eq!(note(&["a", "b"]), None);
    }
}
