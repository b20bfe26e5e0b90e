//! What docs/scenario.md says about keys and defaults is what the program does.

use std::path::Path;

use chordsim::scenario::{Overrides, Plan, known_keys};

const DOCS: &str = include_str!("../../docs/scenario.md");

/// A row of a table of keys: the key and its default.
struct Row {
    key: String,
    default: String,
}

fn rows() -> Vec<Row> {
    let cells = |line: &'static str| -> Vec<&str> { line.split(" | ").map(str::trim).collect() };
    DOCS.lines()
        .filter(|line| line.starts_with("| `"))
        .map(cells)
        .filter(|cells| cells.len() == 5)
        .map(|cells| Row {
            key: cells[0].trim_matches(['|', ' ', '`']).to_owned(),
            default: cells[2].to_owned(),
        })
        .collect()
}

fn parse(text: &str) -> Plan {
    Plan::parse(text, Path::new("docs.toml"), &Overrides::default())
        .unwrap_or_else(|error| panic!("{text}\n{:?}", miette::Report::new(*error)))
}

/// What must be chosen for a key to have any effect.
fn choice(key: &str) -> String {
    let segments: Vec<&str> = key.split('.').collect();
    match segments[..] {
        ["network", model @ ("graph" | "matrix"), parameter] => {
            let file = if parameter == "file" {
                ""
            } else {
                "network.matrix.file = \"x\"\n"
            };
            format!("network.model = \"{model}\"\n{file}")
        }
        [section @ ("network" | "churn"), model, _] => format!("{section}.model = \"{model}\"\n"),
        ["selfish", "retry_after" | "retry_attempts"] => "selfish.defence = \"retry\"\n".to_owned(),
        ["workload", "zipf_exponent"] => "workload.popularity = \"zipf\"\n".to_owned(),
        _ => String::new(),
    }
}

#[test]
fn every_default_is_what_an_absent_key_means() {
    let mut checked = 0;
    for Row { key, default } in rows() {
        let Some(default) = default
            .strip_prefix('`')
            .and_then(|text| text.strip_suffix('`'))
        else {
            continue;
        };
        let chosen = choice(&key);
        let told = parse(&format!("{chosen}{key} = {default}"));
        assert_eq!(told, parse(&chosen), "{key} = {default}");
        checked += 1;
    }
    assert_eq!(checked, 70, "keys with a default");
}

#[test]
fn every_key_is_documented_and_every_documented_key_exists() {
    let is_section = |key: &&String| {
        known_keys()
            .iter()
            .any(|other| other.starts_with(&format!("{key}.")))
            && !key.starts_with("churn.sessions.")
    };
    let within_another = ["churn.sessions.up.", "churn.sessions.down."];
    let elsewhere = ["fault", "sweep", "expect"];
    let expected: Vec<&str> = known_keys()
        .iter()
        .filter(|key| !is_section(key))
        .map(String::as_str)
        .filter(|key| !within_another.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| !elsewhere.contains(key))
        .collect();
    let rows = rows();
    let documented: Vec<&str> = rows
        .iter()
        .map(|row| row.key.as_str())
        .filter(|key| !["at", "kill", "join"].contains(key))
        .collect();
    for key in &expected {
        assert!(documented.contains(key), "`{key}` is not documented");
    }
    for key in &documented {
        assert!(expected.contains(key), "`{key}` is documented and unknown");
    }
}
