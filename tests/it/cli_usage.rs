//! Wrong calls: the exit code, the message, and that nothing is written.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

/// The program, in a folder of its own.
fn chordsim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("chordsim").unwrap();
    command.current_dir(folder).env_remove("NO_COLOR");
    command
}

/// A call that is refused as bad usage, with this in the message.
fn refused(arguments: &[&str], message: &str) {
    let folder = TempDir::new().unwrap();
    chordsim(folder.path())
        .args(arguments)
        .assert()
        .code(2)
        .stdout(is_empty())
        .stderr(contains(message));
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "{arguments:?}"
    );
}

/// What an argument quotes does not steer the terminal, whoever complains of it.
#[test]
fn control_characters_of_arguments_are_shown_in_plain_letters() {
    for (arguments, shown) in [
        (&["run", "\u{1b}[31m"][..], "<U+001B>[31m"),
        (&["\u{1b}[31m"], "<U+001B>[31m"),
        (&["run", "a.toml", "--jobs", "\u{1b}[31m"], "<U+001B>[31m"),
        (&["run", "--\u{1}", "a.toml"], "<U+0001>"),
    ] {
        for colour in ["always", "never"] {
            let all = [arguments, &["--color", colour]].concat();
            let folder = TempDir::new().unwrap();
            let call = chordsim(folder.path()).args(&all).assert().code(2);
            let told = String::from_utf8(call.get_output().stderr.clone()).unwrap();
            assert!(told.contains(shown), "{all:?}: {told}");
            assert!(!told.contains("\u{1b}[31m["), "{all:?}: {told}");
            assert!(!told.contains('\u{1}'), "{all:?}: {told}");
        }
    }
}

/// A key as an option: those that may have this value are offered, `output.nodes` (true or false) is not.
#[test]
fn a_key_given_as_an_option_is_told_how_to_be_set() {
    let folder = TempDir::new().unwrap();
    chordsim(folder.path())
        .args(["run", "a.toml", "--nodes", "64"])
        .assert()
        .code(2)
        .stderr(contains("--set overlay.nodes=64").and(contains("output.nodes").not()));
}

/// One after the other, with an empty line between them and nothing else.
#[test]
fn several_errors_of_a_scenario_are_all_told() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("bad.toml"), "losss = 1\nsede = 2\n").unwrap();
    chordsim(folder.path())
        .args(["check", "bad.toml"])
        .assert()
        .code(2)
        .stderr(
            contains("`losss`")
                .and(contains("`sede`"))
                .and(contains("Error").not()),
        );
}

#[test]
fn bad_usage_has_exit_code_2_and_writes_nothing() {
    refused(&[], "Usage: chordsim");
    refused(&["fly"], "unrecognized subcommand 'fly'");
    refused(&["run"], "<SCENARIO.toml>");
    refused(&["run", "a.toml", "--frobnicate"], "--frobnicate");
    refused(&["run", "a.toml", "--jobs", "0"], "'--jobs <N>'");
    refused(&["run", "a.toml", "--repeat", "0"], "'--repeat <N>'");
    refused(&["run", "a.toml", "--seed", "-1"], "'-1'");
    refused(&["run", "a.toml", "--color", "pink"], "auto, always, never");
    refused(
        &["run", "a.toml", "--plots", "p", "--no-plots"],
        "cannot be used with",
    );
    refused(&["check"], "<SCENARIO.toml>");
    refused(&["plot"], "<RESULTS_DIR>");
}

/// What a newcomer types first.
#[test]
fn keys_as_options_and_scenarios_as_commands_are_understood() {
    let set = |key: &str| format!("--set overlay.{key}");
    refused(&["run", "a.toml", "--nodes", "64"], &set("nodes=64"));
    refused(&["run", "a.toml", "--nodes=64"], &set("nodes=64"));
    refused(&["run", "a.toml", "--id-bits"], &set("id_bits=VALUE"));
    refused(
        &["check", "a.toml", "--duration", "5m"],
        "--set duration=5m",
    );
    refused(
        &["run", "a.toml", "--model", "plane"],
        "--set network.model=plane",
    );
    refused(
        &["run", "a.toml", "--model", "plane"],
        "--set churn.model=plane",
    );
    refused(&["a.toml"], "chordsim run a.toml");
}

#[test]
fn one_folder_takes_one_scenario() {
    refused(
        &["run", "a.toml", "b.toml", "--out", "x"],
        "give one scenario",
    );
    refused(
        &["run", "a.toml", "b.toml", "--plots", "x"],
        "give one scenario",
    );
}

#[test]
fn a_scenario_that_cannot_be_read_is_named() {
    refused(&["run", "missing.toml"], "cannot read missing.toml");
    refused(&["check", "missing.toml"], "check the path");
    refused(&["run", "/"], "give the scenario file, not its folder");
}

#[test]
fn drawing_needs_a_complete_result() {
    let folder = TempDir::new().unwrap();
    chordsim(folder.path())
        .args(["plot", "."])
        .assert()
        .code(1)
        .stdout(is_empty())
        .stderr(contains("holds no complete result"));
    fs::write(folder.path().join("manifest.json"), "{}").unwrap();
    chordsim(folder.path())
        .args(["plot", "."])
        .assert()
        .code(1)
        .stderr(contains("is not a manifest"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn colour_follows_the_option() {
    let folder = TempDir::new().unwrap();
    let escape = || contains("\u{1b}[");
    let missing = |arguments: &[&str]| {
        let mut command = chordsim(folder.path());
        command.args(["run", "missing.toml"]).args(arguments);
        command
    };
    missing(&[]).assert().stderr(escape().not());
    missing(&["--color", "never"])
        .assert()
        .stderr(escape().not());
    missing(&["--color", "always"]).assert().stderr(escape());
    missing(&["--color", "auto"])
        .env("NO_COLOR", "1")
        .assert()
        .stderr(escape().not());
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = TempDir::new().unwrap();
    // In a repository, the commit stands behind it, as it does in every manifest.
    let commit = env!("CHORDSIM_GIT_COMMIT").get(..10);
    let commit = commit.map_or(String::new(), |commit| format!(" ({commit})"));
    let version = format!("chordsim {}{commit}\n", env!("CARGO_PKG_VERSION"));
    chordsim(folder.path())
        .arg("--version")
        .assert()
        .code(0)
        .stdout(version);
    chordsim(folder.path())
        .args(["run", "--help"])
        .assert()
        .code(0)
        .stdout(contains("--jobs"))
        .stderr(is_empty());
}
