//! What is written about the picture: its heading, the sentences below, and identifiers in short.

use super::RingPicture;
use crate::report::lines::capital;
use crate::report::naming::short_id;

/// Of rings with more nodes than this the fingers are not listed.
const LISTED_MAX: usize = 32;
/// A way of more hops than this is not told node by node.
const HOPS_MAX: usize = 12;

pub(super) fn heading(picture: &RingPicture<'_>) -> String {
    let nodes = match picture.ring.ids().len() {
        1 => "1 node".to_owned(),
        nodes => format!("{nodes} nodes"),
    };
    let bits = match picture.ring.bits() {
        1 => "1 bit".to_owned(),
        bits => format!("{bits} bits"),
    };
    format!("{nodes} on a ring of {bits}")
}

/// What stands below the picture, one text for each paragraph.
pub(super) fn notes(picture: &RingPicture<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(route) = picture.route {
        let is_short = route.hops.len() <= HOPS_MAX;
        notes.push(if is_short {
            capital(&route.told_with(short_id))
        } else {
            format!(
                "Lookup of key {} from node {}: {} hops to node {}",
                short_id(route.key),
                short_id(route.from),
                route.hops.len(),
                short_id(route.owner)
            )
        });
    }
    if picture.ring.ids().len() <= LISTED_MAX {
        notes.extend(picture.chosen.iter().map(|rank| fingers(picture, *rank)));
    }
    notes
}

/// Such as `Fingers of 14: 0–4 → 32, 5–6 → 98`.
fn fingers(picture: &RingPicture<'_>, rank: usize) -> String {
    let id = |rank: usize| short_id(picture.ring.ids()[rank]);
    let links = picture.ring.fingers(rank);
    let links = links.iter().map(|link| {
        let entries = match (link.fingers.first(), link.fingers.last()) {
            (Some(first), Some(last)) if first < last => format!("{first}–{last}"),
            (first, _) => first.map(ToString::to_string).unwrap_or_default(),
        };
        // Such a pair stays on one line.
        format!("{entries}\u{a0}→\u{a0}{}", id(link.to))
    });
    let links: Vec<String> = links.collect();
    format!("Fingers of {}: {}", id(rank), links.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ring::Ring;

    #[test]
    fn long_identifiers_are_shortened_in_the_middle() {
        assert_eq!(short_id(4_294_967_295), "4294967295");
        assert_eq!(short_id(u64::MAX), "1844…1615");
    }

    /// The starts of 98 are 99, 100, 102, 106, 114, 2 and 34.
    #[test]
    fn fingers_are_listed_with_the_entries_that_name_them() {
        let ring = Ring::new(vec![14, 32, 98, 124], 7);
        let picture = RingPicture {
            ring: &ring,
            chosen: vec![2],
            route: None,
        };
        assert_eq!(heading(&picture), "4 nodes on a ring of 7 bits");
        let notes = notes(&picture).join("|").replace('\u{a0}', " ");
        assert_eq!(notes, "Fingers of 98: 0–4 → 124, 5 → 14, 6 → 98");
    }
}
