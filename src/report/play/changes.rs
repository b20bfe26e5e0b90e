//! What is different between two moments, in words.

use std::collections::BTreeSet;

use super::moment::{Moment, Node};
use super::paint::Paint;
use crate::report::lines::listed;

/// The most nodes whose changes are told, and keys that are named.
const TOLD_MAX: usize = 12;
const KEYS_MAX: usize = 6;
/// The most entries of a list that is told in full.
const LIST_MAX: usize = 4;

/// What has changed from one moment to a later one: a line each; none if nothing has.
pub(crate) fn changes(before: &Moment, after: &Moment, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    for id in before
        .nodes
        .keys()
        .filter(|id| !after.nodes.contains_key(id))
    {
        let lost = keys_that(
            before.nodes[id].copies.iter().map(|copy| copy.key),
            after,
            paint,
        );
        lines.push(match lost {
            Some(keys) => format!("{} is gone. It kept {keys}.", paint.gone(*id)),
            None => format!("{} is gone.", paint.gone(*id)),
        });
    }
    let mut told = 0;
    let mut untold = 0;
    for (id, node) in &after.nodes {
        let parts = match before.nodes.get(id) {
            None => newcomer(after, node, paint),
            Some(old) => differences(after, *id, (old, node), paint),
        };
        if parts.is_empty() {
            continue;
        }
        if told == TOLD_MAX {
            untold += 1;
            continue;
        }
        told += 1;
        lines.extend(
            parts
                .into_iter()
                .map(|part| format!("{}: {part}", paint.node(*id))),
        );
    }
    if untold > 0 {
        lines.push(format!("… and something at {untold} nodes more"));
    }
    lines
}

/// A node that was not there before.
fn newcomer(after: &Moment, node: &Node, paint: Paint) -> Vec<String> {
    let name = |id: Option<u64>| {
        id.map_or_else(|| "not known yet".to_owned(), |id| after.painted(id, paint))
    };
    let mut parts = vec![if after.nodes.len() == 1 {
        "alone on the ring".to_owned()
    } else {
        format!(
            "new on the ring; before it {}, behind it {}",
            name(node.predecessor),
            name(node.successors.first().copied())
        )
    }];
    parts.extend(
        keys_that(node.copies.iter().map(|copy| copy.key), after, paint)
            .map(|keys| format!("keeps {keys}")),
    );
    parts
}

/// What a node knows or keeps otherwise than before.
fn differences(after: &Moment, id: u64, (old, new): (&Node, &Node), paint: Paint) -> Vec<String> {
    let mut parts = Vec::new();
    let name =
        |id: Option<u64>| id.map_or_else(|| "none".to_owned(), |id| after.painted(id, paint));
    let moved = |was: Option<u64>, is: Option<u64>| format!("{} → {}", name(was), name(is));
    if old.predecessor != new.predecessor {
        let change = moved(old.predecessor, new.predecessor);
        parts.push(format!("predecessor {change}"));
    }
    parts.extend(list_changes(
        after,
        (&old.successors, &new.successors),
        paint,
    ));
    parts.extend(finger_changes(after, id, (old, new), paint));
    let copies = |node: &Node| -> BTreeSet<(u64, u32)> {
        node.copies
            .iter()
            .map(|copy| (copy.key, copy.version))
            .collect()
    };
    let (was, is) = (copies(old), copies(new));
    let keys =
        |set: BTreeSet<(u64, u32)>| keys_that(set.into_iter().map(|(key, _)| key), after, paint);
    if let Some(keys) = keys(&is - &was) {
        parts.push(format!("keeps {keys} now"));
    }
    let still: BTreeSet<u64> = is.iter().map(|(key, _)| *key).collect();
    let dropped = (&was - &is)
        .into_iter()
        .filter(|(key, _)| !still.contains(key));
    if let Some(keys) = keys(dropped.collect()) {
        parts.push(format!("keeps {keys} no more"));
    }
    parts
}

/// A short list is told as it was and is; of a longer one its first entry, what it has learnt and what it has lost.
fn list_changes(after: &Moment, (old, new): (&[u64], &[u64]), paint: Paint) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    let named = |list: &[u64]| match list.len() {
        0 => "none".to_owned(),
        _ => listed(list.iter().map(|id| after.painted(*id, paint)), LIST_MAX),
    };
    if old.len().max(new.len()) <= LIST_MAX {
        let which = if old.len().max(new.len()) == 1 {
            "successor"
        } else {
            "successors"
        };
        return vec![format!("{which} {} → {}", named(old), named(new))];
    }
    let mut parts = Vec::new();
    let (was, is) = (old.first(), new.first());
    if was != is {
        let first = |id: Option<&u64>| named(id.map_or(&[], std::slice::from_ref));
        parts.push(format!("successor {} → {}", first(was), first(is)));
    }
    let (all_was, all_is) = (set(old), set(new));
    let learnt: Vec<u64> = all_is
        .difference(&all_was)
        .filter(|id| Some(*id) != is)
        .copied()
        .collect();
    let lost: Vec<u64> = all_was
        .difference(&all_is)
        .filter(|id| Some(*id) != was)
        .copied()
        .collect();
    if !learnt.is_empty() {
        parts.push(format!(
            "its list of successors has {} as well",
            named(&learnt)
        ));
    }
    if !lost.is_empty() {
        parts.push(format!("its list of successors has lost {}", named(&lost)));
    }
    parts
}

fn set(list: &[u64]) -> BTreeSet<u64> {
    list.iter().copied().collect()
}

/// Neighbouring fingers that have changed in the same way are told together.
fn finger_changes(
    after: &Moment,
    id: u64,
    (old, new): (&Node, &Node),
    paint: Paint,
) -> Vec<String> {
    let mut runs: Vec<(u32, u32, Option<u64>, Option<u64>)> = Vec::new();
    for ((was, is), i) in old.fingers.iter().zip(&new.fingers).zip(0..) {
        if was == is {
            continue;
        }
        match runs.last_mut() {
            Some((_, last, old, new)) if *last + 1 == i && (*old, *new) == (*was, *is) => *last = i,
            _ => runs.push((i, i, *was, *is)),
        }
    }
    let name =
        |id: Option<u64>| id.map_or_else(|| "none".to_owned(), |id| after.painted(id, paint));
    let told = |(first, last, was, is): (u32, u32, Option<u64>, Option<u64>)| {
        let which = if first == last {
            format!("finger {first} (from {})", after.start(id, first))
        } else {
            format!("fingers {first} … {last}")
        };
        format!("{which} {} → {}", name(was), name(is))
    };
    runs.into_iter().map(told).collect()
}

/// Keys, named; `None` if there are none.
fn keys_that(keys: impl Iterator<Item = u64>, moment: &Moment, paint: Paint) -> Option<String> {
    let keys: Vec<String> = keys.map(|key| moment.key(key, paint)).collect();
    (!keys.is_empty()).then(|| listed(keys, KEYS_MAX))
}

/// Who still takes a node that is gone for a neighbour: a line each.
pub(crate) fn unnoticed(moment: &Moment, paint: Paint) -> Vec<String> {
    let is_gone = |id: &Option<u64>| {
        id.is_some_and(|id| !moment.nodes.contains_key(&id) && !moment.joining.contains(&id))
    };
    let mut lines = Vec::new();
    for (id, node) in &moment.nodes {
        for (other, role) in [
            (node.successors.first().copied(), "successor"),
            (node.predecessor, "predecessor"),
        ] {
            if let Some(other) = other.filter(|_| is_gone(&other)) {
                lines.push(format!(
                    "{} still takes {} for its {role}",
                    paint.node(*id),
                    paint.gone(other)
                ));
            }
        }
    }
    let more = lines.len().saturating_sub(TOLD_MAX);
    lines.truncate(TOLD_MAX);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::moment::tests::lecture;
    use super::*;

    #[test]
    fn a_join_is_told_by_what_each_node_knows_otherwise() {
        let before = lecture();
        let mut after = before.clone();
        let alice = after.nodes.get_mut(&124).unwrap().copies.remove(0);
        after.nodes.insert(
            121,
            Node {
                predecessor: Some(98),
                successors: vec![124, 32],
                fingers: Vec::new(),
                copies: vec![alice],
            },
        );
        after.nodes.get_mut(&124).unwrap().predecessor = Some(121);
        after.nodes.get_mut(&98).unwrap().successors = vec![121, 124];
        let told = changes(&before, &after, Paint::OFF);
        assert_eq!(
            told,
            [
                "98: successors 124, 32 → 121, 124",
                "121: new on the ring; before it 98, behind it 124",
                "121: keeps alice (120)",
                "124: predecessor 98 → 121",
                "124: keeps alice (120) no more",
            ]
        );
        assert!(changes(&after, &after, Paint::OFF).is_empty());
    }

    #[test]
    fn who_is_gone_is_gone_and_who_has_not_noticed_is_named() {
        let before = lecture();
        let mut after = before.clone();
        after.nodes.remove(&124);
        let told = changes(&before, &after, Paint::OFF);
        assert_eq!(told, ["124 is gone. It kept alice (120)."]);
        assert_eq!(
            unnoticed(&after, Paint::OFF),
            [
                "32 still takes 124 for its predecessor",
                "98 still takes 124 for its successor"
            ]
        );
        assert!(unnoticed(&before, Paint::OFF).is_empty());
    }

    #[test]
    fn of_a_long_list_the_difference_is_told() {
        let ring = lecture();
        let told = list_changes(
            &ring,
            (&[32, 98, 124, 1, 2], &[98, 124, 1, 2, 32]),
            Paint::OFF,
        );
        assert_eq!(told, ["successor 32 → 98"]);
        let told = list_changes(
            &ring,
            (&[32, 98, 1, 2, 3], &[32, 98, 1, 2, 124]),
            Paint::OFF,
        );
        assert_eq!(
            told,
            [
                "its list of successors has 124 as well",
                "its list of successors has lost 3 (gone)"
            ]
        );
    }

    #[test]
    fn fingers_that_change_alike_are_told_together() {
        let before = lecture();
        let (mut a, mut b) = (before.nodes[&32].clone(), before.nodes[&32].clone());
        a.fingers = vec![Some(98), Some(98), Some(98), None];
        b.fingers = vec![Some(40), Some(40), Some(98), Some(98)];
        let told = finger_changes(&before, 32, (&a, &b), Paint::OFF);
        assert_eq!(
            told,
            [
                "fingers 0 … 1 98 → 40 (gone)",
                "finger 3 (from 40) none → 98"
            ]
        );
    }
}
