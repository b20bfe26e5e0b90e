//! The inputs of the fuzz targets (`fuzz/corpus/`) as plain tests: what a fuzzer once found, and what somebody
//! thought of, is read here by every toolchain.
//!
//! A program of its own, because the published package has no `fuzz/` (cargo leaves out folders with a manifest of
//! their own) and so must not have this test either; `tests/it/` goes along.

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "it is a crate of its own elsewhere")]
mod targets;

use std::fs;
use std::path::Path;

/// Feeds every input of a target to it.
fn feed(target: &str, read: fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fuzz/corpus").join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(&folder).expect("the corpus is part of the repository") {
        let input = entry.unwrap().path();
        // Shown by the test runner if the input fails.
        println!("{}", input.display());
        read(&fs::read(&input).unwrap());
        inputs += 1;
    }
    assert!(inputs >= 10, "{} holds {inputs} inputs", folder.display());
}

#[test]
fn scenarios() {
    feed("scenario", targets::scenario);
}

#[test]
fn graphs() {
    feed("graph", targets::graph);
}

#[test]
fn matrices() {
    feed("matrix", targets::matrix);
}

#[test]
fn traces_of_churn() {
    feed("churn_trace", targets::churn_trace);
}

#[test]
fn manifests() {
    feed("manifest", targets::manifest);
}

#[test]
fn tables() {
    feed("table", targets::table);
}

#[test]
fn parts() {
    feed("part", targets::part);
}
