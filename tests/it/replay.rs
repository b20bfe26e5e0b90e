//! `replay.csv` and the requests that are told for it: what the rows say of a moment is what the ring is at that moment.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chordsim::catalogue::{Outcome, ReplayEntry, ReplayRecord};
use chordsim::network::{self, Assets};
use chordsim::observe::{EventOf, Observer, Scene};
use chordsim::overlay::chord::Chord;
use chordsim::overlay::{Knowledge, Overlay};
use chordsim::scenario::resolved::Output;
use chordsim::sim::{Setup, Watch};
use chordsim::world::Event;

use crate::common::{Run, output, plan, run, run_with};

fn replayed() -> Output {
    Output {
        replay: true,
        ..output(false)
    }
}

/// What a node knows: what kind of entry, which one, and whom it names.
type Tables = BTreeMap<(ReplayEntry, Option<u32>), u64>;

/// The ring as the rows tell it.
#[derive(Default)]
struct Told {
    members: BTreeMap<u32, u64>,
    known: BTreeMap<u32, Tables>,
}

impl Told {
    fn take(&mut self, row: &ReplayRecord) {
        match row.entry {
            ReplayEntry::Member => {
                self.members.insert(row.node, row.id);
            }
            ReplayEntry::Joining | ReplayEntry::Cut => {}
            ReplayEntry::Lost | ReplayEntry::Leave | ReplayEntry::Crash => {
                self.members.remove(&row.node);
                self.known.remove(&row.node);
            }
            entry => {
                let tables = self.known.entry(row.node).or_default();
                match row.to_id {
                    Some(to) => tables.insert((entry, row.number), to),
                    None => tables.remove(&(entry, row.number)),
                };
            }
        }
    }
}

/// At these seconds, the ring as somebody else sees it.
type Seen = Rc<RefCell<Vec<(f64, BTreeMap<u32, u64>, BTreeMap<u32, Tables>)>>>;

/// Reads the whole ring at each sample.
struct Eyes {
    warmup_s: f64,
    seen: Seen,
}

impl<O: Overlay> Observer<O> for Eyes {
    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        if matches!(event, Event::Sample | Event::Drain) {
            let time_s = scene.now.0 as f64 / 1e9 - self.warmup_s;
            let members = scene.members.iter();
            let members: BTreeMap<u32, u64> = members.map(|(id, node)| (node.0, id.0)).collect();
            let nodes = scene.members.iter().map(|(_, node)| node);
            let known = nodes.map(|node| {
                let knows = scene.overlay.knows(node);
                (node.0, tables(&knows, |node| scene.overlay.id(node).0))
            });
            let known = known.collect();
            self.seen.borrow_mut().push((time_s, members, known));
        }
    }
}

fn tables(knows: &Knowledge, id: impl Fn(chordsim::world::NodeIdx) -> u64) -> Tables {
    let mut tables = Tables::new();
    if let Some(before) = knows.predecessor {
        tables.insert((ReplayEntry::Predecessor, None), id(before));
    }
    for (node, number) in knows.successors.iter().zip(1..) {
        tables.insert((ReplayEntry::Successor, Some(number)), id(*node));
    }
    for (node, number) in knows.fingers.iter().zip(0..) {
        if let Some(node) = node {
            tables.insert((ReplayEntry::Finger, Some(number)), id(*node));
        }
    }
    tables
}

const CHURN: &str = "seed = 7\nwarmup = \"20s\"\nduration = \"3m\"\nsample = \"5s\"\noverlay.nodes = 60\noverlay.id_bits = 16\n\
    [chord]\nsuccessors = 4\nstabilize_every = \"5s\"\nfix_fingers_every = \"2s\"\n\
    [churn]\nmodel = \"poisson\"\ngraceful = 0.5\npoisson = { joins_per_s = 0.3, leaves_per_s = 0.3 }\n\
    [[fault]]\nat = \"1m\"\nkill = 0.3\n[workload]\nlookups_per_s = 5\n";

/// A third crashes, others come and go all the time: what the rows say is what the nodes know, at every moment at which they are
/// asked.
#[test]
fn rows_say_what_nodes_know_and_who_is_there() {
    let plan = plan(CHURN);
    let (spec, seen) = (&plan.runs[0], Seen::default());
    let eyes = Eyes {
        warmup_s: 20.0,
        seen: Rc::clone(&seen),
    };
    let chord = Chord::new(&spec.scenario.overlay, &spec.scenario.chord);
    let mut run = Run::default();
    let network = network::build(&spec.scenario.network, spec.seed, &Assets::default()).unwrap();
    Setup::new(spec, network, chord)
        .watched_by(Box::new(eyes))
        .run(&replayed(), &Watch::default(), &mut run)
        .unwrap();
    let (mut told, mut next) = (Told::default(), run.replay.iter().peekable());
    let seen = seen.borrow();
    assert_eq!(seen.len(), 36);
    for (time_s, members, known) in seen.iter() {
        while let Some(row) = next.next_if(|row| row.time_s <= *time_s) {
            told.take(row);
        }
        assert_eq!(told.members, *members, "at {time_s} s");
        assert_eq!(told.known, *known, "at {time_s} s");
    }
    let count = |entry| run.replay.iter().filter(|row| row.entry == entry).count();
    assert!(count(ReplayEntry::Crash) > 18 && count(ReplayEntry::Leave) > 5);
    assert!(count(ReplayEntry::Joining) > 5 && count(ReplayEntry::Cut) == 0);
}

/// Finger i is the first node at or behind the place 2^i behind the node's own, counted by hand from the identifiers.
#[test]
fn at_time_0_the_tables_are_those_of_the_textbook() {
    let ids = [14_u64, 32, 38, 98, 124];
    let text = "warmup = \"0s\"\nduration = \"10s\"\noverlay = { id_bits = 7, ids = [14, 32, 38, 98, 124] }\nchord.successors = 2\n\
                workload.lookups_per_s = 0\n";
    let run = run_with(&plan(text).runs[0], &replayed());
    let mut told = Told::default();
    run.replay.iter().for_each(|row| told.take(row));
    let owner = |place: u64| *ids.iter().find(|id| **id >= place % 128).unwrap_or(&ids[0]);
    assert_eq!(told.known.len(), 5);
    for (node, known) in &told.known {
        let id = told.members[node];
        for i in 0..7 {
            let finger = known[&(ReplayEntry::Finger, Some(i))];
            assert_eq!(finger, owner(id + (1 << i)), "finger {i} of {id}");
        }
        assert_eq!(known[&(ReplayEntry::Successor, Some(1))], owner(id + 1));
    }
    let of_14 = &told.known[&0];
    assert_eq!(of_14[&(ReplayEntry::Finger, Some(4))], 32);
    assert_eq!(of_14[&(ReplayEntry::Predecessor, None)], 124);
}

/// Nobody is influenced by being told of, and what is told is the same each time. The second repetition is not told of.
#[test]
fn a_replay_changes_no_history_and_is_told_once() {
    let text = format!("repeat = 2\n{CHURN}");
    let plan = plan(&text);
    let [first, again] = [(); 2].map(|()| run_with(&plan.runs[0], &replayed()));
    assert_eq!(first.replay, again.replay);
    assert_eq!(first.trace, again.trace);
    let plain = run(&plan.runs[0]);
    assert_eq!(first.summary.fingerprint, plain.summary.fingerprint);
    assert_eq!(first.lookups, plain.lookups);
    assert!(plain.replay.is_empty() && plain.trace.is_empty());
    let second = run_with(&plan.runs[1], &replayed());
    assert!(second.replay.is_empty() && second.trace.is_empty());
}

/// Every request that is told has its row among the lookups, its last forward says as many hops, and requests are told from before and after the
/// crash.
#[test]
fn requests_are_told_from_all_of_a_run() {
    let run = run_with(&plan(CHURN).runs[0], &replayed());
    let mut hops: BTreeMap<u64, u32> = BTreeMap::new();
    for row in &run.trace {
        let hop = hops.entry(row.lookup.unwrap()).or_default();
        *hop = (*hop).max(row.hop);
    }
    assert!((40..400).contains(&hops.len()), "{}", hops.len());
    let mut starts = Vec::new();
    for (number, hops) in hops {
        let lookup = &run.lookups[usize::try_from(number).unwrap()];
        assert_eq!(lookup.lookup, number);
        starts.push(lookup.time_s);
        if lookup.outcome == Outcome::Ok && lookup.timeouts == 0 {
            assert_eq!(lookup.hops, Some(hops), "lookup {number}");
        }
    }
    // The fault begins a stretch of its own.
    let after = starts.iter().filter(|at| (60.0..63.0).contains(*at));
    assert!(after.count() >= 3, "{starts:?}");
}

/// Of a large ring a part is told, evenly spaced, and long walks are few.
#[test]
fn a_large_ring_is_told_in_part() {
    let text = "warmup = \"0s\"\nduration = \"100s\"\noverlay.nodes = 1000\nworkload.lookups_per_s = 2\nchord.lookup_timeout = \"2m\"\n\
                chord.routing = \"successors\"\n";
    let run = run_with(&plan(text).runs[0], &replayed());
    let of = |entry| {
        let rows = run.replay.iter().filter(move |row| row.entry == entry);
        rows.filter(|row| row.time_s <= 0.0).map(|row| row.id)
    };
    let mut ids: Vec<u64> = of(ReplayEntry::Member).collect();
    assert_eq!(ids.len(), 256);
    ids.sort_unstable();
    let mut all: Vec<u64> = run.nodes.iter().map(|node| node.id).collect();
    all.sort_unstable();
    let places = ids.iter().map(|id| all.binary_search(id).unwrap());
    let expected: Vec<usize> = (0..256).map(|i| i * 1000 / 256).collect();
    assert_eq!(places.collect::<Vec<_>>(), expected);
    let lookups: std::collections::BTreeSet<_> = run.trace.iter().map(|row| row.lookup).collect();
    assert_eq!(lookups.len(), 10);
    assert!(run.trace.len() < 20_000, "{}", run.trace.len());
}

/// The estimate of rows, within a factor of two: at rest and under churn.
#[test]
fn rows_of_a_replay_are_estimated() {
    for text in [
        CHURN,
        "overlay.nodes = 600\nduration = \"3m\"\nworkload.lookups_per_s = 5\n",
    ] {
        let (with, without) = (plan(&format!("output.replay = true\n{text}")), plan(text));
        let of = |plan: &chordsim::scenario::Plan| {
            chordsim::validation::needs::of_run(&plan.runs[0], plan).disk
        };
        // 110 bytes a row.
        let estimate = (of(&with) - of(&without)) / 110.0;
        let run = run_with(&with.runs[0], &with.output);
        let rows = run.replay.len() + run.trace.len();
        let ratio = estimate / rows as f64;
        assert!((0.5..2.0).contains(&ratio), "{estimate} of {rows}");
    }
}
