//! Every message that refuses something has a code, and the table of codes tells the truth: each is in use, and its
//! example gives this code and no other.
//!
//! `CHORDSIM_BLESS=1 cargo test --release --test it codes` writes docs/errors.md anew.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use chordsim::codes::{self, Code, Coded as _, Example};
use chordsim::scenario::{Overrides, Plan, ScenarioError};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources of the program, but for the table itself.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("src/codes") {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_code_is_given_to_some_error() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let texts: Vec<String> = files
        .iter()
        .map(|it| fs::read_to_string(it).unwrap())
        .collect();
    let is_used = |code: &Code| {
        let name = format!("codes::{}", code.entry().name);
        let follows = |rest: &str| !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric());
        texts
            .iter()
            .any(|text| text.split(&name).skip(1).any(follows))
    };
    let idle: Vec<Code> = codes::all().filter(|code| !is_used(code)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

fn parsed(text: &str) -> Result<(), Box<ScenarioError>> {
    let file = Path::new("example.toml");
    Plan::parse_with_files(text, file, &Overrides::default()).map(|_| ())
}

#[test]
fn examples_that_are_scenarios_give_their_code_and_nothing_else() {
    let mut tried = 0;
    for code in codes::all() {
        let Example::Scenario { wrong, right } = code.entry().example else {
            continue;
        };
        let error = parsed(wrong).expect_err(wrong);
        let others = error.others().iter().map(ScenarioError::kind);
        let kinds: Vec<Code> = [error.kind()].into_iter().chain(others).collect();
        assert!(
            kinds.iter().all(|kind| *kind == code),
            "{code:?}: {kinds:?} {error}"
        );
        assert!(parsed(right).is_ok(), "{code:?}: {:?}", parsed(right));
        tried += 1;
    }
    assert!(tried >= 30);
}

/// The program, in a folder of its own.
fn chordsim(folder: &Path, command: &str) -> Command {
    let mut program = Command::cargo_bin("chordsim").unwrap();
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("chordsim"));
    program.args(words).current_dir(folder);
    program.env_remove("CHORDSIM_DATA");
    program
}

/// A command that is refused with this code alone.
fn is_refused(folder: &Path, command: &str, code: Code) {
    let output = chordsim(folder, command).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{command}: {told}");
    let codes: Vec<&str> = told.split("[E").skip(1).map(|it| &it[..4]).collect();
    let wanted = code.to_string();
    let is_it = |digits: &&str| wanted.ends_with(*digits);
    assert!(
        !codes.is_empty() && codes.iter().all(is_it),
        "{code:?}, {command}: {told}"
    );
}

fn is_done(folder: &Path, command: &str) {
    let output = chordsim(folder, command).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {told}");
}

#[test]
fn examples_that_are_data_files_give_their_code() {
    for code in codes::all() {
        let Example::DataFile {
            scenario,
            file,
            wrong,
            right,
        } = code.entry().example
        else {
            continue;
        };
        let folder = TempDir::new().unwrap();
        let place = folder.path();
        fs::write(place.join("example.toml"), scenario).unwrap();
        fs::write(place.join(file), wrong).unwrap();
        is_refused(place, "chordsim check example.toml", code);
        fs::write(place.join(file), right).unwrap();
        is_done(place, "chordsim check example.toml");
    }
}

#[test]
fn examples_that_are_commands_give_their_code() {
    let mut tried = 0;
    for code in codes::all() {
        let Example::Command { wrong, right } = code.entry().example else {
            continue;
        };
        let folder = TempDir::new().unwrap();
        let place = folder.path();
        fs::write(place.join("ring.toml"), codes::RING).unwrap();
        is_done(place, "chordsim run ring.toml --no-plots --quiet");
        is_refused(place, wrong, code);
        is_done(place, right);
        tried += 1;
    }
    assert!(tried >= 15);
}

/// The numbers are promised to be what they are: a number is written here once and never changed.
#[test]
fn numbers_stay_what_they_are() {
    for (number, name) in [
        (1, "NOT_TOML"),
        (2, "UNKNOWN_KEY"),
        (5, "NOT_A_DURATION"),
        (40, "NO_SUCH_FILE"),
        (60, "DISK_FULL"),
        (68, "NOT_A_RESULT"),
        (80, "UNKNOWN_OPTION"),
        (97, "OUTPUT_LOST"),
    ] {
        let code = codes::find(&format!("E{number:04}")).unwrap();
        assert_eq!(code.entry().name, name);
    }
}

#[test]
fn every_error_of_a_scenario_shows_its_code_beside_its_message() {
    let folder = TempDir::new().unwrap();
    let text = "duration = 60\n[chord]\nsucessors = 8\n";
    fs::write(folder.path().join("bad.toml"), text).unwrap();
    let output = chordsim(folder.path(), "chordsim check bad.toml")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("× `duration` must be a duration [E0005]\n"),
        "{told}"
    );
    assert!(
        told.contains("× unknown key `chord.sucessors` [E0002]\n"),
        "{told}"
    );
    assert!(!told.contains("Error:"), "{told}");
}

#[test]
fn the_page_of_errors_is_that_of_the_table() {
    let page = root().join("docs/errors.md");
    let ought = codes::page();
    if std::env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(page, ought).unwrap();
        return;
    }
    let is = fs::read_to_string(page).unwrap();
    assert!(
        is == ought,
        "write docs/errors.md anew with CHORDSIM_BLESS=1"
    );
}
