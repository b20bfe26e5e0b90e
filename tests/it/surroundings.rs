//! What a run gives depends on nothing around it: not on language, time zone, home, place of temporary files, working
//! folder, number of jobs or processor. Everything is in it that rests on the functions of a mathematical library.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::program::{PROGRAM, assert_same_files, chordsim, files, results};

const SCENARIO: &str = r#"
warmup   = "10s"
duration = "1m"
sample   = "10s"
repeat   = 2
[overlay]
nodes = 30
[churn]
model         = "sessions"
graceful      = 0.5
sessions.down = { pareto = { minimum = "10s", shape = 1.5 } }
[workload]
lookups_per_s = 5
popularity    = "zipf"
[output]
audit = true
[sweep]
"network.model"     = ["plane", "transit-stub", "exponential"]
"churn.sessions.up" = [
    { pareto = { minimum = "20s", shape = 1.5 } },
    { weibull = { scale = "1m", shape = 0.6 } },
    { lognormal = { median = "1m", sigma = 1.0 } },
]
"#;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// What a command wrote, as far as it must be the same.
struct Written {
    results: Files,
    manifest: Value,
    pictures: Files,
}

impl Written {
    /// What a command has written below a folder.
    fn below(folder: &Path) -> Self {
        let out = folder.join("results/it");
        Self {
            results: results(&out),
            manifest: facts(&out),
            pictures: files(&folder.join("plots/it")),
        }
    }

    fn assert_same(&self, other: &Self) {
        assert_same_files(&self.results, &other.results);
        assert_eq!(self.manifest, other.manifest);
        assert_same_files(&self.pictures, &other.pictures);
    }
}

/// A manifest without what clock and machine say.
fn facts(out: &Path) -> Value {
    let bytes = fs::read(out.join("manifest.json")).unwrap();
    let mut manifest: Value = serde_json::from_slice(&bytes).unwrap();
    let remove = |value: &mut Value, names: &[&str]| {
        for name in names {
            let removed = value.as_object_mut().unwrap().remove(*name);
            assert!(removed.is_some(), "{name}");
        }
    };
    let of_all = ["started", "wall_seconds", "peak_memory_bytes", "host"];
    remove(&mut manifest, &of_all);
    for run in manifest["runs"].as_array_mut().unwrap() {
        remove(run, &["wall_seconds", "events_per_s"]);
    }
    manifest
}

fn prepared() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("it.toml"), SCENARIO).unwrap();
    folder
}

/// Runs the scenario by a command that `change` has prepared.
fn written(change: impl FnOnce(&mut Command)) -> Written {
    let folder = prepared();
    let mut command = chordsim(folder.path());
    command.args(["run", "it.toml", "--quiet"]);
    change(&mut command);
    command.assert().code(0);
    Written::below(folder.path())
}

/// Where `tests/tools.sh` puts locales that a machine need not have.
fn locales() -> PathBuf {
    let target = Path::new(PROGRAM).ancestors().nth(2);
    target.expect("target/release").join("tools/locales")
}

#[test]
fn language_zone_home_and_jobs_change_no_byte() {
    let plain = written(|command| {
        command
            .arg("--no-plots")
            .env("LC_ALL", "C")
            .env("TZ", "UTC");
    });
    assert_eq!(plain.results.len(), 7);
    let temporary = TempDir::new().unwrap();
    let variables = [
        ("LC_ALL", "de_DE.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("TZ", "Asia/Kathmandu"),
        ("TZ", "no/such zone"),
        ("HOME", "/there/is/no/such/folder"),
        ("HOME", ""),
        ("TMPDIR", temporary.path().to_str().unwrap()),
        ("TMPDIR", "/there/is/no/such/folder"),
    ];
    for (name, value) in variables {
        println!("{name}={value}");
        let other = written(|command| {
            command
                .arg("--no-plots")
                .env("LOCPATH", locales())
                .env(name, value);
        });
        plain.assert_same(&other);
    }
    for jobs in ["1", "2", "7"] {
        println!("--jobs {jobs}");
        let other = written(|command| {
            command.args(["--no-plots", "--jobs", jobs]).env_clear();
        });
        plain.assert_same(&other);
    }
}

#[test]
fn pictures_are_the_same_everywhere() {
    let plain = written(|_| {});
    assert!(plain.pictures.len() > 10);
    let other = written(|command| {
        command.env_clear();
        let strange = [
            ("LC_ALL", "tr_TR.UTF-8"),
            ("TZ", "Pacific/Apia"),
            ("COLUMNS", "1"),
        ];
        command.env("LOCPATH", locales()).envs(strange);
    });
    plain.assert_same(&other);
}

/// Only how the scenario was named tells that it was run from elsewhere.
#[test]
fn the_working_folder_changes_no_byte() {
    let plain = written(|command| {
        command.arg("--no-plots");
    });
    let folder = prepared();
    let scenario = folder.path().join("it.toml");
    let elsewhere = TempDir::new().unwrap();
    chordsim(elsewhere.path())
        .args(["run", "--quiet", "--no-plots"])
        .arg(&scenario)
        .args([
            "--out".as_ref(),
            folder.path().join("results/it").as_os_str(),
        ])
        .assert()
        .code(0);
    let mut other = Written::below(folder.path());
    let named = &mut other.manifest["plan"]["scenario_file"];
    assert_eq!(*named, scenario.to_str().unwrap());
    *named = "it.toml".into();
    plain.assert_same(&other);
    assert!(files(elsewhere.path()).is_empty());
}

/// A command, unless it is not there; but it has to be where changes are checked. `tests/tools.sh` installs it.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn tool(name: &str) -> Option<Command> {
    let found = Command::new(name).arg("--version").output();
    if found.is_err() {
        assert!(env::var_os("CI").is_none(), "{name} is not installed");
        println!("{name} is not installed: nothing was tested");
        return None;
    }
    Some(Command::new(name))
}

/// Runs the scenario by a tool that runs the program.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn is_the_same_by(name: &str, options: &[&str]) {
    let Some(mut tool) = tool(name) else {
        return;
    };
    let call = ["run", "it.toml", "--quiet", "--no-plots", "--jobs", "1"];
    let folder = prepared();
    let assert = tool
        .args(options)
        .arg(PROGRAM)
        .args(call)
        .current_dir(folder.path())
        .assert();
    assert.code(0);
    let plain = written(|command| {
        command.arg("--no-plots");
    });
    plain.assert_same(&Written::below(folder.path()));
}

/// The first processors of 64 bits: without AVX, FMA, SSE 4 and what else is looked for when a program begins.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn an_old_processor_gives_the_same_bytes() {
    is_the_same_by("qemu-x86_64", &["-cpu", "qemu64"]);
}

/// No memory is read before it is written, or beyond its end; and a second simulated processor agrees.
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn memory_is_used_as_it_may_be() {
    is_the_same_by("valgrind", &["--quiet", "--error-exitcode=9"]);
}
