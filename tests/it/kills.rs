//! The program, killed again and again at moments that a seed decides: an older result is whole, or the new one is, or
//! there is none; and the command that is left alone ends with the new one and leaves nothing else.
//!
//! When a kill comes is a random number of milliseconds: that is no measurement, and no claim depends on it.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use chordsim::results::sha256_hex;
use proptest::test_runner::{RngAlgorithm, TestRng};
use rand::RngExt as _;
use tempfile::TempDir;

use crate::common::program::{PROGRAM, assert_same_files, chordsim, files};

/// Six runs of some hundredths of a second each.
const SCENARIO: &str = r#"
warmup   = "0s"
duration = "1m"
repeat   = 6
[overlay]
nodes = 200
[workload]
lookups_per_s = 20
"#;

/// So many chains of kills are tried, or as many as `CHORDSIM_CASES` says.
const FEW: u64 = 6;

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn start(folder: &Path, arguments: &[&str]) -> std::process::Child {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .env("TMPDIR", folder.join("tmp"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The CSV files of a result, which is whole if there is one.
fn result(folder: &Path) -> Option<Files> {
    let out = folder.join("results/it");
    let manifest = fs::read(out.join("manifest.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let mut found = Files::new();
    for file in manifest["files"].as_array().unwrap() {
        let name = file["name"].as_str().unwrap();
        let bytes = fs::read(out.join(name)).unwrap();
        assert_eq!(file["sha256"], sha256_hex(&bytes).as_str(), "{name}");
        found.insert(name.into(), bytes);
    }
    Some(found)
}

fn prepare() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("tmp")).unwrap();
    fs::write(folder.path().join("it.toml"), SCENARIO).unwrap();
    folder
}

/// All files but those that tell of clock and machine.
fn all_but_manifest(folder: &Path) -> Files {
    let mut all = files(folder);
    all.retain(|name, _| !name.ends_with("manifest.json"));
    all
}

#[test]
fn whenever_it_is_killed_no_result_is_wrong() {
    let asked = env::var("CHORDSIM_CASES").ok();
    let chains = asked.map_or(FEW, |text| text.parse().expect("a number of cases"));
    let commands: [&[&str]; 3] = [
        &["run", "it.toml", "--jobs", "1"],
        &["run", "it.toml", "--jobs", "2", "--seed", "5"],
        &["verify", "results/it"],
    ];
    let [plain, seeded] = [commands[0], commands[1]].map(|command| {
        let folder = prepare();
        chordsim(folder.path()).args(command).assert().code(0);
        (result(folder.path()), all_but_manifest(folder.path()))
    });
    let (mut kills, mut late) = (0, 0);
    for seed in 0..chains {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let folder = prepare();
        for _ in 0..8 {
            let mut child = start(folder.path(), commands[random.random_range(0..3)]);
            sleep(Duration::from_millis(random.random_range(1..400)));
            match child.try_wait().unwrap() {
                Some(_) => late += 1,
                None => kills += 1,
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let found = result(folder.path());
            let is_known = [&None, &plain.0, &seeded.0].contains(&&found);
            assert!(is_known, "seed {seed}: neither of the two results");
        }
        for command in [commands[0], commands[2]] {
            chordsim(folder.path())
                .env("TMPDIR", folder.path().join("tmp"))
                .args(command)
                .assert()
                .code(0);
        }
        // What is kept of the other seed's runs is no leftover.
        let _ = fs::remove_dir_all(folder.path().join("results/it/.parts"));
        assert_same_files(&plain.1, &all_but_manifest(folder.path()));
    }
    println!("{kills} kills, {late} too late");
    assert!(kills > chains, "most came too late: {kills}");
}
