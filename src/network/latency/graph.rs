//! Shortest paths over a graph from a file. Every node is a host; the graph is undirected.
//!
//! Of several edges between two nodes the fastest counts; an edge from a node to itself counts never. Hosts
//! and links have the numbers of the file's nodes and edges.

use super::model::Latency;
use crate::engine::SimDuration;
use crate::inputs::InputError;
use crate::inputs::edge_list::EdgeList;
use crate::network::paths::{Link, LinkEnd, Paths};
use crate::network::topology::RouterGraph;
use crate::network::topology::Topology;
use crate::world::{HostIdx, LinkIdx};

pub(super) struct HostGraph {
    routers: RouterGraph,
}

impl HostGraph {
    /// A host for every node of the list.
    ///
    /// # Errors
    /// Two nodes that no path connects.
    pub(super) fn new(list: &EdgeList<'_>) -> Result<Self, InputError> {
        let edges = list.edges();
        let mut topology = Topology::with_capacity(list.names().len(), edges.len());
        list.names().for_each(|_| _ = topology.add_node(()));
        for edge in edges {
            let latency = SimDuration::from_millis_f64(edge.latency_ms);
            topology.add_edge(edge.ends[0].into(), edge.ends[1].into(), latency);
        }
        let routers = RouterGraph::new(topology);
        Ok(Self {
            routers: routers.map_err(|(from, to)| list.not_connected(from, to))?,
        })
    }

    /// Bytes of its links and of its distances, when so many peers have asked for theirs.
    pub(super) fn bytes(&self, peers: f64) -> f64 {
        let hosts = f64::from(self.routers.routers());
        let asking = peers.min(hosts);
        RouterGraph::bytes(hosts, f64::from(self.routers.links()), asking, hosts)
    }
}

impl Latency for HostGraph {
    fn hosts(&self) -> Option<u32> {
        Some(self.routers.routers())
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.routers.distance(from.0, to.0)
    }

    fn paths(&self) -> Option<&dyn Paths> {
        Some(self)
    }
}

impl Paths for HostGraph {
    fn path(&self, from: HostIdx, to: HostIdx, see: &mut dyn FnMut(LinkIdx)) {
        self.routers.route(from.0, to.0, see);
    }

    fn fixed_links(&self) -> u32 {
        self.routers.links()
    }

    fn link(&self, link: LinkIdx) -> Link {
        let (ends, latency) = self.routers.link(link);
        let ends = ends.map(|node| LinkEnd::Host(HostIdx(node)));
        Link { ends, latency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::{TextFile, edge_list};
    use crate::network::testing::check_paths;

    fn graph(text: &str) -> Result<HostGraph, InputError> {
        let list = edge_list::read(TextFile::new("g.csv".as_ref(), text)).unwrap();
        HostGraph::new(&list)
    }

    const SQUARE: &str = "from,to,latency_ms\nA,B,1.5\nC,B,2\nC,D,4\nA,D,100\nA,D,90\nA,A,0\n";

    #[test]
    fn latency_is_the_shortest_path_in_both_directions() {
        let graph = graph(SQUARE).unwrap();
        assert_eq!(graph.hosts(), Some(4));
        let micros = |from, to| graph.one_way(HostIdx(from), HostIdx(to)).0 / 1000;
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
}
