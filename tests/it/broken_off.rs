//! What is left when a run cannot go on: interrupted, out of space, or nowhere to write to. Never a
//! half-written file; always what is needed to go on.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::common::program::{
    PROGRAM, assert_same_files, chordsim, files, heedful, results, signal,
};
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

/// A sweep whose runs take some tenths of a second each.
const SWEEP: &str = r#"
warmup   = "0s"
duration = "4m"
repeat   = 8
[overlay]
nodes = 500
[workload]
lookups_per_s = 10
[sweep]
"chord.routing" = ["fingers", "successors"]
"#;

/// A single small run, whose lookups take more than 64 KiB.
const SMALL: &str = "warmup = \"0s\"\nduration = \"10m\"\n[overlay]\nnodes = 20\n";

fn folder(scenario: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("it.toml"), scenario).unwrap();
    folder
}

/// The finished runs that are kept. Nothing but whole ones may be there.
fn kept(results: &Path) -> usize {
    let parts: Vec<PathBuf> = fs::read_dir(results.join(".parts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for part in &parts {
        let name = part.file_name().unwrap().to_str().unwrap();
        assert!(part.is_file() && name.len() == 64, "{name} is whole");
    }
    parts.len()
}

/// Waits until some run is finished; false if the program ended before.
fn wait_for_a_finished_run(child: &mut Child, results: &Path) -> bool {
    while child.try_wait().unwrap().is_none() {
        let parts = fs::read_dir(results.join(".parts")).into_iter().flatten();
        let names = parts.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        if names
            .into_iter()
            .any(|name| !name.starts_with("unfinished-"))
        {
            return true;
        }
        sleep(Duration::from_millis(2));
    }
    false
}

#[test]
fn an_interrupted_sweep_goes_on_where_it_was() {
    let folder = folder(SWEEP);
    let out = folder.path().join("results/it");
    let mut child = heedful()
        .args(["run", "it.toml", "--jobs", "2"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert!(wait_for_a_finished_run(&mut child, &out));
    signal(&child, "-INT");
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    let told = String::from_utf8(stderr).unwrap();
    assert_eq!((status.code(), stdout.len()), (Some(130), 0), "{told}");
    let finished = kept(&out);
    assert!((1..16).contains(&finished));
    let expected = format!("{finished} of 16 runs are finished and kept in results/it; the same");
    assert!(told.contains(&expected), "{told}");
    let in_sight = fs::read_dir(&out).unwrap().count();
    assert_eq!(in_sight, 1, "only the finished runs, out of sight");
    assert!(!folder.path().join("plots").exists());

    let reused = match finished {
        1 => "1 run is finished already and is used".to_owned(),
        _ => format!("{finished} runs are finished already and are used"),
    };
    chordsim(folder.path())
        .args(["run", "it.toml"])
        .assert()
        .code(0)
        .stderr(contains(reused));
    let uninterrupted = self::folder(SWEEP);
    chordsim(uninterrupted.path())
        .args(["run", "it.toml", "--quiet"])
        .assert()
        .code(0);
    let written = |folder: &TempDir| {
        let folder = folder.path();
        (
            results(&folder.join("results/it")),
            files(&folder.join("plots/it")),
        )
    };
    let (resumed, at_once) = (written(&folder), written(&uninterrupted));
    assert_same_files(&resumed.0, &at_once.0);
    assert_same_files(&resumed.1, &at_once.1);
}

/// A folder that cannot be made or written to, even by a superuser.
#[test]
fn a_result_folder_that_cannot_be_written_to_is_a_failure_with_its_reason() {
    let folder = folder(SMALL);
    let before = files(folder.path());
    let mut places = vec!["it.toml/below"];
    if Path::new("/proc/self").exists() {
        places.push("/proc/chordsim");
    }
    for place in places {
        chordsim(folder.path())
            .args(["run", "it.toml", "--out", place])
            .assert()
            .code(1)
            .stdout(is_empty())
            .stderr(contains(format!("cannot create {place}")))
            .stderr(contains("write somewhere else with --out"));
        assert!(files(folder.path()) == before, "nothing is written");
    }
}

#[test]
fn pictures_that_cannot_be_written_leave_the_results_whole() {
    let folder = folder(SMALL);
    chordsim(folder.path())
        .args(["run", "it.toml", "--plots", "it.toml/below"])
        .assert()
        .code(1)
        .stderr(contains("cannot draw the pictures"))
        .stderr(contains("it.toml/below"));
    assert_eq!(results(&folder.path().join("results/it")).len(), 6);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// Calls the program from a shell that has set a limit or mounted a disk first.
fn after(preparation: &str, folder: &Path, arguments: &str) -> Output {
    let script = format!("{preparation}\nexec '{PROGRAM}' run {arguments}");
    Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder)
        .output()
        .unwrap()
}

/// No file may become larger than 8 blocks of half a kilobyte (a kilobyte in some shells).
const LIMIT: &str = "ulimit -f 8";

fn assert_failed(output: &Output, reason: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        (output.status.code(), output.stdout.len()),
        (Some(1), 0),
        "{told}"
    );
    assert!(told.contains("cannot write to results/it"), "{told}");
    assert!(told.contains(reason) && told.contains("help: "), "{told}");
}

#[test]
fn a_file_that_may_not_grow_is_a_failure_that_leaves_nothing() {
    for jobs in [1, 2] {
        let folder = folder(SWEEP);
        let output = after(LIMIT, folder.path(), &format!("it.toml --jobs {jobs}"));
        assert_failed(&output, "File too large");
        let rest: Vec<_> = files(folder.path()).into_keys().collect();
        assert_eq!(rest, [PathBuf::from("it.toml")]);
        assert!(!folder.path().join("results/it").exists());
    }
}

#[test]
fn an_older_result_outlives_a_failure() {
    let folder = folder(SMALL);
    chordsim(folder.path())
        .args(["run", "it.toml", "--quiet"])
        .assert()
        .code(0);
    let before = files(folder.path());
    let output = after(LIMIT, folder.path(), "it.toml --seed 5");
    assert_failed(&output, "File too large");
    assert_same_files(&before, &files(folder.path()));
}

/// Mounts a disk of 64 KiB on `results`, runs, and lists what is left there.
const SMALL_DISK: &str = "mkdir results && mount -t tmpfs -o size=64k none results || exit
    touch mounted
    \"$0\" run it.toml
    code=$?
    find results -mindepth 1 >left
    exit $code";

/// Needs a user who may mount: elsewhere the limit above has to do.
#[test]
fn a_full_disk_is_a_failure_that_leaves_nothing() {
    let folder = folder(SMALL);
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", SMALL_DISK, PROGRAM])
        .current_dir(folder.path())
        .output();
    if !folder.path().join("mounted").exists() {
        eprintln!("no disk can be mounted here: nothing was tested on a full one");
        return;
    }
    let output = output.unwrap();
    assert_failed(&output, "No space left");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("free some space"), "{told}");
    let left = fs::read_to_string(folder.path().join("left")).unwrap();
    assert_eq!(left, "");
}
