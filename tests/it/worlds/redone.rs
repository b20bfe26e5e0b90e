//! What the program has written of a random world is the same when it is written again: `verify` finds every byte, and
//! `plot` draws every picture as it was.

use std::fmt;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};
use tempfile::TempDir;

use super::config;
use super::world::{World, reliable, unreliable, world};
use crate::common::program::{chordsim, files};

/// So many are tried if nothing is said.
const FEW: u32 = 6;

/// A world in several repetitions, and with and without fingers if that is swept.
struct Asked {
    world: World,
    repeat: u32,
    swept: bool,
    jobs: u32,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "repeat = {}\n{}", self.repeat, self.world)?;
        if self.swept {
            let routings = "[\"fingers\", \"successors\"]";
            writeln!(f, "[sweep]\n\"chord.routing\" = {routings}")?;
        }
        writeln!(f, "[output]\naudit = true")
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let network = prop_oneof![reliable(), unreliable()];
    (world(network), 1..=3_u32, any::<bool>(), 1..=3_u32).prop_map(
        |(world, repeat, swept, jobs)| Asked {
            world,
            repeat,
            swept,
            jobs,
        },
    )
}

/// Calls the program, which has to do its work; gives what it says.
fn done(folder: &Path, arguments: &[&str]) -> Result<String, TestCaseError> {
    let output = chordsim(folder).args(arguments).output().unwrap();
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = told(&output.stdout) + &told(&output.stderr);
    prop_assert!(output.status.success(), "{arguments:?}: {said}");
    Ok(said)
}

fn is_the_same_again(asked: &Asked) -> Result<(), TestCaseError> {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    fs::write(at.join("it.toml"), format!("{asked:?}")).unwrap();
    let jobs = format!("--jobs={}", asked.jobs);
    done(at, &["run", "it.toml", "--quiet", &jobs])?;
    let (results, pictures) = (files(&at.join("results/it")), files(&at.join("plots/it")));
    prop_assert!(pictures.len() > 3 && results.len() > 3);
    let said = done(at, &["verify", "results/it"])?;
    prop_assert!(said.contains("every byte is the same"), "{said}");
    done(at, &["plot", "results/it", "--plots", "again"])?;
    prop_assert!(pictures == files(&at.join("again")), "other pictures");
    prop_assert!(results == files(&at.join("results/it")), "it was touched");
    Ok(())
}

#[test]
fn a_world_is_verified_and_drawn_again_byte_for_byte() {
    let outcome = TestRunner::new(config(FEW)).run(&asked(), |asked| is_the_same_again(&asked));
    if let Err(TestError::Fail(reason, asked)) = outcome {
        panic!("{reason}\n\nThe scenario of this world:\n\n{asked:?}");
    }
}
