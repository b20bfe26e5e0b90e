//! Memory follows those who live, and not all who ever lived.

use std::cell::Cell;

use chordsim::catalogue::Metric;
use chordsim::network::{Assets, build};
use chordsim::observe::{Observer, Scene};
use chordsim::overlay::chord::Chord;
use chordsim::sim::{Setup, Watch};
use chordsim::world::NodeIdx;

use crate::common::{Run, output, plan};

/// The most rows that Chord keeps, and the most members.
#[derive(Default)]
struct Most {
    rows: Cell<usize>,
    members: Cell<usize>,
}

struct Watching<'a>(&'a Most);

impl Observer<Chord> for Watching<'_> {
    fn joined(&mut self, scene: &Scene<'_, Chord>, _: NodeIdx) {
        let Most { rows, members } = self.0;
        rows.set(rows.get().max(scene.overlay.rows()));
        members.set(members.get().max(scene.members.len()));
    }
}

fn churning(model: &str) -> String {
    format!(
        r#"
warmup = "1m"
duration = "50m"
overlay = {{ nodes = 20, virtual_nodes = 2 }}
[churn]
graceful = 0.5
{model}
[workload]
lookups_per_s = 0.5
"#
    )
}

const POISSON: &str = "model = 'poisson'\npoisson = { joins_per_s = 1.0, leaves_per_s = 1.0 }";

/// Some 3000 peers of two nodes come to a ring of 20 and go again. The first ones, until 1024 have gone, keep their rows; all others share as
/// many as there were nodes at once, those included that are up and on no ring (at most as many as were).
#[test]
fn rows_are_used_again_when_their_nodes_have_gone_for_good() {
    let plan = plan(&churning(POISSON));
    let spec = &plan.runs[0];
    let network = build(&spec.scenario.network, spec.seed, &Assets::default()).unwrap();
    let chord = Chord::new(&spec.scenario.overlay, &spec.scenario.chord);
    let (most, mut rows) = (Most::default(), Run::default());
    let setup = Setup::new(spec, network, chord).watched_by(Box::new(Watching(&most)));
    let summary = setup.run(&output(false), &Watch::default(), &mut rows);
    let joins = summary.unwrap().get(Metric::Joins).unwrap();
    assert!(joins > 2_500.0, "{joins}");
    let up = most.members.get() + 40;
    assert!(
        most.rows.get() <= 40 + 1024 + 2 * up,
        "{} rows",
        most.rows.get()
    );
    // Every node has its row in nodes.csv all the same, in order.
    let numbers: Vec<u32> = rows.nodes.iter().map(|node| node.node).collect();
    assert!(numbers.len() > 5_000 && numbers.is_sorted());
}

/// Without nodes.csv nothing is kept of the departed but their load; the summary is the same to the last digit.
#[test]
fn what_is_measured_is_the_same_with_and_without_rows_of_nodes() {
    let plan = plan(&churning(POISSON));
    let mut without = output(false);
    without.nodes = false;
    let summary = |output| {
        let mut rows = Run::default();
        let (assets, watch) = (Assets::default(), Watch::default());
        let summary = chordsim::sim::simulate(&plan.runs[0], &assets, output, &watch, &mut rows);
        (summary.unwrap(), rows.nodes.len())
    };
    let ((with, rows), (without, none)) = (summary(&output(false)), summary(&without));
    assert_eq!(with, without);
    assert!(rows > 5_000 && none == 0, "{rows}, {none}");
}
