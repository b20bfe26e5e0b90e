//! `chordsim play`: lessons from standard input and at a terminal.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use crate::common::program::{Table, chordsim};

#[cfg(unix)]
mod terminal;

/// What a session answers to these lines, and whether all of them were done.
fn played(folder: &Path, arguments: &[&str], lines: &str) -> (String, bool) {
    let mut command = chordsim(folder);
    let output = command
        .arg("play")
        .args(arguments)
        .write_stdin(lines)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => assert_eq!(errors, ""),
        Some(1) => assert!(errors.contains("not done: line"), "{errors}"),
        code => panic!("{code:?}: {errors}"),
    }
    (told, output.status.success())
}

/// The answer to the last of these lines.
fn last_answer(told: &str) -> &str {
    let (_, last) = told.rsplit_once("\n> ").unwrap();
    last.split_once('\n').unwrap().1.trim()
}

/// The fingerprint that `save` names.
fn fingerprint(told: &str) -> String {
    // 16 digits and the full stop behind them.
    let is_one = |word: &&str| word.len() == 17 && word.ends_with('.');
    let word = told.split_whitespace().rfind(is_one);
    let word = word.unwrap_or_else(|| panic!("no fingerprint: {told}"));
    word.trim_end_matches('.').to_owned()
}

/// Runs a scenario in this folder and gives the fingerprints of its runs.
fn run(folder: &Path, scenario: &str) -> Vec<String> {
    let mut command = chordsim(folder);
    command.args([
        "run",
        scenario,
        "--quiet",
        "--no-plots",
        "--out",
        "results/it",
    ]);
    command.assert().success();
    let table = Table::read(&folder.join("results/it/summary.csv"));
    table
        .column("fingerprint")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// A whole lesson, as it is shown. `CHORDSIM_BLESS=1` writes it anew.
#[test]
fn a_lesson_is_told_as_it_was() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/play");
    let lines = fs::read_to_string(here.join("lesson.txt")).unwrap();
    let folder = TempDir::new().unwrap();
    let (told, all) = played(folder.path(), &[], &lines);
    assert!(!all, "the last lines cannot be done");
    let file = here.join("told.txt");
    if std::env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(&file, &told).unwrap();
    }
    let ought = fs::read_to_string(&file).unwrap();
    for (number, (is, ought)) in told.lines().zip(ought.lines()).enumerate() {
        assert_eq!(is, ought, "line {} of tests/it/play/told.txt", number + 1);
    }
    assert_eq!(told, ought);
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "80 columns"
    );
    assert!(!told.contains('\u{1b}'), "no colour off a terminal");
}

/// The lecture's example, derived by hand: everybody knows the next node only. 120 lies behind 98, so 32 passes it on; it
/// lies between 98 and 124, so 98 takes 124 for its owner. Each message takes 50 ms: two hops and the answer, then the
/// value and its acknowledgement.
#[test]
fn the_put_of_alice_goes_round_the_lectures_ring() {
    let folder = TempDir::new().unwrap();
    let (told, all) = played(
        folder.path(),
        &[],
        "put alice=120 hello from 32\nkeys 124\n",
    );
    assert!(all);
    let lines: Vec<&str> = told.lines().collect();
    let at = |text: &str| {
        let found = lines.iter().position(|line| line.contains(text));
        found.unwrap_or_else(|| panic!("{text}:\n{told}"))
    };
    let order = [
        at("0s   32            a user puts \"hello\" under alice (120)"),
        at("0s   32 → 98"),
        at("0.05s   98 → 124"),
        at("0.1s   124 → 32"),
        at("0.15s   32 → 124"),
        at("0.2s   124 → 32"),
        at("stored   alice (120) is kept by its owner, 124 (2 hops, 250ms)"),
        at("124 keeps 1 value. It owns the keys 99 … 124."),
        at("alice (120)   \"hello\""),
    ];
    assert!(order.is_sorted(), "{told}");
}

/// What a page shows below a command of the terminal.
fn shown(page: &str, command: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(file).unwrap();
    let (_, rest) = text.split_once(&format!("$ {command}\n")).expect(command);
    let (shown, _) = rest.split_once("\n```").unwrap();
    shown.to_owned()
}

/// The lessons of the documentation are what the program tells.
#[test]
fn lessons_in_the_documentation_are_told_so() {
    let folder = TempDir::new().unwrap();
    let pages = [
        ("docs/play.md", "chordsim play"),
        (
            "README.md",
            "printf 'put alice=120 hello from 32\\njoin 110 via 98\\n' | chordsim play",
        ),
    ];
    for (page, command) in pages {
        let shown = shown(page, command);
        let typed: Vec<&str> = shown
            .lines()
            .filter_map(|line| line.strip_prefix("> "))
            .collect();
        assert!(typed.len() > 1, "{page}");
        let (told, all) = played(folder.path(), &[], &(typed.join("\n") + "\n"));
        assert!(
            all && told.trim_end() == shown,
            "{page} ought to have:\n{told}"
        );
    }
}

/// A command, drawn: mostly one that can be done.
fn drawn(rng: &mut ChaCha8Rng) -> String {
    let ids = [32, 98, 124, 14, 64, 3];
    let one = |rng: &mut ChaCha8Rng| ids[rng.random_range(0..ids.len())];
    let keys = ["alice", "120", "bob=20", "carol", "\"7\""];
    let key = keys[rng.random_range(0..keys.len())];
    let (a, b) = (one(rng), one(rng));
    let command = match rng.random_range(0..10_u32) {
        0 | 1 => format!("join {a} via {b}"),
        2 => format!("leave {a}"),
        3 => format!("crash {a}"),
        4 | 5 => format!("put {key} \"v {}\" from {a}", rng.random_range(0..9_u32)),
        6 => format!("get {key} from {a}"),
        7 => format!("find {key} from {a}"),
        8 => return ["run 1s", "run 12s", "run 1m"][rng.random_range(0..3_usize)].to_owned(),
        _ => return "step".to_owned(),
    };
    if rng.random_range(0..4_u32) == 0 {
        format!("step {command}")
    } else {
        command
    }
}

/// `run` gives a saved session the fingerprint that the session had, and whoever plays it to the same moment finds the same
/// ring: what was shown is what happened.
#[test]
fn what_is_saved_runs_as_it_was_seen() {
    for seed in 0..12 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let folder = TempDir::new().unwrap();
        let folder = folder.path();
        let mut lines: Vec<String> = (0..12).map(|_| drawn(&mut rng)).collect();
        lines.push("run 1s".to_owned());
        lines.push("nodes".to_owned());
        lines.push("save it.toml".to_owned());
        let (told, _) = played(folder, &[], &(lines.join("\n") + "\n"));
        let (before, saved) = told.rsplit_once("\n> save it.toml\n").unwrap();
        let shown = last_answer(before);
        assert_eq!(
            run(folder, "it.toml"),
            [fingerprint(saved)],
            "seed {seed}: {lines:?}"
        );

        let (_, rest) = before.rsplit_once("It is ").unwrap();
        let now = rest.split_once(" now.").unwrap().0;
        let (again, all) = played(folder, &["it.toml"], &format!("run {now}\nnodes\n"));
        assert!(all, "{again}");
        assert_eq!(last_answer(&again), shown, "seed {seed}: {lines:?}");
    }
}

/// Who takes back a command has never given it.
#[test]
fn what_is_undone_has_never_happened() {
    let mut compared = 0;
    for seed in 100..130 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let folder = TempDir::new().unwrap();
        let first: Vec<String> = (0..5).map(|_| drawn(&mut rng)).collect();
        let undone = drawn(&mut rng);
        let then = ["run 30s", "nodes", "events", "save it.toml"].join("\n");
        let without = format!("{}\n{then}\n", first.join("\n"));
        let done = |told: &str| told.contains("\n> undo\n\nTaken back: ");
        // A command that cannot be done leaves nothing to take back but what was done before.
        let (told, _) = played(folder.path(), &[], &format!("run 1s\n{undone}\nnodes\n"));
        let impossible = !told.contains("What is different") && !told.contains("a user");
        if impossible {
            continue;
        }
        let with = format!("run 1s\n{undone}\nundo\n{without}");
        let (with, _) = played(folder.path(), &[], &with);
        let saved = fs::read(folder.path().join("it.toml")).unwrap();
        let (never, _) = played(folder.path(), &[], &format!("run 1s\n{without}"));
        assert!(done(&with), "{with}");
        let tail = |told: &str| told.split_once("\n> run 30s\n").unwrap().1.to_owned();
        assert_eq!(
            tail(&with),
            tail(&never),
            "seed {seed}: {undone}, {first:?}"
        );
        assert_eq!(
            saved,
            fs::read(folder.path().join("it.toml")).unwrap(),
            "seed {seed}"
        );
        compared += 1;
    }
    assert!(
        compared >= 5,
        "few of the commands could be done: {compared}"
    );
}

/// Nothing that cannot be done changes anything: neither the ring nor what is saved.
#[test]
fn what_cannot_be_is_a_sentence_and_nothing_is_lost() {
    let folder = TempDir::new().unwrap();
    let begin = "put alice=120 hello from 32\njoin 14 via 32\nleave 98\n";
    let end = "nodes\nevents\nsave it.toml\n";
    let (whole, _) = played(folder.path(), &[], &(begin.to_owned() + end));
    let saved = fs::read(folder.path().join("it.toml")).unwrap();
    let tail = |told: &str| told.split_once("\n> nodes\n").unwrap().1.to_owned();
    for (line, expected) in [
        (
            "jion 15 via 32",
            "There is no command \"jion\": did you mean `join`?",
        ),
        (
            "dance",
            "There is no command \"dance\": `help` lists what there is.",
        ),
        (
            "join 14 via 32",
            "Node 14 is there already: choose another place, such as 15, or let it leave",
        ),
        (
            "join 128",
            "128 is not on the ring, whose places are 0 to 127.",
        ),
        (
            "join 15 via 98",
            "There is no node 98 on the ring: there are 14, 32, 124.",
        ),
        (
            "crash 98",
            "There is no node 98 on the ring: there are 14, 32, 124.",
        ),
        ("leave 15", "There is no node 15 on the ring"),
        ("get alice from 98", "There is no node 98 on the ring"),
        ("find 128 from 32", "128 is not on the ring"),
        (
            "put alice=7 x from 32",
            "\"alice\" is the name of key 120 already",
        ),
        (
            "put bob=120 x from 32",
            "Key 120 is called \"alice\" already",
        ),
        ("put alice from 32", "Say what to store"),
        ("run 2h", "The scenario lasts 1h"),
        ("run", "Say how long: `run 30s`."),
        ("run 3 s", "the unit is missing"),
        ("fingers 98", "There is no node 98"),
        ("keys x", "\"x\" is no node"),
        ("save it.csv", "\"it.csv\" is no name for it"),
        ("script nowhere.txt", "nowhere.txt cannot be read"),
        ("help dance", "There is no command \"dance\""),
        ("put \"\u{1b}[2J\" x from 32", "<U+001B>"),
        ("put a \"not closed from 32", "A quote is not closed"),
    ] {
        let lines = format!("{begin}{line}\n{end}");
        let (told, all) = played(folder.path(), &[], &lines);
        assert!(!all, "{line}");
        let joined = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains(expected), "{line}:\n{told}");
        assert!(!told.contains('\u{1b}'), "{line}");
        assert_eq!(tail(&told), tail(&whole), "{line}");
        assert_eq!(
            fs::read(folder.path().join("it.toml")).unwrap(),
            saved,
            "{line}"
        );
    }
}

#[test]
fn the_first_command_cannot_be_taken_back_twice() {
    let folder = TempDir::new().unwrap();
    let (told, all) = played(folder.path(), &[], "leave 98\nundo\nundo\n");
    assert!(!all);
    assert!(
        last_answer(&told).starts_with("There is nothing to take back"),
        "{told}"
    );
}

/// Files of others, and those that were changed since, stay as they are.
#[test]
fn nothing_of_others_is_overwritten() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("mine.toml");
    fs::write(&file, "# my own work\n").unwrap();
    let (told, all) = played(
        folder.path(),
        &[],
        "leave 98\nsave mine.toml\nsave mine\nsave other\nrun 1s\nsave other\n",
    );
    assert!(!all);
    assert_eq!(told.matches("is there already").count(), 2, "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "# my own work\n");
    let other = folder.path().join("other.toml");
    let saved = fs::read_to_string(&other).unwrap();
    assert!(saved.contains("leave = 98"), "{saved}");
    fs::write(&other, saved + "# a remark\n").unwrap();
    let (told, all) = played(folder.path(), &[], "save other.toml\n");
    assert!(!all && told.contains("or it was changed"), "{told}");
    assert!(
        fs::read_to_string(&other)
            .unwrap()
            .ends_with("# a remark\n")
    );
}

/// A saved lesson goes on, with one heading for all that was added.
#[test]
fn a_saved_lesson_can_be_played_further() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    played(
        folder,
        &[],
        "put alice hello from 32\nleave 98\nsave one.toml\n",
    );
    let (told, all) = played(
        folder,
        &["one.toml"],
        "run 5s\nget alice from 124\nsave two.toml\n",
    );
    assert!(all && told.contains("is \"hello\""), "{told}");
    let two = fs::read_to_string(folder.join("two.toml")).unwrap();
    assert_eq!(two.matches("Written by").count(), 1, "{two}");
    assert_eq!(run(folder, "two.toml"), [fingerprint(&told)]);
}

/// A scenario of several runs, with a workload, events and requests of its own.
#[test]
fn a_scenario_of_several_runs_is_played_by_one_of_them() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lecture.toml");
    fs::copy(shipped, folder.join("lecture.toml")).unwrap();
    let lines = "run 90s\njoin 14 via 32\nfind 100 from 14\nsave it.toml\n";
    for (arguments, run_of) in [
        (&["lecture.toml"][..], 0),
        (&["lecture.toml", "--run", "1"], 1),
    ] {
        let (told, all) = played(folder, arguments, lines);
        assert!(
            all && told.contains("a user puts \"alice@example.org\""),
            "{told}"
        );
        assert_eq!(run(folder, "it.toml")[run_of], fingerprint(&told), "{told}");
    }
    let mut command = chordsim(folder);
    let refused = command
        .args(["play", "lecture.toml", "--run", "2"])
        .assert()
        .code(2);
    let errors = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(errors.contains("the scenario has 2"), "{errors}");
}

/// A ring on which nothing is stored is one on which something may be: the first put changes nothing that was seen.
#[test]
fn the_first_put_does_not_change_what_was_before() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let text = "warmup = \"1m\"\nduration = \"1h\"\noverlay = { id_bits = 7, nodes = 9 }\nchord = { successors = 3 }\n";
    fs::write(folder.join("base.toml"), text).unwrap();
    let before = "crash 18\nrun 17s\nnodes\n";
    let (told, _) = played(folder, &["base.toml"], "nodes\n");
    let row = last_answer(&told).lines().nth(1).unwrap();
    let id = row.split_whitespace().next().unwrap();
    let before = before.replace("18", id);
    let (plain, all) = played(folder, &["base.toml"], &before);
    assert!(all, "{plain}");
    let (_, then) = last_answer(&plain).rsplit_once('\n').unwrap();
    let asker = then.split_whitespace().next().unwrap();
    let (put, all) = played(
        folder,
        &["base.toml"],
        &format!("{before}put a b from {asker}\nsave it\n"),
    );
    assert!(all && put.starts_with(&plain), "{plain}\n\n{put}");
    assert_eq!(run(folder, "it.toml"), [fingerprint(&put)]);
}

#[test]
fn scenarios_that_cannot_be_played_are_refused() {
    let folder = TempDir::new().unwrap();
    let refused = |name: &str, text: &str, expected: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        let mut command = chordsim(folder.path());
        let output = command
            .args(["play", name])
            .write_stdin("nodes\n")
            .assert()
            .code(2);
        let output = output.get_output();
        let errors = String::from_utf8_lossy(&output.stderr);
        let errors = errors
            .replace('│', "")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(errors.contains(expected), "{errors}");
        assert!(output.stdout.is_empty());
    };
    refused(
        "large.toml",
        "overlay = { nodes = 5000 }\n",
        "a ring of 5000 positions is too large to be played",
    );
    refused("wrong.toml", "overlay = { nodse = 5 }\n", "nodes");
    let list = "event = [{ at = \"1m\", leave = 98 }]\noverlay = { id_bits = 7, ids = [32, 98] }\n";
    refused(
        "list.toml",
        list,
        "write each event as an [[event]] of its own",
    );
}

/// A script may call another, but not itself for ever; its mistakes count as one of the line that called it.
#[test]
fn scripts_are_done_line_by_line() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("a.txt"),
        "put alice hello from 32\nscript b.txt\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("b.txt"),
        "get alice from 98\njion\ndance\n",
    )
    .unwrap();
    fs::write(folder.path().join("c.txt"), "script c.txt\n").unwrap();
    let mut command = chordsim(folder.path());
    let output = command
        .arg("play")
        .write_stdin("ring\nscript < a.txt\nscript c.txt\n")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        told.contains("is \"hello\"") && told.contains("Does it call itself?"),
        "{told}"
    );
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors, "not done: lines 2, 3\n");
}

#[test]
fn colours_come_if_they_are_asked_for() {
    let folder = TempDir::new().unwrap();
    let told = |command: &mut Command| {
        let output = command.write_stdin("ring\n").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let painted = told(chordsim(folder.path()).args(["--color", "always", "play"]));
    assert!(painted.contains("\u{1b}[1;36m98\u{1b}[0m"), "{painted}");
    let plain = told(chordsim(folder.path()).arg("play"));
    assert!(!plain.contains('\u{1b}'));
    let mut bare = String::new();
    let mut parts = painted.split('\u{1b}');
    bare.push_str(parts.next().unwrap());
    for part in parts {
        bare.push_str(part.split_once('m').unwrap().1);
    }
    assert_eq!(bare, plain, "colours change nothing else");
}
