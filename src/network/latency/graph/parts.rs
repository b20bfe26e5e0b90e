//! The largest part of a graph in which every node can be reached from every other.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use super::Remarks;
use crate::inputs::graph::{Edge, Graph};

/// So many nodes that are left out are told by name.
const TOLD_MAX: usize = 5;

/// The graph without the nodes that are not in its largest part; of parts of one size, that of the lowest node. What is
/// left out is said.
pub(super) fn largest<'a>(
    graph: Graph<'a>,
    is_directed: impl Fn(&Edge) -> bool,
    remarks: &mut Remarks,
) -> Graph<'a> {
    let all = graph.nodes().len();
    let mut links = DiGraph::<(), ()>::with_capacity(all, 2 * graph.edges().len());
    (0..all).for_each(|_| _ = links.add_node(()));
    for edge in graph.edges() {
        let [from, to] = edge.ends;
        links.add_edge(from.into(), to.into(), ());
        if !is_directed(edge) {
            links.add_edge(to.into(), from.into(), ());
        }
    }
    let parts = kosaraju_scc(&links);
    let first = |part: &[petgraph::graph::NodeIndex]| part.iter().min().copied();
    let largest = parts
        .iter()
        .max_by_key(|part| (part.len(), std::cmp::Reverse(first(part))));
    let mut is_kept = vec![false; all];
    for node in largest.into_iter().flatten() {
        is_kept[node.index()] = true;
    }
    let out = is_kept.iter().filter(|kept| !**kept).count();
    if out == 0 {
        return graph;
    }
    let left = graph
        .nodes()
        .iter()
        .zip(&is_kept)
        .filter(|(_, kept)| !**kept);
    let mut names: Vec<&str> = left
        .map(|(node, _)| &*node.name)
        .take(TOLD_MAX + 1)
        .collect();
    if names.len() > TOLD_MAX {
        names[TOLD_MAX] = "…";
    }
    remarks.say(format!(
        "{out} of {all} nodes are outside of the largest connected part and left out: {}",
        names.join(", ")
    ));
    graph.keep(&is_kept)
}
