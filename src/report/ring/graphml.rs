//! A ring as `GraphML` (<http://graphml.graphdrawing.org/specification.html>).
//!
//! An identifier is a text there: of 64 bits it would not fit into a `long`, and some readers keep those as floating
//! point.

use std::fmt::Write as _;

use super::csv::listed;
use super::degrees::Degrees;
use super::links::Ring;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="label" for="node" attr.name="label" attr.type="string"/>
  <key id="place" for="node" attr.name="place" attr.type="double"/>
  <key id="out_degree" for="node" attr.name="out_degree" attr.type="int"/>
  <key id="in_degree" for="node" attr.name="in_degree" attr.type="int"/>
  <key id="clustering" for="node" attr.name="clustering" attr.type="double"/>
  <key id="kind" for="edge" attr.name="kind" attr.type="string"/>
  <key id="fingers" for="edge" attr.name="fingers" attr.type="string"/>
  <key id="entries" for="edge" attr.name="entries" attr.type="int"/>
  <graph id="ring" edgedefault="directed">
"#;

/// Nodes with their place, from 0 at the top to 1 all around, and their degrees; links with their kind, the fingers that
/// they stand for, and how many these are.
pub(crate) fn graphml(ring: &Ring) -> String {
    let degrees = Degrees::of(ring);
    let mut text = HEAD.to_owned();
    for (rank, id) in ring.ids().iter().enumerate() {
        let place = *id as f64 / (ring.last() as f64 + 1.0);
        add(
            &mut text,
            format_args!(
                "    <node id=\"n{id}\"><data key=\"label\">{id}</data><data key=\"place\">{place}</data>\
                 <data key=\"out_degree\">{}</data><data key=\"in_degree\">{}</data>\
                 <data key=\"clustering\">{}</data></node>",
                degrees.out[rank], degrees.into[rank], degrees.clustering[rank]
            ),
        );
    }
    for link in ring.links() {
        let (from, to, kind) = (ring.ids()[link.from], ring.ids()[link.to], link.kind.name());
        let (fingers, entries) = (listed(&link.fingers), link.fingers.len());
        add(
            &mut text,
            format_args!(
                "    <edge source=\"n{from}\" target=\"n{to}\"><data key=\"kind\">{kind}</data>\
                 <data key=\"fingers\">{fingers}</data><data key=\"entries\">{entries}</data></edge>"
            ),
        );
    }
    text.push_str("  </graph>\n</graphml>\n");
    text
}

fn add(text: &mut String, line: std::fmt::Arguments) {
    writeln!(text, "{line}").expect("writing to memory does not fail");
}
