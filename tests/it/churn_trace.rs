//! Churn from data: who is there when is what the file says, whatever the overlay does.
#![expect(
    clippy::float_cmp,
    reason = "counts are whole numbers, and moments exact"
)]

use std::fs;
use std::path::{Path, PathBuf};

use chordsim::catalogue::{OperationKind, OperationOutcome};
use chordsim::scenario::{Overrides, Plan};
use predicates::str::contains;
use tempfile::TempDir;

use crate::common::books::assert_books_balance;
use crate::common::program::chordsim;
use crate::common::{Run, audit, mean_and_error, plan, run, run_all, run_one};

/// The trace of Skype; `None`, said aloud, where there is no data. Under continuous integration it must be there.
pub(crate) fn skype() -> Option<PathBuf> {
    let folder = std::env::var_os("CHORDSIM_DATA");
    if folder.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CHORDSIM_DATA is not set");
        eprintln!("CHORDSIM_DATA is not set: nothing was tested on the trace of Skype");
    }
    folder.map(|folder| PathBuf::from(folder).join("skype-2081-hosts.avt"))
}

/// How long all peers together were up, of runs with one position each.
fn up_s(run: &Run) -> f64 {
    run.nodes.iter().map(|node| node.up_s).sum()
}

#[test]
fn a_day_of_skype_is_that_day() {
    let Some(file) = skype() else { return };
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/paper/churn-skype.toml");
    let set = [
        "output.nodes=true".into(),
        format!("churn.trace.file={}", file.display()),
    ];
    let overrides = Overrides {
        set: set.to_vec(),
        ..Overrides::default()
    };
    let plan = Plan::parse(
        &fs::read_to_string(&scenario).unwrap(),
        &scenario,
        &overrides,
    )
    .unwrap();
    let run = run(&plan.runs[0]);
    assert_books_balance(&run);
    assert_eq!(
        ["joins", "leaves", "crashes"].map(|name| run.metric(name)),
        [1133.0, 1113.0, 0.0]
    );
    let mean = run.metric("peers_up_mean");
    assert!((mean - 802.065).abs() < 0.0005, "{mean}");
    // The same by the rows of the nodes.
    assert!(
        (up_s(&run) / 86_400.0 - mean).abs() < 1e-6,
        "{}",
        up_s(&run)
    );
    // 700 hosts are up when the day begins; 720, when it ends.
    let initially = run
        .nodes
        .iter()
        .filter(|node| node.node < 700 && node.up_s > 0.0)
        .count();
    assert_eq!(initially, 700);
    assert_eq!(run.metric("nodes_end"), 720.0);
}

const AVT: &str =
    "a 2 0 100 300 500\nb 1 50 200\nc 1 90 100\nd 1 100 600\ne 1 150 160\nf 1 400 1000\n";

const OVERSIM: &str = "1 1 JOIN\n5 2 JOIN\n10 3 JOIN\n11 1 LEAVE\n15 4 JOIN\n16 3 LEAVE\n50 4 PUT foo bar\n60 2 GET foo\n";

const SCENARIO: &str = "warmup = \"0s\"\nduration = \"1210s\"\nsample = \"110s\"\n[churn]\nmodel = \"trace\"\n[churn.trace]\nfile = \"trace.txt\"\n";

/// A folder with a trace, and a scenario that plays it.
fn folder(trace: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("trace.txt"), trace).unwrap();
    fs::write(folder.path().join("it.toml"), SCENARIO).unwrap();
    folder
}

/// Plays a trace, with these options.
fn played(trace: &str, set: &[&str]) -> Run {
    let folder = folder(trace);
    let overrides = Overrides {
        set: set.iter().map(ToString::to_string).collect(),
        ..Overrides::default()
    };
    let plan = Plan::parse(SCENARIO, &folder.path().join("it.toml"), &overrides)
        .unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)));
    let run = run(&plan.runs[0]);
    // Puts and gets look up keys as well.
    if run.operations.is_empty() {
        assert_books_balance(&run);
    }
    run
}

/// Who came and who crashed in each row of 110 s.
fn changes(run: &Run) -> Vec<(u64, u64)> {
    let rows = run.timeline.iter();
    rows.map(|row| (row.joins, row.crashes)).collect()
}

/// Changes of the first rows; in the others, nobody comes or goes.
fn only(first: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut all = first.to_vec();
    all.resize(11, (0, 0));
    all
}

/// `a` is up at 0, gone at 100, back at 300, gone at 500, and so on; `f` is up when the trace ends, and stays.
#[test]
fn peers_come_and_go_as_the_file_says() {
    let run = played(AVT, &[]);
    let mut up: Vec<(u32, u32, f64)> = run
        .nodes
        .iter()
        .map(|it| (it.node, it.sessions, it.up_s))
        .collect();
    up.sort_by_key(|(node, ..)| *node);
    let expected = [
        (0, 2, 300.0),
        (1, 1, 150.0),
        (2, 1, 10.0),
        (3, 1, 500.0),
        (4, 1, 10.0),
        (5, 1, 810.0),
    ];
    assert_eq!(up, expected);
    let count = |run: &Run| ["joins", "leaves", "crashes"].map(|name| run.metric(name));
    assert_eq!(count(&run), [6.0, 0.0, 6.0]);
    assert!((run.metric("peers_up_mean") - 1780.0 / 1210.0).abs() < 1e-9);
    assert_eq!(count(&played(AVT, &["churn.graceful=1"])), [6.0, 6.0, 0.0]);
}

/// The time of the trace from 90 s on, twice as fast, 300 s of it.
#[test]
fn a_part_of_it_is_played_at_another_speed() {
    let cut = [
        "churn.trace.from=90s",
        "churn.trace.length=300s",
        "churn.trace.speed=2",
    ];
    let run = played(AVT, &cut);
    // a, b and c are up at time 0. 100 s: a and c go, d comes (5 s); 150 and 160 s: e (30 and 35 s); 200 s: b goes (55 s);
    // 300 s: a comes (105 s). What the trace says of 400 s and later is not played: a and d stay.
    assert_eq!(changes(&run), only(&[(3, 4)]));
    let all = (5.0 + 1105.0) + 55.0 + 5.0 + 1205.0 + 5.0;
    assert!((up_s(&run) - all).abs() < 1e-6, "{}", up_s(&run));
}

/// From then on nobody comes or goes, and until then all is as without an end.
#[test]
fn churn_from_a_trace_ends_when_it_shall() {
    let run = played(AVT, &["churn.until=150s"]);
    // b, c and d come, a and c go; e comes at 150 s.
    assert_eq!(changes(&run), only(&[(3, 2), (1, 0)]));
}

/// Whoever a fault has struck stays away until the trace lets it come again.
#[test]
fn who_is_struck_comes_back_with_its_next_session() {
    let run = played(AVT, &["fault=[{ at = \"120s\", kill = 1.0 }]"]);
    // b and d are struck at 120 s. e is up from 150 to 160 s, a comes back at 300 and goes at 500 s, f comes at 400 s.
    let expected = [(3, 2), (1, 3), (1, 0), (1, 0), (0, 1)];
    assert_eq!(changes(&run), only(&expected));
    let d = run.nodes.iter().find(|node| node.node == 3).unwrap();
    assert_eq!((d.sessions, d.up_s), (1, 20.0));
}

/// A small ring has room for as many as come, however many there would be without a trace.
#[test]
fn a_ring_is_as_small_as_its_trace() {
    let small = ["overlay.id_bits=3", "chord.successors=2"];
    assert_eq!(played(AVT, &small).metric("joins"), 6.0);
}

/// More well-known peers than there are peers: those that there are.
#[test]
fn a_trace_may_have_fewer_peers_than_are_well_known() {
    for trace in [
        "1 1 JOIN\n2 2 JOIN\n3 3 JOIN\n40 2 LEAVE\n",
        "1 1 JOIN\n2 2 JOIN\n",
    ] {
        for bootstrap in [3, 5] {
            let few = [&format!("overlay.bootstrap={bootstrap}")[..], "duration=2m"];
            let run = played(trace, &few);
            assert!(run.metric("joins") >= 2.0, "{bootstrap}");
            // After everybody has gone there is none to strike.
            let gone =
                "fault=[{ at = \"50s\", kill = 1.0 }, { at = \"60s\", crash_well_known = true }]";
            let run = played(trace, &[few[0], few[1], gone]);
            assert!(run.metric("joins") >= 2.0, "{bootstrap}");
        }
    }
}

#[test]
fn a_trace_of_oversim_puts_and_gets() {
    let run = played(OVERSIM, &[]);
    assert_eq!(
        ["joins", "crashes"].map(|name| run.metric(name)),
        [4.0, 2.0]
    );
    let operations: Vec<_> = run
        .operations
        .iter()
        .map(|it| {
            (
                it.kind,
                it.time_s,
                it.source,
                it.label.as_deref(),
                it.bytes,
                it.outcome,
            )
        })
        .collect();
    // Nodes 4 and 2 are the last and the second to come.
    let expected = [
        (
            OperationKind::Put,
            50.0,
            Some(3),
            Some("foo"),
            Some(3),
            OperationOutcome::Stored,
        ),
        (
            OperationKind::Get,
            60.0,
            Some(1),
            Some("foo"),
            Some(3),
            OperationOutcome::Found,
        ),
    ];
    assert_eq!(operations, expected);
}

#[test]
fn lookups_of_p2psim_are_lookups() {
    let text = "node 1 1 join wellknown=1\nnode 2000 2 join wellknown=1\nnode 50000 2 lookup key=abc\nsimulator 90000 exit\n";
    let run = played(text, &["workload.lookups_per_s=0"]);
    assert_eq!(
        ["lookups", "ok", "joins"].map(|name| run.metric(name)),
        [1.0, 1.0, 2.0]
    );
    assert_eq!(run.lookups[0].time_s, 50.0);
}

/// Who comes and goes when does not depend on what the overlay does, nor on the seed.
#[test]
fn the_world_of_a_trace_is_the_same_for_all() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/data/day-and-night.avt");
    let toml = format!(
        "warmup = \"1h\"\nduration = \"6h\"\nsample = \"30m\"\nrepeat = 2\n[workload]\nlookups_per_s = 0.1\n[churn]\nmodel = \"trace\"\n\
         graceful = 0.5\ntrace = {{ file = \"{}\", from = \"860m\" }}\n\
         [sweep]\n\"chord.routing\" = [\"fingers\", \"successors\"]\n",
        data.display()
    );
    let runs = run_all(&toml);
    assert_eq!(runs.len(), 4);
    let changes = |run: &Run| -> Vec<_> {
        let rows = run.timeline.iter();
        rows.map(|row| (row.joins, row.leaves + row.crashes))
            .collect()
    };
    let up = |run: &Run| -> Vec<_> {
        let mut up: Vec<_> = run
            .nodes
            .iter()
            .map(|it| (it.node, it.sessions, it.up_s.to_bits()))
            .collect();
        up.sort_unstable();
        up
    };
    for run in &runs {
        assert_books_balance(run);
        assert_eq!(changes(run), changes(&runs[0]));
        assert_eq!(run.metric("peers_up_mean"), runs[0].metric("peers_up_mean"));
    }
    // Of one repetition also who says goodbye.
    let manners = |run: &Run| -> Vec<_> { run.timeline.iter().map(|row| row.leaves).collect() };
    assert_eq!(manners(&runs[0]), manners(&runs[2]));
    assert_ne!(manners(&runs[0]), manners(&runs[1]));
    assert_eq!(up(&runs[0]), up(&runs[2]));
    let audited = audit(&plan(&toml).runs[0]);
    assert_eq!(audited.metric("violations"), 0.0);
}

#[test]
fn the_program_says_what_it_read_and_what_does_not_fit() {
    let check = |folder: &TempDir, set: &[&str]| {
        let mut command = chordsim(folder.path());
        command.args(["check", "it.toml"]);
        for set in set {
            command.args(["--set", set]);
        }
        command.assert()
    };
    let right = folder(AVT);
    check(&right, &["overlay.nodes=1"])
        .code(0)
        .stdout(contains("read as sessions of hosts, a line each (.avt)"))
        .stdout(contains(
            "sessions that last to the end of the trace, whose hosts stay: 1",
        ));
    for (set, told) in [
        (
            "overlay.nodes=7",
            "1 of its hosts are up where it is cut, and `overlay.nodes` is 7",
        ),
        (
            "overlay.virtual_nodes=10",
            "they need 60 ring positions, and there are 32",
        ),
        (
            "churn.trace.from=2000h",
            "its last moment is 1000s, and `churn.trace.from` is 2000h",
        ),
        ("overlay.start=join", "a trace says who joins when"),
        ("overlay.ids=[1]", "a trace says how many there are"),
        (
            "churn.trace.format=oversim",
            "trace.txt, line 1, column 1: `a` is not a time",
        ),
        ("churn.trace.file=none.avt", "cannot use the file"),
    ] {
        let bits: &[&str] = if set.contains("virtual") {
            &["overlay.id_bits=5", "chord.successors=2"]
        } else {
            &[]
        };
        check(&right, &[&[set], bits].concat())
            .code(2)
            .stderr(contains(told));
    }
    check(&folder("h 1 4 2\n"), &[]).code(2).stderr(contains(
        "trace.txt, line 1, column 5: a session ends before it begins",
    ));
    let gap = ["churn.trace.from=20s", "churn.trace.length=30s"];
    check(&folder("h 1 0 10\nk 1 100 200\n"), &gap)
        .code(2)
        .stderr(contains("nobody is up in the part of it that is played"));
    check(&right, &["duration=4h"])
        .code(0)
        .stderr(contains("the last that the trace of churn says happens"));
}

/// A result with a trace is what its scenario gives, also for `verify`, and a ring that nobody is on at first is one.
#[test]
fn results_of_a_trace_are_verified() {
    let folder = folder(OVERSIM);
    let mut run = chordsim(folder.path());
    run.args(["run", "it.toml", "--no-plots"]).assert().code(0);
    let rows = fs::read_to_string(folder.path().join("results/it/operations.csv")).unwrap();
    assert_eq!(rows.lines().count(), 3, "{rows}");
    let mut verify = chordsim(folder.path());
    verify.args(["verify", "results/it"]).assert().code(0);
}

/// Weibull with the shape ½ and the scale s = 30 min, met in the middle: (1 + √(t/s))·exp(-√(t/s)) are still up after t.
#[test]
fn lives_under_way_at_time_0_are_residual_lives() {
    for (duration, expected) in [("30m", 0.736), ("1h", 0.587), ("2h", 0.406)] {
        let runs = run_all(&format!(
            "warmup = \"0s\"\nduration = \"{duration}\"\nsample = \"{duration}\"\nrepeat = 20\n[overlay]\nnodes = 500\n\
             [chord]\nstabilize_every = \"10m\"\nfix_fingers_every = \"off\"\ncheck_predecessor_every = \"off\"\n\
             [workload]\nlookups_per_s = 0\n[churn]\nmodel = \"sessions\"\n\
             sessions = {{ up = {{ weibull = {{ scale = \"30m\", shape = 0.5 }} }}, down = {{ fixed = {{ value = \"10m\" }} }} }}\n"
        ));
        let shares: Vec<f64> = runs
            .iter()
            .map(|run| {
                let all = f64::from(500);
                let whole = run
                    .nodes
                    .iter()
                    .filter(|it| it.node < 500 && it.sessions == 1);
                let length = seconds(duration);
                whole.filter(|it| (it.up_s - length).abs() < 1e-6).count() as f64 / all
            })
            .collect();
        let (mean, error) = mean_and_error(&shares);
        assert!(
            (mean - expected).abs() < 4.0 * error + 0.0005,
            "{duration}: {mean} ± {error}, not {expected}"
        );
    }
}

fn seconds(duration: &str) -> f64 {
    match duration {
        "30m" => 1800.0,
        "1h" => 3600.0,
        _ => 7200.0,
    }
}

/// A named fit is the distribution that was published: KAD, scale 169.5385 min and shape .61511.
#[test]
fn a_published_law_is_the_one_that_was_fitted() {
    let with = |up: &str| {
        run_one(&format!(
            "warmup = \"0s\"\nduration = \"1h\"\n[overlay]\nnodes = 50\n[workload]\nlookups_per_s = 0\n[churn]\nmodel = \"sessions\"\n\
             [churn.sessions]\nup = {up}\ndown = {{ fixed = {{ value = \"1h\" }} }}\n"
        ))
    };
    let named = with("{ published = { fit = \"kad-2007-up\" } }");
    let spelt = with("{ weibull = { scale = \"10172310ms\", shape = 0.61511 } }");
    let other = with("{ published = { fit = \"bittorrent-flatout-2006\" } }");
    let up = |run: &Run| -> Vec<u64> { run.nodes.iter().map(|it| it.up_s.to_bits()).collect() };
    assert_eq!(up(&named), up(&spelt));
    assert_ne!(up(&named), up(&other));
}
