//! Pictures of the lookups that were answered, where many were not: shares are shares of all lookups.

use std::fs;
use std::path::Path;

use super::synthetic::Synthetic;
use super::{Files, assert_says, drawn_from, texts};
use tempfile::TempDir;

/// Every second peer drops lookups: of those by fingers half get through, with `retry` 85 %.
fn half_selfish() -> Synthetic {
    Synthetic {
        swept: vec![
            ("selfish.fraction", "fraction", vec!["0.5"]),
            ("selfish.defence", "defence", vec!["none", "retry"]),
        ],
        churn: 0,
        ..Synthetic::default()
    }
}

/// The answered and all lookups of a combination, counted in `lookups.csv`.
fn counted(folder: &Path, value: &str) -> (u32, u32) {
    let text = fs::read_to_string(folder.join("lookups.csv")).unwrap();
    let rows = text
        .lines()
        .filter(|row| row.contains(&format!(",{value},")));
    let (right, all): (Vec<_>, Vec<_>) = rows.map(|row| (row.contains(",ok,"), ())).unzip();
    (
        right.iter().filter(|ok| **ok).count() as u32,
        all.len() as u32,
    )
}

/// Of every line of this colour in a picture of one panel: what it shows at its points, read off the numbered
/// ticks `0` and `100` of the vertical axis.
fn heights(files: &Files, name: &str, colour: &str) -> Vec<f64> {
    let svg = std::str::from_utf8(&files[&format!("{name}.svg")]).unwrap();
    let document = roxmltree::Document::parse(svg).unwrap();
    let tick = |text: &str| {
        let found = document
            .descendants()
            .find(|n| n.attribute("text-anchor") == Some("end") && n.text() == Some(text));
        let y: f64 = found.unwrap().attribute("y").unwrap().parse().unwrap();
        y
    };
    let (nothing, all) = (tick("0"), tick("100"));
    // A number stands a little below its tick; the axis is where the first line of all begins.
    let lines = document
        .descendants()
        .filter(|n| n.attribute("stroke") == Some(colour));
    let paths = lines.filter_map(|n| n.attribute("d"));
    let longest = paths.max_by_key(|d| d.len()).unwrap();
    let points = longest
        .split(['M', 'L'])
        .filter(|point| !point.trim().is_empty());
    let y = points.map(|point| {
        let y = point.split_whitespace().nth(1).unwrap();
        y.parse::<f64>().unwrap()
    });
    let y: Vec<f64> = y.collect();
    let scale = 100.0 / (nothing - all);
    y.iter().map(|at| (y[0] - at) * scale).collect()
}

#[test]
fn a_distribution_ends_at_the_share_of_all_lookups_that_was_answered_rightly() {
    let folder = TempDir::new().unwrap();
    half_selfish().write(folder.path());
    let files = drawn_from(folder.path()).unwrap();
    for (value, colour) in [("none", "#0072b2"), ("retry", "#d55e00")] {
        let (right, all) = counted(folder.path(), value);
        let success = f64::from(right) * 100.0 / f64::from(all);
        assert!((40.0..90.0).contains(&success), "{value}: {success}");
        for name in ["latency-cdf", "stretch-cdf"] {
            let end = *heights(&files, name, colour).last().unwrap();
            // Coordinates have two decimals, and a per cent is about two units high.
            assert!(
                (end - success).abs() < 0.05,
                "{name}, {value}: {end} {success}"
            );
        }
    }
}

#[test]
fn hops_are_labelled_and_have_the_success_rate_beside_them() {
    let folder = TempDir::new().unwrap();
    half_selfish().write(folder.path());
    let files = drawn_from(folder.path()).unwrap();
    assert_says(
        &files,
        "hops-distribution",
        &["Hops of the lookups answered rightly"],
    );
    let (right, all) = counted(folder.path(), "none");
    let success = format!("{:.1}\u{a0}%", f64::from(right) * 100.0 / f64::from(all));
    for name in ["hops-distribution", "latency-cdf"] {
        let texts = texts(&files, name);
        assert!(
            texts.iter().any(|t| t.contains(&success)),
            "{name}: {texts:?}"
        );
    }
}

/// Under the mean hops stands the success rate; where nothing is lost there is nothing to say.
#[test]
fn mean_hops_against_a_swept_key_have_the_success_rate_under_them() {
    let folder = TempDir::new().unwrap();
    let mut world = half_selfish();
    world.swept[0].2 = vec!["0", "0.25", "0.5"];
    world.write(folder.path());
    let files = drawn_from(folder.path()).unwrap();
    let expected = ["of the lookups answered rightly", "success rate (%)"];
    assert_says(&files, "hops-vs-fraction", &expected);
    let aggregate = folder.path().join("aggregate.csv");
    let text = fs::read_to_string(&aggregate).unwrap();
    let lossless: Vec<String> = text.lines().map(without_losses).collect();
    fs::write(&aggregate, lossless.join("\n")).unwrap();
    let files = drawn_from(folder.path()).unwrap();
    assert_says(&files, "hops-vs-fraction", &expected[..1]);
    assert!(!texts(&files, "hops-vs-fraction").contains(&expected[1].to_owned()));
}

/// A row of `aggregate.csv` with a success rate of 1; the header as it is.
fn without_losses(row: &str) -> String {
    let mut cells: Vec<&str> = row.split(',').collect();
    if cells[0] != "fraction" {
        (cells[3], cells[4]) = ("1", "0");
    }
    cells.join(",")
}

/// With the timeout known, the line runs on to it, as high as it ended, and it is marked.
#[test]
fn the_timeout_is_marked_where_lookups_are_given_up() {
    let folder = TempDir::new().unwrap();
    half_selfish().write(folder.path());
    let manifest = folder.path().join("manifest.json");
    let runs = ["none", "retry"].map(|defence| {
        format!(
            r#"{{"swept":["0.5","{defence}"],"scenario":{{"overlay":{{"request_timeout":"30s"}}}}}}"#
        )
    });
    let text = fs::read_to_string(&manifest).unwrap();
    let with_runs = format!(r#""runs":[{}],"version""#, runs.join(","));
    fs::write(&manifest, text.replace(r#""version""#, &with_runs)).unwrap();
    let files = drawn_from(folder.path()).unwrap();
    assert_says(&files, "latency-cdf", &["timeout: lookups are given up"]);
    let line = heights(&files, "latency-cdf", "#0072b2");
    let [.., last, end] = line[..] else {
        panic!("a line has points")
    };
    assert!((last - end).abs() < 0.01 && line.len() == 402, "{line:?}");
}
