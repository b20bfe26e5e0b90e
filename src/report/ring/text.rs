//! A ring as the lecture draws it: every node with its neighbours and its textbook finger table; and the table of its
//! degrees.

use std::fmt::Write as _;

use super::degrees::Degrees;
use super::links::Ring;
use crate::report::text_table::TextTable;

/// Every node with its successor, its predecessor and its fingers.
pub(crate) fn described(ring: &Ring) -> String {
    let mut text = String::new();
    let width = ring.last().to_string().len();
    let id = |rank: usize| ring.ids()[rank];
    for rank in 0..ring.ids().len() {
        let (successor, predecessor) = (id(ring.successor(rank)), id(ring.predecessor(rank)));
        line(
            &mut text,
            format_args!(
                "node {}: successor {successor}, predecessor {predecessor}",
                id(rank)
            ),
        );
        for finger in 0..ring.bits() {
            let (start, node) = ring.finger(rank, finger);
            line(
                &mut text,
                format_args!("  2^{finger:<2}  {start:>width$} → {}", id(node)),
            );
        }
    }
    text
}

/// What kind of graph the ring is.
pub(crate) fn table(ring: &Ring) -> String {
    let degrees = Degrees::of(ring);
    let row = |name: &str, mean: Option<f64>, max: String| {
        let mean = mean.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.2}"));
        vec![name.to_owned(), mean, max]
    };
    let mean = degrees.edges() as f64 / ring.ids().len() as f64;
    let most = |list: &[usize]| list.iter().max().map(ToString::to_string);
    let most = |list: &[usize]| most(list).unwrap_or_default();
    let clustering = degrees.clustering.iter().fold(0.0, |a: f64, b| a.max(*b));
    let rows = vec![
        ["successors and fingers", "mean", "max"]
            .map(str::to_owned)
            .to_vec(),
        row("out-degree", Some(mean), most(&degrees.out)),
        row("in-degree", Some(mean), most(&degrees.into)),
        row(
            "distance",
            degrees.distance_mean,
            degrees.diameter.to_string(),
        ),
        row(
            "clustering",
            Some(degrees.clustering_mean()),
            format!("{clustering:.2}"),
        ),
    ];
    let nodes = match ring.ids().len() {
        1 => "1 node".to_owned(),
        nodes => format!("{nodes} nodes"),
    };
    let edges = degrees.edges();
    format!(
        "{}{nodes}, {edges} edges, diameter {}\n",
        TextTable(rows),
        degrees.diameter
    )
}

fn line(text: &mut String, content: std::fmt::Arguments) {
    writeln!(text, "{content}").expect("writing to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe(ids: &[u64], bits: u32) -> String {
        described(&Ring::new(ids.to_vec(), bits))
    }

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

    /// The numbers are worked out in `degrees`.
    #[test]
    fn the_table_of_the_lectures_ring() {
        let ring = Ring::new(vec![14, 32, 98, 124], 7);
        assert_eq!(
            table(&ring),
            "successors and fingers  mean   max\n\
             out-degree              2.00     3\n\
             in-degree               2.00     3\n\
             distance                1.33     2\n\
             clustering              1.00  1.00\n\
             4 nodes, 8 edges, diameter 2\n"
        );
        let lonely = table(&Ring::new(vec![5], 3));
        assert!(
            lonely.contains("distance                   -     0\n"),
            "{lonely}"
        );
        assert!(lonely.ends_with("1 node, 0 edges, diameter 0\n"));
    }
}
