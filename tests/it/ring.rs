//! `check --ring` as other programs read it: the links, the table of degrees, and the way of a lookup.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::program::{Table, chordsim, files};
use crate::common::reference::{Ring, Way};

/// A folder with one scenario, `ring.toml`.
fn folder(overlay: &str, rest: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let text = format!("[overlay]\n{overlay}\n{rest}");
    fs::write(folder.path().join("ring.toml"), text).unwrap();
    folder
}

/// The lecture's ring of 7 bits, with node 14. Lists of one successor, as the lecture has it.
fn lecture() -> TempDir {
    folder(
        "id_bits = 7\nids = [14, 32, 98, 124]",
        "[chord]\nsuccessors = 1",
    )
}

/// What `check --ring` has on standard output.
fn shown(folder: &Path, options: &[&str]) -> String {
    let mut command = chordsim(folder);
    let command = command.args(["check", "--ring", "ring.toml"]).args(options);
    let output = command.assert().code(0).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// A link: from, to, kind, fingers.
type Link = (u64, u64, String, String);

/// All links of a ring, by the textbook: a node that is several fingers is one of them.
fn links(ring: &Ring) -> Vec<Link> {
    let mut links = Vec::new();
    for &id in ring.ids() {
        let at = ring.ids().iter().position(|other| *other == id).unwrap();
        let around = |steps: usize| ring.ids()[(at + steps) % ring.ids().len()];
        let (after, before) = (around(1), around(ring.ids().len() - 1));
        links.push((id, after, "successor".to_owned(), String::new()));
        links.push((id, before, "predecessor".to_owned(), String::new()));
        let mut entries: BTreeMap<u64, Vec<String>> = BTreeMap::new();
        for (i, node) in ring.fingers(id).into_iter().enumerate() {
            entries.entry(node).or_default().push(i.to_string());
        }
        for (node, entries) in entries {
            links.push((id, node, "finger".to_owned(), entries.join(" ")));
        }
    }
    links.sort();
    links
}

fn links_of_csv(folder: &Path, text: &str) -> Vec<Link> {
    let file = folder.join("links.csv");
    fs::write(&file, text).unwrap();
    let table = Table::read(&file);
    let id = |name: &str| -> Vec<u64> {
        let cells = table.column(name).into_iter();
        cells.map(|cell| cell.parse().unwrap()).collect()
    };
    let (from, to) = (id("source"), id("target"));
    let (kind, fingers) = (table.column("kind"), table.column("fingers"));
    let row = |at: usize| {
        (
            from[at],
            to[at],
            kind[at].to_owned(),
            fingers[at].to_owned(),
        )
    };
    let mut links: Vec<Link> = (0..table.len()).map(row).collect();
    links.sort();
    links
}

fn links_of_json(text: &str) -> Vec<Link> {
    let whole: Value = serde_json::from_str(text).unwrap();
    let link = |edge: &Value| {
        let fingers = edge
            .get("fingers")
            .map(|list| list.as_array().unwrap().clone());
        let fingers: Vec<String> = fingers.iter().flatten().map(ToString::to_string).collect();
        let kind = edge["kind"].as_str().unwrap().to_owned();
        let id = |end: &str| edge[end].as_u64().unwrap();
        (id("source"), id("target"), kind, fingers.join(" "))
    };
    let mut links: Vec<Link> = whole["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(link)
        .collect();
    links.sort();
    links
}

/// Read as a reader of `GraphML` does: by the declared names of the attributes.
fn links_of_graphml(text: &str) -> Vec<Link> {
    let document = roxmltree::Document::parse(text).unwrap();
    let all = |name: &'static str| {
        let elements = document.descendants();
        elements.filter(move |element| {
            element.has_tag_name(("http://graphml.graphdrawing.org/xmlns", name))
        })
    };
    let declared: BTreeMap<&str, &str> = all("key")
        .map(|key| {
            (
                key.attribute("id").unwrap(),
                key.attribute("attr.name").unwrap(),
            )
        })
        .collect();
    let data = |element: roxmltree::Node<'_, '_>| -> BTreeMap<String, String> {
        let data = element.children().filter(roxmltree::Node::is_element);
        data.map(|data| {
            let name = declared[data.attribute("key").unwrap()].to_owned();
            (name, data.text().unwrap_or_default().to_owned())
        })
        .collect()
    };
    let ids: BTreeMap<&str, u64> = all("node")
        .map(|node| {
            (
                node.attribute("id").unwrap(),
                data(node)["label"].parse().unwrap(),
            )
        })
        .collect();
    let link = |edge: roxmltree::Node<'_, '_>| {
        let known = data(edge);
        let id = |end: &str| ids[edge.attribute(end).unwrap()];
        let entries = known["fingers"]
            .split(' ')
            .filter(|entry| !entry.is_empty());
        assert_eq!(known["entries"], entries.count().to_string());
        (
            id("source"),
            id("target"),
            known["kind"].clone(),
            known["fingers"].clone(),
        )
    };
    let mut links: Vec<Link> = all("edge").map(link).collect();
    links.sort();
    links
}

/// The statements of the language that are used: `"1" -> "5" [kind=finger, style=dashed, fingers="0 1"];`
fn links_of_dot(text: &str) -> Vec<Link> {
    assert!(text.starts_with("digraph ring {\n") && text.ends_with("}\n"));
    let edges = text.lines().filter(|line| line.contains("->"));
    let link = |line: &str| {
        let (ends, rest) = line.trim().split_once(" [kind=").unwrap();
        let (from, to) = ends.split_once(" -> ").unwrap();
        let id = |end: &str| end.trim_matches('"').parse().unwrap();
        let rest = rest.strip_suffix("];").unwrap();
        let (kind, more) = rest.split_once(", ").unwrap_or((rest, ""));
        let fingers = more
            .split_once("fingers=")
            .map_or("", |(_, list)| list.trim_matches('"'));
        (id(from), id(to), kind.to_owned(), fingers.to_owned())
    };
    let mut links: Vec<Link> = edges.map(link).collect();
    links.sort();
    links
}

#[test]
fn every_format_has_the_same_links_as_the_textbook() {
    let thousand: Vec<u64> = (0..1000_u64)
        .map(|k| k * k % 1_000_003 * 1000 + k)
        .collect();
    for (bits, ids) in [
        (7, vec![14, 32, 98, 124]),
        (3, vec![0, 1, 2, 3, 4, 5, 6, 7]),
        (9, vec![17]),
        (9, vec![17, 18]),
        (64, vec![5, 1 << 63, u64::MAX]),
        (30, thousand),
    ] {
        let ring = Ring::new(bits, ids.clone());
        let folder = folder(&format!("id_bits = {bits}\nids = {ids:?}"), "");
        let of = |format: &str| shown(folder.path(), &["--format", format]);
        let expected = links(&ring);
        let nodes = ids.len();
        assert!(
            links_of_csv(folder.path(), &of("csv")) == expected,
            "csv, {nodes} nodes"
        );
        assert!(
            links_of_json(&of("json")) == expected,
            "json, {nodes} nodes"
        );
        assert!(
            links_of_graphml(&of("graphml")) == expected,
            "graphml, {nodes} nodes"
        );
        assert!(links_of_dot(&of("dot")) == expected, "dot, {nodes} nodes");
    }
}

/// By hand: see the tests of the table of degrees. 120 lies between 98 and 124; 14 knows no node nearer before it than 98.
#[test]
fn the_lectures_ring_as_json() {
    let folder = lecture();
    let whole = shown(folder.path(), &["--format", "json", "--path", "14:120"]);
    let whole: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(
        whole["graph"],
        json!({
            "nodes": 4, "edges": 8,
            "out_degree_mean": 2.0, "out_degree_max": 3,
            "in_degree_mean": 2.0, "in_degree_max": 3,
            "distance_mean": 16.0 / 12.0, "diameter": 2, "clustering_mean": 1.0,
        })
    );
    assert_eq!(
        whole["nodes"][2],
        json!({
            "id": 98, "successor": 124, "predecessor": 32,
            "out_degree": 2, "in_degree": 3, "clustering": 1.0,
        })
    );
    assert_eq!(
        whole["path"],
        json!({"from": 14, "key": 120, "owner": 124, "hops": [[14, 98], [98, 124]]})
    );
}

#[test]
fn the_text_ends_with_the_table_and_the_way() {
    let folder = lecture();
    let text = shown(folder.path(), &["--path", "14:120"]);
    let table = "\
successors and fingers  mean   max
out-degree              2.00     3
in-degree               2.00     3
distance                1.33     2
clustering              1.00  1.00
4 nodes, 8 edges, diameter 2
lookup of key 120 from node 14: 14 → 98 → 124, 2 hops
";
    assert!(text.starts_with("ring.toml: 1 run\n"), "{text}");
    assert!(text.ends_with(table), "{text}");
}

/// The way by the overlay's own messages is that of the textbook.
#[test]
fn a_lookup_goes_the_way_of_the_textbook() {
    let ids = [1, 5, 14, 32, 38, 70, 71, 72, 98, 124];
    let ring = Ring::new(7, ids);
    for (routing, way) in [("successors", Way::Successors), ("fingers", Way::Fingers)] {
        for (length, lookup) in [
            (1, "recursive"),
            (3, "recursive"),
            (1, "iterative"),
            (3, "iterative"),
        ] {
            let chord = format!(
                "[chord]\nrouting = \"{routing}\"\nlookup = \"{lookup}\"\nsuccessors = {length}"
            );
            let folder = folder(&format!("id_bits = 7\nids = {ids:?}"), &chord);
            for (from, key) in [
                (32, 120),
                (14, 13),
                (98, 98),
                (124, 127),
                (71, 72),
                (5, 71),
                (72, 70),
            ] {
                let path = format!("{from}:{key}");
                let text = shown(folder.path(), &["--format", "json", "--path", &path]);
                let told: Value = serde_json::from_str(&text).unwrap();
                let nodes = ring.path(from, key, way, length);
                let before = |at: usize| match (lookup, at) {
                    ("recursive", 1..) => nodes[at - 1],
                    _ => from,
                };
                let hops: Vec<_> = nodes
                    .iter()
                    .enumerate()
                    .map(|(at, to)| json!([before(at), to]))
                    .collect();
                assert_eq!(told["path"]["hops"], json!(hops), "{chord}, {path}");
                assert_eq!(
                    told["path"]["owner"],
                    json!(ring.owner(key)),
                    "{chord}, {path}"
                );
            }
        }
    }
}

#[test]
fn a_file_is_written_and_another_one_is_not_overwritten() {
    let folder = lecture();
    let text = shown(folder.path(), &["--format", "csv", "--out", "links.csv"]);
    assert!(text.starts_with("ring.toml: 1 run\n"), "{text}");
    let file = fs::read_to_string(folder.path().join("links.csv")).unwrap();
    assert_eq!(file, shown(folder.path(), &["--format", "csv"]));
    let scenario = fs::read(folder.path().join("ring.toml")).unwrap();
    refused(
        folder.path(),
        &["--out", "ring.toml"],
        "ring.toml is in the way",
    );
    assert_eq!(fs::read(folder.path().join("ring.toml")).unwrap(), scenario);
}

#[test]
fn the_ring_of_a_run_is_that_of_its_seed_and_its_values() {
    let folder = folder("nodes = 5", "[sweep]\n\"overlay.id_bits\" = [8, 16]");
    let first = shown(folder.path(), &["--format", "json"]);
    assert_eq!(
        first,
        shown(folder.path(), &["--format", "json", "--run", "0"])
    );
    let second = shown(folder.path(), &["--format", "json", "--run", "1"]);
    let second: Value = serde_json::from_str(&second).unwrap();
    assert_eq!(second["id_bits"], json!(16));
    chordsim(folder.path())
        .args(["check", "--ring", "ring.toml", "--format", "csv"])
        .assert()
        .code(0)
        .stderr(contains("run 0 of 2 (id_bits = 8, repetition 0)").and(contains("--run N")));
}

fn refused(folder: &Path, options: &[&str], told: &str) {
    let before = files(folder);
    chordsim(folder)
        .args(["check", "--ring", "ring.toml"])
        .args(options)
        .assert()
        .code(2)
        .stderr(contains(told));
    assert_eq!(files(folder), before, "{options:?}");
}

#[test]
fn what_cannot_be_is_refused_with_a_remedy() {
    let folder = lecture();
    for (options, told) in [
        (&["--path", "33:120"][..], "its nodes are 14, 32, 98, 124"),
        (&["--path", "32:128"], "give a key from 0 to 127"),
        (&["--path", "32"], "such as 32:120"),
        (&["--path", "32:-1"], "such as 32:120"),
        (
            &["--format", "gml"],
            "[possible values: text, dot, graphml, json, csv]",
        ),
        (&["--format", "dot", "--path", "32:120"], "leave --path out"),
        (
            &["--json"],
            "the argument '--ring' cannot be used with '--json'",
        ),
        (&["--run", "1"], "the scenario has 1, counted from 0"),
        (&["--out", ".."], "is not the name of a file"),
        (&["--out", "a\u{1b}[31m.txt"], "<U+001B>"),
        (&["--format", "csv", "ring.toml"], "name one scenario"),
    ] {
        refused(folder.path(), options, told);
    }
    chordsim(folder.path())
        .args(["check", "ring.toml", "--format", "csv"])
        .assert()
        .code(2)
        .stdout(is_empty())
        .stderr(contains("--ring"));
}

#[test]
fn a_ring_that_is_too_large_is_refused_with_its_size() {
    let folder = folder("nodes = 100", "");
    refused(
        folder.path(),
        &["--path", "1:2"],
        "a ring of 100 positions is not printed (at most 64)",
    );
    let nearest = "the nearest ones are ";
    refused(
        folder.path(),
        &["--path", "0:2", "--format", "json"],
        nearest,
    );
    let larger = ["--set", "overlay.nodes=8193", "--format", "csv"];
    refused(
        folder.path(),
        &larger,
        "a ring of 8193 positions is too large for a graph (at most 8192)",
    );
    let text = shown(folder.path(), &[]);
    assert!(
        text.ends_with("a ring of 100 positions is not printed (at most 64)\n"),
        "{text}"
    );
    assert!(starts_with("ring.toml: 1 run").eval(&text));
}

/// The texts of a picture.
fn texts(folder: &Path, name: &str) -> Vec<String> {
    let svg = fs::read_to_string(folder.join(name)).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let texts = document
        .descendants()
        .filter(|element| element.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts
        .filter_map(|text| text.text())
        .map(|text| text.replace('\u{a0}', " "))
        .collect()
}

#[test]
fn the_lectures_ring_is_drawn_with_fingers_and_the_way() {
    let folder = lecture();
    let options = ["--fingers-of", "14", "--path", "14:120", "--picture"];
    let drawn = |name: &str| shown(folder.path(), &[&options[..], &[name]].concat());
    let told = drawn("ring.svg");
    assert!(told.ends_with("lookup of key 120 from node 14: 14 → 98 → 124, 2 hops\n"));
    let texts = texts(folder.path(), "ring.svg");
    for text in [
        "4 nodes on a ring of 7 bits",
        "0",
        "14",
        "32",
        "98",
        "124",
        "120",
        "1",
        "2",
        "fingers of 14",
        "lookup",
        "key 120",
        "Lookup of key 120 from node 14: 14 → 98 → 124, 2 hops",
        "Fingers of 14: 0–4 → 32, 5–6 → 98",
    ] {
        let count = texts.iter().filter(|other| *other == text).count();
        assert_eq!(count, 1, "{text}: {texts:?}");
    }
    let first = fs::read(folder.path().join("ring.svg")).unwrap();
    drawn("ring.svg");
    assert_eq!(fs::read(folder.path().join("ring.svg")).unwrap(), first);
    for (name, begin) in [("ring.png", &b"\x89PNG"[..]), ("ring.PDF", b"%PDF")] {
        drawn(name);
        assert!(
            fs::read(folder.path().join(name))
                .unwrap()
                .starts_with(begin)
        );
    }
}

/// One node, two nodes, all positions taken, long identifiers, and a thousand nodes: of these only a few are named.
#[test]
fn rings_of_all_sizes_are_drawn() {
    for (overlay, named) in [
        ("id_bits = 3\nids = [5]", 1),
        ("id_bits = 3\nids = [5, 6]", 2),
        ("id_bits = 3\nids = [0, 1, 2, 3, 4, 5, 6, 7]", 8),
        // Both in one place: there is room for one name.
        ("id_bits = 64\nids = [1, 18446744073709551615]", 1),
        ("id_bits = 20\nnodes = 200", 15),
        ("id_bits = 20\nnodes = 1000", 0),
    ] {
        let folder = folder(overlay, "");
        shown(folder.path(), &["--picture", "ring.svg"]);
        let texts = texts(folder.path(), "ring.svg");
        let is_label = |text: &&String| text.chars().all(|c| c.is_ascii_digit() || c == '…');
        let labels = texts.iter().filter(is_label).count();
        assert!(labels >= named, "{overlay}: {texts:?}");
        assert!(labels <= 60, "{overlay}: {texts:?}");
    }
}

#[test]
fn a_picture_that_cannot_be_is_refused() {
    let folder = lecture();
    for (options, told) in [
        (&["--picture", "ring.gif"][..], ".svg, .png or .pdf"),
        (&["--picture", "ring"], ".svg, .png or .pdf"),
        (&["--picture", "a b.svg"], "is not the name of a file"),
        (&["--picture", "a.svg", "--out", "a.svg"], "name two files"),
        (
            &["--picture", "a.svg", "--fingers-of", "15"],
            "its nodes are 14, 32, 98, 124",
        ),
        (
            &["--picture", "a.svg", "--fingers-of", "x"],
            "invalid digit",
        ),
        (&["--fingers-of", "14"], "--picture"),
        (&["--picture", "a.svg", "ring.toml"], "name one scenario"),
    ] {
        refused(folder.path(), options, told);
    }
    let many = [
        "--set",
        "overlay.ids=[0,1,2,3,4,5,6,7]",
        "--picture",
        "a.svg",
    ];
    let many = [&many[..], &["--fingers-of", "0,1,2,3,4,5,6,7"]].concat();
    refused(folder.path(), &many, "at most 7");
}

/// Fingers that are chosen by latency are those of a run, not of the identifiers alone.
#[test]
fn a_ring_whose_fingers_are_chosen_by_latency_says_so() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("near.toml");
    std::fs::write(
        &file,
        "[overlay]\nnodes = 8\n[network]\nmodel = \"plane\"\n",
    )
    .unwrap();
    for (proximity, says) in [
        ("none", false),
        ("prs", false),
        ("pns", true),
        ("ideal", true),
    ] {
        let mut program = chordsim(folder.path());
        program
            .args(["check", "--ring", "--format", "csv"])
            .arg(&file);
        program
            .arg("--set")
            .arg(format!("chord.proximity={proximity}"));
        let told = program.assert().success();
        let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
        assert_eq!(
            told.contains("chooses them by latency"),
            says,
            "{proximity}: {told}"
        );
    }
}
