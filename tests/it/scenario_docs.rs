//! The tables of keys in docs/scenario.md are those of the program, and they tell the truth: every default
//! is what an absent key means, every word is understood, every limit is one.
//!
//! `CHORDSIM_BLESS=1 cargo test --release --test it scenario_docs` writes the tables anew.

mod tables;

use std::path::{Path, PathBuf};
use std::{env, fs};

use chordsim::scenario::keys::{self, Key, Section, Shape, ValueKind};
use chordsim::scenario::{Overrides, Plan, ScenarioError};

/// What opens a table, before and behind the names of its sections, and what closes it.
const OPEN: (&str, &str) = ("<!-- keys: ", " -->\n");
const CLOSE: &str = "<!-- /keys -->";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md")
}

/// The page with its tables written anew, and the names of their sections.
fn with_tables(page: &str) -> (String, Vec<&str>) {
    let (head, parts) = page.split_once(OPEN.0).expect("the page has tables");
    let (mut written, mut named) = (head.to_owned(), Vec::new());
    for part in parts.split(OPEN.0) {
        let (names, rest) = part.split_once(OPEN.1).expect("a marker ends its line");
        let (_, prose) = rest.split_once(CLOSE).expect("a table is closed");
        let sections: Vec<&str> = names.split(' ').collect();
        let table = tables::of(&sections);
        written += &[OPEN.0, names, OPEN.1, "\n", &table, "\n", CLOSE, prose].concat();
        named.extend(sections);
    }
    (written, named)
}

#[test]
fn the_tables_of_keys_are_those_of_the_program() {
    let is = fs::read_to_string(page()).unwrap();
    let (ought, named) = with_tables(&is);
    let has_keys = |section: &&&Section| section.shape != Shape::Open;
    for section in keys::sections().iter().filter(has_keys) {
        let name = tables::name(section);
        let times = named.iter().filter(|it| **it == name).count();
        assert_eq!(times, 1, "tables of `{name}` in docs/scenario.md");
    }
    if env::var_os("CHORDSIM_BLESS").is_some() {
        fs::write(page(), ought).unwrap();
        return;
    }
    for (number, (is, ought)) in is.lines().zip(ought.lines()).enumerate() {
        assert_eq!(
            is,
            ought,
            "docs/scenario.md, line {}: if the keys are right, write the tables anew with \
             CHORDSIM_BLESS=1",
            number + 1
        );
    }
    assert_eq!(is, ought);
}

fn parse(text: &str) -> Result<Plan, Box<ScenarioError>> {
    Plan::parse(text, Path::new("docs.toml"), &Overrides::default())
}

fn plan(text: &str) -> Plan {
    parse(text).unwrap_or_else(|error| panic!("{text}\n{:?}", miette::Report::new(*error)))
}

/// Every key that stands in a section of its own, with the name in full.
fn all_keys() -> Vec<(String, &'static Key)> {
    let once = keys::sections()
        .iter()
        .filter(|it| it.shape == Shape::Table);
    let named = |section: &&'static Section| {
        let section = *section;
        let name = |key: &Key| tables::full_name(section, key);
        section.keys.iter().map(move |key| (name(key), key))
    };
    once.flat_map(named).collect()
}

/// What must be chosen for a key to have any effect.
fn choice(key: &str) -> String {
    let segments: Vec<&str> = key.split('.').collect();
    match segments[..] {
        ["network", model @ ("graph" | "matrix"), parameter] => {
            let file = match parameter {
                "file" => String::new(),
                _ => format!("network.{model}.file = \"x\"\n"),
            };
            format!("network.model = \"{model}\"\n{file}")
        }
        ["churn", "trace", "file"] => "churn.model = \"trace\"\n".to_owned(),
        ["churn", "trace", _] => "churn.model = \"trace\"\nchurn.trace.file = \"x\"\n".to_owned(),
        ["churn", "model"] => "churn.trace.file = \"x\"\n".to_owned(),
        [section @ ("network" | "churn"), model, _] => format!("{section}.model = \"{model}\"\n"),
        ["selfish", key] => choice_of_conduct(key).to_owned(),
        ["workload", "zipf_exponent"] => "workload.popularity = \"zipf\"\n".to_owned(),
        ["overlay", "ids"] => "network.model = \"regions\"\n".to_owned(),
        ["threshold", _] => {
            "threshold.metric = \"success_rate\"\nthreshold.level = 0.9\n".to_owned()
        }
        ["storage", "quorums"] => {
            "chord.proximity = \"pns\"\nchord.estimate = \"vivaldi\"\n".to_owned()
        }
        ["network", "model"] => {
            "network.graph.file = \"x\"\nnetwork.matrix.file = \"x\"\n".to_owned()
        }
        _ => String::new(),
    }
}

/// The same for the keys of `[selfish]`.
fn choice_of_conduct(key: &str) -> &'static str {
    match key {
        "behaviour" | "defence" => "workload.gets_per_s = 1\nselfish.leech_away = \"10m\"\n",
        "who" => "selfish.fraction = 0.5\n",
        "storage_refusal" => "workload.gets_per_s = 1\nselfish.behaviour = \"refuse-storage\"\n",
        "misroute_to" => "selfish.behaviour = \"misroute\"\n",
        "whitewash_every" => "selfish.behaviour = \"drop-lookups+whitewash\"\n",
        "leech_away" => "selfish.behaviour = \"leech\"\n",
        "decide_every" => "selfish.fraction = 0.5\nselfish.who = \"ramp\"\n",
        "gain_per_request" | "cost_per_message" | "cost_per_byte" => {
            "selfish.fraction = 0.5\nselfish.who = \"decide\"\n"
        }
        "generosity" | "benefit" | "exclusion" => {
            "workload.gets_per_s = 1\nselfish.who = \"decide\"\nselfish.decide_by = \"generosity\"\n"
        }
        "retry_after" | "retry_attempts" => "selfish.defence = \"retry\"\n",
        "redundant_requests" | "redundant_answer" | "redundant_wait" => {
            "selfish.defence = \"redundant\"\n"
        }
        "reputation_verdict" | "reputation_limit" | "reputation_half_life" => {
            "selfish.defence = \"reputation\"\n"
        }
        "reciprocity_allowance" | "reciprocity_ratio" => {
            "workload.gets_per_s = 1\nselfish.defence = \"reciprocity\"\n"
        }
        // That there is such a section is seen.
        _ => "selfish.leech_away = \"10m\"\n",
    }
}

#[test]
fn every_default_is_what_an_absent_key_means() {
    let mut checked = 0;
    for (name, key) in all_keys() {
        let Some(default) = key.default else {
            continue;
        };
        let chosen = choice(&name);
        let absent = plan(&chosen);
        for name in [Some(name.as_str()), key.also].into_iter().flatten() {
            let told = plan(&format!("{chosen}{name} = {default}"));
            assert_eq!(told, absent, "{name} = {default}");
            checked += 1;
        }
    }
    assert!(checked >= 73, "{checked} keys with a default");
}

#[test]
fn every_word_that_is_listed_is_understood() {
    let mut checked = 0;
    for (name, key) in all_keys() {
        for word in tables::words(key.kind) {
            // Only what others would shun needs to be washed off.
            let word = match word.name {
                "whitewash" => "whitewash+drop-lookups",
                word => word,
            };
            let text = format!("{}{name} = \"{word}\"", choice(&name));
            plan(&text);
            checked += 1;
        }
    }
    assert!(checked > 30, "{checked} words");
}

/// One more than the most, and one less than the least, is refused with the limits.
#[test]
fn every_limit_that_is_listed_is_one() {
    let mut checked = 0;
    for (name, key) in all_keys() {
        let beyond = match key.kind {
            ValueKind::Count { least, most } => [i128::from(least) - 1, i128::from(most) + 1],
            ValueKind::Number { least, most } => [least as i128 - 1, most as i128 + 1],
            _ => continue,
        };
        for value in beyond {
            let error = parse(&format!("{name} = {value}")).expect_err(&name);
            let told = error.to_string();
            let expected = told.ends_with("is out of range") || told.ends_with("in this version");
            assert!(expected && told.contains(&name), "{told}");
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked} limits");
}

/// What docs/adding-a-key.md shows is there.
#[test]
fn the_guide_quotes_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let program = ["keys/chord.rs", "resolve/network/mod.rs"];
    let program = program
        .map(|file| read(&format!("src/scenario/{file}")))
        .concat();
    let guide = read("docs/adding-a-key.md");
    let quotes = guide.split("```rust\n").skip(1);
    let quotes: Vec<&str> = quotes
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(quotes.len(), 3);
    for quote in quotes {
        assert!(program.contains(quote), "no longer there:\n{quote}");
    }
}

/// Keys of lists and parameters of distributions too: whoever asks for all names gets all of them.
#[test]
fn every_key_can_be_found_by_its_name() {
    for section in keys::sections() {
        for key in section.keys {
            let name = tables::full_name(section, key);
            let (found, _) = keys::find(&name).unwrap();
            assert_eq!(found.path, section.path);
            for name in [Some(name.as_str()), key.also].into_iter().flatten() {
                assert!(keys::known_keys().iter().any(|it| it == name), "{name}");
            }
            assert!(!key.doc.is_empty(), "{name} has no meaning");
        }
    }
    let parameter = "churn.sessions.up.weibull.shape".to_owned();
    assert!(keys::known_keys().contains(&parameter));
}
