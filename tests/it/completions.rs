//! `chordsim completions` and `chordsim man`, as shells and the manual take them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::common::program::chordsim;

/// Whether a program is there; if not, that is said aloud, and under continuous integration it must be.
fn is_there(name: &str) -> bool {
    let found = Command::new(name).arg("--version").output().is_ok();
    if !found {
        assert!(
            std::env::var_os("CI").is_none(),
            "{name} is missing: tests/tools.sh installs it"
        );
        eprintln!("{name} is missing: it was not tested; tests/tools.sh installs it");
    }
    found
}

/// The script of a shell, in a folder that has a scenario, another file and a folder.
fn script(shell: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    for file in ["mine.toml", "notes.txt"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    fs::create_dir(folder.path().join("more")).unwrap();
    let call = chordsim(folder.path())
        .args(["completions", shell])
        .assert()
        .success();
    let name = if shell == "zsh" {
        "_chordsim"
    } else {
        "script"
    };
    let path = folder.path().join(name);
    fs::write(&path, &call.get_output().stdout).unwrap();
    (folder, path)
}

/// What is typed, up to where the key is pressed, and what is offered. What begins with `!` is not.
const TYPED: &[(&str, &[&str])] = &[
    ("chordsim che", &["check", "!run"]),
    ("chordsim run --se", &["--seed", "--set"]),
    (
        "chordsim run --set chord.ro",
        &["chord.routing=", "!chord.routing=fingers"],
    ),
    (
        "chordsim check --set overlay.",
        &["overlay.nodes=", "overlay.ids=", "!chord.routing="],
    ),
    (
        "chordsim run --set chord.routing=",
        &["fingers", "successors"],
    ),
    (
        "chordsim run --set chord.routing=f",
        &["fingers", "!successors"],
    ),
    ("chordsim run --set storage.handover=", &["true", "false"]),
    ("chordsim run --set chord.stabilize_every=", &["off"]),
    ("chordsim init load", &["load-virtual-nodes", "!churn"]),
    (
        "chordsim validate --only v1",
        &["v1-successors", "v11-churn", "!latency"],
    ),
    ("chordsim run m", &["mine.toml", "!notes.txt"]),
    ("chordsim completions ", &["bash", "zsh", "fish"]),
    (
        "chordsim explain hops_m",
        &["hops_mean", "hops_max", "!stretch_mean"],
    ),
];

/// The same for every shell. The word that stands before a value may be part of what is offered.
fn judge(shell: &str, offered: impl Fn(&str) -> Vec<String>) {
    for (typed, expected) in TYPED {
        let all = offered(typed);
        let key = typed.rsplit(' ').next().unwrap();
        let key = key.split_once('=').map_or("", |(key, _)| key);
        let is_offered = |word: &str| {
            let whole = format!("{key}={word}");
            all.iter()
                .any(|it| it.trim_end() == word || it.trim_end() == whole)
        };
        for word in *expected {
            match word.strip_prefix('!') {
                Some(word) => assert!(
                    !is_offered(word),
                    "{shell}: {typed:?} offers {word}: {all:?}"
                ),
                None => assert!(is_offered(word), "{shell}: {typed:?} lacks {word}: {all:?}"),
            }
        }
    }
}

fn output(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(complaints.is_empty(), "{complaints}");
    let told = String::from_utf8(output.stdout).unwrap();
    told.lines().map(ToOwned::to_owned).collect()
}

/// As bash calls it: the line, where the cursor is, and the words, taken apart at what `COMP_WORDBREAKS` says.
const BASH: &str = r#"
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDS=()
compopt() { :; }
line=${2//=/ = }
read -ra COMP_WORDS <<< "$line"
[[ $2 == *' ' || $2 == *= ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
function=$(complete -p chordsim | sed 's/.*-F \([^ ]*\).*/\1/')
"$function" chordsim "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"#;

#[test]
fn bash_completes() {
    if !is_there("bash") {
        return;
    }
    let (folder, script) = script("bash");
    judge("bash", |typed| {
        let mut command = Command::new("bash");
        command
            .args(["--norc", "-c", BASH, "bash"])
            .arg(&script)
            .arg(typed);
        output(command.current_dir(folder.path()))
    });
}

#[test]
fn fish_completes() {
    if !is_there("fish") {
        return;
    }
    let (folder, script) = script("fish");
    judge("fish", |typed| {
        let mut command = Command::new("fish");
        let code = format!("source '{}'; complete -C '{typed}'", script.display());
        command
            .args(["--no-config", "-c", &code])
            .env("HOME", folder.path());
        let lines = output(command.current_dir(folder.path()));
        let word = |line: String| line.split('\t').next().unwrap().to_owned();
        let offered = lines.into_iter().map(word);
        // fish offers files whatever they are called; it is asked for the names of ours.
        offered.filter(|it| it != "notes.txt").collect()
    });
}

#[test]
fn zsh_completes() {
    if !is_there("zsh") {
        return;
    }
    let (folder, script) = script("zsh");
    let code = fs::read_to_string(&script).unwrap();
    // zsh itself finds nothing wrong with it, and its functions answer.
    let check = Command::new("zsh")
        .args(["-n"])
        .arg(&script)
        .output()
        .unwrap();
    assert!(
        check.status.success(),
        "{}",
        String::from_utf8_lossy(&check.stderr)
    );
    assert!(code.starts_with("#compdef chordsim"));
    judge_zsh(folder.path(), &script);
}

/// `_chordsim_set` with the functions that zsh has only while it completes standing in.
fn judge_zsh(folder: &Path, script: &Path) {
    const CALL: &str = r#"
compdef() { :; }
compset() { [[ $word == *=* ]] && IPREFIX=${word%%=*}=; }
compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@"; }
word=$2
source $1
_chordsim_set
"#;
    for (word, expected) in [
        ("chord.ro", "chord.routing"),
        ("chord.routing=", "fingers"),
        ("storage.handover=", "false"),
    ] {
        let mut command = Command::new("zsh");
        command
            .args(["-f", "-c", CALL, "zsh"])
            .arg(script)
            .arg(word);
        let offered = output(command.current_dir(folder));
        assert!(
            offered.iter().any(|it| it == expected),
            "{word}: {offered:?}"
        );
    }
    let code = fs::read_to_string(script).unwrap();
    let uses = code.matches(":SECTION.KEY=VALUE:_chordsim_set'").count();
    assert_eq!(uses, 3, "run, check and trace take keys");
    assert!(code.contains("load-virtual-nodes") && code.contains("_files -g \"*.toml\""));
}

/// Every page is set without a warning, and the commands and keys stand in them.
#[test]
fn the_manual_is_set_without_a_warning() {
    let folder = TempDir::new().unwrap();
    let call = chordsim(folder.path())
        .args(["man", "--out", "man"])
        .assert()
        .success();
    let told = String::from_utf8(call.get_output().stderr.clone()).unwrap();
    assert!(
        told.contains("man/chordsim-run.1") && told.contains("man/chordsim-scenario.5"),
        "{told}"
    );
    let keys = fs::read_to_string(folder.path().join("man/chordsim-scenario.5")).unwrap();
    for word in [
        "\\fBvirtual_nodes\\fR",
        "\\fBfingers\\fR",
        "[[fault]]",
        "\\fBpareto\\fR",
    ] {
        assert!(keys.contains(word), "{word}");
    }
    chordsim(folder.path())
        .arg("man")
        .assert()
        .success()
        .stdout(predicates::str::contains(".SH SYNOPSIS"));
    if !is_there("groff") {
        return;
    }
    for name in told.lines() {
        let mut command = Command::new("groff");
        command.args(["-man", "-ww", "-Tutf8", name]);
        let page = output(command.current_dir(folder.path())).join("\n");
        // Bold letters are printed twice, over each other.
        let mut plain = String::new();
        for sign in page.chars() {
            match sign {
                '\u{8}' => drop(plain.pop()),
                sign => plain.push(sign),
            }
        }
        assert!(plain.contains("NAME\n       chordsim"), "{plain}");
    }
}
