//! Files of others: none is replaced, removed or taken for a result, and a manifest that comes from elsewhere leads
//! nowhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::program::{assert_same_files, chordsim, files};
use predicates::str::contains;
use serde_json::{Value, json};
use tempfile::TempDir;

const SCENARIO: &str = "warmup = \"0s\"\nduration = \"1m\"\n[overlay]\nnodes = 8\n";

/// What is done to a manifest.
type Forgery = fn(&mut Value);

/// A folder with a scenario of one small run, and its result and pictures if that is wanted.
fn folder(has_run: bool) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("it.toml"), SCENARIO).unwrap();
    if has_run {
        chordsim(folder.path())
            .args(["run", "it.toml", "--quiet"])
            .assert()
            .code(0);
    }
    folder
}

fn write(folder: &Path, name: &str, contents: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}

fn edit_manifest(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("results/it/manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

/// A folder with these files in it is refused as the place for results, and nothing changes.
fn assert_refused(others: &[(&str, &str)]) {
    let folder = folder(false);
    for (name, contents) in others {
        write(&folder.path().join("there"), name, contents);
    }
    let before = files(folder.path());
    chordsim(folder.path())
        .args(["run", "it.toml", "--out", "there"])
        .assert()
        .code(2)
        .stderr(contains("there is not empty, and "))
        .stderr(contains("write somewhere else with --out"));
    assert_same_files(&before, &files(folder.path()));
    assert!(!folder.path().join("plots").exists());
}

#[test]
fn results_do_not_go_among_files_of_others() {
    let part = ".parts/4d2e8b0d1f4a6c2b4d2e8b0d1f4a6c2b4d2e8b0d1f4a6c2b4d2e8b0d1f4a6c2b";
    for others in [
        &[("notes.txt", "mine")][..],
        &[("manifest.json", "{\"name\": \"an app\"}")],
        &[("manifest.json", "{")],
        &[("manifest.json", "")],
        &[("summary.csv", "a,b\n1,2\n")],
        &[(".parts/mine.txt", "mine")],
        &[(".parts/assembled/mine.txt", "mine")],
        &[(".parts/unfinished-work", "mine")],
        &[(".parts/unfinished-work/mine.txt", "mine")],
        &[(part, ""), ("lookups.csv", "mine")],
        &[(".lock", "1234")],
        &[("folder/below/file", "")],
    ] {
        assert_refused(others);
    }
    // The folder of the scenario itself.
    let folder = folder(false);
    chordsim(folder.path())
        .args(["run", "it.toml", "--out", "."])
        .assert()
        .code(2)
        .stderr(contains("it.toml in it is of no result"));
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn an_empty_folder_and_files_that_mean_nothing_are_no_obstacle() {
    let folder = folder(false);
    write(&folder.path().join("there"), ".gitignore", "*\n");
    for _ in 0..2 {
        chordsim(folder.path())
            .args(["run", "it.toml", "--out", "there", "--no-plots"])
            .assert()
            .code(0);
        // Nor is what somebody puts there later.
        write(&folder.path().join("there"), "notes.txt", "mine");
    }
    assert!(folder.path().join("there/.gitignore").exists());
    assert!(folder.path().join("there/notes.txt").exists());
}

/// A result without `nodes.csv`, and somebody's own beside it.
#[test]
fn a_file_beside_a_result_that_is_named_like_one_is_not_replaced() {
    let folder = folder(false);
    let run = |nodes: &str| {
        chordsim(folder.path())
            .args(["run", "it.toml", "--no-plots", "--quiet", "--set"])
            .arg(format!("output.nodes={nodes}"))
            .assert()
    };
    run("false").code(0);
    let own = folder.path().join("results/it/nodes.csv");
    fs::write(&own, "mine\n").unwrap();
    run("true")
        .code(2)
        .stderr(contains("nodes.csv in it is of no result"));
    assert_eq!(fs::read(&own).unwrap(), b"mine\n");
    chordsim(folder.path())
        .args(["verify", "results/it"])
        .assert()
        .code(4)
        .stderr(contains("nodes.csv: manifest.json does not list it"));
    fs::remove_file(own).unwrap();
    run("true").code(0);
}

#[test]
fn pictures_and_tables_of_others_are_not_replaced() {
    let folder = folder(true);
    let svgs = |folder: &Path| -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = files(folder);
        files.retain(|name, _| name.extension().is_some_and(|ending| ending == "svg"));
        files
    };
    let drawn = svgs(&folder.path().join("plots/it"));
    let name = drawn.keys().next().unwrap().to_str().unwrap();
    write(&folder.path().join("paper"), name, "mine");
    let plot = |out: &str| {
        chordsim(folder.path())
            .args(["plot", "results/it", "--plots", out])
            .assert()
    };
    plot("paper")
        .code(1)
        .stderr(contains(format!("paper/{name} is in the way")))
        .stderr(contains("name another folder, or move the file away"));
    let left = files(&folder.path().join("paper"));
    assert_eq!(left, BTreeMap::from([(name.into(), b"mine".to_vec())]));
    // One's own are drawn again, unless somebody has worked on them.
    plot("plots/it").code(0);
    assert_eq!(svgs(&folder.path().join("plots/it")), drawn);
    fs::write(folder.path().join("plots/it").join(name), "improved").unwrap();
    plot("plots/it").code(1).stderr(contains("is in the way"));
    fs::remove_file(folder.path().join("plots/it").join(name)).unwrap();
    plot("plots/it").code(0);
    assert_eq!(svgs(&folder.path().join("plots/it")), drawn);
}

#[test]
fn a_manifest_leads_nowhere_else() {
    let escapes: [Forgery; 5] = [
        |manifest| manifest["plan"]["name"] = "../../escaped".into(),
        |manifest| manifest["plan"]["name"] = "/tmp/escaped".into(),
        |manifest| manifest["files"][0]["name"] = "../summary.csv".into(),
        |manifest| manifest["files"][0]["name"] = manifest["files"][1]["name"].clone(),
        |manifest| {
            let plot = json!({ "name": "../escaped", "title": "", "kind": "cdf",
                "metric": "latency_ms", "against": null, "lines": null, "log": null });
            manifest["plan"]["plots"] = json!([plot]);
        },
    ];
    for (number, escape) in escapes.into_iter().enumerate() {
        let folder = folder(true);
        edit_manifest(folder.path(), escape);
        let before = files(folder.path());
        for command in ["plot", "verify"] {
            chordsim(folder.path())
                .args([command, "results/it"])
                .assert()
                .code(1)
                .stderr(contains("manifest.json names "));
        }
        assert_same_files(&before, &files(folder.path()));
        let outside = folder.path().parent().unwrap().join("escaped");
        assert!(!outside.exists(), "{number}");
        chordsim(folder.path())
            .args(["run", "it.toml"])
            .assert()
            .code(0)
            .stderr(contains("running again: file damaged: manifest.json"));
    }
}

#[test]
fn what_a_manifest_leaves_out_or_invents_is_told() {
    let forgeries: [(Forgery, &str); 5] = [
        (
            |manifest| {
                let files = manifest["files"].as_array_mut().unwrap();
                files.retain(|file| file["name"] != "lookups.csv");
            },
            "lookups.csv: manifest.json does not list it",
        ),
        (
            |manifest| {
                let mut other = manifest["files"][0].clone();
                other["name"] = "other.csv".into();
                manifest["files"].as_array_mut().unwrap().push(other);
            },
            "other.csv: is gone",
        ),
        (|manifest| manifest["runs"] = json!([]), "run 0 "),
        (
            |manifest| manifest["runs"][0]["events"] = 1.into(),
            "run 0 ",
        ),
        (
            |manifest| manifest["runs"][0]["scenario"]["overlay"]["nodes"] = 9.into(),
            "run 0 ",
        ),
    ];
    for (forge, told) in forgeries {
        let folder = folder(true);
        edit_manifest(folder.path(), forge);
        let lookups = folder.path().join("results/it/lookups.csv");
        if told.starts_with("lookups") {
            fs::write(lookups, "edited\n").unwrap();
        }
        chordsim(folder.path())
            .args(["verify", "results/it"])
            .assert()
            .code(4)
            .stderr(contains(told));
    }
}

#[test]
fn a_file_that_the_manifest_leaves_out_is_not_up_to_date() {
    let folder = folder(true);
    let whole = fs::read(folder.path().join("results/it/lookups.csv")).unwrap();
    edit_manifest(folder.path(), |manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        files.retain(|file| file["name"] != "lookups.csv");
    });
    write(folder.path(), "results/it/lookups.csv", "edited\n");
    chordsim(folder.path())
        .args(["run", "it.toml"])
        .assert()
        .code(2)
        .stderr(contains("lookups.csv in it is of no result"));
    fs::remove_file(folder.path().join("results/it/lookups.csv")).unwrap();
    chordsim(folder.path())
        .args(["run", "it.toml"])
        .assert()
        .code(0)
        .stderr(contains("file missing in manifest.json: lookups.csv"));
    let again = fs::read(folder.path().join("results/it/lookups.csv")).unwrap();
    assert!(again == whole);
}

/// Somebody holds the lock that a run holds.
#[test]
fn a_result_that_is_being_written_is_not_judged() {
    let folder = folder(true);
    let lock = fs::File::create(folder.path().join("results/it/.lock")).unwrap();
    lock.lock().unwrap();
    for command in ["verify", "plot"] {
        chordsim(folder.path())
            .args([command, "results/it"])
            .assert()
            .code(1)
            .stderr(contains("results/it is being written by another chordsim"))
            .stderr(contains("wait until it is done"));
    }
    drop(lock);
    chordsim(folder.path())
        .args(["verify", "results/it", "--quiet"])
        .assert()
        .code(0);
}

#[cfg(unix)]
#[test]
fn a_manifest_that_is_written_anew_can_be_read_by_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder(true);
    let mode = |file: &str| {
        let facts = fs::metadata(folder.path().join("results/it").join(file)).unwrap();
        facts.permissions().mode() & 0o777
    };
    let before = mode("manifest.json");
    assert_eq!(before, mode("summary.csv"));
    let titled = format!("title = \"Another\"\n{SCENARIO}");
    write(folder.path(), "it.toml", &titled);
    chordsim(folder.path())
        .args(["run", "it.toml"])
        .assert()
        .code(0)
        .stderr(contains("up to date"));
    assert_eq!(mode("manifest.json"), before);
    assert!(!folder.path().join("results/it/.parts").exists());
}

/// What processes leave that are killed at the last moment.
#[test]
fn what_is_left_behind_goes_and_what_is_in_use_stays() {
    let folder = folder(true);
    let before = files(folder.path());
    // A run, between the manifest and the end.
    let key = "0123456789abcdef".repeat(4);
    let out = folder.path().join("results/it");
    let manifest = fs::read(out.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let own = manifest["runs"][0]["key"].as_str().unwrap();
    write(&out, &format!(".parts/{own}"), "lookups.csv 4 \n1,2\n");
    write(
        &out,
        &format!(".parts/unfinished-{own}"),
        "lookups.csv 4 \n1,",
    );
    write(&out, ".parts/assembled/nodes.csv", "run\n");
    write(&out, ".parts/publishing.json", "[]");
    write(&out, ".lock", "");
    // One that draws.
    write(folder.path(), "plots/it/.chordsim-new/hops.svg", "<svg");
    chordsim(folder.path())
        .args(["run", "it.toml", "--quiet"])
        .assert()
        .code(0);
    assert_same_files(&before, &files(folder.path()));
    assert!(!out.join(".parts").exists());
    // A finished run of another scenario is kept.
    write(&out, &format!(".parts/{key}"), "lookups.csv 4 \n1,2\n");
    chordsim(folder.path())
        .args(["run", "it.toml", "--quiet"])
        .assert()
        .code(0);
    assert!(out.join(".parts").join(&key).exists());
    fs::remove_dir_all(out.join(".parts")).unwrap();
    // Two that verify: one was killed, one lives.
    let temporary = TempDir::new().unwrap();
    for dead in ["1-0", "2-0"] {
        let name = format!("chordsim-verify-{dead}");
        write(temporary.path(), &format!("{name}/again/lookups.csv"), "");
        write(temporary.path(), &format!("{name}/.lock"), "");
    }
    let lock = temporary.path().join("chordsim-verify-2-0/.lock");
    let lock = fs::File::open(lock).unwrap();
    lock.lock().unwrap();
    chordsim(folder.path())
        .env("TMPDIR", temporary.path())
        .args(["verify", "results/it", "--quiet"])
        .assert()
        .code(0);
    let left: Vec<_> = files(temporary.path()).into_keys().collect();
    let alive = Path::new("chordsim-verify-2-0");
    assert_eq!(left, [alive.join(".lock"), alive.join("again/lookups.csv")]);
}

/// A killed command leaves a journal of files that may be removed, and one may come with a folder from elsewhere.
#[test]
fn a_journal_leads_out_of_no_folder() {
    let folder = folder(false);
    write(folder.path(), "thesis.tex", "years of work");
    let journal = "[\"../../thesis.tex\",\"summary.csv\"]";
    write(folder.path(), "results/it/.parts/publishing.json", journal);
    chordsim(folder.path())
        .args(["run", "it.toml", "--no-plots"])
        .assert()
        .code(0);
    let thesis = fs::read_to_string(folder.path().join("thesis.tex"));
    assert_eq!(thesis.unwrap(), "years of work");
}

/// A folder with a result, or with what a killed command leaves, may come from elsewhere: what it lists was not
/// all written by this program.
#[test]
fn whatever_is_listed_only_files_named_like_those_of_a_result_are_removed() {
    let others = ["notes.txt", "thesis.csv", "it.toml"];
    let lists: [fn(&Path, &[&str]); 2] = [
        |folder, names| {
            edit_manifest(folder, |manifest| {
                let entries = manifest["files"].as_array_mut().unwrap();
                let entry = |name: &&str| json!({ "name": name, "bytes": 4, "sha256": "" });
                entries.extend(names.iter().map(entry));
            });
        },
        |folder, names| {
            fs::remove_file(folder.join("results/it/manifest.json")).unwrap();
            let known = files(&folder.join("results/it"));
            let known = known.keys().map(|name| name.to_str().unwrap());
            let names: Vec<&str> = known.chain(names.iter().copied()).collect();
            let journal = serde_json::to_string(&names).unwrap();
            write(folder, "results/it/.parts/publishing.json", &journal);
        },
    ];
    for list in lists {
        let folder = folder(true);
        let at = folder.path().join("results/it");
        list(folder.path(), &others);
        for name in others {
            write(&at, name, "mine");
        }
        chordsim(folder.path())
            .args(["run", "it.toml", "--no-plots", "--seed=2"])
            .args(["--set", "output.nodes=false"])
            .assert()
            .code(0);
        for name in others {
            let left = fs::read_to_string(at.join(name));
            assert_eq!(left.ok().as_deref(), Some("mine"), "{name}");
        }
        // A table that the result has no more is not left among its tables.
        assert!(!at.join("nodes.csv").exists() && at.join("lookups.csv").exists());
    }
}
