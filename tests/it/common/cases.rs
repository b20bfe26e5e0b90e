//! How many random cases property tests try.

use proptest::test_runner::Config;

/// Settings for a property of which `few` cases are tried, or as many as the environment variable
/// `CHORDSIM_CASES` says. A failure is shrunk with patience and printed, to be
/// made a test of its own; no file keeps it.
pub(crate) fn cases(few: u32) -> Config {
    let asked = std::env::var("CHORDSIM_CASES").ok();
    let count = asked.map_or(few, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("CHORDSIM_CASES is {text:?}, which is no number of cases"))
    });
    Config {
        cases: count,
        failure_persistence: None,
        max_shrink_iters: 100_000,
        ..Config::default()
    }
}
