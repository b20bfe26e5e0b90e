//! Who asks, and when: `[workload] source` and `arrivals`.

use std::collections::BTreeMap;
use std::path::Path;

use chordsim::catalogue::{Outcome, Reason};
use chordsim::scenario::{Overrides, Plan};

use crate::common::run_one;

fn ring(workload: &str) -> String {
    format!(
        "warmup = \"1m\"\nduration = \"5m\"\noverlay = {{ id_bits = 7, ids = [14, 32, 98] }}\n[workload]\n{workload}\n"
    )
}

fn refused(text: &str) -> (String, String) {
    let error = Plan::parse(text, Path::new("a.toml"), &Overrides::default()).expect_err(text);
    (error.to_string(), error.offending().to_owned())
}

/// Another asker changes neither when it is asked nor for what.
#[test]
fn one_node_makes_all_requests() {
    let rest = "lookups_per_s = 2\nputs_per_s = 1\ngets_per_s = 1\n";
    let (random, one) = (
        run_one(&ring(rest)),
        run_one(&ring(&format!("{rest}source = 98"))),
    );
    assert!(one.lookups.len() > 400 && one.operations.len() > 400);
    assert!(one.lookups.iter().all(|row| row.source_id == Some(98)));
    assert!(one.operations.iter().all(|row| row.source_id == Some(98)));
    let asked = |run: &crate::common::Run| {
        let lookups = run
            .lookups
            .iter()
            .map(|row| (row.time_s.to_bits(), row.key));
        let operations = run
            .operations
            .iter()
            .map(|row| (row.time_s.to_bits(), row.key));
        lookups.chain(operations).collect::<Vec<_>>()
    };
    assert_eq!(asked(&random), asked(&one));
    assert!(random.lookups.iter().any(|row| row.source_id != Some(98)));
    assert!(
        one.summary.expected.is_empty(),
        "theory is about random askers"
    );
}

/// The one who asks comes after two minutes and goes after four: before and after nobody asks.
#[test]
fn while_the_one_who_asks_is_not_there_nobody_asks() {
    let events = "[[event]]\nat = \"2m\"\njoin = 77\n[[event]]\nat = \"4m\"\ncrash = 77\n";
    let run = run_one(&(ring("lookups_per_s = 2\nsource = 77") + events));
    let (there, away): (Vec<_>, Vec<_>) = run
        .lookups
        .iter()
        .partition(|row| row.source_id == Some(77));
    assert!(there.len() > 150 && away.len() > 250);
    // Some round trips of 100 ms after it came it is on the ring.
    assert!(
        there
            .iter()
            .all(|row| row.time_s > 120.0 && row.time_s < 240.0)
    );
    assert!(
        away.iter()
            .all(|row| row.time_s < 125.0 || row.time_s > 240.0)
    );
    assert!(away.iter().all(|row| {
        (row.outcome, row.reason, row.source) == (Outcome::Failed, Some(Reason::NobodyLeft), None)
    }));
}

/// Three nodes, seven lookups each, ten seconds apart, the first within the first ten.
#[test]
fn each_node_makes_so_many_lookups_in_its_turn() {
    let text = ring("arrivals = \"per-node\"\nrequests_per_node = 7\nrequest_every = \"10s\"");
    let run = run_one(&text);
    let mut by_node: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for row in &run.lookups {
        by_node
            .entry(row.source_id.unwrap())
            .or_default()
            .push(row.time_s);
    }
    assert_eq!(by_node.keys().copied().collect::<Vec<_>>(), [14, 32, 98]);
    for times in by_node.values() {
        assert_eq!(times.len(), 7);
        assert!((0.0..10.0).contains(&times[0]), "{times:?}");
        assert!(
            times
                .windows(2)
                .all(|pair| (pair[1] - pair[0] - 10.0).abs() < 1e-6),
            "{times:?}"
        );
    }
    let mut firsts: Vec<_> = by_node.values().map(|times| times[0].to_bits()).collect();
    firsts.dedup();
    assert_eq!(firsts.len(), 3, "nodes ask at moments of their own");
    let other = run_one(&text.replace("id_bits = 7", "id_bits = 8"));
    let times = |run: &crate::common::Run| {
        run.lookups
            .iter()
            .map(|row| (row.source, row.time_s.to_bits()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        times(&run),
        times(&other),
        "when they ask does not depend on the overlay"
    );
}

/// One that joins makes its own, one that goes makes no more, and the measurement ends for all.
#[test]
fn turns_follow_who_is_there() {
    let events = "[[event]]\nat = \"100s\"\njoin = 77\n[[event]]\nat = \"200s\"\nleave = 98\n";
    let run = run_one(
        &(ring("arrivals = \"per-node\"\nrequests_per_node = 1000\nrequest_every = \"10s\"")
            + events),
    );
    let of = |id| {
        run.lookups
            .iter()
            .filter(|row| row.source_id == Some(id))
            .count()
    };
    // 300 s of a turn every 10 s; 98 is there for 200 s, 77 from 100 s on.
    assert_eq!([14, 32, 98, 77].map(of), [30, 30, 20, 20]);
    // With sessions a turn at which a node is down passes: of 30 turns of each of 100 nodes and as many that are down at
    // first half take place, give or take what chance does.
    let text = "warmup = \"0s\"\nduration = \"300s\"\n[overlay]\nnodes = 100\n[workload]\narrivals = \"per-node\"\nrequests_per_node = 1000\nrequest_every = \"10s\"\n[churn]\nmodel = \"sessions\"\nsessions = { up = { exponential = { mean = \"1m\" } }, down = { exponential = { mean = \"1m\" } } }\n";
    let lookups = run_one(text).lookups.len();
    assert!((2_500..3_500).contains(&lookups), "{lookups}");
}

#[test]
fn what_cannot_be_is_refused() {
    let told = |message: &str, offending: &str| (message.to_owned(), offending.to_owned());
    assert_eq!(
        refused(&ring("source = 128")),
        told("128 is not on the ring", "128")
    );
    assert_eq!(
        refused(&ring("source = 77")),
        told("nobody ever has the identifier 77", "77")
    );
    let both = "source = 98\narrivals = \"per-node\"";
    assert_eq!(
        refused(&ring(both)),
        told("either one node asks, or each in its turn", "98")
    );
    let word = refused(&ring("source = \"all\"")).0;
    assert_eq!(word, "`workload.source` has no choice \"all\"");
    let kind = refused(&ring("source = 1.5")).0;
    assert_eq!(
        kind,
        "`workload.source` must be \"random\" or a whole number"
    );
    let never = refused(&ring("request_every = \"0s\"")).0;
    assert_eq!(never, "`workload.request_every` must be more than zero");
}

/// `printf alice | sha1sum` begins with 52 (0101 0010), bob with 48 (0100 1000), 120 with 77 (0111 0111): of seven bits 41, 36
/// and 59.
#[test]
fn named_keys_lie_where_their_names_say() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.txt");
    std::fs::write(&file, "# three\nalice\n\n  bob\r\n120\n").unwrap();
    let text = ring(
        "lookups_per_s = 2\nputs_per_s = 1\ngets_per_s = 1\nkeys_file = \"keys.txt\"\npopularity = \"zipf\"",
    );
    let plan = Plan::parse(&text, &folder.path().join("a.toml"), &Overrides::default()).unwrap();
    assert_eq!(
        plan.runs[0].scenario.workload.keys_file.as_ref(),
        Some(&file)
    );
    let run = crate::common::run(&plan.runs[0]);
    let mut times: BTreeMap<(u64, &str), u32> = BTreeMap::new();
    for row in &run.operations {
        *times
            .entry((row.key, row.label.as_deref().unwrap()))
            .or_default() += 1;
    }
    let [alice, bob, digits] = [(41, "alice"), (36, "bob"), (59, "120")].map(|key| times[&key]);
    assert_eq!(times.len(), 3);
    // Of 600 as 1, 1/2 and 1/3: 327, 164 and 109, give or take chance.
    assert!(alice > bob + 50 && bob > digits && digits > 60, "{times:?}");
    assert!(
        run.lookups
            .iter()
            .all(|row| [41, 36, 59].contains(&row.key))
    );
    assert!(
        run.summary.expected.is_empty(),
        "theory is about keys anywhere"
    );
    // The keys at the end: 33 to 98 are 98's.
    let keys: Vec<_> = run.nodes.iter().map(|node| (node.id, node.keys)).collect();
    assert_eq!(keys, [(14, Some(0)), (32, Some(0)), (98, Some(3))]);
    let both = text.replace("popularity", "keys = 3\npopularity");
    assert_eq!(
        refused(&both).0,
        "the keys are named, or there are so many without names"
    );
    let none = text.replace("keys.txt", "");
    assert_eq!(refused(&none).0, "`workload.keys_file` names no file");
}

#[test]
fn a_file_of_keys_that_is_none_ends_the_program_well() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = ring("keys_file = \"keys.txt\"");
    std::fs::write(folder.path().join("a.toml"), scenario).unwrap();
    for (content, told) in [
        (None, "cannot use the file"),
        (
            Some(&b"alice\nalice\n"[..]),
            "this name stands in the file already",
        ),
        (Some(b""), "the file has no data"),
        (Some(b"al\x1bice\n"), "a name holds <U+001B>"),
        (Some(b"\xff\xfe\x00\xd8"), "keys.txt"),
    ] {
        if let Some(content) = content {
            std::fs::write(folder.path().join("keys.txt"), content).unwrap();
        }
        let run = crate::common::program::chordsim(folder.path())
            .args(["check", "a.toml"])
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
    }
    // A good one is a part of the results, by its digest.
    std::fs::write(folder.path().join("keys.txt"), "alice\n\"a, b\"\n").unwrap();
    let run = crate::common::program::chordsim(folder.path())
        .args([
            "run",
            "a.toml",
            "--no-plots",
            "--set",
            "workload.puts_per_s=1",
            "--quiet",
        ])
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let results = folder.path().join("results/a");
    let manifest = std::fs::read_to_string(results.join("manifest.json")).unwrap();
    assert!(manifest.contains("keys.txt"));
    let rows = std::fs::read_to_string(results.join("operations.csv")).unwrap();
    assert!(
        rows.contains(",alice,") && rows.contains(",\"\"\"a, b\"\"\","),
        "{rows}"
    );
    let verify = crate::common::program::chordsim(folder.path())
        .args(["verify", "results/a"])
        .output()
        .unwrap();
    assert_eq!(
        verify.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&verify.stderr)
    );
}
