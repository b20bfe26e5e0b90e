//! Runs on networks that no scenario describes: a latency model of one's own, and a network that is cut.

use chordsim::catalogue::{LookupRecord, Outcome};
use chordsim::engine::{SimDuration, SimTime};
use chordsim::network::{Assets, Latency, Network, build};
use chordsim::overlay::chord::Chord;
use chordsim::scenario::RunSpec;
use chordsim::sim::{Setup, Watch};
use chordsim::world::HostIdx;

use crate::common::{self, Run, asker, output, plan};

const RING: &str = r#"
    seed = 311
    warmup = "0s"
    duration = "30m"
    overlay = { nodes = 64 }
    workload = { lookups_per_s = 5 }
"#;

fn spec(network: &str) -> RunSpec {
    plan(&format!("{RING}\n{network}")).runs[0].clone()
}

fn run_on(network: Network, spec: &RunSpec) -> Run {
    let chord = Chord::new(&spec.scenario.overlay, &spec.scenario.chord);
    let setup = Setup::new(spec, network, chord);
    let mut run = Run::default();
    let summary = setup.run(&output(false), &Watch::default(), &mut run);
    run.summary = summary.expect("the run ends well");
    run
}

/// As far from everywhere to everywhere else.
struct Everywhere(SimDuration);

impl Latency for Everywhere {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.0 * u64::from(from != to)
    }
}

#[test]
fn a_model_of_ones_own_runs_as_the_same_model_of_the_program_does() {
    for (loss, section) in [
        (0.0, "network = { constant.latency = '20ms' }"),
        (0.05, "network = { constant.latency = '20ms', loss = 0.05 }"),
    ] {
        let spec = spec(section);
        let model = Everywhere(SimDuration::from_millis(20));
        let own = run_on(Network::new(Box::new(model), loss, spec.seed), &spec);
        let programs = common::run(&spec);
        assert_eq!(own.lookups, programs.lookups);
        assert_eq!(own.fingerprints, programs.fingerprints);
        assert_eq!(own.metric("lost_messages") > 0.0, loss > 0.0);
    }
}

fn network_of(spec: &RunSpec) -> Network {
    build(&spec.scenario.network, spec.seed, &Assets::default()).unwrap()
}

const CUT: (f64, f64) = (600.0, 1200.0);

/// The ring on a network that is cut while [`CUT`] says so, with these hosts on one side.
fn cut_run(side: impl Fn(HostIdx) -> bool + Send + 'static) -> Run {
    let spec = spec("network.model = 'plane'");
    let mut network = network_of(&spec);
    let at = |seconds| SimTime::ZERO + SimDuration::from_secs_f64(seconds);
    network.cut(side, at(CUT.0), at(CUT.1));
    run_on(network, &spec)
}

#[test]
fn a_cut_with_everybody_on_one_side_changes_nothing() {
    let spec = spec("network.model = 'plane'");
    let uncut = run_on(network_of(&spec), &spec);
    let cut = cut_run(|_| true);
    assert_eq!(cut.fingerprints, uncut.fingerprints);
    assert_eq!(cut.lookups, uncut.lookups);
    assert!(cut.metric("lost_messages") <= 0.0);
}

/// No message passes the cut, and it is the owner who answers: so while it lasts every answer comes from the
/// side that has asked, and what the other side owns is out of reach.
#[test]
fn while_a_cut_lasts_answers_come_from_ones_own_side_and_before_it_from_both() {
    let is_left = |host| host < 32;
    let run = cut_run(move |host| is_left(host.0));
    assert!(run.metric("lost_messages") > 0.0);
    let node = |id| run.nodes.iter().find(|node| node.id == id).unwrap();
    let side = |id| is_left(node(id).host);
    let crosses = |lookup: &LookupRecord| side(lookup.owner_id.unwrap()) != side(asker(lookup));
    let ended = |lookup: &LookupRecord| lookup.time_s + lookup.latency_ms.unwrap_or(60e3) / 1e3;

    let before = || run.lookups.iter().filter(|lookup| ended(lookup) < CUT.0);
    assert!(before().all(|lookup| lookup.outcome == Outcome::Ok));
    assert!(before().filter(|lookup| crosses(lookup)).count() > 1000);

    let during = || {
        let lookups = run.lookups.iter();
        lookups.filter(|lookup| lookup.time_s >= CUT.0 && ended(lookup) < CUT.1)
    };
    let answers = || during().filter_map(|lookup| Some((asker(lookup), lookup.answer_id?)));
    assert!(answers().all(|(source, answer)| side(source) == side(answer)));
    assert!(
        answers()
            .filter(|(source, answer)| source != answer)
            .count()
            > 500
    );
    let across = || during().filter(|lookup| crosses(lookup));
    assert!(across().all(|lookup| lookup.outcome != Outcome::Ok));
    assert!(across().count() > 1000);
}
