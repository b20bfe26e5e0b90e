//! Shortest paths over a graph from a file. Every node is a host; the graph is undirected.
//!
//! The file is an edge list in CSV: a header `from,to,latency_ms`, then one edge a line. Nodes have
//! any names and are numbered as they first appear. Of several edges between two nodes the fastest
//! counts; an edge from a node to itself counts never. Blank lines and lines that begin with `#`
//! are passed over. An edge is one line, so a name cannot hold a line's end; one that holds a comma
//! stands in double quotes.

use std::collections::BTreeMap;

use super::Latency;
use super::error::{Fault, NetworkError};
use super::router_graph::{RouterGraph, Topology};
use super::text::TextFile;
use crate::engine::SimDuration;
use crate::world::HostIdx;

const COLUMNS: [&str; 3] = ["from", "to", "latency_ms"];

pub(super) struct HostGraph {
    routers: RouterGraph,
}

impl Latency for HostGraph {
    fn hosts(&self) -> Option<u32> {
        Some(self.routers.routers())
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.routers.path(from.0, to.0)
    }
}

/// Reads an edge list.
///
/// # Errors
/// A fault in the text, or two nodes that no path connects.
pub(super) fn parse(file: TextFile) -> Result<HostGraph, NetworkError> {
    if !is_csv(file) {
        let path = file.path.to_path_buf();
        return Err(NetworkError::UnsupportedFormat { path });
    }
    let (nodes, topology) = edges(file)?;
    let routers = RouterGraph::new(topology).map_err(|(from, to)| {
        let [from, to] = [from, to].map(|number| &nodes[number as usize]);
        let fault = Fault::Disconnected {
            from: from.name.clone(),
            to: to.name.clone(),
        };
        file.fault(to.first, fault)
    })?;
    Ok(HostGraph { routers })
}

/// Whether this may be CSV at all, and not one of the other formats that graphs come in.
fn is_csv(file: TextFile) -> bool {
    let extension = file
        .path
        .extension()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let other_name = ["graphml", "gml", "xml"]
        .iter()
        .any(|known| extension == *known);
    !other_name && !file.text.trim_start().starts_with('<')
}

/// A node of the file.
struct Node<'a> {
    name: String,
    /// Where it is first named.
    first: &'a str,
}

/// The nodes, in order of their numbers, and the graph.
fn edges(file: TextFile<'_>) -> Result<(Vec<Node<'_>>, Topology), NetworkError> {
    let mut numbers = BTreeMap::new();
    let (mut nodes, mut topology) = (Vec::new(), Topology::default());
    let mut lines = file.data_lines();
    let header = lines
        .next()
        .ok_or_else(|| file.fault(file.text, Fault::Empty))?;
    if !fields(header).into_iter().map(unquoted).eq(COLUMNS) {
        return Err(file.fault(header, Fault::EdgeHeader));
    }
    for line in lines {
        let (ends, latency) = edge(file, line)?;
        let latency = file.latency(latency)?;
        let [from, to] = ends.map(|first| {
            let name = unquoted(first);
            *numbers.entry(name.clone()).or_insert_with(|| {
                nodes.push(Node { name, first });
                topology.add_node(())
            })
        });
        topology.add_edge(from, to, latency);
    }
    if nodes.is_empty() {
        return Err(file.fault(header, Fault::NoEdges));
    }
    Ok((nodes, topology))
}

/// The two ends of an edge, which have names, and its latency, all as they stand in the line.
fn edge<'a>(file: TextFile<'a>, line: &'a str) -> Result<([&'a str; 2], &'a str), NetworkError> {
    let fields = fields(line);
    let [from, to, latency] = fields[..] else {
        let found = fields.len();
        return Err(file.fault(line, Fault::EdgeFields { found }));
    };
    let ends = [from, to];
    match ends.into_iter().find(|end| unquoted(end).is_empty()) {
        Some(empty) => Err(file.fault(empty, Fault::EmptyName)),
        None => Ok((ends, latency)),
    }
}

/// The values of a line as they stand there. A comma between double quotes divides nothing.
fn fields(line: &str) -> Vec<&str> {
    let mut quoted = false;
    line.split(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::trim)
    .collect()
}

/// A value without the quotes it may stand in; two of them within mean one.
fn unquoted(field: &str) -> String {
    let inner = field.strip_prefix('"').and_then(|f| f.strip_suffix('"'));
    inner.map_or_else(
        || field.to_owned(),
        |inner| inner.replace("\"\"", "\"").trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::tests::{fault_of, rendered};

    fn read(text: &str) -> Result<HostGraph, NetworkError> {
        parse(TextFile::new("g.csv".as_ref(), text))
    }

    #[test]
    fn latency_is_the_shortest_path_in_both_directions() {
        let graph = read(
            "# a square with a slow side\n\nfrom,to,latency_ms\nA,\"B, east\",1.5\nC ,\"B, east\", 2\n\
             C,D,4\nA,D,100\nA,D,90\nA,A,0\n",
        )
        .unwrap();
        assert_eq!(graph.hosts(), Some(4));
        // Numbered as they appear: A, B, C, D.
        let micros = |from, to| graph.one_way(HostIdx(from), HostIdx(to)).0 / 1000;
        assert_eq!(
            (micros(0, 1), micros(0, 2), micros(0, 3)),
            (1500, 3500, 7500)
        );
        assert_eq!((micros(3, 0), micros(2, 0)), (7500, 3500));
        assert_eq!(micros(2, 2), 0);
    }

    /// A line that begins with blanks and `#` was once taken for an edge, with the next line's latency.
    #[test]
    fn blanks_around_comments_and_names_and_in_blank_lines_mean_nothing() {
        let graph = read(
            "  # indented\n from , to,\"latency_ms\"\n\t\n # A,B,5\n\"A \",B,7\n B,\"say \"\"C\"\"\",2\n  ",
        )
        .unwrap();
        let way = graph.one_way(HostIdx(0), HostIdx(2));
        assert_eq!((graph.hosts(), way.0), (Some(3), 9_000_000));
        let (nodes, _) = edges(TextFile::new(
            "g".as_ref(),
            "from,to,latency_ms\n\"a\"\"b\",\",\",0",
        ))
        .unwrap();
        assert_eq!([&nodes[0].name, &nodes[1].name], ["a\"b", ","]);
    }

    #[test]
    fn every_fault_is_found_at_its_place() {
        let value = |text: &str| text.to_owned();
        let with_header = |rest| format!("from,to,latency_ms\n{rest}");
        for (text, place, fault) in [
            (String::new(), (1, 1), Fault::Empty),
            (value("# only this\n"), (1, 1), Fault::Empty),
            (value("A,B,5\n"), (1, 1), Fault::EdgeHeader),
            (
                value("\n# x\nfrom;to;latency_ms\n"),
                (3, 1),
                Fault::EdgeHeader,
            ),
            (with_header(""), (1, 1), Fault::NoEdges),
            (with_header("A,B\n"), (2, 1), Fault::EdgeFields { found: 2 }),
            (
                with_header("A,B,5\n\n# c\nA,B,5,6"),
                (5, 1),
                Fault::EdgeFields { found: 4 },
            ),
            (with_header("A,B,5\nC, ,5\n"), (3, 3), Fault::EmptyName),
            (with_header("A,\" \",5\n"), (2, 3), Fault::EmptyName),
            (
                with_header("\"A\nB\",C,5\n"),
                (2, 1),
                Fault::EdgeFields { found: 1 },
            ),
            (with_header("  \n  "), (1, 1), Fault::NoEdges),
            (
                with_header("\"A,a\",\u{df},5ms\n"),
                (2, 9),
                Fault::NotANumber {
                    value: value("5ms"),
                },
            ),
            (with_header("A,B,\n"), (2, 5), Fault::MissingValue),
            (
                with_header("A,B,5\r\nB,C, -5\r\n"),
                (3, 6),
                Fault::Negative { value: value("-5") },
            ),
            (
                with_header("A,B,NaN"),
                (2, 5),
                Fault::NotFinite {
                    value: value("NaN"),
                },
            ),
            (
                with_header("A,B,3600001"),
                (2, 5),
                Fault::TooLarge {
                    value: value("3600001"),
                },
            ),
        ] {
            let error = read(&text).err().expect(&text);
            assert_eq!(fault_of(&error), (place, &fault), "{text:?}");
            assert!(rendered(&error).contains(&format!("g.csv:{}:{}", place.0, place.1)));
        }
    }

    #[test]
    fn a_graph_in_parts_names_two_nodes_of_different_parts_and_where_one_is() {
        let error = read("from,to,latency_ms\nA,B,1\nY,\"X, z\",1\nB,C,1\nX,Y,2\n")
            .err()
            .unwrap();
        let told = "g.csv, line 3, column 1: no path leads from `A` to `Y`";
        assert_eq!(error.to_string(), told);
        let help = rendered(&error);
        assert!(help.contains("add the missing edges"), "{help}");
    }

    #[test]
    fn other_formats_are_told_what_is_read() {
        for (path, text) in [
            ("a.graphml", ""),
            ("a.GML", "graph ["),
            ("a.csv", " <?xml ?>"),
        ] {
            let error = parse(TextFile::new(path.as_ref(), text)).err().unwrap();
            assert!(
                matches!(error, NetworkError::UnsupportedFormat { .. }),
                "{error}"
            );
            assert!(rendered(&error).contains("from,to,latency_ms"));
        }
    }
}
