//! A ring in the language of Graphviz (<https://graphviz.org/doc/info/lang.html>).

use std::f64::consts::TAU;
use std::fmt::Write as _;

use super::csv::listed;
use super::links::{Kind, Ring};

/// Inches along the circle for each node.
const INCHES_PER_NODE: f64 = 0.9;

/// A directed graph whose nodes have their places on the circle, 0 at the top and clockwise: `neato` and `fdp` keep
/// them there, `circo` and `dot` find places of their own.
pub(crate) fn dot(ring: &Ring) -> String {
    let mut text = String::from(
        "digraph ring {\n  graph [layout=neato, overlap=true];\n  node [shape=circle];\n",
    );
    let radius = (ring.ids().len() as f64 * INCHES_PER_NODE / TAU).max(1.0);
    for &id in ring.ids() {
        let angle = id as f64 / (ring.last() as f64 + 1.0) * TAU;
        let (x, y) = (radius * libm::sin(angle), radius * libm::cos(angle));
        // The exclamation mark pins a node.
        add(
            &mut text,
            format_args!("  \"{id}\" [pos=\"{x:.3},{y:.3}!\"];"),
        );
    }
    for link in ring.links() {
        let (from, to, kind) = (ring.ids()[link.from], ring.ids()[link.to], link.kind.name());
        let look = match link.kind {
            Kind::Successor => String::new(),
            Kind::Predecessor => ", style=dotted, constraint=false".to_owned(),
            Kind::Finger => format!(", style=dashed, fingers=\"{}\"", listed(&link.fingers)),
        };
        add(
            &mut text,
            format_args!("  \"{from}\" -> \"{to}\" [kind={kind}{look}];"),
        );
    }
    text.push_str("}\n");
    text
}

fn add(text: &mut String, line: std::fmt::Arguments) {
    writeln!(text, "{line}").expect("writing to memory does not fail");
}
