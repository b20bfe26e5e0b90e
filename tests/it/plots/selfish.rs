//! Pictures of what selfish peers do to honest ones: cost stands beside success.

use std::fs;

use super::stored::lines;
use super::synthetic::Synthetic;
use super::{Files, assert_says, drawn_from, names, selfish_swept};
use tempfile::TempDir;

const BLUE: &str = "#0072b2";
const ORANGE: &str = "#d55e00";

/// A folder in whose `aggregate.csv` stand these columns besides, a row each.
fn with_columns(world: &Synthetic, columns: &str, values: &[&str]) -> Files {
    let folder = TempDir::new().unwrap();
    world.write(folder.path());
    let path = folder.path().join("aggregate.csv");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), values.len() + 1);
    let more = std::iter::once(columns).chain(values.iter().copied());
    let rows = text.lines().zip(more);
    let rows: Vec<String> = rows.map(|(row, more)| format!("{row},{more}\n")).collect();
    fs::write(&path, rows.concat()).unwrap();
    drawn_from(folder.path()).unwrap()
}

const COLUMNS: &str = "success_rate_honest_mean,success_rate_honest_ci95,request_messages_mean_mean,\
                       request_messages_mean_ci95,load_mean_honest_mean,load_mean_honest_ci95,load_jain_honest_mean,\
                       load_jain_honest_ci95,load_mean_selfish_mean,load_mean_selfish_ci95";

/// At shares of 0, 0.1 and 0.2, without a defence and with one that costs up to twice as much.
const BOTH: [&str; 6] = [
    "1,0,8,0,100,1,0.9,0.01,,",
    "1,0,8,0,100,1,0.9,0.01,,",
    "0.8,0,6,0,90,1,0.9,0.01,80,1",
    "1,0,12,0,120,1,0.8,0.01,80,1",
    "0.6,0,4,0,80,1,0.9,0.01,70,1",
    "0.8,0,16,0,140,1,0.7,0.01,70,1",
];

fn of_honest(files: &Files) -> Vec<String> {
    let is_one = |name: &String| name.starts_with("honest-") || name == "cost-of-defences";
    names(files).into_iter().filter(is_one).collect()
}

#[test]
fn cost_stands_beside_success() {
    let files = with_columns(&selfish_swept(), COLUMNS, &BOTH);
    let expected = [
        "cost-of-defences",
        "honest-load-vs-fraction",
        "honest-success-vs-fraction",
    ];
    assert_eq!(of_honest(&files), expected);
    let legend = ["defence none", "retry"];
    let both = [
        "success (%)",
        "messages per request",
        "lookups of honest peers answered rightly",
    ];
    assert_says(&files, expected[2], &both);
    assert_says(&files, expected[2], &legend);
    assert_says(&files, expected[2], &["share of selfish peers", "messages"]);
    assert_says(&files, expected[0], &both);
    assert_says(&files, expected[0], &legend);
    let along = ["Along a line: share of selfish peers, 0 to 0.2."];
    assert_says(&files, expected[0], &along);
    let load = ["messages handled per honest peer", "Jain's index"];
    assert_says(&files, expected[1], &load);
}

/// The paths of a colour that has three points are the lines; 8, 6 and 4 messages lie as far apart as 100, 80 and 60 %, and
/// 8, 12 and 16 in the other direction.
#[test]
fn each_point_lies_at_its_cost_and_its_success() {
    let files = with_columns(&selfish_swept(), COLUMNS, &BOTH);
    let line = |colour| -> Vec<(f64, f64)> {
        let all = lines_of(&files, "cost-of-defences", colour);
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone()
    };
    let none = line(BLUE);
    let steps = |line: &[(f64, f64)]| -> Vec<(f64, f64)> {
        let pairs = line.windows(2);
        pairs.map(|p| (p[1].0 - p[0].0, p[1].1 - p[0].1)).collect()
    };
    let [first, second] = steps(&none)[..] else {
        panic!("{none:?}");
    };
    let near = |a: f64, b: f64| (a - b).abs() < 0.05;
    assert!(
        first.0 < 0.0 && first.1 > 0.0,
        "fewer messages, less success"
    );
    assert!(
        near(first.0, second.0) && near(first.1, second.1),
        "{none:?}"
    );
    let cost_of_defence = lines_of(&files, "honest-success-vs-fraction", BLUE);
    // Success above, cost below: both fall, by two steps of the same height each.
    assert_eq!(cost_of_defence.len(), 2, "{cost_of_defence:?}");
    for line in cost_of_defence {
        let steps = steps(&line);
        assert!(steps[0].1 > 0.0 && near(steps[0].1, steps[1].1), "{line:?}");
    }
    // A dashed line is cut into its dashes: it begins where the other does and ends far to the right of it.
    // (The sample in the legend lies below.)
    let mut retry = dashes(&files, "cost-of-defences", ORANGE);
    retry.retain(|point| point.1 <= none[2].1);
    let (begin, end) = (retry[0], retry[retry.len() - 1]);
    let per_message = first.0 / -2.0;
    assert!((begin.0 - none[0].0).abs() < 1.0, "{begin:?}");
    assert!((end.0 - begin.0 - 8.0 * per_message).abs() < 8.0, "{end:?}");
    assert!((end.1 - begin.1 - first.1).abs() < 8.0, "{end:?}");
}

/// The lines of a colour with a point for each of the three shares.
fn lines_of(files: &Files, name: &str, colour: &str) -> Vec<Vec<(f64, f64)>> {
    let all = lines(files, name, colour, 2);
    all.into_iter().filter(|line| line.len() == 3).collect()
}

/// All points of a colour's dashes, in the order in which they are drawn.
fn dashes(files: &Files, name: &str, colour: &str) -> Vec<(f64, f64)> {
    lines(files, name, colour, 1).concat()
}

/// With one line there is nothing to compare costs of; honest peers stand beside selfish ones, of whom there are none at
/// first.
#[test]
fn the_load_of_the_honest_stands_beside_that_of_the_selfish() {
    let world = Synthetic {
        swept: vec![("selfish.fraction", "fraction", vec!["0", "0.1", "0.2"])],
        ..Synthetic::default()
    };
    let files = with_columns(&world, COLUMNS, &[BOTH[0], BOTH[2], BOTH[4]]);
    let expected = ["honest-load-vs-fraction", "honest-success-vs-fraction"];
    assert_eq!(of_honest(&files), expected);
    let said = ["messages handled per peer", "honest peers", "selfish peers"];
    assert_says(&files, expected[0], &said);
}

/// Nothing is drawn of what is always the same, and nothing of what was not measured.
#[test]
fn what_honest_peers_do_not_notice_is_not_drawn() {
    let same = ["1,0,8,0,100,1,0.9,0.01,,"; 6];
    let files = with_columns(&selfish_swept(), COLUMNS, &same);
    assert!(of_honest(&files).is_empty());
    let columns = "refused_share_mean,refused_share_ci95";
    let files = with_columns(&selfish_swept(), columns, &["0,0"; 6]);
    assert!(of_honest(&files).is_empty());
    // All are selfish at the end: of honest peers there are no values any more.
    let mut values = BOTH;
    values[4] = ",,4,0,,,,,70,1";
    values[5] = ",,16,0,,,,,70,1";
    let files = with_columns(&selfish_swept(), COLUMNS, &values);
    assert_eq!(of_honest(&files).len(), 3);
}
