//! Tests of GML, GraphML, BRITE and relationships of autonomous systems.

use super::*;

/// The same graph as GML and as GraphML: two cities with positions and a third without, one latency, a loop.
const GML: &str = "Creator \"me\" Version 1\n# a comment [\ngraph [\n  directed 0 label \"a [net\"\n\
     node [ id 0 label \"A &amp; Z\" Longitude 10.5 Latitude -60 graphics [ x 3 y [ z \"]\" ] ] ]\n\
     node [ id 7 label \"B\" lat 50 lon 8.25 ]\nnode [ id 3 ]\n\
     edge [ source 0 target 7 LinkSpeed \"10\" latency \"2738 us\" ] edge [target 3 source 7]\n\
     edge [ source 3 target 3 delay 1 ]\n]\n";
const GRAPHML: &str = "<?xml version='1.0'?>\n<!DOCTYPE graphml>\n<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>\n\
     <!-- <graph> --><key id='d0' for='node' attr.name='Longitude'/>\n<key id='d1' for='node' attr.name='Latitude'/>\n\
     <key id='d2' for='node' attr.name='label'/><key id='d3' for='edge' attr.name='latency'/>\n\
     <graph edgedefault='undirected'><data key='d9'>x</data>\n\
     <node id='0'><data key='d0'> 10.5 </data><data key='d1'>-60</data><data key='d2'>A &amp; Z</data></node>\n\
     <edge source='0' target='7'><data key='d3'><![CDATA[2738 us]]></data></edge>\n\
     <node id='7'><data key='d2'>&#66;</data><data key='d1'>50</data><data key='d0'>8.25</data><port/></node>\n\
     <node id='3'/><edge source='7' target='3'/><edge source='3' target='3'><data key='delay'>1</data></edge>\n\
     </graph></graphml>\n";

#[test]
fn gml_and_graphml_say_the_same() {
    for text in [GML, GRAPHML] {
        let graph = read(text).unwrap();
        let (names, edges) = parts(&graph);
        assert_eq!(names, ["A & Z", "B", "3"]);
        assert_eq!(
            edges,
            [(0, 1, Some(2738)), (1, 2, None), (2, 2, Some(1000))]
        );
        assert_eq!(graph.map(), Some(Map::Globe));
        let places: Vec<_> = graph.nodes().iter().map(|node| node.position).collect();
        assert_eq!(places, [Some([10.5, -60.0]), Some([8.25, 50.0]), None]);
        assert!(graph.edges().iter().all(|edge| !edge.is_directed));
    }
    assert_eq!(
        said(GML),
        "read as GML; latencies in ms; 1 edges from a node to itself are passed over"
    );
    assert!(said(GRAPHML).starts_with("read as GraphML"));
}

#[test]
fn directions_are_those_of_the_file() {
    let directed = |text| {
        read(text)
            .unwrap()
            .edges()
            .iter()
            .map(|edge| edge.is_directed)
            .collect::<Vec<_>>()
    };
    let gml = "graph [ directed 1 node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 ] ]";
    assert_eq!(directed(gml), [true]);
    let graphml = "<graphml><graph edgedefault='directed'><node id='a'/>\
         <edge source='a' target='a'/><edge source='a' target='a' directed='false'/></graph></graphml>";
    assert_eq!(directed(graphml), [true, false]);
    let none = "<graphml><graph><node id='a'/><edge source='a' target='a' directed='true'/></graph></graphml>";
    assert_eq!(directed(none), [true]);
    assert!(said(none).contains("without `edgedefault`"));
}

#[test]
fn values_of_keys_that_are_not_given_are_the_defaults() {
    let text = "<graphml><key id='w' for='edge' attr.name='latency'><default>4</default></key>\
         <key id='x' for='node' attr.name='pop'><default>2</default></key>\
         <graph edgedefault='undirected'><node id='a'/><node id='b'><data key='x'>5</data></node>\
         <edge source='a' target='b'/><edge source='a' target='b'><data key='w'>6</data></edge></graph></graphml>";
    let reading = Reading {
        weight: Some("pop"),
        ..Reading::default()
    };
    let graph = super::super::read(TextFile::new("g".as_ref(), text), reading).unwrap();
    let weights: Vec<_> = graph.nodes().iter().map(|node| node.weight).collect();
    assert_eq!(weights, [Some(2.0), Some(5.0)]);
    assert_eq!(parts(&graph).1, [(0, 1, Some(4000)), (0, 1, Some(6000))]);
}

#[test]
fn brite_has_positions_in_a_plane_and_delays_in_milliseconds() {
    let text = "Topology: ( 3 Nodes, 2 Edges )\nModel (3 - ASWaxman):  3 2 10\n\nNodes: ( 3 )\n\
         0\t51\t25\t7\t7\t0\tAS_NODE\n1\t19.5\t18\t6\t6\t1\tAS_NODE\n2\t2\t12\t6\t6\t2\tAS_NODE\n\n\nEdges: ( 2 )\n\
         0\t2\t1\t18.03\t0.0601\t28.7\t2\t1\tE_AS\tU\n1\t0\t2\t50.7\t-1.0\t25.6\t2\t0\tE_AS\tD\n";
    let graph = read(text).unwrap();
    let (names, edges) = parts(&graph);
    assert_eq!(names, ["0", "1", "2"]);
    assert_eq!(edges, [(2, 1, Some(60)), (0, 2, None)]);
    assert_eq!(graph.map(), Some(Map::Plane));
    assert_eq!(graph.nodes()[1].position, Some([19.5, 18.0]));
    assert_eq!(
        graph
            .edges()
            .iter()
            .map(|edge| edge.is_directed)
            .collect::<Vec<_>>(),
        [false, true]
    );
    refused("Nodes: (1)\n0 1\n", (2, 1), "this line has 2");
    refused("Nodes: (1)\n0 1 x\n", (2, 3), "not a number");
    refused(
        "Nodes: (1)\n0 1 2\nEdges: (1)\n0 0 0 5\n",
        (4, 1),
        "this line has 4",
    );
    refused(
        "Nodes: (1)\n0 1 2\nEdges: (1)\n0 0 9 5 5\n",
        (4, 5),
        "no node has the id `9`",
    );
}

#[test]
fn relationships_of_autonomous_systems_have_no_latency() {
    let text = "# source:topology|BGP\n1|11537|0\n11537|2603|-1|bgp\n";
    let (names, edges) = parts_of(text);
    assert_eq!(names, ["1", "11537", "2603"]);
    assert_eq!(edges, [(0, 1, None), (1, 2, None)]);
    assert!(said(text).contains("which have no latencies"));
    refused("1|2|0\n1|x|0\n", (2, 1), "no relationship");
}

#[test]
fn what_is_wrong_with_gml_is_told_with_its_place() {
    let graph = |inner: &str| format!("graph [\n{inner}\n]");
    for (inner, place, words) in [
        ("node [ label \"x\" ]", (2, 1), "an id is missing"),
        (
            "node [ id 1 ] node [ id 1 ]",
            (2, 25),
            "stands in the file already",
        ),
        ("edge [ source 1 ]", (2, 1), "needs a source and a target"),
        (
            "node [ id 1 ]\nedge [ source 1 target 2 ]",
            (3, 24),
            "no node has the id `2`",
        ),
        (
            "node [ id 1 lat 91 lon 4 ]",
            (2, 17),
            "no longitude or latitude",
        ),
        (
            "node [ id 1 ] edge [ source 1 target 1 latency \"x ms\" ]",
            (2, 49),
            "`x ms` is not a number",
        ),
        ("directed yes", (2, 10), "`yes` does not say"),
        (
            "node [ id 1 ] edge [ source 1 target 1 ]\ndirected 1",
            (2, 15),
            "before `directed 1`",
        ),
        ("label \"x", (2, 7), "there is no second"),
        ("label ]", (2, 7), "`label` has no value"),
        ("[ id 1 ]", (2, 1), "a key should stand here"),
        ("] ]", (2, 3), "no list is open"),
        ("node [ id 1", (3, 1), "the file ends within it"),
        ("] graph [", (2, 3), "a second graph"),
        ("node [ id 1 ]", (1, 1), "the graph has no edges"),
    ] {
        refused(&graph(inner), place, words);
    }
    let deep = format!("graph [ {} ]", "a [ ".repeat(100));
    refused(&deep, (1, 7 + 2 + 64 * 4 - 2), "more than 64 lists");
}

#[test]
fn what_is_wrong_with_graphml_is_told_with_its_place() {
    let graph = |inner: &str| {
        format!("<graphml><graph edgedefault='undirected'>\n{inner}</graph></graphml>")
    };
    for (inner, place, words) in [
        ("<node/>", (2, 2), "an id is missing"),
        (
            "<node id='1'/> <node id='1'/>",
            (2, 26),
            "stands in the file already",
        ),
        ("<edge source='1'/>", (2, 2), "needs a source and a target"),
        (
            "<node id='1'/>\n<edge source='1' target='2'/>",
            (3, 26),
            "no node has the id `2`",
        ),
        ("<hyperedge/>", (2, 2), "joins more than two"),
        (
            "<node id='1'><graph/></node>",
            (2, 15),
            "a graph of its own",
        ),
        ("<node id='&a;'/>", (2, 2), "not well-formed"),
        (
            "<node id='1'><data key='Latitude'>north</data></node>",
            (2, 35),
            "no longitude or latitude",
        ),
        (
            "<node id='1'><data key='label'>\u{fc}&a;</data></node>",
            (2, 34),
            "`&a;` is not known",
        ),
        ("<node id='1'></edge>", (2, 14), "not well-formed"),
        (
            "<edge source='a' target='a' directed='maybe'/>",
            (2, 39),
            "`maybe` does not say",
        ),
        ("<node id='1'/>", (1, 1), "the graph has no edges"),
    ] {
        refused(&graph(inner), place, words);
    }
    refused("<gexf/>", (1, 2), "begins with `<gexf>`");
    refused(
        "<graphml>\n<graph edgedefault='sideways'/></graphml>",
        (2, 21),
        "`sideways`",
    );
    refused(
        "<graphml><graph edgedefault='directed'/>\n<graph/></graphml>",
        (2, 2),
        "a second graph",
    );
    refused("<graphml>\n <graph", (2, 2), "not well-formed");
    refused("<graphml>\n <graph>\n\n", (2, 1), "ends within an element");
    let deep = format!("<graphml>{}", "<a>".repeat(100));
    refused(&deep, (1, 10 + 63 * 3 + 1), "more than 64");
}

/// A document that grows as it is read: each entity is ten of the one before.
#[test]
fn entities_of_a_document_are_not_expanded() {
    let text = "<!DOCTYPE graphml [ <!ENTITY a 'aaaaaaaaaa'> <!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'> ]>\n\
         <graphml><graph edgedefault='directed'><node id='1'><data key='label'>&b;</data></node></graph></graphml>";
    refused(text, (2, 72), "`&b;` is not known");
}
