//! `table`, `run --table` and `compare`: the same numbers in every format, what is refused, and what is said of differences.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::program::chordsim;

/// Two ways of routing on a ring at rest, three seeds.
const SCENARIO: &str = r#"
title = "Is 5 % <b>A_B</b> & \"C\" enough? #1 | \\x"
seed = 4
duration = "2m"
repeat = 3
overlay.nodes = 40
workload.lookups_per_s = 2.0
network.model = "constant"
[sweep]
"chord.routing" = ["successors", "fingers"]
"#;

/// The title in HTML, Markdown and LaTeX.
const TITLES: [(&str, &str); 3] = [
    (
        "html",
        "Is 5 % &lt;b&gt;A_B&lt;/b&gt; &amp; &quot;C&quot; enough? #1 | \\x",
    ),
    (
        "md",
        "Is 5 % &lt;b&gt;A\\_B&lt;/b&gt; &amp; \"C\" enough? \\#1 \\| \\\\x",
    ),
    (
        "tex",
        r"Is 5 \% \textless{}b\textgreater{}A\_B\textless{}/b\textgreater{} \& {''}C{''} enough? \#1 \textbar{} \textbackslash{}x",
    ),
];

/// Standard output and standard error of a call that ends like this.
#[track_caller]
fn called(folder: &Path, arguments: &str, code: i32) -> [String; 2] {
    let output = chordsim(folder)
        .args(arguments.split(' '))
        .output()
        .unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(output.status.code(), Some(code), "{arguments}: {err}");
    [out, err]
}

/// A folder with results in `results/a`, and what the run told.
fn ran() -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), SCENARIO).unwrap();
    let arguments = "run a.toml --no-plots --table out/a.tex --table out/a.md";
    let [_, told] = called(folder.path(), arguments, 0);
    (folder, told)
}

/// Each `mean ± half` of a text.
fn estimates(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let found = words.windows(3);
    let found = found.filter(|it| it[1] == "±" && is_number(it[0]));
    found.map(|it| it.join(" ")).collect()
}

#[test]
fn every_format_has_the_numbers_that_the_run_told() {
    let (folder, told) = ran();
    let folder = folder.path();
    let numbers = estimates(&told);
    assert!(numbers.len() >= 12, "{told}");
    let [text, _] = called(folder, "table results/a", 0);
    assert_eq!(estimates(&text).len(), numbers.len(), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    for (format, title) in TITLES {
        let [table, _] = called(folder, &format!("table results/a --format {format}"), 0);
        assert!(table.contains(title), "{table}");
        let plain = table.replace("\\pm", "±");
        for number in &numbers {
            assert!(plain.contains(number.as_str()), "{number}: {table}");
        }
    }
    for name in ["a.tex", "a.md"] {
        assert!(told.contains(&format!("table:   out/{name}")), "{told}");
        let [_, path] = called(folder, &format!("table results/a --out again/{name}"), 0);
        assert_eq!(path.trim_end(), format!("again/{name}"));
        let read = |of: &str| fs::read(folder.join(of).join(name)).unwrap();
        assert_eq!(read("out"), read("again"));
    }
}

/// What a program reads is what stands in `aggregate.csv`, to the last digit.
#[test]
fn csv_and_json_have_every_digit() {
    let (folder, _) = ran();
    let folder = folder.path();
    let [csv, _] = called(folder, "table results/a --metric all --format csv", 0);
    let aggregate = fs::read(folder.join("results/a/aggregate.csv")).unwrap();
    let rows = |text: &[u8]| {
        let mut reader = csv::Reader::from_reader(text);
        let header = reader.headers().unwrap().clone();
        let rows = reader.records().map(Result::unwrap).collect::<Vec<_>>();
        (header, rows)
    };
    let (names, found) = rows(csv.as_bytes());
    let (all, expected) = rows(&aggregate);
    let mut compared = 0;
    for (at, name) in names.iter().enumerate() {
        // What theory expects is pooled over the runs, and has its own column.
        let Some(place) = all.iter().position(|it| it == name) else {
            assert!(name.starts_with("expected_"), "{name}");
            continue;
        };
        for (row, other) in found.iter().zip(&expected) {
            assert_eq!(row[at], other[place], "{name}");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
    let [json, _] = called(
        folder,
        "table results/a --metric hops_mean --format json",
        0,
    );
    let json: Value = serde_json::from_str(&json).unwrap();
    let row = &json["tables"][0]["rows"][1];
    let place = |name: &str| all.iter().position(|it| it == name).unwrap();
    let mean = row["hops_mean"]["mean"].as_f64().unwrap().to_string();
    assert_eq!(mean, expected[1][place("hops_mean_mean")]);
    assert_eq!(row["routing"], "fingers");
    assert_eq!(row["runs"], 3);
}

#[test]
fn what_cannot_be_shown_is_refused_with_a_remedy() {
    let (folder, _) = ran();
    let folder = folder.path();
    fs::write(folder.join("mine.md"), "notes of somebody").unwrap();
    for (arguments, code, told) in [
        (
            "table results/a --metric hop_mean",
            2,
            "did you mean hops_mean?",
        ),
        (
            "table results/a --metric stale_rate",
            2,
            "these results do not have it",
        ),
        (
            "table results/a --where rooting=fingers",
            2,
            "did you mean routing?",
        ),
        (
            "table results/a --where routing=finger",
            2,
            "did you mean fingers?",
        ),
        (
            "table results/a --where routing",
            2,
            "such as --where routing=fingers",
        ),
        ("table results/a --out table", 2, "name it .txt, .md, .tex"),
        ("table results/a --out a.docx", 2, "name it .txt, .md, .tex"),
        ("table results/a --out mine.md", 2, "mine.md"),
        (
            "table results/a --format csv --transpose",
            2,
            "has a row for each combination",
        ),
        ("table results/b", 1, "results/b"),
        ("run a.toml --table a.xls", 2, "name it .txt, .md, .tex"),
        ("run a.toml a.toml --table a.md", 2, "one scenario"),
        ("compare results/a", 2, "--by"),
        ("compare results/a --by nodes", 2, "swept: chord.routing"),
        (
            "compare results/a --by routing --where routing=fingers",
            2,
            "there is only fingers",
        ),
        (
            "compare results/a results/a --where nodes=1",
            2,
            "neither of the two results sweeps it",
        ),
        ("compare results/a results/b", 1, "results/b"),
    ] {
        let [out, err] = called(folder, arguments, code);
        let err = err
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("│ ", "");
        assert!(err.contains(told), "{arguments}: {err}");
        assert!(out.is_empty(), "{arguments}: {out}");
    }
    let kept = fs::read_to_string(folder.join("mine.md")).unwrap();
    assert_eq!(kept, "notes of somebody");
    let summary = folder.join("results/a/summary.csv");
    let text = fs::read_to_string(&summary).unwrap();
    fs::write(
        &summary,
        text.replacen("successors,0,", "successors,0,x", 1),
    )
    .unwrap();
    let [_, err] = called(folder, "table results/a", 1);
    assert!(
        err.contains("summary.csv") && err.contains("chordsim run"),
        "{err}"
    );
}

/// A run that failed is nowhere in the means: the table says so.
#[test]
fn failed_runs_are_told() {
    let (folder, _) = ran();
    let manifest = folder.path().join("results/a/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["failed"] = serde_json::json!([
        { "run": 9, "swept": ["fingers"], "repetition": 3, "reason": "no memory <left>" }
    ]);
    fs::write(&manifest, json.to_string()).unwrap();
    let [text, _] = called(folder.path(), "table results/a", 0);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let note = "1 run failed and count nowhere (no memory <left>)";
    assert!(text.contains(note), "{text}");
    let [html, _] = called(folder.path(), "table results/a --format html", 0);
    assert!(html.contains("no memory &lt;left&gt;"), "{html}");
}

/// The rows of the first table of a comparison, by metric.
fn rows(folder: &Path, arguments: &str) -> (Value, Vec<String>) {
    let [json, _] = called(folder, &format!("{arguments} --json"), 0);
    let json: Value = serde_json::from_str(&json).unwrap();
    let tables = json["tables"].as_array().unwrap().clone();
    let notes = tables
        .iter()
        .flat_map(|table| table["notes"].as_array().unwrap());
    let notes = notes
        .map(|note| note.as_str().unwrap().to_owned())
        .collect();
    (Value::Array(tables), notes)
}

/// The rows of a file by the names of its columns.
fn records(file: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Worked out again from the files: the difference of means, and for each lookup who answered it.
#[test]
fn two_ways_are_compared_run_by_run_and_request_by_request() {
    let (folder, _) = ran();
    let folder = folder.path();
    let (tables, notes) = rows(folder, "compare results/a --by routing --metric hops_mean");
    let summary = records(&folder.join("results/a/summary.csv"));
    let hops = |routing: &str| -> Vec<f64> {
        let runs = summary.iter().filter(|run| run["routing"] == routing);
        runs.map(|run| run["hops_mean"].parse().unwrap()).collect()
    };
    let (first, second) = (hops("successors"), hops("fingers"));
    let less = first.iter().zip(&second).map(|(a, b)| b - a).sum::<f64>() / 3.0;
    let row = &tables[0]["rows"][0];
    assert!((row["difference"]["mean"].as_f64().unwrap() - less).abs() < 1e-9);
    let ratio = second.iter().sum::<f64>() / first.iter().sum::<f64>();
    assert!((row["ratio"]["value"].as_f64().unwrap() - ratio).abs() < 1e-9);
    assert_eq!(row["pairs"], 3);
    assert!(
        notes[0]
            .starts_with("hops_mean is lower with fingers than with successors: the 95 % interval"),
        "{notes:?}"
    );
    assert!(
        notes
            .iter()
            .any(|it| it == "What differs in the scenarios: chord.routing: successors → fingers."),
        "{notes:?}"
    );
    assert!(
        notes.iter().any(|it| it.contains("3 pairs are few")),
        "{notes:?}"
    );

    let lookups = records(&folder.join("results/a/lookups.csv"));
    let row = &tables[1]["rows"][0];
    assert_eq!(row["both"], lookups.len() as u64 / 2);
    assert_eq!([&row["only_a"], &row["only_b"], &row["neither"]], [0, 0, 0]);
    // On a ring at rest everything is answered in both: the same difference as of the means.
    assert!((row["hops"]["mean"].as_f64().unwrap() - less).abs() < 1e-9);
}

#[test]
fn a_result_is_the_same_as_itself() {
    let (folder, _) = ran();
    let (tables, notes) = rows(folder.path(), "compare results/a results/a");
    assert_eq!(
        notes[0],
        "All differences are 0: in everything compared the two are the same."
    );
    assert!(
        notes
            .iter()
            .any(|it| it == "The scenarios of the two are the same.")
    );
    for row in tables[0]["rows"].as_array().unwrap() {
        assert_eq!(row["difference"]["mean"], 0.0, "{row}");
        assert_eq!(row["p_holm"], "–", "{row}");
    }
}

/// Other seeds are other worlds: two samples. Another duration is told.
#[test]
fn what_is_no_pair_is_not_taken_for_one() {
    let (folder, _) = ran();
    let folder = folder.path();
    let run = |options: &str| {
        called(
            folder,
            &format!("run a.toml --no-plots --quiet {options}"),
            0,
        );
    };
    run("--out results/b --seed 5");
    let (tables, notes) = rows(folder, "compare results/a results/b --metric hops_mean");
    assert!(
        notes.iter().any(|it| it.contains("no seed is in both")),
        "{notes:?}"
    );
    assert!(
        notes
            .iter()
            .any(|it| it.starts_with("Not request by request")),
        "{notes:?}"
    );
    assert_eq!(tables[0]["rows"][0]["pairs"], "–");
    assert_eq!(tables.as_array().unwrap().len(), 1);
    let manifest = folder.join("results/b/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["program"]["version"] = "9.9.9".into();
    json["failed"] = serde_json::json!([
        { "run": 9, "swept": ["fingers"], "repetition": 3, "reason": "x" }
    ]);
    fs::write(&manifest, json.to_string()).unwrap();
    let (_, notes) = rows(folder, "compare results/a results/b --metric hops_mean");
    for told in [
        "a difference may be one of the versions",
        "1 run of b failed",
    ] {
        assert!(
            notes.iter().any(|it| it.contains(told)),
            "{told}: {notes:?}"
        );
    }
    run("--out results/c --set duration=1m");
    let (_, notes) = rows(folder, "compare results/a results/c --metric hops_mean");
    assert!(
        notes
            .iter()
            .any(|it| it.starts_with("Beware: duration is 2m in a and 1m in c")),
        "{notes:?}"
    );
    // A larger ring has other nodes that ask.
    run("--out results/d --set overlay.nodes=50");
    let (_, notes) = rows(folder, "compare results/a results/d --metric hops_mean");
    assert!(
        notes
            .iter()
            .any(|it| it.contains("have another source or key, so the worlds differ")),
        "{notes:?}"
    );
    fs::write(
        folder.join("e.toml"),
        SCENARIO.replace("[sweep]", "[sweep]\n\"chord.successors\" = [4, 8]"),
    )
    .unwrap();
    called(folder, "run e.toml --no-plots --quiet", 0);
    let [_, err] = called(folder, "compare results/a results/e", 2);
    let err = err
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("│ ", "");
    assert!(
        err.contains("the second sweeps chord.successors and the other does not"),
        "{err}"
    );
    assert!(err.contains("--where successors=4"), "{err}");
    let arguments = "compare results/a results/e --where successors=4 --metric hops_mean";
    let (tables, _) = rows(folder, arguments);
    assert_eq!(tables[0]["rows"].as_array().unwrap().len(), 2);
}
