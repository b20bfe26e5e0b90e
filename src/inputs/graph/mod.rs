//! Readers of graphs: a file for each format, all of which give a [`Graph`]. Which format a file has, its content says.
//!
//! A format is a file here and a line in [`FORMATS`]. `data` is what they give, `builder` puts it together; `naming` knows
//! what people call the columns, and `values` reads the cells.

mod as_rel;
mod brite;
mod builder;
mod data;
mod edge_list;
mod fault;
mod gml;
mod graphml;
mod naming;
mod options;
mod values;

#[cfg(test)]
mod tests;

pub use data::{EDGES_MAX, Edge, Graph, Map, NODES_MAX, Node};
pub use fault::GraphFault;
pub use options::{Reading, Unit};

use super::error::InputError;
use super::text::TextFile;

/// A format: whether a file has it, and its reader.
struct Format {
    is_such: fn(TextFile<'_>) -> bool,
    read: for<'a, 'k> fn(TextFile<'a>, Reading<'k>) -> Result<Graph<'a>, InputError>,
}

/// All of them but the table of edges, which a file is if it is nothing else.
static FORMATS: [Format; 4] = [
    Format {
        is_such: graphml::is_such,
        read: graphml::read,
    },
    Format {
        is_such: gml::is_such,
        read: gml::read,
    },
    Format {
        is_such: brite::is_such,
        read: brite::read,
    },
    Format {
        is_such: as_rel::is_such,
        read: as_rel::read,
    },
];

/// Reads the file of a graph.
///
/// # Errors
/// The first fault in the text.
///
/// # Examples
///
/// ```
/// use chordsim::inputs::{TextFile, graph};
///
/// let text = "src;dst;delay\nOslo;Bergen;2,738\n";
/// let graph = graph::read(TextFile::new("net.csv".as_ref(), text), graph::Reading::default())?;
/// assert_eq!(graph.nodes()[1].name, "Bergen");
/// assert_eq!(graph.edges()[0].latency_ms(), Some(2.738));
/// # Ok::<(), chordsim::inputs::InputError>(())
/// ```
pub fn read<'a>(file: TextFile<'a>, reading: Reading<'_>) -> Result<Graph<'a>, InputError> {
    let format = FORMATS.iter().find(|format| (format.is_such)(file));
    match format {
        Some(format) => (format.read)(file, reading),
        None => edge_list::read(file, reading),
    }
}
