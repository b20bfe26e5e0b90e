//! Whatever a file holds: data that make sense, or a message.

use proptest::prelude::*;

use super::*;

/// Pieces of all formats, so that texts get somewhere.
const PIECES: [&str; 58] = [
    "from,to,latency_ms\n",
    "a b c\n",
    "src;dst;rtt\n",
    "A,B,5\n",
    "A B 5\n",
    "A\tB\t2 us\n",
    "1|2|0\n",
    "1|2|-1|bgp\n",
    "Nodes: ( 2 )\n",
    "Edges: ( 1 )\n",
    "0 1 2 3 4 5 T\n",
    "1 0 1 5.5 0.5 10 0 0 E U\n",
    "Topology: ( 2 Nodes )\n",
    "graph [ ",
    "node [ ",
    "edge [ ",
    "id 0 ",
    "id 1 ",
    "source 0 ",
    "target 1 ",
    "target 0 ",
    "directed 1 ",
    "] ",
    "\"",
    "[",
    "label \"x\" ",
    "lat 50 ",
    "lon 8 ",
    "x 3 ",
    "y 4 ",
    "latency \"5 ms\" ",
    "latency -1 ",
    "#",
    "\n",
    "<graphml>",
    "</graphml>",
    "<graph edgedefault='directed'>",
    "</graph>",
    "<node id='a'>",
    "<node id='b'/>",
    "</node>",
    "<edge source='a' target='b'>",
    "<edge source='b' target='a'/>",
    "</edge>",
    "<data key='latency'>",
    "</data>",
    "7",
    "<key id='k' for='edge' attr.name='latency'>",
    "</key>",
    "<default>",
    "</default>",
    "&amp;",
    "&x;",
    "<![CDATA[1]]>",
    "<!-- c -->",
    "<?xml version='1.0'?>",
    "\u{fc}",
    ",",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    for weight in [None, Some("x")] {
        let reading = Reading {
            weight,
            ..Reading::default()
        };
        match super::super::read(TextFile::new("g".as_ref(), text), reading) {
            Ok(graph) => {
                let nodes = graph.nodes().len() as u32;
                prop_assert!(!graph.edges().is_empty());
                for (number, edge) in (0..).zip(graph.edges()) {
                    prop_assert!(edge.ends.iter().all(|end| *end < nodes));
                    match edge.latency_ms() {
                        Some(ms) => prop_assert!((0.0..=3_600_000.0).contains(&ms)),
                        None => prop_assert!(!rendered(&graph.no_latency(number)).is_empty()),
                    }
                }
                for node in graph.nodes() {
                    prop_assert!(
                        node.weight
                            .is_none_or(|weight| weight.is_finite() && weight >= 0.0)
                    );
                    prop_assert!(
                        node.position
                            .is_none_or(|at| at.iter().all(|axis| axis.is_finite()))
                    );
                    prop_assert!(node.position.is_none() || graph.map().is_some());
                }
                prop_assert!(!rendered(&graph.not_connected(0, nodes - 1)).is_empty());
                prop_assert!(!graph.remarks().is_empty());
            }
            Err(error) => prop_assert!(!rendered(&error).is_empty()),
        }
    }
    Ok(())
}

fn joined(pieces: impl Iterator<Item = String>) -> String {
    pieces.collect::<Vec<_>>().concat()
}

proptest! {
    #[test]
    fn any_text_gives_a_graph_or_a_message(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_pieces_of_formats_give_a_graph_or_a_message(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        check(&text)?;
    }

    /// What is drawn is what is read, by each of the formats.
    #[test]
    fn a_graph_is_the_same_in_every_format(edges in prop::collection::vec((0_u32..6, 0_u32..6, 0_u32..10_000), 1..20)) {
        let mut known = std::collections::BTreeSet::new();
        let mut order = Vec::new();
        for end in edges.iter().flat_map(|(from, to, _)| [*from, *to]) {
            if known.insert(end) {
                order.push(end);
            }
        }
        let table = joined(edges.iter().map(|(from, to, us)| format!("{from};{to};{us} us\n")));
        let nodes = joined(order.iter().map(|node| format!("node [ id {node} ]\n")));
        let rest = joined(edges.iter()
            .map(|(from, to, us)| format!("edge [ source {from} target {to} latency \"{us} us\" ]\n")));
        let gml = format!("graph [\n{nodes}{rest}]");
        let nodes = joined(order.iter().map(|node| format!("<node id='{node}'/>")));
        let rest = joined(edges.iter()
            .map(|(from, to, us)| format!("<edge source='{from}' target='{to}'><data key='delay'>{us}us</data></edge>")));
        let graphml = format!("<graphml><graph edgedefault='undirected'>{nodes}{rest}</graph></graphml>");
        let nodes = joined(order.iter().map(|node| format!("{node} 1 1\n")));
        let rest = joined(edges.iter()
            .map(|(from, to, us)| format!("0 {from} {to} 1 {}\n", f64::from(*us) / 1000.0)));
        let brite = format!("Nodes: \n{nodes}Edges:\n{rest}");
        let expected = parts_of(&table);
        prop_assert_eq!(&parts_of(&gml), &expected);
        prop_assert_eq!(&parts_of(&graphml), &expected);
        prop_assert_eq!(&parts_of(&brite), &expected);
    }
}
