//! `[[plot]]` in scenario files, and the numbers inside swept tables: what is understood, what is refused, and what
//! comes of it in files and pictures.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chordsim::scenario::{LogAxes, Overrides, Plan, PlotKind, ScenarioError};
use tempfile::TempDir;

/// Churn rates as tables, with and without fingers.
const SWEPT: &str = r#"
duration = "2m"
warmup = "0s"
sample = "10s"
repeat = 2
[overlay]
nodes = 16
[churn]
model = "poisson"
[workload]
lookups_per_s = 2
[sweep]
"churn.poisson" = [{ joins_per_s = 0.02, leaves_per_s = 0.02 }, { joins_per_s = 0.10, leaves_per_s = 0.10 }]
"chord.routing" = ["successors", "fingers"]
"#;

fn parse(text: &str, overrides: &Overrides) -> Result<Plan, Box<ScenarioError>> {
    Plan::parse(text, Path::new("swept.toml"), overrides)
}

fn plan(plots: &str) -> Plan {
    let text = format!("{SWEPT}{plots}");
    parse(&text, &Overrides::default())
        .unwrap_or_else(|error| panic!("{plots}\n{:?}", miette::Report::new(*error)))
}

#[test]
fn a_picture_is_named_after_what_it_shows_unless_it_is_named() {
    let plan = plan(
        r#"
[[plot]]
metric = "hops_mean"
against = "churn.poisson.joins_per_s"
lines = "routing"
log = "both"
[[plot]]
metric = "nodes"
kind = "over-time"
[[plot]]
metric = "timeouts"
kind = "distribution"
name = "waiting"
title = "Waiting in vain"
"#,
    );
    let names: Vec<&str> = plan.plots.iter().map(|plot| plot.name.as_str()).collect();
    assert_eq!(
        names,
        ["hops_mean-vs-joins_per_s", "nodes-over-time", "waiting"]
    );
    let first = &plan.plots[0];
    assert_eq!(first.kind, PlotKind::Against);
    assert_eq!(first.against.as_deref(), Some("churn.poisson.joins_per_s"));
    // Named by its column, it stands in full.
    assert_eq!(first.lines.as_deref(), Some("chord.routing"));
    assert_eq!(first.log, Some(LogAxes::Both));
    assert_eq!(plan.plots[2].title, "Waiting in vain");
}

/// A picture about a key that an option fixes is left out; one that the file gets wrong is told.
#[test]
fn what_an_option_takes_out_of_the_sweep_takes_its_picture_along() {
    let plots = "[[plot]]\nmetric = \"hops_mean\"\nagainst = \"routing\"\n";
    let text = format!("{SWEPT}{plots}");
    let overrides = Overrides {
        set: vec!["chord.routing=fingers".to_owned()],
        ..Overrides::default()
    };
    assert!(parse(&text, &overrides).unwrap().plots.is_empty());
    assert_eq!(plan(plots).plots.len(), 1);
}

/// Keys of a picture, what is underlined, what is said, and the remedy.
const MISTAKES: [(&str, &str, &str, &str); 15] = [
    (
        "against = \"routing\"",
        "[[plot]]",
        "a picture does not say of what",
        "metric = \"hops_mean\"",
    ),
    (
        "metric = \"hops\"\nagainst = \"routing\"",
        "\"hops\"",
        "\"hops\" cannot be drawn",
        "there are: lookups, ok",
    ),
    (
        "metric = \"hop_mean\"\nagainst = \"routing\"",
        "\"hop_mean\"",
        "\"hop_mean\" cannot be drawn",
        "did you mean \"hops_mean\"?",
    ),
    (
        "metric = \"violations\"\nagainst = \"routing\"",
        "\"violations\"",
        "`violations` is not written by this scenario",
        "set `output.audit`",
    ),
    (
        "metric = \"hops_mean\"",
        "[[plot]]",
        "a picture does not say against what",
        "against = \"poisson\"",
    ),
    (
        "metric = \"hops_mean\"\nagainst = \"overlay.nodes\"",
        "\"overlay.nodes\"",
        "`overlay.nodes` is not swept",
        "swept are: poisson, routing",
    ),
    (
        "metric = \"hops_mean\"\nagainst = \"routing\"\nlines = \"chord.routing\"",
        "\"chord.routing\"",
        "`lines` and `against` are the same key",
        "name another swept key",
    ),
    (
        "metric = \"hops_mean\"\nagainst = \"churn.poisson.joins_per_s\"\nlines = \"poisson\"",
        "\"poisson\"",
        "`lines` and `against` are the same key",
        "name another swept key",
    ),
    (
        "metric = \"nodes\"\nkind = \"over-time\"\nagainst = \"routing\"",
        "\"routing\"",
        "`against` is for pictures against a swept key",
        "kind = \"against\"",
    ),
    (
        "metric = \"time_s\"\nkind = \"over-time\"",
        "\"time_s\"",
        "\"time_s\" cannot be drawn",
        "there are: nodes, lookups",
    ),
    (
        "metric = \"nodes\"\nkind = \"over-time\"\nlog = \"x\"",
        "\"x\"",
        "time has no logarithmic axis",
        "write \"y\" or \"none\"",
    ),
    (
        "metric = \"hops\"\nkind = \"distribution\"\nlog = \"both\"",
        "\"both\"",
        "the share has no logarithmic axis",
        "write \"x\" or \"none\"",
    ),
    (
        "metric = \"hops\"\nkind = \"distribution\"\nname = \"a/b\"",
        "\"a/b\"",
        "`name` cannot name a file",
        "`title`",
    ),
    (
        "metric = \"hops\"\nkind = \"distribution\"\n[[plot]]\nmetric = \"hops\"\nkind = \"distribution\"",
        "[[plot]]",
        "two pictures are called `hops-cdf`",
        "a `name` of its own",
    ),
    // One file where capitals make no difference.
    (
        "metric = \"hops\"\nkind = \"distribution\"\n[[plot]]\nname = \"HOPS-cdf\"\nmetric = \"hops\"\nkind = \"distribution\"",
        "\"HOPS-cdf\"",
        "two pictures are called `HOPS-cdf`",
        "a `name` of its own",
    ),
];

#[test]
fn every_mistake_in_a_picture_has_its_place_and_a_remedy() {
    for (keys, offending, message, remedy) in MISTAKES {
        let text = format!("{SWEPT}[[plot]]\n{keys}\n");
        let error = parse(&text, &Overrides::default()).expect_err(keys);
        let told = format!("{:?}", miette::Report::new(*error.clone()));
        assert_eq!(error.to_string(), message, "{told}");
        assert_eq!(error.offending(), offending, "{told}");
        assert!(error.remedy().contains(remedy), "{told}");
        assert!(
            error.others().is_empty(),
            "one mistake, one problem: {told}"
        );
    }
    let unwritten =
        "[output]\nnodes = false\n[[plot]]\nmetric = \"keys\"\nkind = \"distribution\"\n";
    let error = parse(unwritten, &Overrides::default()).unwrap_err();
    assert_eq!(error.to_string(), "`keys` is not written by this scenario");
    assert!(error.remedy().contains("set `output.nodes`"));
}

/// Which numbers there are, their columns and cells.
#[test]
fn the_numbers_inside_swept_tables_are_known() {
    let swept = |sweep: &str| {
        let text = format!("[churn]\nmodel = \"sessions\"\n[sweep]\n{sweep}\n");
        let plan = parse(&text, &Overrides::default());
        let plan = plan.unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)));
        let parts = plan.swept[0].parts.iter();
        parts
            .map(|p| (p.column.clone(), p.cells.values().cloned().collect()))
            .collect::<Vec<_>>()
    };
    let part =
        |column: &str, cells: [&str; 2]| (column.to_owned(), cells.map(str::to_owned).to_vec());
    // A duration is in seconds; what a table does not have is empty.
    let shapes = "\"churn.sessions.up\" = [{ exponential = { mean = \"1h\" } }, \
                  { pareto = { minimum = \"500ms\", shape = 2 } }]";
    assert_eq!(
        swept(shapes),
        [
            part("mean_s", ["3600", ""]),
            part("minimum_s", ["", "0.5"]),
            part("shape", ["", "2"]),
        ]
    );
    // What has a default is that.
    let rates =
        "\"churn.poisson\" = [{ joins_per_s = 0.20, leaves_per_s = 1 }, { joins_per_s = 0.3 }]";
    let (_, leaves) = chordsim::scenario::keys::find("churn.poisson.leaves_per_s").unwrap();
    let default = leaves.default.unwrap_or_default();
    assert_eq!(
        swept(rates),
        [
            part("joins_per_s", ["0.20", "0.3"]),
            part("leaves_per_s", ["1", default]),
        ]
    );
    assert!(swept("\"overlay.nodes\" = [8, 16]").is_empty());
    assert!(swept("\"overlay.ids\" = [[1, 2], [3, 4]]").is_empty());
}

/// Where two columns would be called the same, both have the full key.
#[test]
fn columns_of_numbers_inside_tables_do_not_clash() {
    let text = "[churn]\nmodel = \"sessions\"\n[sweep]\n\
                \"churn.sessions\" = [{ up = { fixed = { value = \"1h\" } }, down = { fixed = { value = \"1m\" } } }]\n";
    let plan = parse(text, &Overrides::default()).unwrap();
    let columns: Vec<&str> = plan.swept[0]
        .parts
        .iter()
        .map(|p| p.column.as_str())
        .collect();
    assert_eq!(
        columns,
        [
            "churn.sessions.down.fixed.value_s",
            "churn.sessions.up.fixed.value_s"
        ]
    );
}

/// All text of a picture.
fn texts(file: &Path) -> Vec<String> {
    let svg = fs::read_to_string(file).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let text = document
        .descendants()
        .filter(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    text.filter_map(|n| n.text().map(str::to_owned)).collect()
}

#[track_caller]
fn assert_says(texts: &[String], expected: &[&str]) {
    for text in expected {
        assert!(texts.iter().any(|t| t == text), "{text} not in {texts:?}");
    }
}

/// Two rates of joins and two of departures: four tables, of which two have the same rate of joins. A line joins those
/// of one rate of departures only.
#[test]
fn a_line_against_one_number_of_a_table_keeps_the_other_numbers() {
    let folder = TempDir::new().unwrap();
    let table =
        |joins: &str, leaves: &str| format!("{{ joins_per_s = {joins}, leaves_per_s = {leaves} }}");
    let tables = [
        ("0.1", "0.2"),
        ("0.1", "0.4"),
        ("0.3", "0.2"),
        ("0.3", "0.4"),
    ];
    let tables = tables
        .map(|(joins, leaves)| table(joins, leaves))
        .join(", ");
    let text = format!(
        "duration = \"1m\"\nwarmup = \"0s\"\n[overlay]\nnodes = 16\n[churn]\nmodel = \"poisson\"\n[workload]\n\
         lookups_per_s = 1\n[sweep]\n\"churn.poisson\" = [{tables}]\n[[plot]]\nmetric = \"messages\"\n\
         against = \"joins_per_s\"\n"
    );
    fs::write(folder.path().join("rates.toml"), text).unwrap();
    let mut command = Command::cargo_bin("chordsim").unwrap();
    command.current_dir(folder.path());
    command
        .args(["run", "rates.toml", "--quiet"])
        .assert()
        .success();
    let said = texts(
        &folder
            .path()
            .join("plots/rates/messages-vs-joins_per_s.svg"),
    );
    assert_says(&said, &["leaves per s 0.2", "leaves per s 0.4"]);
}

/// Durations inside tables are in seconds, on the axis and in legends.
#[test]
fn what_durations_inside_tables_are_in_is_said() {
    let folder = TempDir::new().unwrap();
    let text = "duration = \"1m\"\nwarmup = \"0s\"\noverlay.nodes = 16\nchurn.model = \"sessions\"\nworkload.lookups_per_s = 5\n\
                [sweep]\n\"churn.sessions.up\" = [{ exponential = { mean = \"1m\" } }, { exponential = { mean = \"2m\" } }]\n\
                [[plot]]\nmetric = \"messages\"\nagainst = \"churn.sessions.up\"\n";
    fs::write(folder.path().join("up.toml"), text).unwrap();
    let mut command = Command::cargo_bin("chordsim").unwrap();
    command.current_dir(folder.path());
    command
        .args(["run", "up.toml", "--quiet"])
        .assert()
        .success();
    let said = |name: &str| texts(&folder.path().join(format!("plots/up/{name}.svg")));
    assert_says(&said("messages-vs-up"), &["mean time up (s)", "60", "120"]);
    assert_says(
        &said("load-per-node"),
        &["mean 60\u{a0}s", "mean 120\u{a0}s"],
    );
}

/// From the file to the pictures: columns behind all others, an axis with ticks at the rates, the pictures that were
/// asked for, and `plot` draws them again from the files alone.
#[test]
fn a_churn_rate_that_is_swept_has_columns_and_an_axis() {
    let folder = TempDir::new().unwrap();
    let plots = "[[plot]]\nmetric = \"messages\"\nagainst = \"churn.poisson.joins_per_s\"\nlines = \"routing\"\nlog = \"x\"\n\
                 [[plot]]\nmetric = \"nodes\"\nkind = \"over-time\"\ntitle = \"Who is there\"\n\
                 [[plot]]\nmetric = \"forwarded\"\nkind = \"distribution\"\n";
    fs::write(folder.path().join("swept.toml"), format!("{SWEPT}{plots}")).unwrap();
    let chordsim = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("chordsim").unwrap();
        command
            .current_dir(folder.path())
            .args(arguments)
            .assert()
            .success();
    };
    chordsim(&["run", "swept.toml", "--quiet"]);
    chordsim(&["plot", "results/swept", "--plots", "again"]);
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    for file in ["summary.csv", "aggregate.csv"] {
        let text = read(&format!("results/swept/{file}"));
        let mut lines = text.lines();
        assert!(lines.next().unwrap().ends_with(",joins_per_s,leaves_per_s"));
        // Four combinations, the rates varying slowest.
        let rows: Vec<&str> = lines.collect();
        let half = rows.len() / 2;
        assert!(rows[..half].iter().all(|row| row.ends_with(",0.02,0.02")));
        assert!(rows[half..].iter().all(|row| row.ends_with(",0.10,0.10")));
    }
    for plots in ["plots/swept", "again"] {
        let said = |name: &str| texts(&folder.path().join(plots).join(format!("{name}.svg")));
        let hops = said("hops-vs-poisson");
        assert_says(
            &hops,
            &["joins and departures per second", "0.02", "0.1", "fingers"],
        );
        let messages = said("messages-vs-joins_per_s");
        assert_says(
            &messages,
            &["joins per second", "0.02", "0.1", "successors", "messages"],
        );
        assert_says(
            &said("nodes-over-time"),
            &[
                "Who is there",
                "nodes",
                "joins and leaves per s 0.02, fingers",
            ],
        );
        assert_says(&said("forwarded-cdf"), &["forwarded", "nodes (%)"]);
        let pictures = fs::read_dir(folder.path().join(plots)).unwrap();
        let pictures = pictures.map(|entry| entry.unwrap().path());
        for picture in pictures.filter(|path| path.extension().is_some_and(|e| e == "svg")) {
            let cut: Vec<String> = texts(&picture)
                .into_iter()
                .filter(|t| t.contains('…'))
                .collect();
            assert!(cut.is_empty(), "{}: {cut:?}", picture.display());
        }
    }
}
