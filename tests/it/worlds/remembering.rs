//! Random worlds whose peers remember who served them, and whose selfish ones may come back under new names.

use std::fmt;

use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use super::claims::{everybody_has_a_place_of_its_own, nobody_is_to_blame};
use super::config;
use super::world::{Churn, World, reliable, unreliable, world};
use crate::common::books::assert_books_balance;
use crate::common::{Run, audit, plan};

/// So many are tried if nothing is said.
const FEW: u32 = 100;

/// What its peers remember. Limits in tenths, times in seconds.
struct Remembering {
    world: World,
    avoids: bool,
    retries: bool,
    limit: u32,
    half_life: Option<u32>,
    washes_every: Option<u32>,
}

impl fmt::Debug for Remembering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.world.to_string().lines() {
            let is_own = ["defence =", "behaviour =", "who ="];
            if !is_own.iter().any(|start| line.starts_with(start)) {
                writeln!(f, "{line}")?;
            }
            if line == "[selfish]" {
                writeln!(f, "{}", self.selfish())?;
            }
        }
        Ok(())
    }
}

impl Remembering {
    fn selfish(&self) -> String {
        let (verdict, retry) = (
            if self.avoids { "avoid" } else { "shun" },
            if self.retries { "\"retry\", " } else { "" },
        );
        let half_life = self.half_life.map_or("off".to_owned(), |s| format!("{s}s"));
        let (wash, every) = match self.washes_every {
            Some(seconds) => (", \"whitewash\"", seconds),
            None => ("", 600),
        };
        format!(
            "behaviour = [\"drop-lookups\"{wash}]\nwhitewash_every = \"{every}s\"\n\
             defence = [{retry}\"reputation\"]\nreputation_verdict = \"{verdict}\"\n\
             reputation_limit = {}\nreputation_half_life = \"{half_life}\"",
            f64::from(self.limit) / 10.0
        )
    }
}

fn remembering() -> impl Strategy<Value = Remembering> {
    let network = prop_oneof![2 => reliable(), 1 => unreliable()];
    let selfish = (any::<bool>(), any::<bool>(), 5..=30_u32);
    let times = (
        prop::option::weighted(0.7, 10..=600_u32),
        prop::option::weighted(0.6, 5..=120_u32),
    );
    (world(network), selfish, times).prop_map(
        |(world, (avoids, retries, limit), (half_life, washes_every))| Remembering {
            world,
            avoids,
            retries,
            limit,
            half_life,
            washes_every,
        },
    )
}

fn holds(it: &Remembering) -> Result<Run, TestCaseError> {
    let text = format!("{it:?}");
    let run = audit(&plan(&text).runs[0]);
    assert_books_balance(&run);
    nobody_is_to_blame(&run)?;
    everybody_has_a_place_of_its_own(&run)?;
    let verdicts = run.metric("verdicts");
    let unjust = run.metric("false_verdicts");
    prop_assert!(unjust <= verdicts);
    if it.world.is_fair() {
        prop_assert!(unjust >= verdicts, "nobody is selfish");
        if it.washes_every.is_some() {
            prop_assert!(run.metric("whitewashes") <= 0.0);
        }
    }
    let is_still = matches!(it.world.churn, Churn::None)
        && it.world.faults.is_empty()
        && it.world.ring.joining.is_none();
    if is_still && it.world.is_fair() && it.world.is_reliable() {
        prop_assert!(verdicts <= 0.0, "{verdicts} verdicts on nobody");
    }
    Ok(run)
}

#[test]
fn a_world_that_remembers_stays_in_order() {
    let outcome = TestRunner::new(config(FEW)).run(&remembering(), |it| holds(&it).map(|_| ()));
    if let Err(TestError::Fail(reason, it)) = outcome {
        panic!("{reason}\n\nThe scenario of this world:\n\n{it:?}");
    }
}
