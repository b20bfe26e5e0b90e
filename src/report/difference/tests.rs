use super::*;
use crate::results::manifest::Manifest;
use crate::results::testing;

#[test]
fn numbers_are_read_in_groups() {
    assert_eq!(grouped(0), "0");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(12_345_678), "12 345 678");
    assert_eq!(counted(1, "run", "runs"), "1 run");
    assert_eq!(counted(1000, "run", "runs"), "1 000 runs");
}

#[test]
fn cells_are_shown_on_one_line_of_reasonable_length() {
    let cell = |was: &str| CellDifference {
        column: "hops".to_owned(),
        was: was.to_owned(),
        is: String::new(),
    };
    assert_eq!(cells(&[cell("4")]), "hops was 4, is empty");
    assert_eq!(cells(&[cell("a\nb")]), "hops was a\\nb, is empty");
    let long = cells(&vec![cell(&"9".repeat(50)); 6]);
    assert!(long.starts_with(&format!("hops was {}…, is empty; ", "9".repeat(40))));
    assert!(long.ends_with("; and 2 more cells"), "{long}");
}

fn manifest(version: &str) -> Manifest {
    let manifest = json!({
        "program": {"name": "chordsim", "version": version, "git_commit": ""},
        "plan": {
            "name": "it", "title": "", "seed": 1, "repeat": 2, "swept": [], "output": {},
            "scenario_file": "it.toml", "scenario_text": "",
            "overrides": {"seed": null, "repeat": null, "set": []}, "inputs": [],
        },
        "runs": [], "failed": [], "files": [], "started": "", "wall_seconds": 0.0,
        "peak_memory_bytes": null, "host": {"os": "", "arch": "", "cpus": 1},
    });
    serde_json::from_value(manifest).unwrap()
}

/// What is told of a report on two runs of two combinations each, written and verified by these versions.
fn told(report: &VerifyReport, versions: [&str; 2]) -> String {
    let [then, now] = versions.map(manifest);
    let plan = testing::plan(&["8", "16"], 2);
    let side = |manifest| Side {
        folder: Path::new("results/it"),
        manifest,
    };
    Told {
        results: Path::new("results/it"),
        then: side(&then),
        now: side(&now),
        plan: &plan,
        report,
    }
    .to_string()
}

fn file(name: &str, changed: Option<FileChange>, found: Found) -> FileReport {
    FileReport {
        name: name.to_owned(),
        changed,
        found,
    }
}

fn differing(rows: u64, differing: u64, first: Option<(u64, Difference)>) -> FileDifference {
    FileDifference {
        rows,
        differing,
        columns_gone: Vec::new(),
        columns_new: Vec::new(),
        first: first.map(|(line, what)| RowDifference {
            line,
            run: Some(2),
            what,
        }),
    }
}

fn files() -> Vec<FileReport> {
    let cell = CellDifference {
        column: "hops".to_owned(),
        was: "5".to_owned(),
        is: "4".to_owned(),
    };
    let cells = differing(60_192, 1, Some((15_052, Difference::Cells(vec![cell]))));
    let columns = FileDifference {
        columns_gone: vec!["old".to_owned()],
        columns_new: vec!["a".to_owned(), "b".to_owned()],
        ..differing(4, 0, None)
    };
    vec![
        file("a.csv", None, Found::Same(7)),
        file("b.csv", Some(FileChange::Edited), Found::Same(7)),
        file("c.csv", Some(FileChange::Edited), Found::Differs(cells)),
        file(
            "d.csv",
            None,
            Found::Differs(differing(9, 3, Some((2, Difference::Gone)))),
        ),
        file(
            "e.csv",
            None,
            Found::Differs(differing(1, 1, Some((2, Difference::New)))),
        ),
        file(
            "f.csv",
            None,
            Found::Differs(differing(2, 1, Some((3, Difference::Form)))),
        ),
        file("g.csv", None, Found::Differs(columns)),
        file("h.csv", None, Found::Differs(differing(2, 0, None))),
        file("i.csv", Some(FileChange::Missing), Found::Missing),
        file("j.csv", None, Found::OnlyThen),
        file("k.csv", None, Found::OnlyNow),
    ]
}

fn parted() -> Vec<Divergence> {
    let between = |after_s| {
        DivergencePoint::Between(Between {
            after_s,
            equal_events: 1234,
            before_s: 2.5,
        })
    };
    let places = [
        between(Some(2.0)),
        between(None),
        DivergencePoint::Unknown,
        DivergencePoint::Nowhere,
    ];
    (0..)
        .zip(places)
        .map(|(run, place)| Divergence { run, place })
        .collect()
}

fn failed() -> Vec<FailedRun> {
    let failed = |run, then: Option<&str>, now: Option<&str>| FailedRun {
        run,
        then: then.map(str::to_owned),
        now: now.map(str::to_owned),
    };
    vec![
        failed(0, Some("no luck"), Some("no luck")),
        failed(1, Some("no luck"), Some("no power")),
        failed(2, Some("no luck"), None),
        failed(3, None, Some("no power")),
    ]
}

/// Every sentence that there is, to be read.
#[test]
fn what_was_found_is_told_in_whole_sentences() {
    let report = VerifyReport {
        files: files(),
        parted: parted(),
        failed: failed(),
        misnamed: vec![3, 7],
        plan: vec!["plan.seed was 8, is 7".to_owned()],
    };
    let expected = "\
results/it: 4 runs again, and 9 of 11 files are not the same
  b.csv: changed since it was written: manifest.json has another digest
  b.csv: as it is now, it is the same as when run again
  c.csv: changed since it was written: manifest.json has another digest
  c.csv: 1 of 60 192 rows differs: line 15052, run 2 (successors = 16, repetition 0): hops was 5, is 4
  d.csv: 3 of 9 rows differ, the first of them in line 2, run 2 (successors = 16, repetition 0): the row is not \
there when run again
  e.csv: 1 of 1 row differs: line 2, run 2 (successors = 16, repetition 0): the row is there only when run again
  f.csv: 1 of 2 rows differs: line 3, run 2 (successors = 16, repetition 0): the same values, written in another way
  g.csv: columns that are gone: old
  g.csv: columns that are new: a, b
  g.csv: the other columns are the same in every row
  h.csv: the same values, written in another way
  i.csv: is gone
  j.csv: this version does not write such a file
  k.csv: the result has no such file, so there is nothing to compare it with
  run 0 (successors = 8, repetition 0): parted between 2 s and 2.5 s, after 1 234 events alike
  run 1 (successors = 8, repetition 1): parted before 2.5 s, among the first events
  run 2 (successors = 16, repetition 0): went through other events; there are not two fingerprints.csv that tell \
since when
  run 3 (successors = 16, repetition 1): has another fingerprint in manifest.json but the same in fingerprints.csv
  run 0 (successors = 8, repetition 0): failed as it did then: no luck
  run 1 (successors = 8, repetition 1): failed both times; then: no luck; now: no power
  run 2 (successors = 16, repetition 0): failed then and not now; then: no luck
  run 3 (successors = 16, repetition 1): did not fail then and failed now: no power
  manifest.json is not what its scenario gives: plan.seed was 8, is 7
  run 3 (successors = 16, repetition 1): other values, repetition or seed in manifest.json than its scenario gives, or another run, or none
  run 7: other values, repetition or seed in manifest.json than its scenario gives, or another run, or none
  written by chordsim 1.0.0, verified by chordsim 1.0.1; another version may give other results on purpose: see \
its CHANGELOG.md
";
    assert_eq!(told(&report, ["1.0.0", "1.0.1"]), expected);
    let blanks = |line: &str| line.trim_start().contains("  ");
    assert!(!expected.lines().any(blanks), "no stray blanks");
}

#[test]
fn what_is_the_same_is_told_in_a_line() {
    let same = |files| VerifyReport {
        files,
        parted: Vec::new(),
        failed: Vec::new(),
        misnamed: Vec::new(),
        plan: Vec::new(),
    };
    let two = ["a.csv", "b.csv"].map(|name| file(name, None, Found::Same(600)));
    assert_eq!(
        told(&same(two.to_vec()), ["1.0.0", "1.0.0"]),
        "results/it: 4 runs again, 2 files, 1 200 bytes: every byte is the same\n"
    );
    let edited = file(
        "a.csv",
        None,
        Found::Differs(differing(3, 1, Some((2, Difference::Gone)))),
    );
    assert_eq!(
        told(&same(vec![edited]), ["1.0.0", "1.0.0"]),
        "results/it: 4 runs again, and one of 1 files is not the same\n  \
         a.csv: 1 of 3 rows differs: line 2, run 2 (successors = 16, repetition 0): the row is not there when \
         run again\n  every run went through the same events as before\n"
    );
    let parted = VerifyReport {
        parted: (0..25)
            .map(|run| Divergence {
                run,
                place: DivergencePoint::Nowhere,
            })
            .collect(),
        ..same(two.to_vec())
    };
    let told = told(&parted, ["1.0.0", "1.0.0"]);
    assert!(
        told.starts_with(
            "results/it: 4 runs again, and the files are the same, but not all else\n"
        )
    );
    assert!(
        told.ends_with("\n  5 more runs parted; --json tells when\n"),
        "{told}"
    );
}
