//! A ring as the lecture draws it: every node with its neighbours and its textbook finger table.

use std::fmt::Write as _;

/// Describes a ring of 2^`id_bits` positions, 1 to 64 bits, with these nodes on it. The
/// identifiers are sorted, all different and below 2^`id_bits`; there is at least one.
///
/// Finger i of node n is the first node at or after its start n + 2^i.
pub(super) fn describe(ids: &[u64], id_bits: u32) -> String {
    let mut text = String::new();
    let mask = u64::MAX >> (64 - id_bits);
    let width = mask.to_string().len();
    for (rank, &id) in ids.iter().enumerate() {
        let successor = ids[(rank + 1) % ids.len()];
        let predecessor = ids[(rank + ids.len() - 1) % ids.len()];
        line(
            &mut text,
            format_args!("node {id}: successor {successor}, predecessor {predecessor}"),
        );
        for finger in 0..id_bits {
            let start = id.wrapping_add(1 << finger) & mask;
            let node = owner(ids, start);
            line(
                &mut text,
                format_args!("  2^{finger:<2}  {start:>width$} → {node}"),
            );
        }
    }
    text
}

fn line(text: &mut String, content: std::fmt::Arguments) {
    writeln!(text, "{content}").expect("writing to memory does not fail");
}

/// The first node at or after a position.
fn owner(ids: &[u64], position: u64) -> u64 {
    let rank = ids.partition_point(|&id| id < position);
    ids[rank % ids.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 7 bits, nodes 14, 32, 98, 124: worked out by hand.
    #[test]
    fn the_lectures_ring() {
        let text = describe(&[14, 32, 98, 124], 7);
        let node_14 = text.split("node 32").next().unwrap();
        assert_eq!(
            node_14,
            "node 14: successor 32, predecessor 124\n\
             \x20 2^0    15 → 32\n\
             \x20 2^1    16 → 32\n\
             \x20 2^2    18 → 32\n\
             \x20 2^3    22 → 32\n\
             \x20 2^4    30 → 32\n\
             \x20 2^5    46 → 98\n\
             \x20 2^6    78 → 98\n"
        );
        // 124 + 8 is 132, which is 4 on a ring of 128.
        assert!(
            text.ends_with(
                "  2^3     4 → 14\n  2^4    12 → 14\n  2^5    28 → 32\n  2^6    60 → 98\n"
            )
        );
    }

    #[test]
    fn a_lonely_node_points_at_itself_on_the_largest_ring() {
        let text = describe(&[u64::MAX], 64);
        assert!(text.starts_with(
            "node 18446744073709551615: successor 18446744073709551615, \
             predecessor 18446744073709551615\n"
        ));
        assert!(text.contains("  2^0                      0 → 18446744073709551615\n"));
        assert_eq!(text.lines().count(), 65);
    }
}
