//! Small worlds in which values are stored and peers leave undone whatever they may, in any combination: such a run ends, and
//! of what goes wrong nothing is the protocol's fault.

use std::fmt::{self, Display, Formatter};

use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::{TestError, TestRunner};

use super::claims::{everybody_has_a_place_of_its_own, nobody_is_to_blame};
use super::config;
use super::stored::{StoredWorld, any_world, copies_are_where_they_belong};
use super::world::Turning;
use crate::common::{audit, plan};

/// So many worlds are tried if nothing is said.
const FEW: u32 = 60;

const BEHAVIOURS: [&str; 5] = [
    "drop-lookups",
    "refuse-storage",
    "refuse-serving",
    "no-maintenance",
    "leech",
];

#[derive(Clone, Debug)]
struct SelfishWorld {
    stored: StoredWorld,
    behaviours: Vec<&'static str>,
    /// Per cent of the peers.
    fraction: u32,
    declines: bool,
    /// How long leeches stay away, in seconds.
    away: u32,
}

impl Display for SelfishWorld {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.stored.to_string();
        // Leeches come back, and with Poisson arrivals and departures nobody does.
        let may_leech = !text.contains("model = \"poisson\"");
        let named = self.behaviours.iter().copied();
        let mut named: Vec<&str> = named.filter(|it| may_leech || *it != "leech").collect();
        if named.is_empty() {
            named.push("refuse-storage");
        }
        let refusal = if self.declines {
            "decline"
        } else {
            "acknowledge"
        };
        let selfish = format!(
            "[selfish]\nbehaviour = {named:?}\nstorage_refusal = \"{refusal}\"\nleech_away = \"{}s\"\nfraction = {}\n#",
            self.away,
            f64::from(self.fraction) / 100.0
        );
        let text = text.replace("[selfish]\n", &selfish);
        f.write_str(&text.replace("[storage]\n", "[storage]\nalways = true\n"))
    }
}

fn selfish_world() -> impl Strategy<Value = SelfishWorld> {
    let behaviours = subsequence(BEHAVIOURS.to_vec(), 1..=BEHAVIOURS.len());
    let shares = prop_oneof![3 => 1..=60_u32, 1 => 61..=100_u32];
    let ways = (behaviours, shares, any::<bool>(), 1..=60_u32);
    (any_world(), ways).prop_map(|(mut stored, (behaviours, fraction, declines, away))| {
        // These peers have behaviours of their own, from the beginning to the end.
        stored.world.selfish.misroute = None;
        stored.world.turning = Turning::Never;
        SelfishWorld {
            stored,
            behaviours,
            fraction,
            declines,
            away,
        }
    })
}

fn check(world: &SelfishWorld) -> Result<(), TestCaseError> {
    let run = audit(&plan(&world.to_string()).runs[0]);
    everybody_has_a_place_of_its_own(&run)?;
    copies_are_where_they_belong(&run)?;
    if world.stored.is_proved() {
        nobody_is_to_blame(&run)?;
    }
    Ok(())
}

#[test]
fn whatever_peers_leave_undone_a_run_comes_to_its_end() {
    let outcome = TestRunner::new(config(FEW)).run(&selfish_world(), |world| check(&world));
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, world)) => {
            panic!("{reason}\n\nThe scenario of this world:\n\n{world}")
        }
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}
