//! Small files that ask for much: they are refused, or told in short, before any memory is spent on them.

use std::fmt::Write as _;
use std::path::Path;

use chordsim::scenario::{Overrides, Plan, ScenarioError};

fn parse(text: &str) -> Result<Plan, Box<ScenarioError>> {
    Plan::parse(text, Path::new("small.toml"), &Overrides::default())
}

/// So many numbers, as a list.
fn list(count: u32) -> String {
    format!("{:?}", (0..count).collect::<Vec<_>>())
}

/// Nearly as many runs as are allowed.
fn sweep_of_99_856() -> String {
    let values: Vec<_> = (1..=316).collect();
    format!("\n[sweep]\nworkload.keys = {values:?}\nchord.pns_samples = {values:?}\n")
}

#[test]
fn a_list_repeated_in_every_run_is_too_large_a_plan() {
    let path = "x".repeat(20_000);
    let network = format!("network.model = \"graph\"\nnetwork.graph.file = \"{path}\"");
    let faults = "[[fault]]\nat = \"1s\"\nkill = 0.1\n".repeat(1000);
    let swept = format!("repeat = 50000\n[sweep]\noverlay.ids = [{}]\n", list(2000));
    for text in [
        format!("repeat = 100000\noverlay.ids = {}", list(2000)),
        network + &sweep_of_99_856(),
        format!("repeat = 20000\n{faults}"),
        swept,
    ] {
        assert!(text.len() < 40_000);
        let error = parse(&text).expect_err(&text[..100]);
        assert_eq!(error.to_string(), "the plan is too large");
        let told = "the lists and texts of its runs would fill more than 256 MiB";
        assert_eq!(error.label(), told);
        assert!(
            ["workload.keys", "overlay.ids", "100000", "20000"]
                .iter()
                .any(|place| place.ends_with(error.offending()) || *place == error.offending())
        );
    }
}

#[test]
fn as_many_runs_without_lists_are_laid_out() {
    assert_eq!(parse("repeat = 100000").unwrap().runs.len(), 100_000);
    assert_eq!(parse(&sweep_of_99_856()).unwrap().runs.len(), 99_856);
    let most = "overlay = { nodes = 100000000, ids = \"even\" }\nworkload.keys = 1000000000";
    assert_eq!(parse(most).unwrap().runs.len(), 1);
}

#[test]
fn of_ten_thousand_mistakes_on_one_line_the_first_are_told() {
    let mut text = "overlay.id_bits = 16\noverlay.ids = [".to_owned();
    for id in 100_000..110_000 {
        write!(text, "{id}, ").unwrap();
    }
    text.push(']');
    let error = parse(&text).unwrap_err();
    assert_eq!(
        (error.to_string(), error.line()),
        ("100000 is not on the ring".to_owned(), 2)
    );
    assert_eq!(error.others().len(), 19);
    let last = error.others().last().unwrap();
    assert_eq!(last.to_string(), "100019 is not on the ring");
    let told = last.remedy();
    assert!(
        told.ends_with("; 9980 more problems come after this one"),
        "{told}"
    );
}

/// Two million mistakes are not kept, but counted; those that are told are the first in the text, not in the alphabet.
#[test]
fn of_millions_of_mistakes_the_first_are_told() {
    let ids = "1,".repeat(2_000_000);
    let error = parse(&format!("overlay.ids = [{ids}]")).unwrap_err();
    assert_eq!(error.column(), 18);
    let told = error.others().last().unwrap().remedy();
    assert!(
        told.ends_with("; 1999979 more problems come after this one"),
        "{told}"
    );
    let mut text = String::new();
    for number in (0..100_000).rev() {
        writeln!(text, "unknown{number} = 1").unwrap();
    }
    let error = parse(&text).unwrap_err();
    assert_eq!(error.to_string(), "unknown key `unknown99999`");
    let told = error.others().last().unwrap();
    assert_eq!(told.to_string(), "unknown key `unknown99980`");
    assert!(
        told.remedy()
            .ends_with("; 99980 more problems come after this one")
    );
}

#[test]
fn of_a_few_mistakes_all_are_told() {
    let ids: Vec<_> = (300..320).collect();
    let error = parse(&format!("overlay.id_bits = 8\noverlay.ids = {ids:?}")).unwrap_err();
    assert_eq!(error.others().len(), 19);
    assert!(!error.others()[18].remedy().contains("more problems"));
}
