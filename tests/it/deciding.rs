//! Peers that turn selfish, or honest again, while a run goes on.

#![expect(clippy::float_cmp, reason = "counts, and exact")]

use std::collections::{BTreeMap, BTreeSet};

use crate::common::program::chordsim;
use crate::common::{Run, run_one};
use chordsim::catalogue::{OperationOutcome, Outcome};
use chordsim::engine::{Stream, repetition_seed, unit_hash};
use tempfile::TempDir;

/// A ring at rest, whose measurement begins at once.
fn at_rest(nodes: u32, minutes: u32, rest: &str) -> String {
    format!(
        "seed = 6\nwarmup = \"0s\"\nduration = \"{minutes}m\"\nsample = \"1m\"\noverlay.nodes = {nodes}\n\
         [chord]\nstabilize_every = \"off\"\nfix_fingers_every = \"off\"\ncheck_predecessor_every = \"off\"\n{rest}"
    )
}

fn selfish(run: &Run) -> BTreeSet<u64> {
    let selfish = run.nodes.iter().filter(|node| node.selfish);
    selfish.map(|node| node.id).collect()
}

fn shares(run: &Run) -> Vec<f64> {
    let rows = run.timeline.iter();
    rows.map(|row| row.selfish_share.unwrap()).collect()
}

/// 50 peers, of which 0.8 · 50 = 40 are selfish after 10 minutes: 4 more every minute, and no more after that. A step that
/// falls on the end of a row is in that row, and one at the end of the measurement is made.
#[test]
fn a_ramp_is_as_steep_as_it_says() {
    let ramp = |minutes, rest: &str| {
        let conduct = format!(
            "[selfish]\nwho = \"ramp\"\nfraction = 0.8\n{rest}[workload]\nlookups_per_s = 1\n"
        );
        run_one(&at_rest(50, minutes, &conduct))
    };
    let run = ramp(12, "ramp_until = \"10m\"\n");
    let counts: Vec<f64> = shares(&run)
        .iter()
        .map(|share| (share * 50.0).round())
        .collect();
    assert_eq!(
        counts,
        [4., 8., 12., 16., 20., 24., 28., 32., 36., 40., 40., 40.]
    );
    // In steps of four minutes, and a last one at the end of the measurement, which is the end of the ramp.
    let run = ramp(10, "decide_every = \"4m\"\n");
    let counts: Vec<f64> = shares(&run)
        .iter()
        .map(|share| (share * 50.0).round())
        .collect();
    assert_eq!(counts, [0., 0., 0., 16., 16., 16., 16., 32., 32., 40.]);
    assert_eq!(selfish(&run).len(), 40);
    assert!((run.metric("selfish_share") - 0.8).abs() < 1e-12);
    // The same peers as those who are so from the beginning, and the same as half way with half the share.
    let drawn = |share: f64| {
        run_one(&at_rest(
            50,
            1,
            &format!("[selfish]\nfraction = {share}\n[workload]\nlookups_per_s = 1\n"),
        ))
    };
    assert_eq!(selfish(&run), selfish(&drawn(0.8)));
    assert_eq!(
        selfish(&ramp(5, "ramp_until = \"10m\"\n")),
        selfish(&drawn(0.4))
    );
}

/// Peers that come later turn as if they had been there: the share of all grows as it should.
#[test]
fn newcomers_follow_the_ramp() {
    // Whoever drops lookups lets hardly anybody in.
    let churn = "[churn]\nmodel = \"poisson\"\npoisson = { joins_per_s = 2, leaves_per_s = 2 }\n\
                 [selfish]\nwho = \"ramp\"\nfraction = 0.6\nbehaviour = \"refuse-serving\"\n\
                 [workload]\nlookups_per_s = 0\nkeys = 10\n[storage]\npreload = true\n";
    let run = run_one(
        &at_rest(500, 10, churn).replace("stabilize_every = \"off\"", "stabilize_every = \"30s\""),
    );
    for (share, minute) in shares(&run).into_iter().zip(1..) {
        let expected = 0.06 * f64::from(minute);
        // Of 500 peers, 4 standard deviations.
        let error = 4.0 * (expected * (1.0 - expected) / 500.0).sqrt();
        assert!((share - expected).abs() < error, "minute {minute}: {share}");
    }
}

fn game(nodes: u32, minutes: u32, rest: &str) -> String {
    let conduct = format!(
        "[selfish]\nwho = \"decide\"\ndecide_by = \"generosity\"\n{rest}[workload]\nlookups_per_s = 0\n"
    );
    at_rest(nodes, minutes, &conduct)
}

/// Next time 1 - 1/(m x) contribute, give or take what 20 000 peers are: the map, step by step.
#[test]
fn the_share_that_contributes_follows_the_map() {
    for (fraction, settles) in [(0.0, 0.2764), (0.68, 0.2764), (0.8, 1.0)] {
        let run = run_one(&game(20_000, 15, &format!("fraction = {fraction}\n")));
        let mut x: f64 = 1.0 - fraction;
        for (minute, share) in (1..).zip(shares(&run)) {
            let expected = if x > 0.0 {
                (1.0 - 1.0 / (5.0 * x)).max(0.0)
            } else {
                0.0
            };
            let error = 4.0 * (0.25_f64 / 20_000.0).sqrt();
            let contribute = 1.0 - share;
            assert!(
                (contribute - expected).abs() < error,
                "{fraction}, {minute}: {contribute}, {expected}"
            );
            x = contribute;
        }
        assert!((1.0 - x - settles).abs() < 0.02, "{fraction}: {x}");
    }
}

/// A peer's generosity is its own, whatever the overlay does, and whoever else is there.
#[test]
fn who_contributes_is_the_same_under_every_routing() {
    let fingers = run_one(&game(300, 8, ""));
    let successors =
        run_one(&game(300, 8, "").replace("[chord]", "[chord]\nrouting = \"successors\""));
    assert_eq!(selfish(&fingers), selfish(&successors));
    assert!((40..130).contains(&selfish(&fingers).len()));
}

/// Serving costs nothing here: each fares by its lookups that were answered in the minute. So who does as whom follows from
/// the rows of the lookups, and from the draws of whom each is compared with.
#[test]
fn imitation_follows_from_the_lookups_alone() {
    const PEERS: u32 = 60;
    let conduct = |minutes| {
        at_rest(
            PEERS,
            minutes,
            "[selfish]\nwho = \"decide\"\nfraction = 0.5\ncost_per_message = 0\n[workload]\nlookups_per_s = 10\n",
        )
        .replace("[chord]", "[chord]\nsuccessors = 4")
    };
    let whole = run_one(&conduct(8));
    let mut conducts: Vec<bool> = {
        // As at the beginning: nobody has decided when this is over.
        let drawn = conduct(1).replace("who = \"decide\"\n", "");
        run_one(&drawn)
            .nodes
            .iter()
            .map(|node| node.selfish)
            .collect()
    };
    let seed = repetition_seed(6, 0);
    let mut changes = 0;
    for minute in 1..=8_u32 {
        let mut answered: BTreeMap<u32, u32> = BTreeMap::new();
        for lookup in whole
            .lookups
            .iter()
            .filter(|row| row.outcome == Outcome::Ok)
        {
            let over = lookup.time_s + lookup.latency_ms.unwrap() / 1000.0;
            if (over / 60.0).ceil() as u32 == minute {
                *answered.entry(lookup.source.unwrap()).or_default() += 1;
            }
        }
        let fared = |peer: u32| answered.get(&peer).copied().unwrap_or(0);
        let next = (0..PEERS).map(|peer| {
            let draw = unit_hash(seed, Stream::Decisions, u64::from(peer), u64::from(minute));
            let others: Vec<u32> = (0..PEERS).filter(|other| *other != peer).collect();
            let other = others[(draw * f64::from(PEERS - 1)) as usize];
            let follows = fared(other) > fared(peer);
            conducts[if follows { other } else { peer } as usize]
        });
        let next: Vec<bool> = next.collect();
        changes += next.iter().zip(&conducts).filter(|(a, b)| a != b).count();
        conducts = next;
        let selfish = conducts.iter().filter(|it| **it).count() as f64;
        let measured = whole.timeline[minute as usize - 1].selfish_share.unwrap();
        assert!(
            (measured - selfish / f64::from(PEERS)).abs() < 1e-9,
            "minute {minute}"
        );
    }
    let is: Vec<bool> = whole.nodes.iter().map(|node| node.selfish).collect();
    assert_eq!(is, conducts);
    assert!(changes > 30, "{changes}");
}

/// Two nodes. Node 10 gets 4 values of node 100, which sends three messages for each: that it has the lookup, that it owns the
/// key, and the value. Node 100 gets 5 of its own. It fares better than node 10 as long as 5 - 12 c > 4, and then node 10 does
/// as it does.
#[test]
fn serving_costs_what_was_sent_for_others() {
    let pair = |costs: &str| {
        let mut text = format!(
            "seed = 6\nwarmup = \"0s\"\nduration = \"60s\"\nsample = \"60s\"\n\
             overlay = {{ nodes = 2, id_bits = 7, ids = [10, 100] }}\n\
             storage = {{ replicas = 1, preload = true, repair_every = \"off\" }}\n\
             [chord]\nstabilize_every = \"off\"\nfix_fingers_every = \"off\"\ncheck_predecessor_every = \"off\"\n\
             [workload]\nlookups_per_s = 0\nkeys = 40\n\
             [selfish]\nfraction = 0.5\n{costs}"
        );
        for at in 0..9 {
            let from = if at < 4 { 10 } else { 100 };
            // A key that is put first, so that a get of it is answered as it should be.
            let deed = if at == 0 { "put" } else { "get" };
            let value = if at == 0 { "value = \"x\", " } else { "" };
            let event = format!(
                "[[event]]\nat = \"{}s\"\n{deed} = {{ key = 50, {value}from = {from} }}\n",
                5 * at + 1
            );
            text.push_str(&event);
        }
        run_one(&text)
    };
    let of = |run: &Run| [10, 100].map(|id| run.nodes.iter().find(|n| n.id == id).unwrap().selfish);
    let before = of(&pair(""));
    assert_ne!(before[0], before[1]);
    let deciding = |costs: &str| {
        let run = pair(&format!("who = \"decide\"\n{costs}"));
        let good = [OperationOutcome::Stored, OperationOutcome::Found];
        assert!(run.operations.iter().all(|row| good.contains(&row.outcome)));
        let bytes = run.nodes.iter().find(|n| n.id == 100).unwrap().bytes_out;
        (of(&run), bytes)
    };
    let (after, bytes) = deciding("cost_per_message = 0.083\n");
    assert_eq!(after, [before[1]; 2], "12 messages cost 0.996");
    assert_eq!(
        deciding("cost_per_message = 0.084\n").0,
        [before[0]; 2],
        "12 messages cost 1.008"
    );
    // All that node 100 sends it sends for node 10.
    let per_byte = |cost: f64| {
        deciding(&format!(
            "cost_per_message = 0\ncost_per_byte = {cost:.9}\n"
        ))
        .0
    };
    assert_eq!(per_byte(0.999 / bytes as f64), [before[1]; 2]);
    assert_eq!(per_byte(1.001 / bytes as f64), [before[0]; 2]);
}

/// All free riders are excluded: who plays fair keeps nothing for them and gives them nothing. A free rider that keeps a
/// value gives it to everybody.
#[test]
fn the_excluded_are_served_by_nobody_that_plays_fair() {
    let world = |who: &str| {
        let rest = format!(
            "[selfish]\nfraction = 0.4\n{who}[workload]\nlookups_per_s = 0\ngets_per_s = 2\nputs_per_s = 1\nkeys = 100\n\
             [storage]\nreplicas = 1\npreload = true\nrepair_every = \"off\"\n"
        );
        run_one(&at_rest(10, 10, &rest))
    };
    let drawn = world("");
    let by_id: BTreeMap<u64, bool> = drawn.nodes.iter().map(|n| (n.id, n.selfish)).collect();
    let excluding = |share: &str| {
        world(&format!(
            "who = \"decide\"\ndecide_by = \"generosity\"\ndecide_every = \"10m\"\nexclusion = {share}\n"
        ))
    };
    let run = excluding("1");
    let mut declined = 0.0;
    for row in &run.operations {
        let asker = row.source_id.unwrap();
        let owner = by_id
            .range(row.key..)
            .next()
            .or_else(|| by_id.first_key_value());
        let (owner, owner_is_selfish) = owner.unwrap();
        let served = !by_id[&asker] || *owner_is_selfish || *owner == asker;
        let good = [OperationOutcome::Stored, OperationOutcome::Found];
        assert_eq!(good.contains(&row.outcome), served, "{row:?}");
        declined += f64::from(u8::from(!served));
    }
    assert!(declined > 200.0);
    assert_eq!(
        [
            run.metric("declined_selfish"),
            run.metric("declined_honest")
        ],
        [declined, 0.0]
    );
    let nobody = excluding("0");
    let same = |run: &Run| {
        run.operations
            .iter()
            .map(|row| row.outcome)
            .collect::<Vec<_>>()
    };
    assert_eq!(same(&nobody), same(&drawn));
}

/// Where peers turn there is a picture of it; that peers come and go makes none.
#[test]
fn the_share_is_drawn_over_time_where_peers_turn() {
    let folder = TempDir::new().unwrap();
    for (name, who) in [("turns", "who = \"ramp\"\n"), ("stays", "")] {
        let rest = format!(
            "churn = {{ model = \"poisson\", poisson = {{ joins_per_s = 0.1, leaves_per_s = 0.1 }} }}\n\
             [selfish]\nfraction = 0.5\n{who}[workload]\nlookups_per_s = 1\ngets_per_s = 1\n"
        );
        let text = at_rest(30, 5, &rest)
            .replace("[chord]\n", "")
            .replace("_every = \"off\"", "_every = \"1m\"");
        let text = text
            .replace("stabilize", "chord.stabilize")
            .replace("fix_", "chord.fix_")
            .replace("check_", "chord.check_");
        std::fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
        let run = ["run", &format!("{name}.toml"), "--quiet"];
        chordsim(folder.path()).args(run).assert().success();
    }
    let picture = |name: &str| {
        folder
            .path()
            .join("plots")
            .join(name)
            .join("selfish-over-time.svg")
    };
    let svg = std::fs::read_to_string(picture("turns")).unwrap();
    for said in [
        "Selfish peers over time",
        "selfish peers",
        "peers (%)",
        "gets that found their value",
    ] {
        assert!(svg.contains(&format!(">{said}<")), "{said}");
    }
    assert!(
        picture("stays")
            .with_file_name("success-over-time.svg")
            .exists()
    );
    assert!(!picture("stays").exists());
}
