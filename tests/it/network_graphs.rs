//! The graph model on files as they are published, one of each format. Needs the folder that the environment variable
//! `CHORDSIM_DATA` names. Each file is read here a second time, by other code, and every pair of hosts must be as far
//! apart as Dijkstra's algorithm says over what was read so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chordsim::engine::SimDuration;
use chordsim::network::{Assets, Network, build};
use chordsim::scenario::resolved::{self, Attach, GraphOptions, LatencyModel, Parts};
use chordsim::world::HostIdx;
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};

/// A file of the data; `None`, said aloud, where there are none. Under continuous integration they must be there.
fn data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CHORDSIM_DATA");
    if folder.is_none() {
        assert!(std::env::var_os("CI").is_none(), "CHORDSIM_DATA is not set");
        eprintln!("CHORDSIM_DATA is not set: nothing was tested on {name}");
    }
    folder.map(|folder| PathBuf::from(folder).join(name))
}

/// The network of a file, and what its reader said.
fn network(file: &Path, options: GraphOptions) -> (Network, Vec<String>) {
    let file = file.to_path_buf();
    let network = resolved::Network {
        model: LatencyModel::Graph { file, options },
        loss: 0.0,
        jitter: 0.0,
        service_time: SimDuration::ZERO,
    };
    let mut assets = Assets::default();
    let loaded = assets.load(&network.model, |path| std::fs::read_to_string(path));
    loaded.unwrap_or_else(|error| panic!("{:?}", miette::Report::new(error)));
    let said = assets.remarks().flat_map(|(_, remarks)| remarks.iter());
    let said = said.map(str::to_owned).collect();
    (build(&network, 311, &assets).unwrap(), said)
}

/// A graph as it is read here: names and positions of nodes; ends and milliseconds of edges.
#[derive(Default)]
struct Own {
    names: Vec<String>,
    places: Vec<Option<[f64; 2]>>,
    edges: Vec<(usize, usize, Option<f64>)>,
    directed: bool,
}

impl Own {
    /// The latencies of all pairs, by Dijkstra's algorithm; edges without a latency as the crow flies, or as the lower
    /// median of those that do.
    fn all_pairs(&self) -> Vec<Vec<f64>> {
        let flown = |a: usize, b: usize| Some(km(self.places[a]?, self.places[b]?) / 200.0);
        let missing = self
            .edges
            .iter()
            .filter(|(a, b, ms)| ms.is_none() && a != b);
        let mut known: Vec<f64> = missing.filter_map(|(a, b, _)| flown(*a, *b)).collect();
        known.sort_by(f64::total_cmp);
        let median = known.get(known.len().saturating_sub(1) / 2).copied();
        let mut graph = DiGraph::<(), f64>::new();
        self.names.iter().for_each(|_| _ = graph.add_node(()));
        for (a, b, ms) in &self.edges {
            let ms = ms.or_else(|| flown(*a, *b)).or(median);
            let [from, to] = [*a, *b].map(NodeIndex::new);
            graph.add_edge(from, to, ms.unwrap());
            if !self.directed {
                graph.add_edge(to, from, ms.unwrap());
            }
        }
        let row = |from| {
            let far = dijkstra(&graph, from, None, |edge| *edge.weight());
            graph.node_indices().map(|to| far[&to]).collect()
        };
        graph.node_indices().map(row).collect()
    }
}

/// Kilometres between two places on a ball of 6371 km: by the angle between two vectors, not by the haversine.
fn km(a: [f64; 2], b: [f64; 2]) -> f64 {
    let vector = |at: [f64; 2]| {
        let [longitude, latitude] = at.map(f64::to_radians);
        [
            latitude.cos() * longitude.cos(),
            latitude.cos() * longitude.sin(),
            latitude.sin(),
        ]
    };
    let (a, b) = (vector(a), vector(b));
    let dot: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    let cross = [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ];
    6371.0
        * cross
            .iter()
            .map(|part| part * part)
            .sum::<f64>()
            .sqrt()
            .atan2(dot)
}

/// Every pair of hosts is as far apart as that says; an edge is rounded to a nanosecond.
fn check(network: &Network, own: &Own) -> Vec<Vec<f64>> {
    let hosts = own.names.len() as u32;
    assert_eq!(network.hosts(), Some(hosts));
    let expected = own.all_pairs();
    for (a, row) in (0..).map(HostIdx).zip(&expected) {
        assert_eq!(network.host_name(a), Some(&*own.names[a.0 as usize]));
        assert_eq!(network.place(a), own.places[a.0 as usize]);
        for (b, expected) in (0..).map(HostIdx).zip(row) {
            let way = network.one_way(a, b).as_millis_f64();
            assert!(
                (way - expected).abs() < 3e-5,
                "{a} to {b}: {way}, {expected}"
            );
        }
    }
    expected
}

fn graphml(file: &Path) -> Own {
    let text = std::fs::read_to_string(file).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let all = |tag: &'static str| {
        let named = move |node: &roxmltree::Node<'_, '_>| node.tag_name().name() == tag;
        document.descendants().filter(named)
    };
    let keys: BTreeMap<_, _> = all("key")
        .map(|key| {
            (
                key.attribute("id").unwrap(),
                key.attribute("attr.name").unwrap(),
            )
        })
        .collect();
    let mut own = Own::default();
    let mut numbers = BTreeMap::new();
    for node in all("node") {
        let data: BTreeMap<_, _> = node
            .children()
            .filter(roxmltree::Node::is_element)
            .map(|data| {
                (
                    keys[data.attribute("key").unwrap()],
                    data.text().unwrap_or(""),
                )
            })
            .collect();
        numbers.insert(node.attribute("id").unwrap(), own.names.len());
        own.names.push(data["label"].to_owned());
        let axis = |name| data.get(name)?.parse::<f64>().ok();
        own.places
            .push(axis("Longitude").zip(axis("Latitude")).map(|(a, b)| [a, b]));
    }
    for edge in all("edge") {
        let [a, b] = ["source", "target"].map(|end| numbers[edge.attribute(end).unwrap()]);
        own.edges.push((a, b, None));
    }
    own
}

/// GML of which each key stands in a line of its own.
fn gml(file: &Path) -> Own {
    let text = std::fs::read_to_string(file).unwrap();
    let mut own = Own::default();
    let mut numbers = BTreeMap::new();
    let mut under_way: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let value = value.trim().trim_matches('"').to_owned();
        match key {
            "node" | "edge" => under_way.clear(),
            "directed" => own.directed = value == "1",
            "]" => {
                let text = |key: &str| under_way.get(key).cloned();
                let number = |key: &str| under_way.get(key)?.parse::<f64>().ok();
                if let Some(id) = text("id") {
                    numbers.insert(id.clone(), own.names.len());
                    own.names.push(text("label").unwrap_or(id));
                    let place = number("Longitude").zip(number("Latitude"));
                    own.places.push(place.map(|(a, b)| [a, b]));
                } else if let Some(from) = text("source") {
                    let to = text("target").unwrap();
                    let us = text("latency").map(|latency| latency.replace(" us", ""));
                    let ms = us.map(|us| us.parse::<f64>().unwrap() / 1000.0);
                    own.edges.push((numbers[&from], numbers[&to], ms));
                }
                under_way.clear();
            }
            _ => _ = under_way.insert(key.to_owned(), value),
        }
    }
    own
}

/// The row of `validation.md`: a mean of 11.524 ms over ordered pairs, and 24.116 ms at the most.
#[test]
fn abilene_is_as_large_as_the_distances_of_its_cities_say() {
    let Some(file) = data("Abilene.graphml") else {
        return;
    };
    let (abilene, said) = network(&file, GraphOptions::default());
    let all = check(&abilene, &graphml(&file));
    let ways: Vec<f64> = (0..11)
        .flat_map(|a| (0..11).map(move |b| (a, b)))
        .filter(|(a, b)| a != b)
        .map(|(a, b)| abilene.one_way(HostIdx(a), HostIdx(b)).as_millis_f64())
        .collect();
    assert_eq!(ways.len(), 110);
    let mean = ways.iter().sum::<f64>() / 110.0;
    assert!((mean - 11.524).abs() < 0.0005, "{mean}");
    let largest = ways.iter().copied().fold(0.0, f64::max);
    assert!((largest - 24.116).abs() < 0.0006, "{largest}");
    let told = "latencies of all 14 edges from great-circle distance at 200 km per ms";
    assert!(said.iter().any(|said| said == told), "{said:?}");
    // The table that ships is the same network.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/data/abilene.gml");
    let (shipped, _) = network(&shipped, GraphOptions::default());
    for (a, row) in all.iter().enumerate() {
        for (b, expected) in row.iter().enumerate() {
            let [a, b] = [a, b].map(HostIdx::from_usize);
            let way = shipped.one_way(a, b).as_millis_f64();
            assert!((way - expected).abs() < 3e-5);
        }
    }
}

/// Three of Geant's nodes have no position, and a link each.
#[test]
fn graphml_of_the_topology_zoo_is_read_as_other_code_reads_it() {
    for (name, hosts) in [
        ("Geant2012.graphml", 40),
        ("formats/topozoo-arnes.graphml", 34),
    ] {
        let Some(file) = data(name) else { return };
        let (network, said) = network(&file, GraphOptions::default());
        let own = graphml(&file);
        assert_eq!(own.names.len(), hosts);
        check(&network, &own);
        let lost = own.places.iter().filter(|place| place.is_none()).count();
        let told = said
            .iter()
            .any(|said| said.contains("take the median of the others"));
        assert_eq!(lost > 0, told, "{name}: {said:?}");
        assert_eq!(lost, if hosts == 40 { 3 } else { 0 });
    }
}

#[test]
fn gml_of_the_topology_zoo_is_read_as_other_code_reads_it() {
    let Some(file) = data("Uninett2011.gml") else {
        return;
    };
    let (network, _) = network(&file, GraphOptions::default());
    let own = gml(&file);
    assert_eq!((own.names.len(), own.edges.len()), (69, 98));
    check(&network, &own);
}

/// Latencies with a unit, and each direction with its own.
#[test]
fn a_graph_of_shadow_has_its_latencies_in_both_directions() {
    let Some(file) = data("formats/shadow.gml") else {
        return;
    };
    let (network, said) = network(&file, GraphOptions::default());
    let own = gml(&file);
    assert_eq!(own.names.len(), 7);
    assert!(own.directed);
    let all = check(&network, &own);
    assert!((0..7).any(|a| (0..a).any(|b| (all[a][b] - all[b][a]).abs() > 0.1)));
    assert!(
        said.iter()
            .any(|said| said.contains("edges from a node to itself")),
        "{said:?}"
    );
}

#[test]
fn a_graph_of_brite_is_read_as_other_code_reads_it() {
    let Some(file) = data("formats/50nodes.brite") else {
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap();
    let (head, edges) = text.split_once("Edges:").unwrap();
    let mut own = Own::default();
    let table = |text: &str| -> Vec<Vec<f64>> {
        let rows = text.lines().skip(1).filter(|line| !line.trim().is_empty());
        rows.map(|line| {
            line.split_whitespace()
                .map_while(|cell| cell.parse().ok())
                .collect()
        })
        .collect()
    };
    for row in table(head.split_once("Nodes:").unwrap().1) {
        own.names.push(row[0].to_string());
        own.places.push(Some([row[1], row[2]]));
    }
    for row in table(edges) {
        own.edges
            .push((row[1] as usize, row[2] as usize, Some(row[4])));
    }
    assert_eq!((own.names.len(), own.edges.len()), (50, 100));
    let (brite, _) = network(&file, GraphOptions::default());
    check(&brite, &own);
    let options = GraphOptions {
        attach: Some(Attach::Column("outdegree".to_owned())),
        ..GraphOptions::default()
    };
    let (hanging, _) = network(&file, options);
    assert_eq!(hanging.hosts(), None);
    assert!(hanging.place(HostIdx(5)).is_some());
}

/// Two pairs of its 108 routers are connected with nobody else.
#[test]
fn the_largest_part_of_a_map_of_rocketfuel_is_read_as_other_code_reads_it() {
    let Some(file) = data("formats/rocketfuel-1221.latencies.intra") else {
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap();
    let mut own = Own::default();
    let mut neighbours: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    for row in &rows {
        neighbours.entry(row[0]).or_default().push(row[1]);
        neighbours.entry(row[1]).or_default().push(row[0]);
    }
    let mut reached = vec![rows[0][0]];
    let mut at = 0;
    while at < reached.len() {
        for next in &neighbours[reached[at]] {
            if !reached.contains(next) {
                reached.push(next);
            }
        }
        at += 1;
    }
    assert_eq!((neighbours.len(), reached.len()), (108, 104));
    let mut number = |name: &str| {
        let known = own.names.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            own.names.push(name.to_owned());
            own.places.push(None);
            own.names.len() - 1
        })
    };
    let rows = rows.iter().filter(|row| reached.contains(&row[0]));
    let edges: Vec<_> = rows
        .map(|row| {
            (
                number(row[0]),
                number(row[1]),
                Some(row[2].parse().unwrap()),
            )
        })
        .collect();
    own.edges = edges;
    let options = GraphOptions {
        parts: Parts::Largest,
        ..GraphOptions::default()
    };
    let (network, said) = network(&file, options);
    check(&network, &own);
    let told = "4 of 108 nodes are outside of the largest connected part";
    assert!(said.iter().any(|said| said.starts_with(told)), "{said:?}");
}
