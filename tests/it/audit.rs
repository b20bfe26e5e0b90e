//! Audits as a user meets them, and what they find on small rings.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use crate::common::program::{Table, chordsim};
use crate::common::{Run, audit, plan};

/// With --audit the ring is looked at after every step: what was proved holds, and the run is the same.
#[test]
fn an_audit_finds_nothing_to_blame_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let small = "warmup = '0s'\nduration = '10m'\n[overlay]\nnodes = 20\n[chord]\nsuccessors = 2\n\
                 [churn]\nmodel = 'poisson'\npoisson = { joins_per_s = 0.05, leaves_per_s = 0.05 }\n";
    std::fs::write(folder.path().join("small.toml"), small).unwrap();
    let run = |out: &str, options: &[&str]| {
        let arguments = ["run", "small.toml", "--no-plots", "--out", out];
        let output = chordsim(folder.path())
            .args(arguments)
            .args(options)
            .assert()
            .success();
        let told = String::from_utf8(output.get_output().stderr.clone()).unwrap();
        let summary = Table::read(&folder.path().join(out).join("summary.csv"));
        (told, summary)
    };
    let (told, plain) = run("plain", &[]);
    assert!(!told.contains("audit"));
    let (told, audited) = run("audited", &["--audit"]);
    assert!(told.contains("audit: zave2017, 1 run:"), "{told}");
    assert!(told.contains(" 0 of them with the preconditions"), "{told}");
    assert_eq!(plain.column("fingerprint"), audited.column("fingerprint"));
    let violations = Table::read(&folder.path().join("audited/audit.csv"));
    assert!(violations.len() > 0, "two in a row fail now and then");
    assert_eq!(audited.numbers("violations"), [violations.len() as f64]);
    assert_eq!(audited.numbers("violations_unexcused"), [0.0]);
    assert!(!folder.path().join("plain/audit.csv").exists());
}

/// V14: lists of two on small rings under churn. The proved protocol never breaks its invariant while
/// the preconditions are given, the one first published does, in the same world.
#[test]
fn the_first_protocol_breaks_its_ring_and_the_proved_one_does_not() {
    let plan = plan(
        r#"
warmup = "0s"
duration = "30m"
repeat = 4
[overlay]
nodes = 8
[chord]
successors = 2
stabilize_every = "5s"
[churn]
model = "poisson"
poisson = { joins_per_s = 0.05, leaves_per_s = 0.05 }
[sweep]
"chord.maintenance" = ["zave2017", "chord2001"]
"#,
    );
    let runs: Vec<Run> = plan.runs.iter().map(audit).collect();
    let (proved, first) = runs.split_at(4);
    for run in proved {
        assert_eq!(run.metric("violations_unexcused"), 0.0);
        assert!(run.violations.iter().all(|row| !row.preconditions));
        assert!(
            run.metric("violations") > 0.0,
            "failures break it now and then"
        );
    }
    for run in first {
        assert!(run.metric("violations_unexcused") > 0.0);
        assert!(run.metric("principals_min") < 3.0);
    }
}
