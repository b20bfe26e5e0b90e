//! Pages that a reader follows command by command: every command of such a page is run as it stands there, one after the
//! other in one folder, and prints what the page shows. `CHORDSIM_BLESS=1` writes what is printed into the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use chordsim::results::manifest::Program;
use tempfile::TempDir;

use crate::common::program::PROGRAM;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands for lines that a page leaves out.
const GAP: &str = "…";

/// A stretch of a page.
#[derive(Debug)]
enum Piece {
    /// What nobody runs, with its line ends.
    Prose(String),
    /// A command as it is typed, and the lines that the page shows below it.
    Command { typed: String, shown: Vec<String> },
    /// A file that the reader writes: its name stands in the first line, behind a `#`.
    File { name: String, text: String },
}

/// The pieces of a page in order; together they are the page.
fn pieces(page: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut block: Option<&str> = None;
    for line in page.lines() {
        if let Some(kind) = line.strip_prefix("```") {
            block = if block.is_some() { None } else { Some(kind) };
            pieces.push(Piece::Prose(format!("{line}\n")));
        } else if block == Some("console") {
            within_console(&mut pieces, line);
        } else if block == Some("toml") {
            within_file(&mut pieces, line);
        } else {
            pieces.push(Piece::Prose(format!("{line}\n")));
        }
    }
    pieces
}

fn within_console(pieces: &mut Vec<Piece>, line: &str) {
    match (line.strip_prefix("$ "), pieces.last_mut()) {
        (Some(typed), _) => pieces.push(Piece::Command {
            typed: typed.to_owned(),
            shown: Vec::new(),
        }),
        (None, Some(Piece::Command { typed, shown }))
            if shown.is_empty() && typed.ends_with('\\') =>
        {
            typed.push('\n');
            typed.push_str(line);
        }
        (None, Some(Piece::Command { shown, .. })) => shown.push(line.to_owned()),
        (None, _) => panic!("{line:?} stands below no command"),
    }
}

fn within_file(pieces: &mut Vec<Piece>, line: &str) {
    if let Some(Piece::File { text, .. }) = pieces.last_mut() {
        text.push_str(line);
        text.push('\n');
        return;
    }
    let name = line
        .strip_prefix("# ")
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "toml"));
    pieces.push(match name {
        Some(name) => Piece::File {
            name: name.to_owned(),
            text: format!("{line}\n"),
        },
        None => Piece::Prose(format!("{line}\n")),
    });
}

/// What a command prints in a folder, without how far it is: a slow machine is told that now and then.
fn printed(typed: &str, folder: &Path) -> Vec<String> {
    let programs = Path::new(PROGRAM).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let typed = typed.replace("cargo run --release -- ", "chordsim ");
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {typed}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("NO_COLOR")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // The commit is another one tomorrow.
    let text = text.replace(&Program::this().to_string(), &without_commit());
    let lines = text.lines().filter(|line| !line.contains(" runs done"));
    lines.map(|line| line.trim_end().to_owned()).collect()
}

/// The program and its version.
fn without_commit() -> String {
    let program = Program {
        git_commit: String::new(),
        ..Program::this()
    };
    program.to_string()
}

/// The lines that a page ought to show where it shows these: what it leaves out stays left out.
fn to_show(shown: &[String], printed: &[String]) -> Vec<String> {
    let Some(first_gap) = shown.iter().position(|line| line == GAP) else {
        return printed.to_vec();
    };
    let last_gap = shown.iter().rposition(|line| line == GAP).unwrap();
    let (head, tail) = (first_gap, shown.len() - last_gap - 1);
    if first_gap != last_gap || head + tail >= printed.len() {
        // Several gaps: every line between them must be one that is printed, in this order.
        let mut rest = printed.iter();
        let is_printed = |line: &String| line == GAP || rest.any(|other| other == line);
        if shown.iter().all(is_printed) {
            return shown.to_vec();
        }
        return printed.to_vec();
    }
    let mut lines = printed[..head].to_vec();
    lines.push(GAP.to_owned());
    lines.extend_from_slice(&printed[printed.len() - tail..]);
    lines
}

/// Runs all that a page shows, in a folder in which these files of the repository are.
#[track_caller]
fn follows(page: &str, files: &[&str]) {
    let folder = TempDir::new().unwrap();
    for file in files {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root().join(file), to).unwrap();
    }
    let text = fs::read_to_string(root().join(page)).unwrap();
    let (mut anew, mut commands) = (String::new(), 0);
    for piece in pieces(&text) {
        match piece {
            Piece::Prose(text) => anew.push_str(&text),
            Piece::File { name, text } => {
                fs::write(folder.path().join(name), &text).unwrap();
                anew.push_str(&text);
            }
            Piece::Command { typed, shown } => {
                commands += 1;
                let lines = to_show(&shown, &printed(&typed, folder.path()));
                for line in [format!("$ {typed}")].iter().chain(&lines) {
                    anew.push_str(line);
                    anew.push('\n');
                }
            }
        }
    }
    assert!(commands > 0, "{page} shows no command");
    if std::env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(root().join(page), &anew).unwrap();
    } else if let Some((now, then)) = anew
        .lines()
        .zip(text.lines())
        .find(|(now, then)| now != then)
    {
        panic!("{page} shows\n{then}\nand the program prints\n{now}");
    } else {
        assert_eq!(anew, text, "{page}");
    }
}

#[test]
fn the_tutorial_can_be_followed() {
    follows("docs/tutorial.md", &[]);
}

#[test]
fn the_lessons_can_be_followed() {
    follows("docs/lecturers.md", &["scenarios/lecture.toml"]);
}

#[test]
fn what_a_page_leaves_out_stays_left_out() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let printed = lines("a\nb\nc\nd");
    assert_eq!(to_show(&lines("x\n…\ny"), &printed), lines("a\n…\nd"));
    assert_eq!(to_show(&lines("x\n…"), &printed), lines("a\n…"));
    assert_eq!(to_show(&lines("x"), &printed), printed);
    assert_eq!(to_show(&lines("a\n…\nc\n…"), &printed), lines("a\n…\nc\n…"));
    assert_eq!(to_show(&lines("a\n…\ne\n…"), &printed), printed);
}
