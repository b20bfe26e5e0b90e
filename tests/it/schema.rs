//! `chordsim schema`: the committed file is what the program prints; a validator of others takes every scenario that ships
//! by it, and refuses what the program refuses.
//!
//! `CHORDSIM_BLESS=1 cargo test --release --test it schema` writes the file anew. What they need beside the program,
//! `tests/tools.sh` installs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use chordsim::scenario::schema::schema;
use chordsim::scenario::{Overrides, Plan};
use tempfile::TempDir;

use crate::common::program::chordsim;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every scenario that ships.
fn shipped() -> Vec<PathBuf> {
    let folders = [
        "scenarios",
        "scenarios/paper",
        "scenarios/bench",
        "scenarios/templates",
    ];
    let files = folders
        .iter()
        .flat_map(|it| fs::read_dir(root().join(it)).unwrap());
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|it| it.extension().is_some_and(|it| it == "toml"))
        .collect();
    files.sort();
    files
}

#[test]
fn the_committed_schema_is_the_one_of_the_program() {
    let path = root().join("scenarios/chordsim.schema.json");
    let ought = format!("{:#}\n", schema());
    if env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(path, ought).unwrap();
        return;
    }
    let is = fs::read_to_string(path).unwrap();
    assert!(
        is == ought,
        "if the keys are right, write the schema anew with CHORDSIM_BLESS=1"
    );
    let folder = TempDir::new().unwrap();
    chordsim(folder.path())
        .arg("schema")
        .assert()
        .success()
        .stdout(ought.clone());
    let out = ["schema", "--out", "mine.json"];
    chordsim(folder.path())
        .args(out)
        .assert()
        .success()
        .stdout("");
    assert_eq!(
        fs::read_to_string(folder.path().join("mine.json")).unwrap(),
        ought
    );
}

/// Editors read it in the first line, and find the schema from the folder of the scenario.
#[test]
fn every_scenario_that_ships_points_to_the_schema() {
    let schema = root()
        .join("scenarios/chordsim.schema.json")
        .canonicalize()
        .unwrap();
    for file in shipped() {
        let text = fs::read_to_string(&file).unwrap();
        let target = text.lines().next().unwrap().strip_prefix("#:schema ");
        let target = target.unwrap_or_else(|| panic!("{} points to none", file.display()));
        let path = file.parent().unwrap().join(target).canonicalize();
        assert_eq!(path.ok().as_ref(), Some(&schema), "{}", file.display());
    }
}

/// A scenario that is wrong in one way. Those of the first list are wrong for the schema as well; of the second only the
/// program knows, as docs/starting.md says.
const WRONG: &[&str] = &[
    "oops = 1",
    "seed = -1",
    "seed = \"1\"",
    "repeat = 0",
    "duration = 60",
    "duration = \"0s\"",
    "duration = \"1 h\"",
    "duration = \"1h30m\"",
    "warmup = \"-1s\"",
    "overlay.nodes = 0",
    "overlay.nodes = 10.5",
    "overlay.node = 10",
    "overlay = 1",
    "overlay.id_bits = 65",
    "overlay.protocol = \"kademlia\"",
    "overlay.ids = \"evne\"",
    "overlay.ids = [1, -2]",
    "overlay.bootstrap = \"nobody\"",
    "chord.routing = \"finger\"",
    "chord.routing = 1",
    "chord.stabilize_every = \"never\"",
    "chord.stabilize_every = false",
    "chord.stabilize_every = \"0s\"",
    "chord.maintenance_jitter = 1.5",
    "[network]\nplane = { dimensions = 4 }",
    "[network.planet]\nx = 1",
    "network.graph = { directed = \"maybe\" }",
    "churn.sessions.up = { exponential = { mean = 5 } }",
    "churn.sessions.up = { gauss = { mean = \"5s\" } }",
    "churn.sessions.up = { fixed = { value = \"5s\" }, exponential = { mean = \"5s\" } }",
    "workload.keys = 0",
    "workload.puts_per_s = -1",
    "storage.replicas = 101",
    "storage.handover = \"yes\"",
    "selfish.behaviour = \"\"",
    "selfish.behaviour = []",
    "selfish.behaviour = \"drop-lookups+dance\"",
    "selfish.defence = [\"retry\", \"retry\"]",
    "output.lookups = 2",
    "output.lookups = \"some\"",
    "fault = [{ at = \"1m\", kil = 0.1 }]",
    "fault = [{ at = \"1m\", kill = 2 }]",
    "fault = { at = \"1m\", kill = 0.1 }",
    "event = [{ at = \"1m\", lookup = { key = 1 , frm = 2 } }]",
    "event = [{ at = \"1m\", lookup = 5 }]",
    "expect = [{ quantity = \"failed\", at_most = 0 }]",
    "plot = [{ kind = \"pie\", metric = \"hops\" }]",
    "[sweep]\n\"chord.rooting\" = [\"fingers\"]",
    "[sweep]\n\"chord.routing\" = [\"fingres\"]",
    "[sweep]\n\"chord.routing\" = \"fingers\"",
    "[sweep]\n\"chord.routing\" = []",
    "[sweep]\n\"overlay.nodes\" = [16, 16]",
    "[sweep]\nseed = [1, 2]",
    "[sweep.chord]\nrouting = [\"walk\"]",
];

const WRONG_TOGETHER: &[&str] = &[
    // Relations between keys.
    "overlay.nodes = 100\noverlay.id_bits = 3",
    "overlay.nodes = 4\noverlay.ids = [1, 2, 3]",
    "storage.replicas = 2\nstorage.write_quorum = 3\nworkload.puts_per_s = 1",
    "fault = [{ at = \"2h\", kill = 0.1 }]",
    "fault = [{ at = \"1m\" }]",
    "chord.virtual_nodes = 2\noverlay.virtual_nodes = 2",
    // What JSON does not tell apart, or what no pattern says.
    "overlay.nodes = 10.0",
    "duration = \"101000d\"",
    "duration = \"0.5ns\"",
    "name = \"a/b\"",
    "selfish.behaviour = \"leech+leech\"",
];

/// What is right and looks odd: the schema must not be stricter than the program.
const RIGHT: &[&str] = &[
    "",
    "seed = 18446744073709551615",
    "chord.virtual_nodes = 2",
    "chord.stabilize_every = \"off\"",
    "selfish.behaviour = \"drop-lookups+refuse-serving\"\nworkload.gets_per_s = 1",
    "output = { lookups = false, trace = 0.5 }",
    "overlay.bootstrap = 2",
    "event = [{ at = \"1m\", put = { key = { key = 1, label = \"a\" }, value = \"b\", from = 3 } }]\noverlay.ids = [3, 9]",
    "[[fault]]\nat = \"1m\"\n[sweep]\n\"fault.0.kill\" = [0.1, 0.2]",
    "[[fault]]\nkill = 0.1\n[sweep]\n\"fault.0.at\" = [\"1m\", \"2m\"]",
    "[sweep.chord]\nrouting = [\"fingers\", \"successors\"]",
    "[sweep]\nchord.successors = [1, 2]\noverlay = { nodes = [5, 6] }",
    "[sweep.network]\n\"plane.span\" = [\"1ms\", \"2ms\"]",
    "[sweep]\n\"churn.poisson\" = [{ joins_per_s = 1 }, { leaves_per_s = 1 }]",
    "churn.model = \"sessions\"\nchurn.sessions.up = { pareto = { mean = \"1h\" } }\n[sweep]\n\"churn.sessions.up.pareto.shape\" = [2, 3]",
    "[sweep]\n\"selfish.defence\" = [\"none\", [\"retry\", \"redundant\"], \"retry+reputation\"]",
    "[sweep]\nwarmup = [\"1s\", \"2s\"]\n\"chord.virtual_nodes\" = [1, 2]",
];

fn is_right(text: &str) -> bool {
    Plan::parse(text, Path::new("schema.toml"), &Overrides::default()).is_ok()
}

#[test]
fn the_program_refuses_the_wrong_ones_and_takes_the_right_ones() {
    for text in WRONG.iter().chain(WRONG_TOGETHER) {
        assert!(!is_right(text), "{text}");
    }
    for text in RIGHT {
        assert!(is_right(text), "{text}");
    }
}

/// Prints for each file named on standard input whether the schema takes it.
const VALIDATE: &str = r"
import json, sys, tomllib, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.stdin.read().splitlines():
    with open(name, 'rb') as file:
        errors = list(validator.iter_errors(tomllib.load(file)))
    print(name, 'wrong ' + errors[0].message[:200].replace('\n', ' ') if errors else 'right')
";

/// A program of `tests/tools.sh`. Where there is none that is said aloud, and under continuous integration it must be there.
fn tool(name: &str, check: &[&str]) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("tools/bin")
        .join(name);
    let works = |path: &PathBuf| {
        let output = Command::new(path).args(check).output();
        output.is_ok_and(|output| output.status.success())
    };
    let found = [own, name.into()].into_iter().find(works);
    if found.is_none() {
        assert!(
            env::var_os("CI").is_none(),
            "{name} is missing: tests/tools.sh installs it"
        );
        eprintln!(
            "{name} is missing: the schema was not tested with it; tests/tools.sh installs it"
        );
    }
    found
}

/// What an independent validator says of these texts.
fn judged(python: &Path, files: &[PathBuf]) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("validate.py");
    fs::write(&script, VALIDATE).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let mut command = assert_cmd::Command::new(python);
    command
        .arg(&script)
        .arg(root().join("scenarios/chordsim.schema.json"));
    let call = command.write_stdin(names.join("\n")).assert().success();
    let told = String::from_utf8(call.get_output().stdout.clone()).unwrap();
    let lines: Vec<String> = told.lines().map(ToOwned::to_owned).collect();
    assert_eq!(lines.len(), files.len());
    lines
}

/// Files with these texts.
fn written(folder: &Path, texts: &[&str]) -> Vec<PathBuf> {
    let file = |(number, text): (usize, &&str)| {
        let path = folder.join(format!("{number}.toml"));
        fs::write(&path, text).unwrap();
        path
    };
    texts.iter().enumerate().map(file).collect()
}

#[test]
fn an_independent_validator_agrees_with_the_program() {
    let Some(python) = tool("python3", &["-c", "import jsonschema, tomllib"]) else {
        return;
    };
    for line in judged(&python, &shipped()) {
        assert!(line.ends_with(" right"), "{line}");
    }
    let folder = TempDir::new().unwrap();
    for (texts, expected) in [
        (WRONG, " wrong "),
        (WRONG_TOGETHER, " right"),
        (RIGHT, " right"),
    ] {
        let files = written(folder.path(), texts);
        for (text, line) in texts.iter().zip(judged(&python, &files)) {
            assert!(line.contains(expected), "{text}\n{line}");
        }
    }
}

/// The language server of the editors: it finds the schema by the first line, and knows no other drafts than it does.
#[test]
fn taplo_takes_what_ships_and_underlines_a_slip() {
    let Some(taplo) = tool("taplo", &["--version"]) else {
        return;
    };
    let lint = |folder: &Path, files: &[&str]| {
        let output = Command::new(&taplo)
            .arg("lint")
            .args(files)
            .current_dir(folder)
            .output();
        let output = output.unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (passes, told) = lint(
        root(),
        &[
            "scenarios/churn.toml",
            "scenarios/paper/droppers.toml",
            "scenarios/templates/churn.toml",
        ],
    );
    assert!(passes, "{told}");
    let folder = TempDir::new().unwrap();
    chordsim(folder.path())
        .args(["init", "churn", "--schema"])
        .assert()
        .success();
    let (passes, told) = lint(folder.path(), &["churn.toml"]);
    assert!(passes, "{told}");
    let path = folder.path().join("churn.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("successors = 8", "successor = 8")).unwrap();
    let (passes, told) = lint(folder.path(), &["churn.toml"]);
    assert!(!passes && told.contains("successor"), "{told}");
}
