//! Tests of the graph model.

use super::*;
use crate::network::testing::check_paths;

fn read(text: &str, options: &GraphOptions) -> Result<(RoadMap, Remarks), InputError> {
    RoadMap::read(TextFile::new("g.csv".as_ref(), text), options)
}

fn graph(text: &str) -> Result<RoadMap, InputError> {
    read(text, &GraphOptions::default()).map(|(map, _)| map)
}

const SQUARE: &str = "from,to,latency_ms\nA,B,1.5\nC,B,2\nC,D,4\nA,D,100\nA,D,90\nA,A,0\n";

fn micros(model: &dyn Latency, from: u32, to: u32) -> u64 {
    model.one_way(HostIdx(from), HostIdx(to)).0 / 1000
}

#[test]
fn latency_is_the_shortest_path_in_both_directions() {
    let graph = graph(SQUARE).unwrap();
    assert_eq!(graph.hosts(), Some(4));
    let micros = |from, to| micros(&graph, from, to);
    assert_eq!(
        (micros(0, 1), micros(0, 2), micros(0, 3)),
        (1500, 3500, 7500)
    );
    assert_eq!((micros(3, 0), micros(2, 0)), (7500, 3500));
    assert_eq!(micros(2, 2), 0);
}

#[test]
fn links_are_the_lines_of_the_file_and_a_path_takes_the_fast_ones() {
    let graph = graph(SQUARE).unwrap();
    let paths = graph.paths().unwrap();
    let path = |from, to| {
        let mut seen = Vec::new();
        paths.path(HostIdx(from), HostIdx(to), &mut |link| seen.push(link.0));
        seen
    };
    assert_eq!(path(0, 3), [0, 1, 2]);
    assert_eq!(path(3, 0), [2, 1, 0]);
    assert!(path(2, 2).is_empty());
    assert_eq!(paths.fixed_links(), 6);
    let host = |number| LinkEnd::Host(HostIdx(number));
    let slow = paths.link(LinkIdx(3));
    assert_eq!(slow.ends, [host(0), host(3)]);
    assert_eq!(slow.latency, SimDuration::from_millis(100));
    check_paths(&graph, &[0, 1, 2, 3].map(HostIdx));
}

#[test]
fn a_graph_in_parts_names_two_nodes_of_different_parts_and_where_one_is() {
    let error = graph("from,to,latency_ms\nA,B,1\nY,\"X, z\",1\nB,C,1\nX,Y,2\n").err();
    let told = "g.csv, line 3, column 1: no path leads from `A` to `Y`";
    assert_eq!(error.unwrap().to_string(), told);
}

/// A triangle with a direction, and an edge to and fro.
const DIRECTED: &str = "graph [ directed 1 node [ id 1 ] node [ id 2 ] node [ id 3 ]\n\
     edge [ source 1 target 2 latency 5 ] edge [ source 2 target 3 latency 7 ]\n\
     edge [ source 3 target 1 latency \"2 ms\" ] edge [ source 1 target 1 latency 1 ]\n\
     edge [ source 2 target 1 latency 20 ] ]";

#[test]
fn the_two_directions_have_their_own_latencies_where_the_file_says_so() {
    let (graph, remarks) = read(DIRECTED, &GraphOptions::default()).unwrap();
    let ms = |from, to| micros(&graph, from, to) / 1000;
    assert_eq!(
        (ms(0, 1), ms(1, 0)),
        (5, 9),
        "back over 3, not by the edge of 20"
    );
    assert_eq!((ms(0, 2), ms(2, 0)), (12, 2));
    assert_eq!(ms(1, 1), 0, "a loop never counts");
    let said: Vec<_> = remarks.iter().collect();
    assert!(
        said.iter().any(|said| said.contains("have a direction")),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|said| said.contains("1 edges from a node to itself")),
        "{said:?}"
    );
}

#[test]
fn the_scenario_decides_about_directions_if_it_says_so() {
    let with = |directed, text| {
        let options = GraphOptions {
            directed,
            ..GraphOptions::default()
        };
        read(text, &options).map(|(map, _)| map)
    };
    let both = with(Directed::False, DIRECTED).unwrap();
    assert_eq!(micros(&both, 1, 0), 5000);
    let circle = with(Directed::True, "a,b,1\nb,c,2\nc,a,4\n").unwrap();
    assert_eq!((micros(&circle, 0, 1), micros(&circle, 1, 0)), (1000, 6000));
    let error = with(Directed::True, "a,b,1\nb,c,2\n").err().unwrap();
    let told = error.to_string();
    assert!(told.contains("no path leads from `b` to `a`"), "{told}");
}

/// An edge of a directed graph that leads both ways is two links.
#[test]
fn an_edge_without_a_direction_beside_others_leads_both_ways() {
    let text = "<graphml><graph edgedefault='directed'><node id='a'/><node id='b'/><node id='c'/>\
         <edge source='a' target='b' directed='false'><data key='latency'>1</data></edge>\
         <edge source='b' target='c'><data key='latency'>2</data></edge>\
         <edge source='c' target='a'><data key='latency'>4</data></edge></graph></graphml>";
    let graph = graph(text).unwrap();
    assert_eq!((micros(&graph, 0, 1), micros(&graph, 1, 0)), (1000, 1000));
    assert_eq!((micros(&graph, 1, 2), micros(&graph, 2, 1)), (2000, 5000));
    let mut links = Vec::new();
    graph.path(HostIdx(2), HostIdx(1), &mut |link| links.push(link.0));
    assert_eq!(links, [2, 0]);
    graph.path(HostIdx(1), HostIdx(0), &mut |link| links.push(link.0));
    assert_eq!(
        links[2..],
        [3],
        "the way back comes after the edges of the file"
    );
}

/// A pair, a triangle of edges to and fro, and a node that only a directed edge leads to.
#[test]
fn the_largest_part_is_kept_if_the_scenario_says_so_and_the_rest_is_named() {
    let text = "from,to,latency_ms\nX,Y,1\nA,B,2\nB,C,4\nC,A,8\nA,A,\n";
    let with = |text, directed| {
        let options = GraphOptions {
            parts: Parts::Largest,
            directed,
            ..GraphOptions::default()
        };
        read(text, &options).unwrap()
    };
    let (map, remarks) = with(text, Directed::Auto);
    assert_eq!(map.hosts(), Some(3));
    assert_eq!(map.host_name(HostIdx(2)), Some("C"));
    assert_eq!(micros(&map, 2, 0), 6000);
    let said: Vec<_> = remarks.iter().collect();
    let told = "2 of 5 nodes are outside of the largest connected part and left out: X, Y";
    assert!(said.contains(&told), "{said:?}");
    let (map, _) = with("A,B,2\nB,C,4\nC,A,8\nC,D,1\n", Directed::True);
    assert_eq!(map.hosts(), Some(3), "nothing leads back from D");
    let (map, _) = with("A,B,2\nC,D,1\n", Directed::Auto);
    assert_eq!(map.host_name(HostIdx(0)), Some("A"), "of equals the first");
}

const PLACES: &str = "graph [ node [ id 0 label \"Pole\" lon 7 lat 90 w 0 ] node [ id 1 lon 0 lat 0 w 3 ]\n\
     node [ id 2 lon 90 lat 0 w 1 ] node [ id 3 label \"Lost\" ] node [ id 4 lon 0 lat 45 ]\n\
     edge [ source 0 target 1 ] edge [ source 1 target 2 ] edge [ source 3 target 1 ]\n\
     edge [ source 4 target 1 latency 9 ] edge [ source 3 target 3 ] ]";

/// A quarter of the globe is 10 007.543 km, which takes 50.038 ms at 200 km/ms; the lost node's edge takes the median of
/// two such.
#[test]
fn missing_latencies_come_from_distances_and_those_of_lost_nodes_from_the_others() {
    let (graph, remarks) = read(PLACES, &GraphOptions::default()).unwrap();
    let micros = |from, to| micros(&graph, from, to);
    assert_eq!((micros(0, 1), micros(1, 2)), (50_037, 50_037));
    assert_eq!(micros(3, 1), 50_037);
    assert_eq!(micros(4, 1), 9000);
    let said: Vec<_> = remarks.iter().collect();
    let told = [
        "latencies of 2 of 5 edges from great-circle distance at 200 km per ms",
        "(Lost) take the median of the others, 50.038 ms",
    ];
    for told in told {
        assert!(said.iter().any(|said| said.contains(told)), "{said:?}");
    }
    assert_eq!(graph.place(HostIdx(2)), Some([90.0, 0.0]));
    assert_eq!(graph.place(HostIdx(3)), None);
    assert_eq!(graph.host_name(HostIdx(0)), Some("Pole"));
    assert_eq!(graph.host_name(HostIdx(1)), Some("1"));
}

#[test]
fn speed_and_the_latency_of_the_others_are_those_of_the_scenario() {
    let options = GraphOptions {
        km_per_ms: 100.0,
        edge_latency: Some(SimDuration::from_millis(3)),
        ..GraphOptions::default()
    };
    let (graph, _) = read(PLACES, &options).unwrap();
    assert_eq!(micros(&graph, 0, 1), 100_075);
    assert_eq!(micros(&graph, 3, 1), 3000);
    let options = GraphOptions {
        positions: false,
        ..GraphOptions::default()
    };
    let told = read(PLACES, &options).err().unwrap().to_string();
    assert!(
        told.starts_with("g.csv, line 3, column 1: this edge has no latency"),
        "{told}"
    );
}

#[test]
fn hosts_hang_off_the_nodes_that_the_scenario_says() {
    let hanging = |attach, text| {
        let options = GraphOptions {
            attach: Some(attach),
            access_latency: SimDuration::from_millis(2),
            ..GraphOptions::default()
        };
        let (map, _) = read(text, &options)?;
        Ok::<_, InputError>(build(Arc::new(map), &options, 7))
    };
    let column = |name: &str| Attach::Column(name.to_owned());
    for (attach, expected) in [
        (Attach::Uniform, [0.2; 5]),
        // The loop of node 3 leads nowhere.
        (
            Attach::Degree,
            [1.0 / 8.0, 4.0 / 8.0, 1.0 / 8.0, 1.0 / 8.0, 1.0 / 8.0],
        ),
        (column("w"), [0.0, 0.75, 0.25, 0.0, 0.0]),
    ] {
        let model = hanging(attach.clone(), PLACES).unwrap();
        assert_eq!(model.hosts(), None);
        let paths = model.paths().unwrap();
        let node = |host: u32| match paths.link(LinkIdx(paths.fixed_links() + host)).ends {
            [LinkEnd::Host(end), LinkEnd::Router(node)] if end == HostIdx(host) => node,
            other => panic!("{other:?}"),
        };
        let mut counts = [0.0; 5];
        (0..4000).for_each(|host| counts[node(host) as usize] += 1.0);
        for (count, share) in counts.into_iter().zip(expected) {
            // Five standard deviations.
            let variance: f64 = 4000.0 * share * (1.0 - share);
            let error = 5.0 * variance.sqrt();
            assert!(
                (count - 4000.0_f64 * share).abs() <= error,
                "{attach:?} {counts:?}"
            );
        }
        let twin = (1..4000).find(|host| node(*host) == node(0)).unwrap();
        assert_eq!(
            model.one_way(HostIdx(0), HostIdx(twin)),
            SimDuration::from_millis(4)
        );
        check_paths(&*model, &[0, 1, 2, 3, 4, 5].map(HostIdx));
    }
    let told = hanging(column("pop"), PLACES).err().unwrap().to_string();
    assert!(
        told.contains("no node has an attribute `pop`; there are: `label`, `lat`, `lon`, `w`"),
        "{told}"
    );
    let told = hanging(
        column("w"),
        "graph [ node [ id 0 w 0 ] edge [ source 0 target 0 latency 1 ] ]",
    );
    let told = told.err().unwrap().to_string();
    assert!(told.contains("`w` is zero for every node"), "{told}");
}

/// CAIDA's relationships have no latency: the scenario gives one.
#[test]
fn autonomous_systems_are_as_far_apart_as_the_scenario_says() {
    let text = "1|11537|0\n11537|2603|-1\n";
    let told = graph(text).err().unwrap().to_string();
    assert!(
        told.starts_with("g.csv, line 1, column 1: this edge has no latency"),
        "{told}"
    );
    let options = GraphOptions {
        edge_latency: Some(SimDuration::from_millis(10)),
        ..GraphOptions::default()
    };
    let (map, remarks) = read(text, &options).unwrap();
    assert_eq!(micros(&map, 0, 2), 20_000);
    let said: Vec<_> = remarks.iter().collect();
    assert!(
        said.contains(&"2 edges without a latency take `edge_latency`, 10ms"),
        "{said:?}"
    );
}

/// An hour is the most for positions as well: these are metres.
#[test]
fn places_that_are_too_far_apart_are_told() {
    let text =
        "graph [ node [ id 0 x 0 y 0 ] node [ id 1 x 1e12 y 0 ]\nedge [ source 0 target 1 ] ]";
    let told = graph(text).err().unwrap().to_string();
    assert!(
        told.starts_with("g.csv, line 2, column 1: the ends of this edge are so far apart"),
        "{told}"
    );
}
