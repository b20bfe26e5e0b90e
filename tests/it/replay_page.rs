//! The replay in the page of `report`: what is put into it, and what a browser makes of that.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::browser;
use crate::common::program::chordsim;

const SCENARIO: &str = r#"
seed     = 5
warmup   = "0s"
duration = "2m"
sample   = "10s"
[overlay]
nodes   = 24
id_bits = 12
[chord]
successors        = 4
stabilize_every   = "5s"
fix_fingers_every = "2s"
[network]
constant = { latency = "50ms" }
[[fault]]
at   = "1m"
kill = 0.3
[workload]
lookups_per_s = 2
[selfish]
fraction = 0.1
[sweep]
"chord.routing" = ["successors", "fingers"]
"#;

/// Runs the scenario with these options, and writes the page of it.
fn page(folder: &Path, name: &str, options: &[&str]) {
    fs::write(folder.join(format!("{name}.toml")), SCENARIO).unwrap();
    chordsim(folder)
        .args(["run", &format!("{name}.toml"), "--no-plots", "--quiet"])
        .args(options)
        .assert()
        .success();
    chordsim(folder)
        .args(["report", &format!("results/{name}")])
        .assert()
        .success();
}

/// The data of the replay in a page.
fn data(folder: &Path, name: &str) -> Value {
    let page = fs::read_to_string(folder.join(format!("plots/{name}/report.html"))).unwrap();
    let (_, rest) = page.split_once("id=\"data-replay\">").unwrap();
    let (text, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_replay_plays_in_a_browser_what_the_files_say() {
    let folder = TempDir::new().unwrap();
    let at = |file: &str| folder.path().join(file);
    page(folder.path(), "told", &["--replay"]);
    page(folder.path(), "traced", &["--trace"]);
    page(folder.path(), "plain", &[]);
    browser::check(
        "replay.mjs",
        &[
            at("plots/told/report.html").as_os_str(),
            at("results/told").as_os_str(),
            at("plots/traced/report.html").as_os_str(),
            at("plots/plain/report.html").as_os_str(),
        ],
    );
}

/// What is put into the page: both combinations, their requests with the facts of `lookups.csv`, and the nodes; the second repetition is
/// not there.
#[test]
fn the_page_has_the_requests_and_the_ring_of_the_first_repetition() {
    let folder = TempDir::new().unwrap();
    page(folder.path(), "told", &["--replay", "--repeat", "2"]);
    let data = data(folder.path(), "told");
    let combinations = data["combinations"].as_array().unwrap();
    assert_eq!(combinations.len(), 2);
    assert_eq!(combinations[1]["label"], "routing fingers");
    let lookups = fs::read_to_string(folder.path().join("results/told/lookups.csv")).unwrap();
    for (combination, routing) in combinations.iter().zip(["successors", "fingers"]) {
        let requests = combination["requests"].as_array().unwrap();
        assert!((20..=60).contains(&requests.len()), "{}", requests.len());
        for request in requests {
            // run, routing, repetition, seed, lookup, time_s, source, source_id, key, owner_id, answer_id, outcome, hops
            let row = lookups
                .lines()
                .map(|row| row.split(',').collect::<Vec<_>>());
            let mut row = row.filter(|row| (row[1], row[2]) == (routing, "0"));
            let number = request["number"].to_string();
            let row = row.find(|row| row[4] == number).unwrap();
            assert_eq!(request["key"], row[8]);
            assert_eq!(request["outcome"], row[11]);
            let hops = request["hops"]
                .as_u64()
                .map_or_else(String::new, |hops| hops.to_string());
            assert_eq!(hops, row[12]);
        }
        let troubles = ["timeout", "refuse"].map(|event| {
            let steps = requests
                .iter()
                .flat_map(|it| it["steps"].as_array().unwrap());
            steps.filter(|step| step[3] == event).count()
        });
        assert!(troubles.iter().all(|count| *count > 0), "{troubles:?}");
        assert_eq!(combination["ring"]["nodes"].as_array().unwrap().len(), 24);
        assert_eq!(combination["ring"]["members"], 24);
    }
}

/// A ring of 2000 in many combinations: what is put into the page stays small.
#[test]
fn what_is_put_into_a_page_is_bounded() {
    let folder = TempDir::new().unwrap();
    let nodes = (1..=10)
        .map(|i| (i * 200).to_string())
        .collect::<Vec<_>>()
        .join(", ");
    let text = format!(
        "warmup = \"0s\"\nduration = \"1m\"\nsample = \"100ms\"\nchord.fix_fingers_every = \"1s\"\nworkload.lookups_per_s = 20\n\
         [churn]\nmodel = \"poisson\"\npoisson = {{ joins_per_s = 2, leaves_per_s = 2 }}\n\
         [sweep]\n\"overlay.nodes\" = [{nodes}]\n"
    );
    fs::write(folder.path().join("big.toml"), text).unwrap();
    for arguments in [
        &["run", "big.toml", "--no-plots", "--quiet", "--replay"][..],
        &["report", "results/big"],
    ] {
        chordsim(folder.path()).args(arguments).assert().success();
    }
    let data = data(folder.path(), "big");
    assert_eq!(data["combinations"].as_array().unwrap().len(), 8);
    assert_eq!(data["all_combinations"], 10);
    let bytes = data.to_string().len();
    assert!((100_000..2_000_000).contains(&bytes), "{bytes} bytes");
}
