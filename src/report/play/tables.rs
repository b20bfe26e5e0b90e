//! What one node knows and keeps.

use std::fmt::Write as _;

use super::moment::Moment;
use super::paint::Paint;
use crate::report::lines::{counted, listed, padded};

/// The most rows of a table of nodes.
const ROWS_MAX: usize = 40;
/// The most nodes of a list that are named.
const LISTED_MAX: usize = 8;

/// The finger table of a node: where each finger starts, which keys it is for, and which node it names. `kept` says
/// whether the node keeps one at all.
pub(crate) fn fingers(moment: &Moment, id: u64, kept: bool, paint: Paint) -> String {
    let known = &moment.nodes[&id].fingers;
    let mut rows = vec![
        ["i", "start", "for the keys", "node"]
            .map(|it| paint.dim(it))
            .to_vec(),
    ];
    let mut wrong = false;
    for i in 0..moment.bits {
        let start = moment.start(id, i);
        // The last finger is for all keys up to the node itself.
        let next = if i + 1 == moment.bits {
            id
        } else {
            moment.start(id, i + 1)
        };
        let truth = moment.owner(start);
        let entry = if kept {
            known.get(i as usize).copied().flatten()
        } else {
            truth
        };
        let mut told = match entry {
            Some(node) => moment.painted(node, paint),
            None => paint.dim("not known"),
        };
        if let Some(truth) = truth.filter(|truth| kept && entry != Some(*truth)) {
            wrong = true;
            let _ = write!(
                told,
                "  {} {}",
                paint.bad("by now it is"),
                paint.node(truth)
            );
        }
        let upto = next.wrapping_sub(1) & moment.last();
        let keys = moment.range(start.wrapping_sub(1) & moment.last(), upto, paint);
        let sum = format!("{id} + 2^{i} = {start}");
        rows.push(vec![i.to_string(), sum, keys, told]);
    }
    let mut text = aligned(&rows);
    let first = format!(
        "Finger i of {} is the first node at or after {id} + 2^i.",
        paint.node(id)
    );
    text = format!("{first}\n\n{text}");
    if !kept {
        text += "\nOn this ring a request goes from successor to successor, and no node keeps fingers: this is the \
                 table that it would keep.\n";
    } else if wrong {
        text += "\nFingers are looked up again one by one, as time goes on (`run 30s`).\n";
    }
    text
}

/// The copies that a node keeps.
pub(crate) fn keys(moment: &Moment, id: u64, paint: Paint) -> String {
    let node = &moment.nodes[&id];
    let own = moment.own_keys(id, paint);
    let count = match node.copies.len() {
        0 => "nothing".to_owned(),
        count => counted(count, "value"),
    };
    let mut text = format!(
        "{} keeps {count}. It owns the keys {own}.\n",
        paint.node(id)
    );
    let mut rows = Vec::new();
    for copy in node.copies.iter().take(ROWS_MAX) {
        let owner = moment.owner(copy.key).filter(|owner| *owner != id);
        let of = owner.map_or_else(String::new, |owner| {
            format!("a copy; {} owns it", paint.node(owner))
        });
        let version = match copy.version {
            0 | 1 => String::new(),
            version => format!("version {version}"),
        };
        rows.push(vec![
            moment.key(copy.key, paint),
            copy.told(paint),
            version,
            of,
        ]);
    }
    if !rows.is_empty() {
        text = format!("{text}\n{}", aligned(&rows));
    }
    let more = node.copies.len().saturating_sub(ROWS_MAX);
    if more > 0 {
        let _ = writeln!(text, "  … and {} more", counted(more, "value"));
    }
    text
}

/// All that a node knows of the others, and what it keeps.
pub(crate) fn known(moment: &Moment, id: u64, paint: Paint) -> String {
    let node = &moment.nodes[&id];
    let name = |id: &u64| moment.painted(*id, paint);
    let predecessor = node
        .predecessor
        .as_ref()
        .map_or_else(|| paint.dim("not known"), name);
    let successors = match node.successors.len() {
        0 => paint.dim("none"),
        _ => listed(node.successors.iter().map(name), LISTED_MAX),
    };
    let mut text = format!(
        "{} knows of the others\n\n  the node before it     {predecessor}\n  the nodes behind it    {successors}\n",
        paint.node(id)
    );
    let mut fingers: Vec<u64> = node.fingers.iter().flatten().copied().collect();
    fingers.dedup();
    if !fingers.is_empty() {
        let fingers = listed(fingers.iter().map(name), LISTED_MAX);
        let _ = writeln!(
            text,
            "  its fingers            {fingers}   (`fingers {id}`)"
        );
    }
    if let Some(before) = node.predecessor {
        let own = moment.range(before, id, paint);
        let _ = writeln!(text, "\nSo it takes {own} for its keys.");
    }
    format!("{text}\n{}", keys(moment, id, paint))
}

/// A line for each node.
pub(crate) fn nodes(moment: &Moment, paint: Paint) -> String {
    if moment.nodes.is_empty() {
        return "Nobody is on the ring: let a node `join`.".to_owned();
    }
    let head = ["node", "before it", "behind it", "its keys", "keeps"];
    let mut rows = vec![head.map(|it| paint.dim(it)).to_vec()];
    let name =
        |id: Option<&u64>| id.map_or_else(|| "?".to_owned(), |id| moment.painted(*id, paint));
    for (id, node) in moment.nodes.iter().take(ROWS_MAX) {
        let keys = node.copies.iter().map(|copy| moment.key(copy.key, paint));
        rows.push(vec![
            paint.node(*id),
            name(node.predecessor.as_ref()),
            name(node.successors.first()),
            moment.own_keys(*id, paint),
            listed(keys, 3),
        ]);
    }
    let more = moment.nodes.len().saturating_sub(ROWS_MAX);
    let more = match more {
        0 => String::new(),
        _ => format!("  … and {} more\n", counted(more, "node")),
    };
    aligned(&rows) + &more
}

/// Columns side by side, with two blanks in front and three between.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows
            .iter()
            .map(|row| crate::report::lines::visible(&row[column]));
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let cells: Vec<String> = cells.map(|(cell, width)| padded(cell, *width)).collect();
        let _ = writeln!(text, "  {}", cells.join("   ").trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::moment::Node;
    use super::super::moment::tests::lecture;
    use super::*;

    const PLAIN: Paint = Paint::OFF;

    /// The textbook's table of the lecture's node 14.
    #[test]
    fn the_finger_table_of_the_lectures_node_14() {
        let mut ring = lecture();
        ring.nodes.insert(14, Node::default());
        let told = fingers(&ring, 14, false, PLAIN);
        // The lecture's: 32 five times, then 98 twice.
        let nodes: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("14 + 2^") && line.contains('='))
            .map(|line| line.rsplit(' ').next().unwrap())
            .collect();
        assert_eq!(nodes, ["32", "32", "32", "32", "32", "98", "98"], "{told}");
        for (i, start) in [15, 16, 18, 22, 30, 46, 78].iter().enumerate() {
            assert!(told.contains(&format!("14 + 2^{i} = {start} ")), "{told}");
        }
        // The last one is for all keys up to the node itself.
        assert!(told.contains("78 … 127 and 0 … 13"), "{told}");
    }

    #[test]
    fn what_is_wrong_in_a_table_is_told() {
        let mut ring = lecture();
        let mut node = ring.nodes[&32].clone();
        node.fingers = vec![
            Some(98),
            Some(99),
            None,
            Some(98),
            Some(98),
            Some(98),
            Some(98),
        ];
        ring.nodes.insert(32, node);
        let told = fingers(&ring, 32, true, PLAIN);
        assert!(told.contains("99 (gone)  by now it is 98"), "{told}");
        assert!(told.contains("not known  by now it is 98"), "{told}");
        // 32 + 64 = 96 is before 98: that one is right.
        assert!(told.contains("96 … 127 and 0 … 31   98\n"), "{told}");
    }

    #[test]
    fn what_a_node_keeps() {
        let told = keys(&lecture(), 124, PLAIN);
        assert_eq!(
            told,
            "124 keeps 1 value. It owns the keys 99 … 124.\n\n  alice (120)   \"hello\"\n"
        );
        assert!(keys(&lecture(), 32, PLAIN).contains("keeps nothing"));
    }
}
