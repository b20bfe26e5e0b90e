//! `[threshold]`: where a metric falls under a level, from the scenario to the files.

mod refused;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chordsim::catalogue::Metric;
use chordsim::scenario::{Overrides, Plan, Quantity, Side};
use tempfile::TempDir;

use crate::common::program::{Table, assert_same_files, chordsim, files};

/// A ring at rest of 64 nodes that know everything at their distances, and nobody but their first two successors
/// besides.
const RING: &str = r#"
seed = 5
repeat = 6
warmup = "0s"
duration = "60s"
sample = "60s"
overlay = { nodes = 64, ids = "even" }
chord = { successors = 2, stabilize_every = "off", fix_fingers_every = "off", check_predecessor_every = "off" }
workload = { lookups_per_s = 10 }
"#;

const HALF: &str = "[threshold]\nmetric = \"success_rate\"\nlevel = 0.5\n";

fn scenario(folder: &Path, rest: &str) -> PathBuf {
    let file = folder.join("half.toml");
    fs::write(&file, format!("{RING}{rest}")).unwrap();
    file
}

/// Runs `half.toml`; what it says.
fn run(folder: &Path, options: &[&str]) -> String {
    let mut command = chordsim(folder);
    let command = command
        .args(["run", "half.toml", "--no-plots"])
        .args(options);
    let said = command.assert().success().get_output().stderr.clone();
    String::from_utf8(said).unwrap()
}

fn threshold(folder: &Path) -> Table {
    Table::read(&folder.join("results/half/threshold.csv"))
}

/// The CSV files of the result: what is kept for later has wall-clock times in it.
fn csv(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(&folder.join("results/half"));
    files.retain(|name, _| name.extension().is_some_and(|it| it == "csv"));
    files
}

/// A lookup that is passed on by so many peers gets through with probability (1 - f) to their number, for each is
/// selfish with probability f. So the threshold lies where the mean of that over the lookups of the very same seed, in
/// a world without selfish peers, is the level. Rings are few and small: of each seed's own threshold chance has its share, and the
/// mean over seeds is held against the expectation by the spread of the differences.
#[test]
fn droppers_are_too_many_where_the_lengths_of_the_ways_say() {
    let folder = TempDir::new().unwrap();
    scenario(folder.path(), HALF);
    run(folder.path(), &["--repeat", "24"]);
    let found = threshold(folder.path());
    assert_eq!(found.column("status"), ["found"]);
    let lookups = Table::read(&folder.path().join("results/half/lookups.csv"));
    let mut forwarders: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    let columns = ["fraction", "repetition", "hops"].map(|name| lookups.column(name));
    for at in (0..lookups.len()).filter(|at| columns[0][*at] == "0") {
        let hops: f64 = columns[2][at].parse().unwrap();
        let repetition = columns[1][at].parse().unwrap();
        forwarders
            .entry(repetition)
            .or_default()
            .push((hops - 1.0).max(0.0));
    }
    assert_eq!(forwarders.len(), 24);
    let through = |ways: &[f64], f: f64| {
        let all: f64 = ways.iter().map(|way| (1.0 - f).powf(*way)).sum();
        all / ways.len() as f64
    };
    let expected = forwarders.values().map(|ways| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..50 {
            let middle = f64::midpoint(low, high);
            if through(ways, middle) < 0.5 {
                high = middle;
            } else {
                low = middle;
            }
        }
        low
    });
    let expected = expected.sum::<f64>() / 24.0;
    let [mean, ci95, within] =
        ["threshold", "threshold_ci95", "within"].map(|name| found.numbers(name)[0]);
    println!("{mean} ± {ci95}, expected {expected}");
    // Four standard errors are twice the interval, t being 2.07 for 23 degrees of freedom; and half a step.
    assert!(ci95 < 0.03, "{ci95}");
    assert!((mean - expected).abs() < 2.0 * ci95 + within / 2.0);
}

/// What a sweep over the same values says of each seed: the first of them at which its metric is under the level.
#[test]
fn each_threshold_is_the_one_that_a_sweep_over_all_values_shows() {
    let folder = TempDir::new().unwrap();
    let along = "[sweep]\n\"selfish.defence\" = [\"none\", \"retry\"]\n";
    scenario(folder.path(), &format!("{along}{HALF}within = 0.05\n"));
    run(folder.path(), &[]);
    let found = threshold(folder.path());
    let values: Vec<f64> = (0..=20).map(|k| f64::from(k) / 20.0).collect();
    let sweep = format!("{along}\"selfish.fraction\" = {values:?}\n");
    fs::write(folder.path().join("all.toml"), format!("{RING}{sweep}")).unwrap();
    let command = ["run", "all.toml", "--no-plots", "--quiet"];
    chordsim(folder.path()).args(command).assert().success();
    let all = Table::read(&folder.path().join("results/all/summary.csv"));
    let rates = all.numbers("success_rate");
    let (fractions, seeds) = (all.numbers("fraction"), all.numbers("repetition"));
    let defences = all.column("defence");
    for (at, defence) in found.column("defence").into_iter().enumerate() {
        let first = |seed: usize| {
            let rows = (0..all.len())
                .filter(|row| defences[*row] == defence && seeds[*row] as usize == seed);
            let past: Vec<(f64, bool)> =
                rows.map(|row| (fractions[row], rates[row] < 0.5)).collect();
            let turns = past
                .windows(2)
                .filter(|pair| pair[0].1 != pair[1].1)
                .count();
            // Of a noisy curve that passes the level more than once any place would do.
            assert_eq!(turns, 1, "{defence}, seed {seed}");
            past.into_iter().find(|(_, is_past)| *is_past).unwrap().0 - 0.025
        };
        let each: Vec<f64> = (0..6).map(first).collect();
        let mean = each.iter().sum::<f64>() / 6.0;
        assert!((found.numbers("threshold")[at] - mean).abs() < 1e-9);
        let least = each.iter().copied().fold(1.0, f64::min);
        assert!((found.numbers("threshold_min")[at] - least).abs() < 1e-9);
    }
    // Every run of the search is one of the sweep.
    let searched = Table::read(&folder.path().join("results/half/summary.csv"));
    let prints: std::collections::BTreeSet<&str> = all.column("fingerprint").into_iter().collect();
    assert!(
        searched
            .column("fingerprint")
            .iter()
            .all(|print| prints.contains(print))
    );
    assert_eq!(
        found.numbers("runs").iter().sum::<f64>() as usize,
        searched.len()
    );
}

#[test]
fn neither_jobs_nor_what_was_there_make_a_difference() {
    let folder = TempDir::new().unwrap();
    scenario(folder.path(), &format!("{HALF}within = 0.02\n"));
    let said = run(folder.path(), &["--jobs", "1"]);
    let first = csv(folder.path());
    let runs = Table::read(&folder.path().join("results/half/summary.csv")).len();
    // 50 steps: five values, and four halvings of 13 at most, for each of six seeds.
    assert!(
        said.contains(&format!(
            "half: the search took {runs} of at most 54 runs: {runs} made, 0 finished already"
        )),
        "{said}"
    );
    assert!(run(folder.path(), &[]).contains("half: up to date, nothing to simulate"));
    fs::remove_dir_all(folder.path().join("results")).unwrap();
    // The first seeds are there; then another level has tried some of the same values.
    run(folder.path(), &["--repeat", "2", "--jobs", "4"]);
    run(
        folder.path(),
        &["--set", "threshold.level=0.6", "--jobs", "4"],
    );
    let said = run(folder.path(), &["--jobs", "4"]);
    assert_same_files(&first, &csv(folder.path()));
    let made: Vec<usize> = said
        .lines()
        .find_map(|line| line.split_once("of at most 54 runs: "))
        .map(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()))
        .unwrap()
        .filter_map(|number| number.parse().ok())
        .collect();
    // What was reused is at least both ends and the quarters of all, and all runs of two seeds.
    assert_eq!(made[0] + made[1], runs, "{said}");
    assert!(made[1] >= 5 * 6 + 2 * 3 && made[0] > 0, "{said}");
    chordsim(folder.path())
        .args(["verify", "results/half"])
        .assert()
        .success();
}

/// Whatever was finished when it was interrupted is used, and the bytes are those of a search that went through.
#[test]
fn a_search_goes_on_where_it_was_interrupted() {
    let folder = TempDir::new().unwrap();
    scenario(folder.path(), HALF);
    run(folder.path(), &[]);
    let whole = csv(folder.path());
    let result = folder.path().join("results/half");
    // What a search that is interrupted leaves: parts of some of its runs, and nothing else.
    for entry in fs::read_dir(&result).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    let mut parts: Vec<_> = fs::read_dir(result.join(".parts"))
        .unwrap()
        .map(|part| part.unwrap().path())
        .collect();
    parts.sort();
    let runs = parts.len();
    for part in parts.iter().step_by(2) {
        fs::remove_file(part).unwrap();
    }
    let said = run(folder.path(), &[]);
    let made = runs.div_ceil(2);
    let expected = format!("{made} made, {} finished already and used", runs - made);
    assert!(said.contains(&expected), "{said}");
    assert_same_files(&whole, &csv(folder.path()));
}

#[test]
fn verify_sees_a_threshold_that_was_changed() {
    let folder = TempDir::new().unwrap();
    scenario(folder.path(), &format!("{HALF}within = 0.1\n"));
    run(folder.path(), &["--repeat", "2"]);
    let verify = || {
        chordsim(folder.path())
            .args(["verify", "results/half"])
            .assert()
    };
    verify().success();
    let file = folder.path().join("results/half/threshold.csv");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("found", "never")).unwrap();
    let said = verify().code(4).get_output().stderr.clone();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("threshold.csv"), "{said}");
    // And running again mends it.
    assert!(run(folder.path(), &["--repeat", "2"]).contains("file damaged: threshold.csv"));
    verify().success();
}

/// Lookups that need nobody's help succeed whatever the others do: that many never fail, and all succeed where nobody
/// is selfish.
#[test]
fn where_there_is_no_threshold_it_is_said_with_the_curve() {
    let folder = TempDir::new().unwrap();
    for (level, status, said) in [
        (
            "0.001",
            "never",
            "no threshold, success_rate is nowhere under 0.001: 1 at 0, ",
        ),
        (
            "1.5",
            "already",
            "no threshold, success_rate is under 1.5 at 0 already: 1 at 0, ",
        ),
    ] {
        scenario(folder.path(), &HALF.replace("0.5", level));
        let told = run(folder.path(), &[]);
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(said.trim_end()), "{told}");
        assert!(
            told.contains("at 0.25, ") && told.contains(" at 1 "),
            "{told}"
        );
        let found = threshold(folder.path());
        assert_eq!(found.column("status"), [status]);
        assert_eq!(found.column("threshold"), [""]);
        // Ends and quarters of six seeds.
        assert_eq!(found.column("runs"), ["30"]);
    }
}

/// A latency that rises, along a whole number: the more successors are asked one after the other, the longer it takes.
#[test]
fn another_key_and_a_metric_that_rises() {
    let folder = TempDir::new().unwrap();
    // On this network a way of h hops takes (h + 1) × 10 ms. By successors alone half of n nodes stand between, in the mean, and the
    // hops are uniform on 0 to n - 1: their mean is (n - 1)/2.
    let text = "repeat = 3\nwarmup = \"0s\"\nduration = \"100s\"\n[overlay]\nids = \"even\"\n\
        [chord]\nrouting = \"successors\"\nstabilize_every = \"off\"\nfix_fingers_every = \"off\"\n\
        check_predecessor_every = \"off\"\n[network]\nmodel = \"constant\"\n[network.constant]\nlatency = \"10ms\"\n\
        [workload]\nlookups_per_s = 100\n[threshold]\nmetric = \"hops_mean\"\nside = \"above\"\nlevel = 20\n\
        along = \"overlay.nodes\"\nfrom = 2\nto = 200\n";
    fs::write(folder.path().join("half.toml"), text).unwrap();
    run(folder.path(), &[]);
    let found = threshold(folder.path());
    assert_eq!(found.column("side"), ["above"]);
    // (n - 1)/2 is 20 at n = 41; each mean is over 10 000 lookups with a deviation of n/√12, so its error is 0.12 hops
    // or 0.24 nodes: four of them, and half a step.
    let threshold = found.numbers("threshold")[0];
    assert!((threshold - 41.0).abs() < 1.5, "{threshold}");
    let tried = Table::read(&folder.path().join("results/half/summary.csv"));
    assert!(
        tried
            .column("nodes")
            .iter()
            .all(|nodes| nodes.parse::<u32>().is_ok())
    );
}

fn parse(text: &str) -> Result<Plan, String> {
    let plan = Plan::parse(text, Path::new("a.toml"), &Overrides::default());
    plan.map_err(|error| {
        let report = format!("{:?}", miette::Report::new(*error));
        report.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn a_plan_holds_every_run_that_may_be_made() {
    let plan = parse("repeat = 3\n[sweep]\n\"selfish.defence\" = [\"none\", \"retry\"]\n[threshold]\nmetric = \"failed\"\nlevel = 1\nside = \"above\"\n").unwrap();
    let threshold = plan.threshold.as_ref().unwrap();
    assert_eq!(
        (threshold.metric, threshold.side),
        (Metric::Failed, Side::Above)
    );
    assert_eq!(threshold.values.len(), 101);
    assert_eq!(plan.runs.len(), 2 * 101 * 3);
    assert_eq!(plan.runs_at_most(), 2 * 10 * 3);
    assert_eq!(plan.swept[1].column, "fraction");
    let run = &plan.runs[101 * 3 + 7 * 3 + 1];
    assert_eq!(
        (&run.swept[0][..], &run.swept[1][..], run.repetition),
        ("retry", "0.07", 1)
    );
    assert!((run.scenario.selfish.fraction - 0.07).abs() < 1e-15);
    // A value that an option gives leaves nothing to look for.
    let set = Overrides {
        set: vec!["selfish.fraction=0.3".to_owned()],
        ..Overrides::default()
    };
    let plan = Plan::parse(
        "[threshold]\nmetric = \"failed\"\nlevel = 1\n",
        Path::new("a.toml"),
        &set,
    )
    .unwrap();
    assert_eq!((plan.threshold, plan.runs.len()), (None, 1));
}

#[test]
fn a_threshold_is_expected_of_each_combination_once() {
    let text = "[sweep]\n\"selfish.defence\" = [\"none\", \"retry\"]\n[threshold]\nmetric = \"success_rate\"\nlevel = 0.5\n\
        [[expect]]\nquantity = \"threshold\"\nalong = \"defence\"\nvalue = [0.2, 0.5]\nwithin = 0.1\nkind = \"exact\"\n";
    let plan = parse(text).unwrap();
    let all = &plan.expectations;
    let combinations: Vec<u32> = all.iter().map(|one| one.combination).collect();
    assert_eq!(combinations, [0, 101]);
    assert!(all.iter().all(|one| one.quantity == Quantity::Threshold));
    let folder = TempDir::new().unwrap();
    let (sweep, rest) = text.split_once("[threshold]").unwrap();
    scenario(
        folder.path(),
        &format!("{sweep}[threshold]\nwithin = 0.05{rest}"),
    );
    let told = run(folder.path(), &[]);
    let judged: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("threshold") && line.contains("defence = "))
        .collect();
    assert_eq!(judged.len(), 2, "{told}");
    assert!(
        judged
            .iter()
            .all(|line| line.contains("pass") && !line.contains("fraction")),
        "{told}"
    );
}

#[test]
fn check_says_how_many_runs_it_takes_at_most() {
    let folder = TempDir::new().unwrap();
    scenario(folder.path(), HALF);
    let told = chordsim(folder.path())
        .args(["check", "half.toml"])
        .assert()
        .success();
    let told = String::from_utf8(told.get_output().stdout.clone()).unwrap();
    let first = "half.toml: at most 60 runs (10 of 101 values of selfish.fraction × 6 repetitions)\n  looks for where success_rate \
        falls under 0.5 along selfish.fraction, from 0 to 1 to within 0.01\n";
    assert!(told.starts_with(first), "{told}");
}

#[test]
fn the_pictures_show_the_curve_and_the_thresholds() {
    let folder = TempDir::new().unwrap();
    let sweep = "[sweep]\n\"selfish.defence\" = [\"none\", \"retry\"]\n";
    scenario(folder.path(), &format!("{sweep}{HALF}within = 0.05\n"));
    chordsim(folder.path())
        .args(["run", "half.toml", "--quiet"])
        .assert()
        .success();
    for (picture, words) in [
        (
            "threshold-curve",
            &[
                "level",
                "retry",
                "success rate (%)",
                "share of selfish peers",
            ][..],
        ),
        ("threshold", &["retry", "threshold: share of selfish peers"]),
    ] {
        let file = folder.path().join(format!("plots/half/{picture}.svg"));
        let svg = fs::read_to_string(&file).unwrap();
        for word in words {
            assert!(svg.contains(word), "{picture} lacks {word}");
        }
    }
}
