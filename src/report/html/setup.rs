//! What was simulated, in words: from the resolved scenario in the manifest. What is swept is said with its values, what is as
//! nobody has changed it is left out.

mod words;

use serde_json::{Value, json};

use super::source::Source;
use super::template::{all_shown, shown};
use crate::report::lines::counted;
use words::Words;

/// The most values of a swept key that are listed.
const VALUES_MAX: usize = 12;

/// Headings and sentences, the swept keys, and all that differs from the defaults.
pub(super) fn of(source: &Source) -> Value {
    let first = source.manifest.runs_and_scenarios().next();
    let scenario = first
        .and_then(|(_, scenario)| scenario)
        .unwrap_or(&Value::Null);
    let words = Words {
        scenario,
        swept: &source.folder.swept,
        combinations: &source.folder.combinations,
    };
    let sections = [
        ("Peers", words.peers()),
        ("Protocol", words.protocol()),
        ("Network", words.network()),
        ("Churn", words.churn()),
        ("Faults", words.faults()),
        ("Script", words.script()),
        ("Workload", words.workload()),
        ("Storage", words.storage()),
        ("Selfish peers", words.selfish()),
        ("Measurement", measurement(source, scenario)),
    ];
    let sections = sections.into_iter().filter(|(_, text)| !text.is_empty());
    let sections: Vec<Value> = sections
        .map(|(heading, text)| json!({ "heading": heading, "text": text }))
        .collect();
    all_shown(
        json!({ "sections": sections, "swept": swept(source), "differences": differences(scenario) }),
    )
}

/// How long, how often, by which seed.
fn measurement(source: &Source, scenario: &Value) -> String {
    let plan = &source.manifest.plan;
    let text = |key: &str| scenario[key].as_str().unwrap_or("?").to_owned();
    let warmup = match text("warmup").as_str() {
        "0s" => "No warm-up".to_owned(),
        warmup => format!("{warmup} of warm-up, counted in no metric"),
    };
    let repeat = counted(plan.repeat as usize, "repetition");
    let combinations = match source.folder.combinations.len() {
        1 => String::new(),
        many => format!(" of each of {many} combinations"),
    };
    format!(
        "{warmup}, then {} measured; {repeat}{combinations}, seeds derived from {}.",
        text("duration"),
        plan.seed
    )
}

/// Each swept key with its values.
fn swept(source: &Source) -> Vec<Value> {
    let folder = &source.folder;
    let of = |(at, key): (usize, &crate::report::folder::Swept)| {
        let mut values: Vec<&str> = Vec::new();
        for combination in &folder.combinations {
            let value = combination.values[at].as_str();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let more = values.len().saturating_sub(VALUES_MAX);
        values.truncate(VALUES_MAX);
        json!({ "key": key.key, "all": values, "more": more })
    };
    folder.swept.iter().enumerate().map(of).collect()
}

/// Each value of the first run that is not the default, beside that.
fn differences(scenario: &Value) -> Vec<Value> {
    let Some(default) = Source::default_scenario() else {
        return Vec::new();
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    flatten("", scenario, &mut ours);
    flatten("", &default, &mut theirs);
    let other = |key: &str| {
        theirs
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    };
    let differs = ours.iter().filter(|(key, value)| other(key) != Some(value));
    let row = |(key, value): &(String, String)| json!({ "key": key, "value": value, "default": other(key).map_or("–", String::as_str) });
    differs.map(row).collect()
}

/// Every value within, by its path. Lists are values.
fn flatten(path: &str, value: &Value, flat: &mut Vec<(String, String)>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(&path, value, flat);
            }
        }
        Value::String(text) => flat.push((path.to_owned(), text.clone())),
        Value::Null => {}
        other => flat.push((
            path.to_owned(),
            crate::inputs::harmless::shortened(&other.to_string(), 300).into_owned(),
        )),
    }
}

/// The text of the scenario, and what was put on top.
pub(super) fn text(source: &Source) -> String {
    shown(&source.manifest.plan.scenario_text)
}
