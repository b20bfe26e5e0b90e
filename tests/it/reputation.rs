//! Peers that remember who served them, and selfish ones that come back as others.

#![expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::common::books::{assert_books_balance, ring_at_rest};
use crate::common::program::chordsim;
use crate::common::{Run, audit, mean_and_error, plan, run_one};
use chordsim::catalogue::{Outcome, Reason};
use chordsim::scenario::{Overrides, Plan};
use predicates::str::contains;
use tempfile::TempDir;

fn requests(run: &Run) -> Vec<(String, String, u64)> {
    let lookups = run.lookups.iter().map(|row| {
        let (time, source) = (format!("{:?}", row.time_s), format!("{:?}", row.source));
        (time, source, row.key)
    });
    let operations = run.operations.iter().map(|row| {
        let (time, source) = (format!("{:?}", row.time_s), format!("{:?}", row.source));
        (time, source, row.key)
    });
    lookups.chain(operations).collect()
}

/// What becomes of each request, and of the run.
fn history(run: &Run) -> String {
    let fingerprint = &run.summary.fingerprint;
    format!("{fingerprint:?} {:?} {:?}", run.lookups, run.operations)
}

/// Nobody is silent but the selfish and the dead: where there are none, nobody is ever judged, and the defence changes no
/// event of the run.
#[test]
fn where_all_are_honest_and_alive_nobody_is_judged() {
    for lookup in ["recursive", "iterative"] {
        for verdict in ["shun", "avoid"] {
            let world = |defence: &str| {
                let rest = format!(
                    "gets_per_s = 2\nputs_per_s = 2\nkeys = 100\n[selfish]\nreputation_verdict = \"{verdict}\"\n\
                     defence = \"{defence}\"\n[storage]\nreplicas = 3"
                );
                let world = ring_at_rest(&rest);
                run_one(&world.replace("[chord]", &format!("[chord]\nlookup = \"{lookup}\"")))
            };
            let (plain, careful) = (world("none"), world("reputation"));
            assert_eq!(careful.metric("verdicts"), 0.0);
            assert_eq!(careful.metric("failed_shunned"), 0.0);
            assert_eq!(careful.metric_if_any("false_verdict_share"), None);
            assert_eq!(history(&plain), history(&careful));
        }
    }
}

/// At the beginning of the measurement values are there at once. Who was asked for one just before that, and had none, is not to
/// blame, while others answer the same get later and have it.
#[test]
fn nobody_is_blamed_for_what_nobody_had() {
    let world = |defence: &str| {
        run_one(&format!(
            "seed = 4\nwarmup = \"10s\"\nduration = \"60s\"\noverlay.nodes = 20\n\
             network = {{ model = \"uniform\", uniform = {{ min = \"1ms\", max = \"200ms\" }} }}\n\
             workload = {{ lookups_per_s = 0, gets_per_s = 100, keys = 100 }}\n\
             storage = {{ replicas = 3, preload = true }}\n\
             selfish = {{ defence = \"{defence}\", reputation_half_life = \"off\" }}"
        ))
    };
    let (plain, careful) = (world("none"), world("reputation"));
    assert_eq!(careful.metric("verdicts"), 0.0);
    assert_eq!(history(&plain), history(&careful));
}

/// A clock that strikes at the very moment at which it was wound goes on all the same.
#[test]
fn a_clock_that_strikes_at_once_goes_on() {
    let run = run_one(
        "warmup = \"0s\"\nduration = \"2s\"\nsample = \"1s\"\noverlay.nodes = 10\nworkload.lookups_per_s = 1\n\
         [selfish]\nfraction = 0.5\nbehaviour = \"drop-lookups+whitewash\"\ndefence = \"reputation\"\nwhitewash_every = \"1us\"",
    );
    assert!(run.metric("events") > 1e6);
}

/// Who asks node by node sees itself who is silent: it judges nobody unjustly, and waits for each dropper once.
#[test]
fn who_asks_node_by_node_judges_rightly() {
    let world = |defence: &str| {
        let rest = format!("[selfish]\nfraction = 0.2\nreputation_half_life = \"off\"\n{defence}");
        let world = ring_at_rest(&rest).replace("[chord]", "[chord]\nlookup = \"iterative\"");
        run_one(&world.replace("lookups_per_s = 10.0", "lookups_per_s = 50.0"))
    };
    let plain = world("");
    for verdict in ["shun", "avoid"] {
        let defence = format!("defence = \"reputation\"\nreputation_verdict = \"{verdict}\"");
        let run = world(&defence);
        assert_books_balance(&run);
        assert_eq!(requests(&run), requests(&plain));
        assert!(run.metric("verdicts") > 1000.0);
        // Whoever is shunned is not served, and judges those that do not serve it.
        assert_eq!(run.metric("false_verdicts") == 0.0, verdict == "avoid");
        let (before, after) = (plain.metric("timeouts_mean"), run.metric("timeouts_mean"));
        println!("{verdict}: {before} timeouts per lookup, {after} with reputation");
        assert!(after < 0.8 * before, "{after} of {before}");
        // A dropper answers for its own keys, and no other node can: who shuns it does without.
        let selfish: BTreeMap<u32, bool> = run
            .nodes
            .iter()
            .map(|row| (row.node, row.selfish))
            .collect();
        let lost = run.lookups.iter().filter(|row| row.reason.is_some());
        let of_honest = lost.filter(|row| !selfish[&row.source.unwrap()]);
        let reasons: Vec<_> = of_honest.map(|row| row.reason).collect();
        assert!(
            reasons
                .iter()
                .all(|reason| *reason == Some(Reason::Shunned))
        );
        assert_eq!(reasons.is_empty(), verdict == "avoid", "{verdict}");
        assert_eq!(run.metric("failed") == 0.0, verdict == "avoid");
        // To a shunned asker the owner is silent. It takes it for dead, and the next node for the heir.
        let wrong = run
            .lookups
            .iter()
            .filter(|row| row.outcome == Outcome::Wrong);
        let misled: Vec<bool> = wrong.map(|row| selfish[&row.source.unwrap()]).collect();
        assert!(misled.iter().all(|is_selfish| *is_selfish));
        assert_eq!(misled.is_empty(), verdict == "avoid", "{verdict}");
    }
}

/// Who hands a lookup over knows the first hop alone, and blames it: an honest one, where one further on has dropped the
/// lookup. It finds ways without droppers all the same: the farther ones are blamed no less than the nearer.
#[test]
fn who_hands_over_judges_unjustly_and_is_better_off() {
    let world = |defence: &str| {
        let rest = format!("[selfish]\nfraction = 0.1\nreputation_half_life = \"5m\"\n{defence}");
        let rest =
            ring_at_rest(&rest).replace("lookup_timeout = \"1m\"", "lookup_timeout = \"5s\"");
        run_one(&rest.replace("lookups_per_s = 10.0", "lookups_per_s = 100.0"))
    };
    let (plain, careful) = (
        world(""),
        world("defence = \"reputation\"\nreputation_verdict = \"avoid\""),
    );
    assert_books_balance(&careful);
    assert_eq!(requests(&plain), requests(&careful));
    let rate = |run: &Run| run.metric("success_rate");
    let unjust = careful.metric("false_verdict_share");
    println!("{} and {}; {unjust} unjust", rate(&plain), rate(&careful));
    assert!(rate(&careful) > rate(&plain) + 0.02);
    // At first as large a share of the verdicts is just as the first hop is the dropper: f of all lookups, of those that fail.
    // Later ones are unjust more often, as droppers are avoided.
    let at_first = 1.0 - 0.1 / (1.0 - rate(&plain));
    assert!(unjust > at_first, "{unjust} and not {at_first}");
}

const TROUBLED: &str = r#"
warmup = "1m"
duration = "10m"
sample = "1m"
[overlay]
nodes = 100
[churn]
model = "CHURN"
poisson = { joins_per_s = 0.05, leaves_per_s = 0.05 }
sessions.up = { exponential = { mean = "10m" } }
sessions.down = { exponential = { mean = "5m" } }
[network]
model = "plane"
[workload]
lookups_per_s = 10.0
[selfish]
fraction = 0.3
whitewash_every = "1m"
"#;

/// Which nodes there are, by their identifiers: on which host, and whether selfish.
fn inhabitants(run: &Run) -> BTreeMap<u64, (u32, bool)> {
    let of = |row: &chordsim::catalogue::NodeRecord| (row.id, (row.host, row.selfish));
    run.nodes.iter().map(of).collect()
}

/// When requests are made and for what, who else comes and goes, where it sits and whether it is selfish: all that is as
/// without the defence, however often others come back as somebody else.
#[test]
fn nothing_else_in_the_world_depends_on_who_comes_back_as_another() {
    for churn in ["none", "poisson", "sessions"] {
        let world = |more: &str| {
            let text = TROUBLED.replace("CHURN", churn) + more;
            audit(&plan(&text).runs[0])
        };
        let plain = world("");
        let careful = world("defence = \"reputation\"");
        let washed = "behaviour = [\"drop-lookups\", \"whitewash\"]\ndefence = \"reputation\"";
        let washing = world(washed);
        assert_books_balance(&washing);
        assert_eq!(requests(&plain), requests(&careful), "{churn}");
        assert_eq!(inhabitants(&plain), inhabitants(&careful), "{churn}");
        let times = |run: &Run| -> Vec<_> {
            let all = requests(run).into_iter();
            all.map(|(time, _, key)| (time, key)).collect()
        };
        assert_eq!(times(&plain), times(&washing), "{churn}");
        let count = washing.metric("whitewashes");
        assert!(count > 50.0, "{churn}: {count}");
        let (before, now) = (inhabitants(&plain), inhabitants(&washing));
        let hosts: Vec<_> = before.values().map(|(host, _)| *host).collect();
        for (id, there) in &now {
            match before.get(id) {
                Some(was) => assert_eq!(there, was, "{churn}: {id}"),
                // Come back: selfish, on the host of one that was there before.
                None => assert!(
                    there.1 && hosts.contains(&there.0),
                    "{churn}: {id} {there:?}"
                ),
            }
        }
        let others = before.iter().filter(|(_, (_, selfish))| !selfish);
        assert!(others.clone().count() > 50);
        for (id, _) in others {
            assert!(now.contains_key(id), "{churn}: {id} has not come");
        }
        let moved = |run: &Run| run.metric("joins") - run.metric("leaves") - run.metric("crashes");
        assert_eq!(moved(&plain), moved(&washing), "{churn}");
        assert_eq!(history(&washing), history(&world(washed)), "{churn}");
    }
}

/// On an evenly spaced ring who comes back takes its own place: else the ring would be even no more.
#[test]
fn an_even_ring_stays_even() {
    let text = TROUBLED
        .replace("CHURN", "none")
        .replace("nodes = 100", "nodes = 64\nids = \"even\"");
    let text = text + "behaviour = [\"drop-lookups\", \"whitewash\"]\ndefence = \"reputation\"";
    let run = audit(&plan(&text).runs[0]);
    assert!(run.metric("whitewashes") > 50.0);
    assert_eq!(run.metric("violations_unexcused"), 0.0);
    let there = run.nodes.iter().filter(|row| row.left_s.is_none());
    let mut ids: Vec<u64> = there.map(|row| row.id).collect();
    ids.sort_unstable();
    let even: Vec<u64> = (0..64).map(|k| k << 58).collect();
    assert_eq!(ids, even);
    assert_eq!(run.timeline.last().unwrap().ring_ok, Some(true));
}

/// Without anybody who remembers, nobody comes back as another, and one is told so; a trace leaves no room for it.
#[test]
fn what_cannot_be_is_told() {
    let folder = TempDir::new().unwrap();
    let write = |text: &str| fs::write(folder.path().join("wash.toml"), text).unwrap();
    let selfish = "[selfish]\nfraction = 0.1\nbehaviour = [\"drop-lookups\", \"whitewash\"]\n";
    write(selfish);
    let told = "nobody is ever shunned";
    let check = || {
        chordsim(folder.path())
            .args(["check", "wash.toml"])
            .assert()
    };
    check().success().stderr(contains(told));
    write(&format!("{selfish}defence = \"reputation\"\n"));
    let silent = String::from_utf8(check().success().get_output().stderr.clone()).unwrap();
    assert!(!silent.contains(told), "{silent}");
    fs::write(
        folder.path().join("a.avt"),
        "n1 2 0 100 200 300\nn2 1 0 400\n",
    )
    .unwrap();
    write(&format!(
        "{selfish}[churn]\nmodel = \"trace\"\ntrace.file = \"a.avt\"\n"
    ));
    check()
        .failure()
        .stderr(contains("no trace of churn says anything of"));
}

/// The scenario of the paper, from the first request on: how much more often than f (1 - 1/N)^(n - 1) the n-th requests of the
/// honest are refused, in each run.
#[test]
fn the_nth_request_is_refused_as_on_paper() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/paper/reputation-blacklist.toml");
    let set = ["warmup=0s", "duration=120s", "repeat=12"];
    let overrides = Overrides {
        set: set.map(str::to_owned).to_vec(),
        ..Overrides::default()
    };
    let text = fs::read_to_string(&file).unwrap();
    let text = text.split("[[expect]]").next().unwrap();
    let plan = Plan::parse(text, &file, &overrides);
    let plan = plan.unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)));
    // The first requests, some, and those around the hundredth.
    let parts = [1..=10, 11..=60, 61..=200_u32];
    let mut excess = parts.clone().map(|_| Vec::new());
    for run in plan.runs.iter().map(crate::common::run) {
        let selfish: BTreeMap<u32, bool> = run
            .nodes
            .iter()
            .map(|row| (row.node, row.selfish))
            .collect();
        let mut asked = BTreeMap::<u32, u32>::new();
        let mut sums = parts.clone().map(|_| (0.0, 0.0, 0_u32));
        for row in &run.operations {
            let source = row.source.unwrap();
            let n = asked.entry(source).or_default();
            *n += 1;
            if selfish[&source] {
                continue;
            }
            let refused =
                row.reason == Some(Reason::NoQuorum) || row.reason == Some(Reason::Dropped);
            let expected = 0.2 * 0.99_f64.powf(f64::from(*n - 1));
            let part = parts.iter().position(|part| part.contains(n)).unwrap();
            let (is, was_to_be, count) = &mut sums[part];
            *is += f64::from(u8::from(refused));
            *was_to_be += expected;
            *count += 1;
        }
        for ((is, was_to_be, count), excess) in sums.into_iter().zip(&mut excess) {
            excess.push((is - was_to_be) / f64::from(count));
        }
    }
    for (part, excess) in parts.iter().zip(&excess) {
        let (mean, error) = mean_and_error(excess);
        println!("requests {part:?}: refused more often by {mean} ± {error}");
        assert!(
            error < 0.005 && mean.abs() < 4.0 * error,
            "{part:?}: {mean} ± {error}"
        );
    }
}
