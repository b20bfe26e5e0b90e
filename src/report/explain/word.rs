//! Words that result files hold: how requests end and why, what happens to their messages, and what an audit looks at.

use super::Explanation;
use crate::catalogue::{CellType, Column, RecordKind};

const LOOKUPS: &str = "lookups.csv, column `outcome`";
const OPERATIONS: &str = "operations.csv, column `outcome`";
const REASONS: &str = "lookups.csv and operations.csv, column `reason`";
const EVENTS: &str = "trace.csv, column `event`";

/// The kind, the name, where it stands and what it means.
const WORDS: &[(&str, &str, &str, &str)] = &[
    (
        "outcome",
        "ok",
        LOOKUPS,
        "The answer names the node that owned the key when the answer was given.",
    ),
    (
        "outcome",
        "wrong",
        LOOKUPS,
        "The answer names another node than the owner of the key.",
    ),
    (
        "outcome",
        "failed",
        "lookups.csv and operations.csv, column `outcome`",
        "There was no answer in time, too few of those that were asked answered, or nobody was left to ask. The \
         column `reason` says which.",
    ),
    (
        "outcome",
        "stored",
        OPERATIONS,
        "A put: as many nodes have acknowledged as `storage.write_quorum` wants.",
    ),
    (
        "outcome",
        "partial",
        OPERATIONS,
        "A put: some nodes have acknowledged, but too few.",
    ),
    (
        "outcome",
        "found",
        OPERATIONS,
        "A get: the newest version that was stored when it began, or a newer one.",
    ),
    (
        "outcome",
        "stale",
        OPERATIONS,
        "A get: an older version than the newest one stored when it began.",
    ),
    (
        "outcome",
        "missing",
        OPERATIONS,
        "A get: nothing, and nothing was ever stored under this key.",
    ),
    (
        "outcome",
        "lost",
        OPERATIONS,
        "A get: nothing, although something was stored, and no live node has a copy.",
    ),
    (
        "reason",
        "timeout",
        REASONS,
        "There was no answer in time, for no reason that is known.",
    ),
    (
        "reason",
        "dropped",
        REASONS,
        "There was no answer, and a selfish peer had refused to serve the request.",
    ),
    (
        "reason",
        "asker-gone",
        REASONS,
        "The node that asked went before the answer was there, or lost the ring and forgot what it had asked.",
    ),
    (
        "reason",
        "nobody-left",
        REASONS,
        "No node was left to ask, or the owner was silent and nobody answers for it.",
    ),
    (
        "reason",
        "shunned",
        REASONS,
        "With `reputation`: the node that asked thinks ill of everybody it could have asked.",
    ),
    (
        "reason",
        "no-quorum",
        REASONS,
        "Of a put or get: too few of the nodes that keep copies answered.",
    ),
    (
        "reason",
        "not-there",
        REASONS,
        "Of a get: none of the nodes that were asked had a copy, though a live node has.",
    ),
    (
        "event",
        "forward",
        EVENTS,
        "A message of a recursive lookup is passed on to the next node.",
    ),
    ("event", "ask", EVENTS, "A node is asked for the next one."),
    ("event", "answer", EVENTS, "An answer is on its way back."),
];

/// What each invariant says; the order is that of its declaration.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "live_successor",
        "Every member has a live node in its successor list.",
    ),
    (
        "principals",
        "At least r + 1 members are skipped by nobody's extended successor list, for lists of length r (Zave 2017).",
    ),
    (
        "one_ring",
        "The first live successors make one cycle, and not several.",
    ),
    (
        "ordered_ring",
        "The cycle of first live successors goes round the identifiers once.",
    ),
    (
        "connected_appendages",
        "Every member is on the ring, or is led to it by its successors.",
    ),
    (
        "ordered_lists",
        "The entries of a successor list lie one after the other clockwise.",
    ),
    (
        "no_duplicates",
        "No node stands in a successor list twice, or in its own.",
    ),
    (
        "key_owner",
        "Who answers for a key owns it. Promised only when the ring is at rest.",
    ),
    (
        "keys_at_owners",
        "Each stored key is at its owner, in its newest version.",
    ),
    (
        "copies_in_place",
        "Each stored key is at all other nodes that should keep copies of it.",
    ),
    ("nothing_lost", "No value is gone though nobody has failed."),
    (
        "counts",
        "What is counted of values and copies is what there is.",
    ),
    (
        "reported_lost",
        "What a user is told is lost or missing is so.",
    ),
    (
        "fresh_reads",
        "A get reads no version older than the newest one that was acknowledged.",
    ),
];

pub(super) fn find(word: &str) -> Vec<Explanation> {
    let words = WORDS.iter().filter(|(_, name, ..)| *name == word);
    let mut found: Vec<Explanation> = words
        .map(|(kind, name, place, about)| {
            Explanation::new(kind, *name, *about).fact("Stands in", *place)
        })
        .collect();
    if found.is_empty() {
        found.extend(of_columns(word));
    }
    let invariants = INVARIANTS.iter().filter(|(name, _)| *name == word);
    found.extend(invariants.map(|(name, about)| {
        Explanation::new("invariant", *name, *about)
            .fact(
                "Stands in",
                "audit.csv, column `invariant`, where it does not hold",
            )
            .fact("See also", "docs/audit.md")
    }));
    found
}

/// A word of which no more is said here than which columns hold it, and what these mean.
fn of_columns(word: &str) -> Vec<Explanation> {
    let mut found = Vec::new();
    for kind in RecordKind::ALL {
        let info = kind.info();
        let holds = |column: &&Column| matches!(column.cell, CellType::Word(words) if words.contains(&word));
        found.extend(info.columns.iter().filter(holds).map(|column| {
            let about = format!("One of the words of a column, which means: {}", column.doc);
            Explanation::new("word", word, about).fact(
                "Stands in",
                format!("{}, column `{}`", info.file, column.name),
            )
        }));
    }
    found
}

pub(super) fn names() -> Vec<String> {
    let words = WORDS.iter().map(|(_, name, ..)| (*name).to_owned());
    words
        .chain(INVARIANTS.iter().map(|(name, _)| (*name).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::audit::Invariant;

    /// Every word that a column may hold is explained somewhere, and nothing else is.
    #[test]
    fn the_words_are_those_of_the_files() {
        let (mut held, mut ends) = (Vec::new(), Vec::new());
        for kind in [RecordKind::Lookup, RecordKind::Operation, RecordKind::Trace] {
            for column in kind.info().columns {
                let asked = ["outcome", "reason", "event"].contains(&column.name);
                if let (CellType::Word(words), true) = (column.cell, asked) {
                    held.extend(words);
                    // The events of a trace are many, and the page of files has them all.
                    ends.extend(words.iter().copied().filter(|_| column.name != "event"));
                }
            }
        }
        for word in &ends {
            assert!(!crate::report::explain::find(word).is_empty(), "{word}");
        }
        for (_, name, ..) in WORDS {
            assert!(held.contains(name), "{name}");
        }
    }

    #[test]
    fn every_invariant_is_explained() {
        for (at, (name, _)) in INVARIANTS.iter().enumerate() {
            let invariant = Invariant::ALL[at];
            assert_eq!(invariant.name(), *name);
        }
        assert_eq!(INVARIANTS.len(), Invariant::ALL.len());
    }
}
