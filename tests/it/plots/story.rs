//! What a scenario is about shows in its pictures: the moment of a fault, load in the time alive, honest and selfish
//! nodes, what theory expects. What is the same everywhere is not drawn.

use std::fs;
use std::path::Path;

use super::synthetic::Synthetic;
use super::{Files, assert_says, drawn_from, names, texts};
use crate::common::program::chordsim;
use tempfile::TempDir;

/// A ring of one run of ten samples of a minute.
pub(super) fn world() -> Synthetic {
    Synthetic {
        swept: vec![],
        repeat: 1,
        churn: 0,
        samples: 10,
        ..Synthetic::default()
    }
}

/// Says in the manifest what was simulated.
fn simulate(folder: &Path, scenario: &str) {
    let path = folder.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let runs = format!(r#""runs":[{{"swept":[],"scenario":{scenario}}}],"version""#);
    fs::write(&path, text.replace(r#""version""#, &runs)).unwrap();
}

/// Writes a file of the folder anew: its header, and these rows.
pub(super) fn rows(folder: &Path, file: &str, rows: &[String]) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let header = text.lines().next().unwrap();
    fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
}

/// The points of the longest line of this colour.
pub(super) fn points(files: &Files, name: &str, colour: &str) -> Vec<(f64, f64)> {
    let svg = std::str::from_utf8(&files[&format!("{name}.svg")]).unwrap();
    let document = roxmltree::Document::parse(svg).unwrap();
    let lines = document
        .descendants()
        .filter(|n| n.attribute("stroke") == Some(colour));
    let longest = lines
        .filter_map(|n| n.attribute("d"))
        .max_by_key(|d| d.len())
        .unwrap();
    along(longest)
}

/// The points of a path.
pub(super) fn along(path: &str) -> Vec<(f64, f64)> {
    let points = path
        .split(['M', 'L'])
        .filter(|point| !point.trim().is_empty());
    let pair = |point: &str| {
        let mut numbers = point.split_whitespace().map(|n| n.parse::<f64>().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    };
    points.map(pair).collect()
}

/// The peers crash at 5 minutes, at the end of a sample; success is lower in the next. Nothing of it may show to the
/// left of 5 minutes, where the line that marks the fault stands.
#[test]
fn a_fault_is_marked_and_nothing_shows_before_it() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    simulate(
        folder.path(),
        r#"{"faults":[{"at":"5m","kind":{"kill":0.3}}]}"#,
    );
    let row = |minute: u32| {
        let ok = if minute == 6 { 300 } else { 600 };
        let crashes = if minute == 5 { 300 } else { 0 };
        let latency = if minute == 6 { 900 } else { 300 };
        let failed = 600 - ok;
        format!(
            "0,0,1,{},700,600,{ok},0,{failed},5,{latency},9000,0,0,{crashes},true,0,0,0,0",
            minute * 60
        )
    };
    rows(
        folder.path(),
        "timeline.csv",
        &(1..=10).map(row).collect::<Vec<_>>(),
    );
    let files = drawn_from(folder.path()).unwrap();
    let said = ["30\u{a0}% crash", "latency (ms)", "success rate (%)"];
    assert_says(&files, "success-over-time", &said);
    // The grey line of the fault is upright.
    let fault = points(&files, "success-over-time", "#707070");
    assert!(
        fault.len() == 2 && (fault[0].0 - fault[1].0).abs() < 1e-9,
        "{fault:?}"
    );
    let at = fault[0].0;
    // The longest of this colour is success or latency; both are level until the fault and change right there.
    let line = points(&files, "success-over-time", "#0072b2");
    let level = line[0].1;
    let first = line
        .iter()
        .find(|point| (point.1 - level).abs() > 1.0)
        .unwrap();
    assert!((first.0 - at).abs() < 0.02, "{first:?} {at}");
    // The bar of the departures begins there, too.
    let bars = points(&files, "success-over-time", "#8c8c8c");
    let ground = bars[0].1;
    let begin = bars
        .iter()
        .find(|point| (point.1 - ground).abs() > 1.0)
        .unwrap();
    assert!((begin.0 - at).abs() < 0.02, "{begin:?} {at}");
}

/// Cuts of 2 and of 4 minutes side by side: the ends of both are marked, as ends.
#[test]
fn cuts_of_different_length_end_as_cuts() {
    let folder = TempDir::new().unwrap();
    let swept = vec![("fault.0.for", "for", vec!["2m", "4m"])];
    Synthetic { swept, ..world() }.write(folder.path());
    let run = |length: &str| {
        let cut = format!(r#"{{"partition":{{"share":0.5,"for":"{length}"}}}}"#);
        let faults = format!(r#"{{"faults":[{{"at":"3m","kind":{cut}}}]}}"#);
        format!(r#"{{"swept":["{length}"],"scenario":{faults}}}"#)
    };
    let path = folder.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let runs = format!(r#""runs":[{},{}],"version""#, run("2m"), run("4m"));
    fs::write(&path, text.replace(r#""version""#, &runs)).unwrap();
    let files = drawn_from(folder.path()).unwrap();
    assert_says(&files, "success-over-time", &["a cut begins", "a cut ends"]);
    let said = texts(&files, "success-over-time").join(" ");
    assert!(!said.contains("a fault strikes"), "{said}");
}

/// 10 minutes in samples of 4: the last is one of 2 minutes, and the axis ends where the run does.
#[test]
fn nothing_is_drawn_behind_the_end_of_a_run() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    let fault = r#"{"faults":[{"at":"9m","kind":{"kill":0.3}}]}"#;
    simulate(folder.path(), fault);
    let row = |(minutes, ok): (u32, u32)| {
        let (failed, crashes) = (600 - ok, if minutes == 10 { 300 } else { 0 });
        format!(
            "0,0,1,{},700,600,{ok},0,{failed},5,300,9000,0,0,{crashes},true,0,0,0,0",
            minutes * 60
        )
    };
    let all = [(4, 600), (8, 600), (10, 300)].map(row);
    rows(folder.path(), "timeline.csv", &all);
    let files = drawn_from(folder.path()).unwrap();
    let said = texts(&files, "success-over-time");
    assert!(
        said.contains(&"10".to_owned()) && !said.contains(&"12".to_owned()),
        "{said:?}"
    );
    let within = "Each value is that of an interval of 4\u{a0}min: that in which something strikes begins before it.";
    let said = said.join(" ");
    assert!(said.contains(&within[..40]), "{said}");
    // From 0 to 10 minutes; success falls at 8, four fifths of the way.
    let line = points(&files, "success-over-time", "#0072b2");
    let (first, last) = (line[0], line[line.len() - 1]);
    let fall = line
        .iter()
        .find(|point| (point.1 - first.1).abs() > 1.0)
        .unwrap();
    let way = (fall.0 - first.0) / (last.0 - first.0);
    assert!((way - 0.8).abs() < 0.01, "{way}");
}

/// Two nodes with 60 messages: one of them was there for one of ten minutes. Per minute that is 6 and 60.
#[test]
fn load_is_per_time_alive_where_nodes_come_and_go() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    simulate(folder.path(), r#"{"duration":"10m"}"#);
    let node = |node: u32, joined: i32, left: &str, up: u32| {
        format!("0,0,1,{node},1,1,{joined},{left},,false,1,1,60,60,1,1,{node},1,{up}")
    };
    let both = [node(0, -60, "", 600), node(1, 120, "180", 60)];
    rows(folder.path(), "nodes.csv", &both);
    let files = drawn_from(folder.path()).unwrap();
    assert_says(
        &files,
        "load-per-node",
        &["messages handled per minute up", "0", "60"],
    );
    let line = points(&files, "load-per-node", "#0072b2");
    // The axis begins at 0 and its ticks tell where 60 is: 6 is a tenth of the way.
    let (first, last) = (line[0].0, line[line.len() - 1].0);
    let svg = std::str::from_utf8(&files["load-per-node.svg"]).unwrap();
    let document = roxmltree::Document::parse(svg).unwrap();
    let tick = |text: &str| -> f64 {
        let is_it = |n: &roxmltree::Node| {
            n.attribute("text-anchor") == Some("middle") && n.text() == Some(text)
        };
        document
            .descendants()
            .find(is_it)
            .unwrap()
            .attribute("x")
            .unwrap()
            .parse()
            .unwrap()
    };
    let minute = (tick("60") - tick("0")) / 60.0;
    // A value is kept within a thousandth.
    assert!(
        (first - tick("0") - 6.0 * minute).abs() < 0.006 * minute + 0.01,
        "{first}"
    );
    assert!((last - tick("60")).abs() < 0.06 * minute + 0.01, "{last}");
}

#[test]
fn honest_and_selfish_nodes_are_drawn_apart() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    let files = drawn_from(folder.path()).unwrap();
    assert!(!texts(&files, "load-per-node").contains(&"honest nodes".to_owned()));
    let node = |node: u32| {
        let selfish = node.is_multiple_of(2);
        let messages = if selfish { 10 } else { 20 + node };
        format!("0,0,1,{node},1,1,-60,,,{selfish},1,1,{messages},60,1,1,{node},1,600")
    };
    rows(
        folder.path(),
        "nodes.csv",
        &(0..10).map(node).collect::<Vec<_>>(),
    );
    let files = drawn_from(folder.path()).unwrap();
    assert_says(&files, "load-per-node", &["honest nodes", "selfish nodes"]);
}

#[test]
fn what_is_the_same_all_the_time_is_not_drawn() {
    let folder = TempDir::new().unwrap();
    world().write(folder.path());
    let row = |minute: u32| {
        let time = minute * 60;
        format!("0,0,1,{time},700,600,600,0,0,5,300,9000,0,0,0,true,0,0,0,0")
    };
    rows(
        folder.path(),
        "timeline.csv",
        &(1..=10).map(row).collect::<Vec<_>>(),
    );
    let names = names(&drawn_from(folder.path()).unwrap());
    assert!(
        !names.iter().any(|name| name.contains("over-time")),
        "{names:?}"
    );
}

/// Theory stands in `aggregate.csv` in columns of its own: it is drawn where it is, and only there.
#[test]
fn what_theory_expects_is_drawn_where_it_says_something() {
    let folder = TempDir::new().unwrap();
    let swept = Synthetic {
        swept: vec![("selfish.fraction", "fraction", vec!["0", "0.25", "0.5"])],
        churn: 0,
        ..Synthetic::default()
    };
    swept.write(folder.path());
    let says = |files: &Files, name: &str| texts(files, name).contains(&"theory".to_owned());
    assert!(!says(
        &drawn_from(folder.path()).unwrap(),
        "success-vs-fraction"
    ));
    let path = folder.path().join("aggregate.csv");
    let text = fs::read_to_string(&path).unwrap();
    let with = |(at, row): (usize, &str)| match at {
        0 => format!("{row},expected_success_rate_mean"),
        // Half as high as the axis at 0, a quarter at 0.5: the line falls from left to right.
        at => format!("{row},{}", [0.5, 0.4, 0.25][at - 1]),
    };
    let rows: Vec<String> = text.lines().enumerate().map(with).collect();
    fs::write(&path, rows.join("\n")).unwrap();
    let files = drawn_from(folder.path()).unwrap();
    assert!(says(&files, "success-vs-fraction") && !says(&files, "hops-distribution"));
    let theory = points(&files, "success-vs-fraction", "#000000");
    let heights: Vec<f64> = theory.iter().map(|point| point.1).collect();
    // 50 %, 40 % and 25 % of one scale: the first step down is two thirds of the second.
    assert_eq!(heights.len(), 3);
    let (first, second) = (heights[1] - heights[0], heights[2] - heights[1]);
    assert!(
        first > 0.0 && (first / second - 2.0 / 3.0).abs() < 0.01,
        "{heights:?}"
    );
}

/// Two shocks in one moment of each of two combinations: they follow each other as a, b, a, b, and there are two of
/// them all the same. With more looks than there are, no picture was drawn.
#[test]
fn what_strikes_in_one_moment_of_several_combinations_is_named_once() {
    let folder = TempDir::new().unwrap();
    let scenario = r#"
warmup = "0s"
duration = "60s"
sample = "5s"
[overlay]
nodes = 40
[[fault]]
at = "17s"
kill = 0.1
[[fault]]
at = "17s"
kill = 0.2
[sweep]
"chord.routing" = ["fingers", "successors"]
"#;
    fs::write(folder.path().join("it.toml"), scenario).unwrap();
    chordsim(folder.path())
        .args(["run", "it.toml", "--quiet"])
        .assert()
        .code(0);
    let files = drawn_from(&folder.path().join("results/it")).unwrap();
    let said = texts(&files, "success-over-time");
    for deed in ["10\u{a0}% crash", "20\u{a0}% crash"] {
        let times = said.iter().filter(|text| *text == deed).count();
        assert_eq!(times, 1, "{deed}: {said:?}");
    }
}
