//! Every step that a command takes on files: it fails, or the process is killed there. Whatever the step, an older
//! result is whole, or the new one is, or there is none; an end without an error is the new one; and the next command
//! makes it the new one and leaves nothing else.

use std::env;
use std::fs;
use std::io;
use std::path::Path;

use miette::Diagnostic as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use rand::RngExt as _;
use tempfile::TempDir;

use super::{Call, bytes_of_csv, names};
use crate::results::Finish;
use crate::results::disk::faults::{Fault, Faults};
use crate::results::manifest::Manifest;
use crate::results::redo;
use crate::results::testing::{plan, simulate};
use crate::scenario::Plan;

type Csv = Vec<(String, Vec<u8>)>;

/// What is there when the command begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Before {
    Nothing,
    /// A result of another sweep, with a file that the new one does not have.
    Another,
    /// Two of three runs.
    Interrupted,
    /// The result, under another title.
    AnotherTitle,
}

const BEFORE: [Before; 4] = [
    Before::Nothing,
    Before::Another,
    Before::Interrupted,
    Before::AnotherTitle,
];

/// What is wanted: three runs.
fn wanted() -> Plan {
    let mut plan = plan(&["8", "12", "16"], 1);
    plan.output.nodes = false;
    plan.output.timeline = false;
    plan
}

impl Before {
    fn prepare(self, out: &Path) {
        match self {
            Self::Nothing => {}
            Self::Another => {
                Call::in_order(&plan(&["9"], 1)).complete(out);
            }
            Self::Interrupted => {
                Call::in_order(&wanted()).interrupt(out);
            }
            Self::AnotherTitle => {
                let mut plan = wanted();
                "Another".clone_into(&mut plan.title);
                Call::in_order(&plan).complete(out);
            }
        }
    }
}

/// The result in a folder, which is whole if there is one.
fn result(out: &Path) -> Option<Csv> {
    let manifest = Manifest::read(out).unwrap()?;
    for file in &manifest.files {
        assert_eq!(redo::damage(out, file), None);
    }
    let csv = bytes_of_csv(out);
    let listed = manifest.files.len();
    assert_eq!(csv.len(), listed, "all that is there is listed");
    Some(csv)
}

fn complete() -> Csv {
    let folder = TempDir::new().unwrap();
    Call::in_order(&wanted()).complete(folder.path());
    bytes_of_csv(folder.path())
}

/// One command that meets a fault. Gives the step that met it; `None` if the command ended before.
fn meet(out: &Path, fault: Fault, at: usize, new: &Csv) -> Option<String> {
    let (plan, old) = (wanted(), result(out));
    let faults = Faults::plan(out.parent().unwrap(), fault, at);
    let finish = Call::in_order(&plan).run(out, &simulate).finish;
    let step = faults.taken().get(at).cloned();
    drop(faults);
    let told = format!("{fault:?} at step {at}, {step:?}");
    let found = result(out);
    match finish {
        Ok(Finish::Done { measured, failures }) => {
            assert_eq!((measured.runs.len(), failures.len()), (3, 0), "{told}");
            assert!(found.as_ref() == Some(new), "{told}: done, but another");
        }
        Ok(Finish::UpToDate { measured }) => {
            assert_eq!(measured.runs.len(), 3, "{told}");
            assert!(
                found.as_ref() == Some(new),
                "{told}: up to date, but another"
            );
        }
        Ok(Finish::Interrupted { .. }) => panic!("{told}: nobody interrupted it"),
        Err(error) => {
            let is_known = found.is_none() || found == old || found.as_ref() == Some(new);
            assert!(is_known, "{told}: neither the old result nor the new one");
            let place = out.display().to_string();
            assert!(error.to_string().contains(&place), "{told}: {error}");
            assert!(error.help().is_some(), "{told}: {error}");
        }
    }
    step
}

/// Afterwards everything is as if nothing had happened.
fn assert_recovers(out: &Path, new: &Csv, told: &str) {
    let plan = wanted();
    let finish = Call::in_order(&plan).run(out, &simulate).finish;
    let finish = finish.unwrap_or_else(|error| panic!("{told}: {error}"));
    assert!(
        !matches!(finish, Finish::Interrupted { .. }),
        "{told}: {finish:?}"
    );
    assert!(result(out).as_ref() == Some(new), "{told}: another result");
    let mut expected: Vec<&str> = new.iter().map(|(name, _)| name.as_str()).collect();
    expected.insert(3, "manifest.json");
    assert_eq!(names(out), expected, "{told}");
    assert_eq!(Manifest::expect(out).unwrap().plan.title, "", "{told}");
}

/// Tries a fault at every step; gives how many there are.
fn every_step(before: Before, fault: Fault) -> usize {
    let new = complete();
    let folder = TempDir::new().unwrap();
    for at in 0.. {
        let place = folder.path().join(at.to_string());
        fs::create_dir(&place).unwrap();
        let out = place.join("out");
        before.prepare(&out);
        let step = meet(&out, fault, at, &new);
        assert_recovers(
            &out,
            &new,
            &format!("{before:?}, {fault:?} at step {at}, {step:?}"),
        );
        fs::remove_dir_all(&place).unwrap();
        if step.is_none() {
            return at;
        }
    }
    unreachable!("there are not so many steps")
}

#[test]
fn a_process_may_be_killed_at_any_step() {
    let steps = BEFORE.map(|before| every_step(before, Fault::Stops));
    println!("{steps:?} steps, before: {BEFORE:?}");
    // A layer that nothing goes through would have no steps.
    assert!(steps[0] > 60 && steps[3] > 20, "{steps:?}");
}

/// Also a file that is there and of which the system says that it is not.
#[test]
fn any_step_may_fail() {
    let few = [io::ErrorKind::StorageFull, io::ErrorKind::NotFound];
    let more = [io::ErrorKind::PermissionDenied, io::ErrorKind::Other];
    let more = more.into_iter().filter(|_| asked().is_some());
    for kind in few.into_iter().chain(more) {
        let steps = BEFORE.map(|before| every_step(before, Fault::Fails(kind)));
        println!("{kind}: {steps:?} steps, before: {BEFORE:?}");
    }
}

/// A kill when the older result has just lost its manifest, and another one at any step of the command after it: until the
/// new one has its manifest, the journal is all that says whose files lie there.
#[test]
fn the_journal_outlives_a_second_kill() {
    let new = complete();
    let folder = TempDir::new().unwrap();
    let hidden = |out: &Path| {
        out.join(".parts/publishing.json").exists() && !out.join("manifest.json").exists()
    };
    let without_manifest = (0..200).find(|first| {
        let out = folder.path().join(format!("first-{first}")).join("out");
        fs::create_dir(out.parent().unwrap()).unwrap();
        Before::Another.prepare(&out);
        meet(&out, Fault::Stops, *first, &new);
        hidden(&out)
    });
    let first = without_manifest
        .expect("an older result loses its manifest before the new one has its own");
    for second in 0.. {
        let place = folder.path().join(second.to_string());
        fs::create_dir(&place).unwrap();
        let out = place.join("out");
        Before::Another.prepare(&out);
        let steps = [first, second].map(|at| meet(&out, Fault::Stops, at, &new));
        assert_recovers(&out, &new, &format!("killed at {steps:?}"));
        fs::remove_dir_all(&place).unwrap();
        if steps[1].is_none() {
            assert!(second > 30, "the second command takes {second} steps");
            return;
        }
    }
}

/// So many chains of kills are tried, or as many as `CHORDSIM_CASES` says.
const FEW: u64 = 60;

/// A command is killed, the next one too, and so on: what one leaves is what the next begins with.
#[test]
fn processes_may_be_killed_one_after_the_other() {
    let chains = asked().unwrap_or(FEW);
    let new = complete();
    for seed in 0..chains {
        let mut random = random(seed);
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("out");
        let before = BEFORE[random.random_range(0..BEFORE.len())];
        before.prepare(&out);
        let mut told = format!("seed {seed}: {before:?}");
        for _ in 0..random.random_range(1..6) {
            let fault = match random.random_range(0..4) {
                0 => Fault::Fails(io::ErrorKind::StorageFull),
                _ => Fault::Stops,
            };
            let at = random.random_range(0..100);
            let step = meet(&out, fault, at, &new);
            told = format!("{told}; {fault:?} at step {at}, {step:?}");
        }
        assert_recovers(&out, &new, &told);
    }
}

fn asked() -> Option<u64> {
    let text = env::var("CHORDSIM_CASES").ok()?;
    Some(text.parse().expect("CHORDSIM_CASES is a number of cases"))
}

fn random(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}
