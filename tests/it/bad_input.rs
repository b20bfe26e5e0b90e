//! Every bad input is refused with exit code 2, the file, line and column, and a remedy; nothing is
//! written. And the inputs that look bad and are not.

use std::fs;
use std::path::Path;

use crate::common::program::{Table, chordsim, files};
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

/// A folder with these files.
fn folder(contents: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in contents {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// What `run` and `check` say about a scenario that is refused, in a folder with a data file.
fn refused(scenario: &str, data: &str, place: &str, told: &[&str]) {
    let folder = folder(&[("bad.toml", scenario), ("data.csv", data)]);
    let before = files(folder.path());
    for command in ["run", "check"] {
        let refusal = chordsim(folder.path())
            .args([command, "bad.toml"])
            .assert()
            .code(2)
            .stdout(is_empty())
            .stderr(contains(format!("[{place}]")))
            .stderr(contains("help: "));
        told.iter()
            .fold(refusal, |refusal, text| refusal.stderr(contains(*text)));
        assert!(
            files(folder.path()) == before,
            "{scenario}: something was written"
        );
    }
}

#[test]
fn a_scenario_that_is_wrong_is_refused_at_its_place() {
    for (scenario, place, message, remedy) in [
        (
            "[chord]\nrooting = \"fingers\"\n",
            "bad.toml:2:1",
            "unknown key `chord.rooting`",
            "did you mean `routing`?",
        ),
        (
            "[overlay]\nnodes = \"many\"\n",
            "bad.toml:2:9",
            "`overlay.nodes` must be a whole number",
            "help: ",
        ),
        (
            "seed = 1\nduration = 60\n",
            "bad.toml:2:12",
            "`duration` must be a duration",
            "\"60s\"",
        ),
        (
            "duration = \"60\"\n",
            "bad.toml:1:12",
            "`duration` is not a duration",
            "\"60s\"",
        ),
        (
            "[workload]\n\nlookups_per_s = -10.0\n",
            "bad.toml:3:17",
            "`workload.lookups_per_s` is out of range",
            "write a value from 0 to",
        ),
        (
            "[churn]\npoisson = { leaves_per_s = -1 }\n",
            "bad.toml:2:28",
            "`churn.poisson.leaves_per_s` is out of range",
            "write a value from 0 to",
        ),
        (
            "[sweep]\n\"chord.routing\" = []\n",
            "bad.toml:2:19",
            "",
            "help: ",
        ),
        (
            "[overlay]\nnodes = 0\n",
            "bad.toml:2:9",
            "`overlay.nodes` is out of range",
            "write a value from 1 to",
        ),
        (
            "[overlay]\nid_bits = 4\nnodes = 17\n",
            "bad.toml:3:9",
            "more nodes than identifiers",
            "or raise `overlay.id_bits`",
        ),
        (
            "[overlay]\nnodes = 16\nid_bits = 4\n[chord]\nvirtual_nodes = 2\n",
            "bad.toml:2:9",
            "more nodes than identifiers",
            "or raise `overlay.id_bits`",
        ),
        ("[overlay\nnodes = 3\n", "bad.toml:1:9", "", "help: "),
    ] {
        refused(scenario, "", place, &[message, remedy]);
    }
}

#[test]
fn a_data_file_that_is_wrong_is_refused_at_its_place() {
    let matrix = "[network]\nmodel = \"matrix\"\nmatrix.file = \"data.csv\"\n";
    let graph = "[network]\nmodel = \"graph\"\ngraph.file = \"data.csv\"\n";
    for (scenario, data, place, message, remedy) in [
        (
            matrix,
            "0,1,2\n1,0\n2,1,0\n",
            "data.csv:2:3",
            "the length of this row is 2, that of the first is 3",
            "one value per host",
        ),
        (
            matrix,
            "0,1\n1,x\n",
            "data.csv:2:3",
            "`x` is not a number",
            "write milliseconds",
        ),
        (
            graph,
            "from,to,latency_ms\nA,B,1\nB,C,1\nX,Y,1\n",
            "data.csv:4:1",
            "no path leads from `A` to `X`",
            "add the missing edges",
        ),
        (
            graph,
            "from,to,latency_ms\nA,B,-1\n",
            "data.csv:2:5",
            "negative",
            "every latency must be known",
        ),
        (
            "[network]\nmodel = \"matrix\"\nmatrix.file = \"no.tsv\"\n",
            "",
            "bad.toml:3:15",
            "cannot use the file no.tsv",
            "put the file there",
        ),
    ] {
        refused(scenario, data, place, &[message, remedy]);
    }
}

/// Runs a small scenario that must be fine; gives its folder.
fn fine(scenario: &str) -> TempDir {
    let folder = folder(&[("fine.toml", scenario)]);
    chordsim(folder.path())
        .args(["run", "fine.toml", "--quiet"])
        .assert()
        .code(0)
        .stdout(is_empty())
        .stderr(is_empty());
    assert!(files(&folder.path().join("plots/fine")).len() > 1);
    folder
}

fn table(folder: &TempDir, name: &str) -> Table {
    Table::read(&folder.path().join("results/fine").join(name))
}

const SHORT: &str = "warmup = \"0s\"\nduration = \"5m\"\n";

#[test]
fn one_node_owns_everything() {
    for routing in ["fingers", "successors"] {
        let rest = format!("[overlay]\nnodes = 1\n[chord]\nrouting = \"{routing}\"\n");
        let folder = fine(&format!("{SHORT}{rest}"));
        let lookups = table(&folder, "lookups.csv");
        assert!(lookups.len() > 2500);
        assert!(lookups.numbers("hops").iter().all(|hops| *hops == 0.0));
        assert!(
            lookups
                .column("outcome")
                .iter()
                .all(|outcome| *outcome == "ok")
        );
        assert!(
            lookups
                .column("stretch")
                .iter()
                .all(|stretch| stretch.is_empty())
        );
        let nodes = table(&folder, "nodes.csv");
        assert_eq!(nodes.column("keys"), ["10000"]);
        let summary = table(&folder, "summary.csv");
        assert_eq!(summary.column("success_rate"), ["1"]);
        assert_eq!(summary.column("nodes_end"), ["1"]);
    }
}

#[test]
fn of_two_nodes_one_asks_itself_or_the_other() {
    for lookup in ["recursive", "iterative"] {
        let rest = format!("[overlay]\nnodes = 2\n[chord]\nlookup = \"{lookup}\"\n");
        let folder = fine(&format!("{SHORT}{rest}"));
        let lookups = table(&folder, "lookups.csv");
        let hops = lookups.column("hops");
        let owners = lookups.column("owner_id");
        for ((hops, source), owner) in hops.iter().zip(lookups.column("source_id")).zip(owners) {
            let expected = if source == owner { "0" } else { "1" };
            assert_eq!(*hops, expected, "{source} asks {owner}");
        }
        assert!(hops.contains(&"0") && hops.contains(&"1"));
        assert_eq!(table(&folder, "summary.csv").column("success_rate"), ["1"]);
        let rows = table(&folder, "timeline.csv");
        assert!(rows.column("ring_ok").iter().all(|ok| *ok == "1"));
    }
}

#[test]
fn without_lookups_there_is_nothing_to_average() {
    let folder = fine(&format!(
        "{SHORT}[overlay]\nnodes = 50\n[workload]\nlookups_per_s = 0\n"
    ));
    let summary = table(&folder, "summary.csv");
    assert_eq!(summary.column("lookups"), ["0"]);
    for column in [
        "success_rate",
        "hops_mean",
        "latency_ms_p50",
        "stretch_p95",
        "timeouts_mean",
    ] {
        assert_eq!(summary.column(column), [""], "{column}");
    }
    assert!(summary.numbers("maintenance_messages")[0] > 0.0);
    assert_eq!(table(&folder, "lookups.csv").len(), 0);
    assert_eq!(table(&folder, "timeline.csv").len(), 5);
}

#[test]
fn more_keys_than_identifiers_share_them() {
    let rest = "[overlay]\nnodes = 5\nid_bits = 4\n[workload]\nkeys = 1000\n";
    let folder = fine(&format!("{SHORT}{rest}"));
    let lookups = table(&folder, "lookups.csv");
    assert!(lookups.numbers("key").iter().all(|key| *key < 16.0));
    assert!(
        lookups
            .column("outcome")
            .iter()
            .all(|outcome| *outcome == "ok")
    );
    let nodes = table(&folder, "nodes.csv");
    let keys = nodes.column("keys").into_iter().map(str::parse::<u32>);
    assert_eq!(keys.map(Result::unwrap).sum::<u32>(), 1000);
}

/// Everybody is gone by the first minute: there is nobody left to ask.
#[test]
fn a_world_without_nodes_is_no_reason_to_stop() {
    let rest = "[overlay]\nnodes = 20\n[[fault]]\nat = \"1m\"\nkill = 1.0\n";
    let folder = fine(&format!("{SHORT}{rest}"));
    let summary = table(&folder, "summary.csv");
    assert_eq!(
        (summary.column("crashes"), summary.column("nodes_end")),
        (vec!["20"], vec!["0"])
    );
    let lookups = table(&folder, "lookups.csv");
    let rows = lookups.numbers("time_s").into_iter();
    let rows = rows
        .zip(lookups.column("source"))
        .zip(lookups.column("reason"));
    let late: Vec<_> = rows.filter(|((time, _), _)| *time > 60.0).collect();
    assert!(late.len() > 10);
    assert!(
        late.iter()
            .all(|((_, source), reason)| (*source, *reason) == ("", "nobody-left"))
    );
}

#[test]
fn check_passes_every_scenario_that_ships() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let bench = scenarios.join("bench");
    let mut checked = 0;
    let all = [scenarios, bench].map(|folder| fs::read_dir(folder).unwrap());
    for entry in all.into_iter().flatten() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let folder = folder(&[("two.csv", "0,2\n2,0\n")]);
        let matrix = folder.path().join("two.csv");
        let mut check = chordsim(folder.path());
        check.arg("check").arg(&file);
        if file.ends_with("planetlab.toml") {
            check
                .arg("--set")
                .arg(format!("network.matrix.file={}", matrix.display()));
        }
        let name = file.file_stem().unwrap().to_str().unwrap();
        check
            .assert()
            .code(0)
            .stderr(is_empty())
            .stdout(contains(format!("writes results/{name}\n")));
        assert_eq!(files(folder.path()).len(), 1);
        checked += 1;
    }
    assert!(checked >= 15, "{checked} scenarios");
}
