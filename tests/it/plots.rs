//! The pictures of result folders: which ones there are, that they are sound files, and what is
//! said about folders that are not.

mod axes;
mod formats;
mod selfish;
mod stored;
mod story;
mod survivors;
mod synthetic;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chordsim::report::plot::{PlotError, draw};
use synthetic::Synthetic;
use tempfile::TempDir;

/// The files drawn from a result folder, by name.
type Files = BTreeMap<String, Vec<u8>>;

fn drawn(world: &Synthetic) -> Files {
    let folder = TempDir::new().unwrap();
    world.write(folder.path());
    drawn_from(folder.path()).unwrap()
}

fn drawn_from(results: &Path) -> Result<Files, PlotError> {
    let plots = TempDir::new().unwrap();
    let paths = draw(results, plots.path())?;
    let files: Files = fs::read_dir(plots.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        // The list of what was drawn is nothing to look at.
        .filter(|e| e.file_name() != ".chordsim")
        .map(|e| {
            (
                e.file_name().into_string().unwrap(),
                fs::read(e.path()).unwrap(),
            )
        })
        .collect();
    let named = |p: &std::path::PathBuf| p.file_name().unwrap().to_str().unwrap().to_owned();
    let returned: BTreeSet<String> = paths.iter().map(named).collect();
    assert_eq!(returned, files.keys().cloned().collect(), "paths returned");
    Ok(files)
}

/// Names of the pictures, of which there must be all three formats.
fn names(files: &Files) -> Vec<String> {
    let stem = |f: &String| f.strip_suffix(".svg").map(str::to_owned);
    let names: Vec<String> = files.keys().filter_map(stem).collect();
    assert_eq!(files.len(), 3 * names.len());
    for format in ["png", "pdf"] {
        let is_there = |name: &String| files.contains_key(&format!("{name}.{format}"));
        assert!(names.iter().all(is_there), "{format}");
    }
    names
}

fn nodes_swept() -> Synthetic {
    Synthetic {
        swept: vec![
            ("chord.routing", "routing", vec!["successors", "fingers"]),
            ("overlay.nodes", "nodes", vec!["16", "64", "256"]),
        ],
        repeat: 2,
        churn: 0,
        ..Synthetic::default()
    }
}

fn selfish_swept() -> Synthetic {
    Synthetic {
        swept: vec![
            ("selfish.fraction", "fraction", vec!["0", "0.1", "0.2"]),
            ("selfish.defence", "defence", vec!["none", "retry"]),
        ],
        ..Synthetic::default()
    }
}

/// All text of a picture, having checked that it is XML in which every reference has its target.
fn texts(files: &Files, name: &str) -> Vec<String> {
    let svg = std::str::from_utf8(&files[&format!("{name}.svg")]).unwrap();
    let document = roxmltree::Document::parse(svg).unwrap();
    let ids: Vec<&str> = document
        .descendants()
        .filter_map(|n| n.attribute("id"))
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for node in document.descendants() {
        if let Some(target) = node.attribute("clip-path") {
            let id = target.trim_start_matches("url(#").trim_end_matches(')');
            assert!(ids.contains(&id), "{name}: {target}");
        }
    }
    let text = |n: &roxmltree::Node| n.has_tag_name(("http://www.w3.org/2000/svg", "text"));
    let all = document.descendants().filter(text);
    all.filter_map(|n| n.text().map(str::to_owned)).collect()
}

fn assert_says(files: &Files, name: &str, expected: &[&str]) {
    let texts = texts(files, name);
    for text in expected {
        assert!(
            texts.iter().any(|t| t == text),
            "{name}: {text} not in {texts:?}"
        );
    }
}

/// Width, height and RGB values of a PNG.
fn pixels(bytes: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes))
        .read_info()
        .unwrap();
    let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut buffer).unwrap();
    let pixel = |p: &[u8]| [p[0], p[1], p[2]];
    let pixels = buffer.chunks_exact(info.color_type.samples()).map(pixel);
    (info.width, info.height, pixels.collect())
}

#[test]
fn what_is_drawn_follows_from_what_was_measured() {
    let common = [
        "hops-distribution",
        "latency-cdf",
        "load-per-node",
        "stretch-cdf",
    ];
    let expect = |world: &Synthetic, more: &[&str]| {
        let expected: BTreeSet<&str> = common.iter().chain(more).copied().collect();
        let files = drawn(world);
        let names = names(&files);
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(names, expected);
    };
    expect(
        &Synthetic::default(),
        &[
            "success-over-time",
            "ring-health",
            "hops-vs-routing",
            "success-vs-routing",
        ],
    );
    expect(&nodes_swept(), &["success-over-time", "hops-vs-nodes"]);
    expect(
        &selfish_swept(),
        &[
            "success-over-time",
            "ring-health",
            "hops-vs-fraction",
            "success-vs-fraction",
        ],
    );
}

#[test]
fn pictures_name_their_axes_with_units_and_their_series() {
    let files = drawn(&nodes_swept());
    assert_says(
        &files,
        "hops-vs-nodes",
        &[
            "number of nodes N",
            "mean hops per lookup",
            "successors",
            "fingers",
            "(N − 1)/2",
            "½ log₂ N",
            "100",
            "Nodes come & go for <$1",
            "Bars: 95 % confidence intervals over 2 runs.",
        ],
    );
    assert_says(
        &files,
        "hops-distribution",
        &[
            "hops",
            "lookups (%)",
            "Hops of the lookups answered rightly",
        ],
    );
    assert_says(&files, "latency-cdf", &["latency (ms)", "all lookups (%)"]);
    assert_says(
        &files,
        "load-per-node",
        &["messages handled per node", "nodes (%)"],
    );

    let files = drawn(&Synthetic::default());
    assert_says(
        &files,
        "success-over-time",
        &[
            "success rate (%)",
            "time (min)",
            "per minute",
            "joins (up), departures (down)",
        ],
    );
    assert_says(
        &files,
        "ring-health",
        &[
            "share (%)",
            "wrong first successors",
            "dead fingers",
            "time (min)",
        ],
    );
    let files = drawn(&selfish_swept());
    assert_says(
        &files,
        "success-vs-fraction",
        &[
            "share of selfish peers",
            "success rate (%)",
            "defence none",
            "retry",
        ],
    );
}

#[test]
fn the_png_has_the_size_of_the_svg_three_times_over_and_shows_its_colours() {
    let files = drawn(&Synthetic::default());
    for name in names(&files) {
        let svg = String::from_utf8(files[&format!("{name}.svg")].clone()).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let side = |name| {
            document
                .root_element()
                .attribute(name)
                .unwrap()
                .parse::<u32>()
        };
        let (width, height, pixels) = pixels(&files[&format!("{name}.png")]);
        assert_eq!(width, 3 * 420);
        assert_eq!(
            [width, height],
            ["width", "height"].map(|n| 3 * side(n).unwrap())
        );
        let share = |color: [u8; 3]| {
            pixels.iter().filter(|p| **p == color).count() as f64 / pixels.len() as f64
        };
        assert!(share([255, 255, 255]) < 0.97, "{name} is blank");
        assert!(
            share([0, 0x72, 0xb2]) > 0.0005,
            "{name} lacks its first series"
        );
    }
}

#[test]
fn dashes_reach_the_png() {
    // The cumulative curve of the second series has hundreds of points: a pattern that began anew
    // at each of them would leave no gap. Between its first and last point on a row in the
    // middle of the picture there must be some rows without its colour.
    let files = drawn(&Synthetic::default());
    let (width, height, pixels) = pixels(&files["latency-cdf.png"]);
    let rows = |y: u32| &pixels[(y * width) as usize..((y + 1) * width) as usize];
    let has = |y: u32| rows(y).contains(&[0xd5, 0x5e, 0]);
    let axes = height / 5..height / 2;
    let dashed = axes.clone().filter(|y| has(*y)).count();
    assert!(
        dashed > axes.len() / 4 && dashed < axes.len() * 9 / 10,
        "{dashed} of {axes:?}"
    );
}

#[test]
fn drawing_again_gives_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    selfish_swept().write(folder.path());
    let first = drawn_from(folder.path()).unwrap();
    // Something else in between: the plotting crate counts what it draws.
    drawn(&Synthetic::default());
    assert!(first == drawn_from(folder.path()).unwrap());
}

#[test]
fn one_run_of_one_combination_is_enough() {
    let world = Synthetic {
        swept: vec![],
        repeat: 1,
        ..Synthetic::default()
    };
    let files = drawn(&world);
    assert_eq!(names(&files).len(), 6);
    for name in names(&files) {
        let texts = texts(&files, &name);
        assert!(
            !texts
                .iter()
                .any(|t| t.starts_with("Bars") || t.starts_with("Lines"))
        );
    }
}

#[test]
fn a_ring_of_one_node_can_be_drawn() {
    let world = Synthetic {
        swept: vec![
            ("chord.routing", "routing", vec!["successors"]),
            ("overlay.nodes", "nodes", vec!["1", "8"]),
        ],
        churn: 0,
        ..Synthetic::default()
    };
    let files = drawn(&world);
    let nowhere = "Means of 0 hops have no place on a logarithmic axis.";
    assert_says(&files, "hops-vs-nodes", &[nowhere]);
    let alone = Synthetic {
        swept: vec![("overlay.nodes", "nodes", vec!["1"])],
        repeat: 1,
        churn: 0,
        ..Synthetic::default()
    };
    assert!(!names(&drawn(&alone)).contains(&"hops-vs-nodes".to_owned()));
}

#[test]
fn no_picture_has_more_than_eight_series_and_says_what_it_leaves_out() {
    let values = vec![
        "0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4", "0.5",
    ];
    let world = Synthetic {
        swept: vec![("selfish.fraction", "fraction", values)],
        repeat: 1,
        ..Synthetic::default()
    };
    let files = drawn(&world);
    let texts = texts(&files, "latency-cdf");
    assert_eq!(
        texts.iter().filter(|t| t.starts_with("fraction ")).count(),
        8
    );
    let all = texts.join(" ");
    assert!(
        all.contains("Shown are 8 of 10 values of fraction: 0, 0.05,"),
        "{all}"
    );
}

#[test]
fn a_long_run_is_drawn_in_few_intervals() {
    let world = Synthetic {
        swept: vec![],
        repeat: 1,
        samples: 10_000,
        ..Synthetic::default()
    };
    let files = drawn(&world);
    assert_says(&files, "success-over-time", &["time (d)"]);
    assert!(files["success-over-time.svg"].len() < 60_000);
}

#[test]
fn without_lookups_the_other_pictures_are_drawn() {
    let folder = TempDir::new().unwrap();
    Synthetic::default().write(folder.path());
    fs::remove_file(folder.path().join("lookups.csv")).unwrap();
    let names = names(&drawn_from(folder.path()).unwrap());
    let expected = [
        "hops-vs-routing",
        "load-per-node",
        "ring-health",
        "success-over-time",
        "success-vs-routing",
    ];
    assert_eq!(names, expected);
}

#[test]
fn tables_without_rows_give_no_picture() {
    let folder = TempDir::new().unwrap();
    let world = Synthetic {
        lookups: 0,
        samples: 0,
        ..Synthetic::default()
    };
    world.write(folder.path());
    let names = names(&drawn_from(folder.path()).unwrap());
    assert_eq!(
        names,
        ["hops-vs-routing", "load-per-node", "success-vs-routing"]
    );
}

/// What is said about a folder after one of its files was changed.
fn complaint(file: &str, change: impl Fn(String) -> Option<String>) -> String {
    let folder = TempDir::new().unwrap();
    Synthetic::default().write(folder.path());
    let path = folder.path().join(file);
    match change(fs::read_to_string(&path).unwrap()) {
        Some(text) => fs::write(&path, text).unwrap(),
        None => fs::remove_file(&path).unwrap(),
    }
    let plots = folder.path().join("plots");
    let error = draw(folder.path(), &plots).unwrap_err().to_string();
    assert!(!plots.exists(), "something was written before: {error}");
    assert!(error.contains(file), "{error}");
    error
}

#[test]
fn a_missing_file_is_named_with_a_column_that_is_needed() {
    for (file, column) in [
        ("aggregate.csv", "`runs`"),
        ("nodes.csv", "`messages_in`"),
        ("timeline.csv", "`time_s`"),
    ] {
        let error = complaint(file, |_| None);
        assert!(
            error.contains("no such file") && error.contains(column),
            "{error}"
        );
    }
    assert!(complaint("manifest.json", |_| None).contains("cannot be read"));
}

#[test]
fn an_empty_file_is_named_with_the_first_column_it_lacks() {
    for (file, column) in [
        ("aggregate.csv", "`routing`"),
        ("lookups.csv", "`hops`"),
        ("nodes.csv", "`messages_in`"),
        ("timeline.csv", "`run`"),
    ] {
        let error = complaint(file, |_| Some(String::new()));
        assert!(
            error.contains("no column") && error.contains(column),
            "{error}"
        );
    }
}

#[test]
fn a_missing_column_is_named() {
    for (file, column) in [
        ("aggregate.csv", "hops_mean_ci95"),
        ("lookups.csv", "latency_ms"),
        ("nodes.csv", "messages_in"),
        ("timeline.csv", "crashes"),
    ] {
        let error = complaint(file, |text| Some(text.replacen(column, "other", 1)));
        assert!(error.contains(&format!("`{column}`")), "{error}");
    }
}

#[test]
fn a_cell_that_is_no_number_is_named_with_its_line() {
    let error = complaint("lookups.csv", |text| {
        Some(text.replacen(",ok,", ",ok,many", 1))
    });
    assert!(error.contains("line 2, column `hops`"), "{error}");
    assert!(error.contains("found `many"), "{error}");
}

#[test]
fn a_combination_that_is_not_aggregated_is_an_error() {
    let error = complaint("nodes.csv", |text| Some(text.replace("fingers", "wings")));
    assert!(
        error.contains("column `routing`") && error.contains("`wings`"),
        "{error}"
    );
}

#[test]
fn an_aggregate_without_rows_is_an_error() {
    let header = |text: String| text.lines().next().map(|line| format!("{line}\n"));
    assert!(complaint("aggregate.csv", header).contains("no rows"));
}

#[test]
fn a_manifest_that_is_none_is_an_error() {
    assert!(complaint("manifest.json", |_| Some("{}".to_owned())).contains("`plan`"));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = TempDir::new().unwrap();
    Synthetic::default().write(folder.path());
    let plots = folder.path().join("nodes.csv").join("plots");
    let error = draw(folder.path(), &plots).unwrap_err().to_string();
    assert!(
        error.contains("cannot create") && error.contains("plots"),
        "{error}"
    );
}
