//! What the machine can do to a command: closed and full outputs, signals, one thread, little memory. The work is done
//! or the message says why not; nothing panics, and no allocator aborts.
#![cfg(target_os = "linux")]

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::program::{PROGRAM, signal};
use chordsim::results::Stopwatch;
use tempfile::TempDir;

const SMALL: &str =
    "duration = \"1m\"\nwarmup = \"0s\"\nrepeat = 3\noverlay.nodes = 8\noverlay.id_bits = 8\n";

/// A folder with `a.toml`.
fn folder(text: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), text).unwrap();
    folder
}

fn chordsim(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(arguments);
    command
}

/// In a shell, with `$0` as the program.
fn shell(folder: &Path, script: &str) -> Command {
    let mut command = Command::new("bash");
    command.current_dir(folder).args(["-c", script]);
    command.arg(PROGRAM);
    command
}

/// The writing end of a pipe whose reading end is closed.
fn nobody_reads() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn full() -> Stdio {
    OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

/// `| head -0`: who has had enough of the data is no failure. The work is done all the same.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder(SMALL);
    for arguments in [
        &["check", "--ring", "a.toml"][..],
        &["run", "a.toml", "--json"],
        &["verify", "results/a", "--json"],
    ] {
        let child = chordsim(folder.path(), arguments)
            .stdout(nobody_reads())
            .stderr(Stdio::piped())
            .output();
        let output = child.unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        assert!(
            !told.contains("panic") && !told.contains("cannot write"),
            "{told}"
        );
    }
    assert!(folder.path().join("results/a/manifest.json").exists());
}

/// Data that cannot be written is a failure, told once; the results are written.
#[test]
fn a_full_standard_output_is_told_and_loses_nothing() {
    let folder = folder(SMALL);
    for arguments in [
        &["run", "a.toml", "--json"][..],
        &["check", "a.toml", "a.toml"],
    ] {
        let output = chordsim(folder.path(), arguments)
            .stdout(full())
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert_eq!(
            told.matches("cannot write to standard output").count(),
            1,
            "{told}"
        );
    }
    assert!(folder.path().join("results/a/manifest.json").exists());
}

/// Messages that nobody can read are dropped; the exit code is that of the work, good or bad.
#[test]
fn messages_that_cannot_be_written_are_dropped() {
    let folder = folder(SMALL);
    fs::write(folder.path().join("bad.toml"), "losss = 1\n").unwrap();
    for (arguments, code) in [
        (&["run", "a.toml"][..], 0),
        (&["plot", "results/a"], 0),
        (&["check", "bad.toml"], 2),
        (&["run", "missing.toml"], 2),
        (&["frobnicate"], 2),
    ] {
        for stderr in [full(), nobody_reads()] {
            let status = chordsim(folder.path(), arguments)
                .stderr(stderr)
                .stdout(Stdio::null())
                .status();
            assert_eq!(status.unwrap().code(), Some(code), "{arguments:?}");
        }
    }
    // Both closed from the start.
    let status = shell(folder.path(), "\"$0\" run a.toml --out results/b >&- 2>&-")
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
}

/// A limit to the size of files (`ulimit -f`) that standard output or error runs into is no end by a signal.
#[test]
fn an_output_that_may_not_grow_is_as_one_on_a_full_disk() {
    let folder = folder(SMALL);
    for (arguments, code) in [("check a.toml >out", 1), ("frobnicate 2>told", 2)] {
        let script = format!("ulimit -f 0; exec \"$0\" {arguments}");
        let output = shell(folder.path(), &script).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments}: {told}");
        let is_told = told.contains("cannot write to standard output");
        assert_eq!(is_told, code == 1, "{arguments}: {told}");
    }
}

/// A run of an hour of a large ring, started in a shell; the process that is left is the program.
fn long_run(folder: &Path, before: &str) -> std::process::Child {
    // However the tests themselves were started.
    let script =
        format!("exec env --default-signal=INT,TERM,HUP {before} \"$0\" run a.toml --no-plots");
    let mut command = shell(folder, &script);
    command
        .stdout(Stdio::null())
        .stderr(File::create(folder.join("told")).unwrap());
    command.spawn().unwrap()
}

/// Waits until a file is there.
fn wait_for(path: &Path) {
    let begun = Stopwatch::start();
    while !path.exists() {
        assert!(begun.seconds() < 60.0, "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// As `nohup` does it: what was ignored from the start stays so, and the run comes to its end; what was not, is heard.
#[test]
fn signals_ignored_from_the_start_stay_ignored() {
    let folder = folder("duration = \"20m\"\noverlay.nodes = 300\nworkload.lookups_per_s = 20\n");
    let mut child = long_run(folder.path(), "--ignore-signal=HUP");
    wait_for(&folder.path().join("results/a/.parts"));
    for _ in 0..3 {
        signal(&child, "-HUP");
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(folder.path().join("results/a/manifest.json").exists());
    for name in ["-INT", "-TERM", "-HUP"] {
        fs::remove_dir_all(folder.path().join("results")).unwrap();
        let mut child = long_run(folder.path(), "");
        wait_for(&folder.path().join("results/a/.parts"));
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{name}");
    }
}

/// Two million nodes take seconds to set up. The signal is heard within the second that it may take, and what was
/// finished before is kept. (The limit here is generous: machines are busy.)
#[test]
fn a_signal_during_setting_up_is_heard() {
    let folder = folder(
        "duration = \"1m\"\nwarmup = \"0s\"\nworkload.lookups_per_s = 1\n[sweep]\n\"overlay.nodes\" = [8, 2000000]\n",
    );
    let mut child = long_run(folder.path(), "");
    let parts = folder.path().join("results/a/.parts");
    wait_for(&parts);
    // The small run is finished when its part has a name that is none of a part under way.
    let begun = Stopwatch::start();
    let is_kept = || {
        fs::read_dir(&parts)
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().len() == 64)
            .count()
            > 0
    };
    while !is_kept() && begun.seconds() < 30.0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&child, "-INT");
    let heard = Stopwatch::start();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(heard.seconds() < 5.0, "{:?}", heard.seconds());
    let mut told = String::new();
    File::open(folder.path().join("told"))
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert!(told.contains("1 of 2 runs are finished and kept"), "{told}");
}

/// No second thread is to be had: runs are done one after the other, without a display, and a signal ends the process.
#[test]
fn one_thread_is_enough() {
    let folder = folder(SMALL);
    // The limit does not hold for root: then as a user who has no other process, and may not read the build's folder.
    let program = folder.path().join("chordsim");
    fs::copy(PROGRAM, &program).unwrap();
    let status = Command::new("chmod")
        .args(["-R", "a+rwx"])
        .arg(folder.path())
        .status();
    assert!(status.unwrap().success());
    let script = "ulimit -u 1; run='./chordsim run a.toml --jobs 3'; \
                  if [ $(id -u) = 0 ]; then exec setpriv --reuid=54321 --regid=54321 --clear-groups $run; else exec $run; fi";
    let output = shell(folder.path(), script).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(folder.path().join("results/a/manifest.json").exists());
}

/// A limit on memory is a message and an exit code, not an abort.
#[test]
fn too_little_memory_is_told() {
    let folder = folder("duration = \"1m\"\noverlay.nodes = 1000000\n");
    let script = "ulimit -v 200000; exec \"$0\" run a.toml --jobs 1";
    let output = shell(folder.path(), script).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.signal(), None, "{told}");
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("memory"), "{told}");
}
