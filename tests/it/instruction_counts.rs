//! The comparison of instruction counts with a baseline, as `benches/instructions.sh` makes it. The
//! counts themselves need valgrind and are no test.

#[path = "../../benches/baseline/counts.rs"]
mod counts;

use counts::{Counts, Verdict, compare, table, to_toml};

fn counts_of(counts: &[(&str, u64)]) -> Counts {
    let owned = counts
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count));
    owned.collect()
}

#[test]
fn five_per_cent_are_tolerated_and_an_instruction_more_is_not() {
    let before = counts_of(&[("a", 2000), ("b", 2000), ("c", 2000), ("d", 2000)]);
    let now = counts_of(&[("a", 2100), ("b", 2101), ("c", 1900), ("d", 1899)]);
    let verdicts: Vec<_> = compare(&before, &now)
        .iter()
        .map(|comparison| comparison.verdict)
        .collect();
    let expected = [
        Verdict::Same,
        Verdict::Changed,
        Verdict::Same,
        Verdict::Changed,
    ];
    assert_eq!(verdicts, expected);
}

#[test]
fn a_bench_that_only_one_side_has_is_named() {
    let comparisons = compare(&counts_of(&[("old", 1)]), &counts_of(&[("new", 1)]));
    let found: Vec<_> = comparisons
        .iter()
        .map(|comparison| (comparison.bench.as_str(), comparison.verdict))
        .collect();
    assert_eq!(found, [("new", Verdict::New), ("old", Verdict::Gone)]);
}

#[test]
fn the_table_says_what_has_changed_and_by_how_much() {
    let before = counts_of(&[("hold.short", 80_000_000), ("ring.churn", 999)]);
    let now = counts_of(&[("hold.short", 88_000_000), ("ring.churn", 1000)]);
    let text = table(&compare(&before, &now));
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|l| l.split_whitespace().collect())
        .collect();
    let changed = "hold.short 80_000_000 88_000_000 +10.00 % changed too much";
    assert_eq!(lines[1].join(" "), changed);
    assert_eq!(lines[2].join(" "), "ring.churn 999 1_000 +0.10 %");
}

#[test]
fn a_baseline_reads_back_as_it_was_written() {
    let counts = counts_of(&[("a.b", 7), ("c", 1_000_000), ("d", 12_345)]);
    assert_eq!(toml::from_str::<Counts>(&to_toml(&counts)).unwrap(), counts);
}
