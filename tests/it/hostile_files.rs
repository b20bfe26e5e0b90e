//! Files that are no files, have no end, or hold what steers a terminal: each is refused with a message that can be
//! read, and neither waited for nor filled into memory.

use std::fs::{self, File};
use std::path::Path;

use assert_cmd::assert::Assert;
use predicates::str::{contains, is_empty};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::common::cases::cases;
use crate::common::program::{chordsim, limited};

const SHORT: &str = "warmup = \"0s\"\nduration = \"1m\"\noverlay.nodes = 8\n";

/// A folder with what is no file, and `hole`, 64 GiB of which nothing is on disk.
fn special() -> TempDir {
    use std::os::unix::fs::symlink;
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(at("pipe"))
        .status();
    assert!(made.unwrap().success());
    fs::create_dir(at("folder")).unwrap();
    symlink("/dev/zero", at("zero")).unwrap();
    symlink("pipe", at("link")).unwrap();
    File::create(at("hole")).unwrap().set_len(64 << 30).unwrap();
    folder
}

/// What they are, as messages say it.
const SPECIAL: [(&str, &str); 8] = [
    ("pipe", "this is a pipe, not a file"),
    ("link", "this is a pipe, not a file"),
    ("zero", "this is a device, not a file"),
    ("/dev/random", "this is a device, not a file"),
    ("/dev/full", "this is a device, not a file"),
    ("/dev/tty", "this is a device, not a file"),
    ("folder", "this is a folder, not a file"),
    ("hole", "UTF-16"),
];

/// The program refuses with this code, at length and without control characters.
fn refused(folder: &Path, arguments: &[&str], code: i32) -> (Assert, String) {
    let refusal = limited(folder).args(arguments).assert();
    let refusal = refusal.code(code).stdout(is_empty());
    let told = String::from_utf8(refusal.get_output().stderr.clone()).unwrap();
    assert!(is_harmless(&told), "{arguments:?}: {told:?}");
    assert!(told.len() < 8000, "{arguments:?}: {} bytes", told.len());
    (refusal, told)
}

fn is_harmless(told: &str) -> bool {
    let is_turned = |c: char| ('\u{202a}'..='\u{202e}').contains(&c);
    told.chars()
        .all(|c| c == '\n' || !(c.is_control() || is_turned(c)))
}

#[test]
fn only_a_file_is_a_scenario() {
    let folder = special();
    for (name, why) in SPECIAL {
        let (refusal, _) = refused(folder.path(), &["check", name], 2);
        refusal.stderr(contains(why)).stderr(contains("help: "));
    }
    let (refusal, _) = refused(folder.path(), &["check", "-"], 2);
    refusal.stderr(contains("not read from standard input"));
    let piped = chordsim(folder.path())
        .args(["check", "/dev/stdin"])
        .write_stdin(SHORT)
        .assert();
    piped
        .code(2)
        .stderr(contains("this is a pipe, not a file"))
        .stderr(contains("to a file"));
    std::os::unix::fs::symlink("file", folder.path().join("to-file")).unwrap();
    fs::write(folder.path().join("file"), SHORT).unwrap();
    let checked = limited(folder.path()).args(["check", "to-file"]).assert();
    checked.code(0);
}

#[test]
fn only_a_file_is_a_file_of_data() {
    let folder = special();
    for model in ["matrix", "graph"] {
        for (name, why) in SPECIAL {
            let text = format!("[network]\nmodel = \"{model}\"\n{model}.file = \"{name}\"\n");
            fs::write(folder.path().join("s.toml"), text).unwrap();
            for command in ["check", "run"] {
                let (refusal, _) = refused(folder.path(), &[command, "s.toml"], 2);
                refusal
                    .stderr(contains("s.toml:3:"))
                    .stderr(contains(why))
                    .stderr(contains("help: "));
            }
        }
    }
}

#[test]
fn only_files_are_results() {
    let folder = special();
    fs::write(folder.path().join("ring.toml"), SHORT).unwrap();
    for file in ["manifest.json", "aggregate.csv", "lookups.csv"] {
        for (name, _) in SPECIAL {
            let ran = limited(folder.path())
                .args(["run", "ring.toml", "--no-plots", "--quiet"])
                .assert();
            ran.code(0);
            let path = folder.path().join("results/ring").join(file);
            fs::remove_file(&path).unwrap();
            std::os::unix::fs::symlink(folder.path().join(name), &path).unwrap();
            let (refusal, told) = refused(folder.path(), &["plot", "results/ring"], 1);
            refusal.stderr(contains(file));
            let expected = if name == "hole" { "" } else { "not a file" };
            assert!(told.contains(expected), "{file}, {name}: {told}");
            fs::remove_dir_all(folder.path().join("results")).unwrap();
        }
    }
}

/// A gigabyte that is read would be too much for the limit of the memory: it is told before.
#[test]
fn what_is_too_large_is_not_read() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let hole = |name: &str, head: &str, size: u64| {
        fs::write(at(name), head).unwrap();
        File::options()
            .write(true)
            .open(at(name))
            .unwrap()
            .set_len(size)
            .unwrap();
    };
    hole("s.toml", SHORT, 9 << 20);
    let (refusal, _) = refused(folder.path(), &["check", "s.toml"], 2);
    refusal.stderr(contains("more than 8388608 bytes (8 MiB)"));
    let matrix = "[network]\nmodel = \"matrix\"\nmatrix.file = \"m.tsv\"\n";
    fs::write(at("m.toml"), matrix).unwrap();
    for (size, why) in [
        (64 << 30, "more than 1073741824 bytes"),
        (1 << 30, "no memory"),
    ] {
        hole("m.tsv", "0 1\n1 0\n", size);
        let (refusal, _) = refused(folder.path(), &["check", "m.toml"], 2);
        refusal.stderr(contains(why)).stderr(contains("help: "));
    }
}

/// Of megabytes on one line a message shows the piece in which the fault lies.
#[test]
fn a_fault_in_a_line_of_megabytes_is_told_in_short() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    let long = "x".repeat(4_000_000);
    let half = &long[..2_000_000];
    let numbers = "1, ".repeat(1_000_000);
    for (text, place) in [
        (format!("title = \"{long}\"\nnodes = 1\n"), "bad.toml:2:1"),
        (format!("title = \"{long}\\u0007\"\n"), "bad.toml:1:9"),
        (format!("{long} = 1\n"), "bad.toml:1:1"),
        (format!("chord.routing = \"{long}\"\n"), "bad.toml:1:17"),
        (format!("duration = \"{long}\"\n"), "bad.toml:1:12"),
        (format!("name = \"-{long}\"\n"), "bad.toml:1:8"),
        (format!("overlay.nodes = [{numbers}]\n"), "bad.toml:1:17"),
        (format!("title = [{numbers}\n"), "bad.toml:1:30000"),
        (
            format!("seed = {}\n", "9".repeat(4_000_000)),
            "bad.toml:1:8",
        ),
        (format!("sweep.\"{long}\" = [1]\n"), "bad.toml:1:7"),
        (
            format!("# {half}\nduration = 1 # {half}\n# {half}\n"),
            "bad.toml:2:12",
        ),
    ] {
        write("bad.toml", text);
        let (refusal, _) = refused(folder.path(), &["check", "bad.toml"], 2);
        refusal.stderr(contains(place)).stderr(contains("help: "));
    }
    let header = "from,to,latency_ms\n";
    for (model, text, place) in [
        ("matrix", format!("0 {long}\n1 0\n"), "data:1:3"),
        (
            "matrix",
            format!("0 1\n1 0{}\n", " 1".repeat(10_000_000)),
            "data:2:32769",
        ),
        ("matrix", format!("{long},1\n"), "data:1:1"),
        ("matrix", numbers.clone(), "data:1:"),
        ("graph", format!("{header}A,B,{long}\n"), "data:2:5"),
        ("graph", format!("{header}A,{long},1\nB,C,1\n"), "data:3:1"),
        ("graph", format!("{header}{numbers}\n"), "data:2:1"),
    ] {
        let scenario = format!("[network]\nmodel = \"{model}\"\n{model}.file = \"data\"\n");
        write("s.toml", scenario);
        write("data", text);
        let (refusal, _) = refused(folder.path(), &["check", "s.toml"], 2);
        refusal.stderr(contains(place)).stderr(contains("help: "));
    }
}

#[test]
fn a_cell_and_a_value_of_megabytes_are_told_in_short() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("ring.toml"), SHORT).unwrap();
    let ran = limited(folder.path())
        .args(["run", "ring.toml", "--no-plots"])
        .assert();
    ran.code(0);
    let long = "\u{1b}[2J".repeat(3_000_000);
    let change = |file: &str, from: &str, to: &str| {
        let path = folder.path().join("results/ring").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    };
    let lookups = fs::read_to_string(folder.path().join("results/ring/lookups.csv")).unwrap();
    let mut lines = lookups.lines();
    let hops = lines
        .next()
        .unwrap()
        .split(',')
        .position(|name| name == "hops")
        .unwrap();
    let first = lines.next().unwrap();
    let mut cells: Vec<&str> = first.split(',').collect();
    cells[hops] = &long;
    change("lookups.csv", first, &cells.join(","));
    let (refusal, _) = refused(folder.path(), &["plot", "results/ring"], 1);
    refusal.stderr(contains("lookups.csv, line 2"));
    let json = "\\u001b[2J".repeat(1_000_000);
    change(
        "manifest.json",
        "\"repeat\": 1",
        &format!("\"repeat\": \"{json}\""),
    );
    let (refusal, _) = refused(folder.path(), &["plot", "results/ring"], 1);
    refusal.stderr(contains("manifest.json"));
}

#[test]
fn names_that_steer_a_terminal_are_shown_by_number() {
    let folder = TempDir::new().unwrap();
    let name = "\u{1b}[31m\u{202e}\u{9b}2J.toml";
    let (refusal, _) = refused(folder.path(), &["check", name], 2);
    refusal.stderr(contains("<U+001B>[31m<U+202E><U+009B>2J.toml"));
    // In a comment beside a fault, in a key, and in a value that is shown.
    let text = "# \u{202e}\u{9b}31m\nnod\u{9b}es = 1\n\"\\u001b\" = 1\nduration = \"\u{85}\"\n";
    fs::write(folder.path().join(name), text).unwrap();
    let (refusal, told) = refused(folder.path(), &["check", name], 2);
    refusal.stderr(contains("<U+009B>"));
    assert!(told.contains("<U+202E>"), "{told}");
}

#[test]
fn a_text_with_control_characters_is_refused() {
    let folder = TempDir::new().unwrap();
    for (line, place, sign) in [
        ("title = \"a\\u0001\"", "s.toml:1:9", "<U+0001>"),
        ("title = \"\\u001b[31mred\"", "s.toml:1:9", "<U+001B>"),
        ("title = \"\u{202e}gnorw\"", "s.toml:1:9", "<U+202E>"),
        ("title = \"a\\uFFFEb\"", "s.toml:1:9", "<U+FFFE>"),
        ("title = '\u{9b}2J'", "s.toml:1:9", "<U+009B>"),
        (
            "network = { model = \"matrix\", matrix.file = \"\\u0007\" }",
            "s.toml:1:45",
            "<U+0007>",
        ),
        (
            "network.model = \"graph\"\nsweep.\"network.graph.file\" = [\"a\\u0007\", \"b\"]",
            "s.toml:2:31",
            "<U+0007>",
        ),
        (
            "[[plot]]\nkind = \"against\"\nmetric = \"hops_mean\"\ntitle = \"\\u0000\"",
            "s.toml:4:9",
            "<U+0000>",
        ),
    ] {
        fs::write(folder.path().join("s.toml"), line).unwrap();
        let (refusal, told) = refused(folder.path(), &["check", "s.toml"], 2);
        refusal.stderr(contains(place)).stderr(contains("help: "));
        assert!(told.contains(sign), "{line}: {told}");
    }
    let good = "title = \"\"\"two\nlines,\ta tab, größe 测试 \u{200f}עברית 🦀\"\"\"\n";
    fs::write(folder.path().join("s.toml"), good).unwrap();
    limited(folder.path())
        .args(["check", "s.toml"])
        .assert()
        .code(0);
}

/// A title of a received manifest is what somebody wrote into it: the pictures stay pictures.
fn pictures_of(results: &Path, title: &str) -> Result<(), TestCaseError> {
    let path = results.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    manifest["plan"]["title"] = title.into();
    fs::write(&path, manifest.to_string()).unwrap();
    let plots = TempDir::new().unwrap();
    let drawn = chordsim::report::plot::draw(results, plots.path()).unwrap();
    for picture in drawn
        .iter()
        .filter(|path| path.extension().unwrap() == "svg")
    {
        let svg = fs::read_to_string(picture).unwrap();
        let tree = roxmltree::Document::parse(&svg);
        prop_assert!(tree.is_ok(), "{title:?}: {tree:?}");
        let harmless = svg.chars().all(|c| c == '\n' || !c.is_control());
        prop_assert!(harmless && !svg.contains('\u{202e}'), "{title:?}");
    }
    Ok(())
}

#[test]
fn whatever_a_title_is_the_picture_is_xml() {
    let folder = TempDir::new().unwrap();
    let text = format!("{SHORT}[workload]\nlookups_per_s = 0.2\n");
    fs::write(folder.path().join("ring.toml"), text).unwrap();
    let ran = chordsim(folder.path())
        .args(["run", "ring.toml", "--no-plots"])
        .assert();
    ran.code(0);
    let results = folder.path().join("results/ring");
    for title in [
        "a\u{1}b\u{1b}[31m",
        "\u{fffe}\u{ffff}",
        "\u{202e}x",
        "<b a=\"&'\">]]>",
        "a\nb\tc $x$ \\$",
    ] {
        pictures_of(&results, title).unwrap();
    }
    let sign = prop_oneof![
        any::<char>(),
        (0_u32..0xa0).prop_map(|n| char::from_u32(n).unwrap())
    ];
    let title = prop::collection::vec(sign, 0..40).prop_map(String::from_iter);
    let config = proptest::test_runner::Config {
        max_shrink_iters: 100,
        ..cases(8)
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner
        .run(&title, |title| pictures_of(&results, &title))
        .unwrap();
}
