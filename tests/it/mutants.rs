//! The scenarios that ship, damaged at random, as files that a user hands in: each is accepted, or refused with a
//! place and a remedy; whatever is accepted can be run. None makes the program panic, hang or take all memory.
//!
//! A mutant that breaks this is made simpler as long as it does, and printed.

mod mutation;

use std::cell::Cell;
use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use tempfile::TempDir;

use crate::common::program::limited;
use mutation::{Mutation, mutation};

/// So many are tried if nothing is said, always the same ones.
const FEW: u32 = 60;

/// With `CHORDSIM_CASES` as many as it says, others every time.
fn config() -> Config {
    let asked = env::var("CHORDSIM_CASES").ok();
    let count = asked
        .as_ref()
        .map(|text| text.parse().expect("CHORDSIM_CASES is a number"));
    Config {
        cases: count.unwrap_or(FEW),
        rng_seed: asked.map_or(RngSeed::Fixed(1407), |_| RngSeed::Random),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    }
}

/// What is damaged: the scenarios that ship, and one with every section.
fn originals() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["scenarios", "scenarios/paper", "scenarios/bench"];
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.push(root.join("fuzz/corpus/scenario/every-section.toml"));
    files.sort();
    files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

/// A scenario that was damaged.
#[derive(Clone)]
struct Mutant(Vec<u8>);

impl fmt::Debug for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?}\n\n{}",
            self.0.escape_ascii().to_string(),
            String::from_utf8_lossy(&self.0)
        )
    }
}

fn mutant() -> impl Strategy<Value = Mutant> {
    let damage = |(original, mutations): (String, Vec<Mutation>)| {
        let damaged = mutations
            .iter()
            .fold(original.into_bytes(), |text, it| it.applied(text));
        Mutant(damaged)
    };
    let original = prop::sample::select(originals());
    (original, prop::collection::vec(mutation(), 1..4)).prop_map(damage)
}

/// What makes any run small, whatever the mutant asks for.
const SMALL: [&str; 10] = [
    "--set=sweep={}",
    "--set=fault=[]",
    "--set=churn={}",
    "--set=overlay.nodes=8",
    "--set=overlay.virtual_nodes=1",
    "--set=overlay.ids=hashed",
    "--set=workload.keys=100",
    "--set=workload.lookups_per_s=1",
    "--repeat=1",
    "--set=sample=1s",
];

/// Damages a scenario, has it checked, and run if it is accepted; gives the code of the check.
fn tried(mutant: &Mutant) -> Result<i32, TestCaseError> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("mutant.toml"), &mutant.0).unwrap();
    let checked = limited(folder.path())
        .args(["check", "mutant.toml"])
        .output()
        .unwrap();
    let code = judged(&checked, "check")?;
    if code == 0 {
        let run = ["run", "mutant.toml", "--no-plots", "--quiet", "--jobs=1"];
        let short = ["--set=warmup=0s", "--set=duration=2s"];
        let ran = limited(folder.path())
            .args(run)
            .args(SMALL)
            .args(short)
            .output()
            .unwrap();
        judged(&ran, "run")?;
    }
    Ok(code)
}

/// Whether the program ended as it may; its code.
fn judged(output: &Output, command: &str) -> Result<i32, TestCaseError> {
    let told = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code();
    let why = || format!("{command}: {}\n{told}", output.status);
    prop_assert!(matches!(code, Some(0..=2)), "{}", why());
    let code = code.unwrap_or_default();
    prop_assert!(
        told.chars().all(|c| c == '\n' || !c.is_control()),
        "{}",
        why()
    );
    prop_assert!(told.len() < 40_000, "{}", why());
    if code != 0 {
        prop_assert!(output.stdout.is_empty(), "{}", why());
        prop_assert!(told.contains("help: "), "{}", why());
    }
    // It fails for one reason only: it would need more than the gibibyte that it is given.
    prop_assert!(code != 1 || told.contains("of memory"), "{}", why());
    // What is no text has no lines.
    if code == 2 && !told.contains("cannot read mutant.toml") {
        prop_assert!(told.lines().any(names_a_place), "{}", why());
    }
    Ok(code)
}

/// Such as `╭─[mutant.toml:3:14]`.
fn names_a_place(line: &str) -> bool {
    let Some((_, place)) = line.trim_end_matches(']').split_once("╭─[") else {
        return false;
    };
    let numbers = place.rsplit(':').take(2);
    line.ends_with(']')
        && numbers.clone().count() == 2
        && numbers.into_iter().all(|it| it.parse::<usize>().is_ok())
}

#[test]
fn a_damaged_scenario_is_accepted_or_refused_at_its_place() {
    let codes = [const { Cell::new(0_u32) }; 3];
    let outcome = TestRunner::new(config()).run(&mutant(), |mutant| {
        let count = &codes[tried(&mutant)? as usize];
        count.set(count.get() + 1);
        Ok(())
    });
    if let Err(TestError::Fail(reason, mutant)) = outcome {
        panic!("{reason}\n\nThe mutant:\n\n{mutant:?}");
    }
    let [accepted, failed, refused] = codes.map(|count| count.get());
    println!("{accepted} were accepted, {failed} failed, {refused} were refused");
    // Were all of one kind, this test would say little.
    assert!(accepted > 3 && refused > 3 && failed < refused);
}
