//! Any sweep has an axis: numbers, durations with "off" among them, words, lists.

use super::synthetic::Synthetic;
use super::{Files, assert_says, drawn, texts};

fn swept(key: &'static str, column: &'static str, values: &[&'static str]) -> Files {
    drawn(&Synthetic {
        swept: vec![
            (key, column, values.to_vec()),
            ("selfish.fraction", "fraction", vec!["0", "0.5"]),
        ],
        churn: 0,
        ..Synthetic::default()
    })
}

/// Where a number or word stands along the horizontal axis of a picture of one panel.
fn place(files: &Files, name: &str, label: &str) -> f64 {
    let svg = std::str::from_utf8(&files[&format!("{name}.svg")]).unwrap();
    let document = roxmltree::Document::parse(svg).unwrap();
    let is_tick = |n: &roxmltree::Node| {
        n.attribute("text-anchor") == Some("middle") && n.text() == Some(label)
    };
    let tick = document.descendants().find(is_tick);
    let x = tick.unwrap_or_else(|| panic!("{name} has no {label}: {:?}", texts(files, name)));
    x.attribute("x").unwrap().parse().unwrap()
}

/// 30, 60 and 300 s in their distances, and "off" behind them.
#[test]
fn durations_and_off_make_an_axis() {
    let files = swept(
        "chord.stabilize_every",
        "stabilize_every",
        &["30s", "off", "1m", "5m"],
    );
    let at =
        ["30", "60", "300", "off"].map(|label| place(&files, "success-vs-stabilize_every", label));
    assert!(at[0] < at[1] && at[1] < at[2] && at[2] < at[3], "{at:?}");
    let (short, long) = (at[1] - at[0], at[2] - at[1]);
    assert!(
        (long / short - 8.0).abs() < 0.1,
        "240 s is 8 times 30 s: {at:?}"
    );
    assert_says(
        &files,
        "success-vs-stabilize_every",
        &["period of stabilisation (s)"],
    );
}

#[test]
fn words_make_an_axis_where_nothing_else_is_swept() {
    let files = drawn(&Synthetic {
        swept: vec![("chord.routing", "routing", vec!["successors", "fingers"])],
        ..Synthetic::default()
    });
    for name in ["success-vs-routing", "hops-vs-routing"] {
        let at = ["successors", "fingers"].map(|label| place(&files, name, label));
        assert!(at[0] < at[1]);
    }
}

/// Lists that do not fit are letters, which the picture explains; nothing is cut off.
#[test]
fn long_lists_are_letters_that_are_explained() {
    let (short, long) = (
        "[32, 98, 124]",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]",
    );
    let world = Synthetic {
        swept: vec![("overlay.ids", "ids", vec![short, long])],
        ..Synthetic::default()
    };
    // The synthetic world does as well with any identifiers: a row of its own makes the difference.
    let folder = tempfile::TempDir::new().unwrap();
    world.write(folder.path());
    let quoted = |text: String| {
        text.replace(short, &format!("\"{short}\""))
            .replace(long, &format!("\"{long}\""))
    };
    for file in ["aggregate.csv", "lookups.csv", "nodes.csv", "timeline.csv"] {
        let path = folder.path().join(file);
        let mut text = quoted(std::fs::read_to_string(&path).unwrap());
        if file == "aggregate.csv" {
            // Behind the last but two commas stand mean and interval of the success rate.
            let (row, rest) = text.trim_end().rsplit_once(",3,").unwrap();
            let hops: Vec<&str> = rest.split(',').skip(2).collect();
            text = format!("{row},3,0.5,0,{}\n", hops.join(","));
        }
        std::fs::write(&path, text).unwrap();
    }
    let files = super::drawn_from(folder.path()).unwrap();
    assert!(place(&files, "success-vs-ids", "A") < place(&files, "success-vs-ids", "B"));
    let all = texts(&files, "success-vs-ids").join(" ");
    assert!(
        all.contains("A: 32, 98, 124.") && all.contains("B: 1, 2, 3,") && !all.contains('…'),
        "{all}"
    );
}
