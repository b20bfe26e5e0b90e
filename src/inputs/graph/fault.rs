//! What can be wrong with the file of a graph, each with its remedy.

use crate::codes::{self, Code};

/// What is wrong at one place of the file of a graph.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum GraphFault {
    /// A graph has more edges than there may be.
    #[error("there are more than {most} edges")]
    TooManyEdges {
        /// The most there may be.
        most: usize,
    },
    /// No edge, whatever else there is.
    #[error("the graph has no edges")]
    NoEdges,
    /// The first line of a table of edges names no columns and is no edge.
    #[error("this line is neither an edge nor a header that names the two ends of edges")]
    EdgeHeader,
    /// A line of a table of edges has too many or too few values.
    #[error("an edge has {expected} values, this line has {found}")]
    EdgeFields {
        /// Values in this line.
        found: usize,
        /// Values in the first line.
        expected: usize,
    },
    /// A number with a comma where the point should be, in a table whose columns are divided by commas.
    #[error("`{value}` has a decimal comma")]
    DecimalCommaInEdges {
        /// What stands there.
        value: String,
    },
    /// A node without a name.
    #[error("a node's name is empty")]
    EmptyName,
    /// A node is declared a second time.
    #[error("a node of this id stands in the file already")]
    NodeTwice,
    /// An edge ends at a node that the file does not declare.
    #[error("no node has the id `{name}`")]
    NoSuchNode {
        /// What the edge calls it.
        name: String,
    },
    /// A node, or the key of an attribute, that nothing can refer to.
    #[error("an id is missing")]
    NoId,
    /// An edge that does not say what it joins.
    #[error("an edge needs a source and a target")]
    NoEnd,
    /// Edges join two nodes each.
    #[error("a hyperedge joins more than two nodes")]
    HyperEdge,
    /// Something else than yes or no.
    #[error("`{value}` does not say whether edges have a direction")]
    NoDirection {
        /// What stands there.
        value: String,
    },
    /// It is said too late that edges have a direction.
    #[error("this edge stands before `directed 1`")]
    LateDirection,
    /// No edge has the attribute that is to hold latencies.
    #[error("no edge has a latency in `{name}`")]
    NoEdgeAttribute {
        /// As the scenario calls it.
        name: String,
    },
    /// No node has the attribute that hosts are to hang off by.
    #[error("no node has an attribute `{name}`; there are: {known}")]
    NoNodeAttribute {
        /// As the scenario calls it.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// An edge has no latency, and its ends have no position.
    #[error("this edge has no latency, and its ends no positions to take it from")]
    NoLatency,
    /// Positions that are in another unit.
    #[error("the ends of this edge are so far apart that a message would take more than an hour")]
    TooFar,
    /// Longitude or latitude.
    #[error("`{value}` is no longitude or latitude in degrees")]
    NoAngle {
        /// What stands there.
        value: String,
    },
    /// How often hosts hang off a node.
    #[error("`{value}` is not a weight")]
    BadWeight {
        /// What stands there.
        value: String,
    },
    /// Hosts would hang off no node.
    #[error("`{column}` is zero for every node, so hosts have no node to hang off")]
    NoWeight {
        /// As the scenario calls it.
        column: String,
    },
    /// A graph falls into parts.
    #[error("no path leads from `{from}` to `{to}`")]
    Disconnected {
        /// A node.
        from: String,
        /// Another, that cannot be reached from it.
        to: String,
    },
    /// The same, where edges have a direction.
    #[error("no path leads from `{from}` to `{to}` in the direction of the edges")]
    OneWay {
        /// A node.
        from: String,
        /// Another, that cannot be reached from it.
        to: String,
    },
    /// A second graph in a file.
    #[error("the file holds a second graph")]
    SecondGraph,
    /// Lists or elements within each other without end.
    #[error("more than {most} lists or elements stand within each other")]
    TooDeep {
        /// As many as there may be.
        most: usize,
    },
    /// GML: a list has no end.
    #[error("a list is not closed: the file ends within it")]
    UnclosedList,
    /// GML: a bracket without its other half.
    #[error("no list is open here")]
    NothingToClose,
    /// GML: a text without an end.
    #[error("a text is not closed: there is no second `\"`")]
    UnclosedQuote,
    /// GML: a value where a key should be.
    #[error("a key should stand here")]
    NoKey,
    /// GML: a key and nothing behind it.
    #[error("`{key}` has no value")]
    NoValue {
        /// The key.
        key: String,
    },
    /// XML, but another document.
    #[error("this is XML, and not GraphML: it begins with `<{root}>`")]
    NotGraphMl {
        /// The outermost element.
        root: String,
    },
    /// XML that is none.
    #[error("this is not well-formed XML: {reason}")]
    IllFormed {
        /// What the parser says.
        reason: String,
    },
    /// XML: the file ends too early.
    #[error("the file ends within an element")]
    UnclosedElement,
    /// XML: a name for a text that is not one of the five.
    #[error("the entity `&{name};` is not known")]
    UnknownEntity {
        /// Its name.
        name: String,
    },
    /// GraphML: groups.
    #[error("a node holds a graph of its own")]
    GraphInNode,
    /// BRITE: a node.
    #[error("a node has 3 values or more, this line has {found}")]
    BriteNode {
        /// Values in this line.
        found: usize,
    },
    /// BRITE: an edge.
    #[error("an edge has 5 values or more, this line has {found}")]
    BriteEdge {
        /// Values in this line.
        found: usize,
    },
    /// CAIDA: something else than two numbers and a relationship.
    #[error("this line is no relationship of two autonomous systems")]
    NoRelationship,
}

impl GraphFault {
    /// Which kind of mistake it is.
    pub(in crate::inputs) fn code(&self) -> Code {
        match self {
            Self::NoEdges => codes::NO_DATA,
            Self::DecimalCommaInEdges { .. } => codes::NOT_A_NUMBER,
            Self::TooFar | Self::NoAngle { .. } | Self::BadWeight { .. } => codes::IMPOSSIBLE_VALUE,
            Self::NoEnd | Self::NoLatency => codes::VALUE_MISSING,
            Self::EdgeFields { .. } | Self::BriteNode { .. } | Self::BriteEdge { .. } => {
                codes::WRONG_COUNT
            }
            Self::EdgeHeader
            | Self::NotGraphMl { .. }
            | Self::NoRelationship
            | Self::HyperEdge
            | Self::NoDirection { .. }
            | Self::LateDirection
            | Self::SecondGraph
            | Self::GraphInNode => codes::UNKNOWN_FORMAT,
            Self::EmptyName | Self::NodeTwice | Self::NoSuchNode { .. } | Self::NoId => {
                codes::NAMES
            }
            Self::TooManyEdges { .. } | Self::TooDeep { .. } => codes::TOO_MANY,
            Self::Disconnected { .. } | Self::OneWay { .. } => codes::DISCONNECTED,
            Self::UnclosedList
            | Self::NothingToClose
            | Self::UnclosedQuote
            | Self::NoKey
            | Self::NoValue { .. }
            | Self::IllFormed { .. }
            | Self::UnclosedElement
            | Self::UnknownEntity { .. } => codes::BROKEN_MARKUP,
            Self::NoEdgeAttribute { .. } | Self::NoNodeAttribute { .. } | Self::NoWeight { .. } => {
                codes::NO_ATTRIBUTE
            }
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::TooManyEdges { .. } => "keep a part of it: every run holds all of it in memory",
            Self::EdgeHeader | Self::EdgeFields { .. } | Self::EmptyName | Self::NoEdges => {
                "a table of edges is a header line such as `from,to,latency_ms`, then a line per edge such as \
                 `Berlin,Paris,8.5`"
            }
            Self::DecimalCommaInEdges { .. } => {
                "write latencies with a decimal point, such as 8.5: the commas stand between the columns"
            }
            Self::NodeTwice => "give each node an id of its own",
            Self::NoSuchNode { .. } => "declare the node, or correct the end of the edge",
            Self::NoId => "give it an `id` that edges can name",
            Self::NoEnd => "name both nodes that the edge joins, as `source` and `target`",
            Self::HyperEdge => "write an edge for each pair of nodes that it joins",
            Self::NoDirection { .. } => {
                "GML: `directed 0` or `directed 1`; GraphML: `edgedefault=\"directed\"` or `\"undirected\"`, and \
                 `directed=\"true\"` or `\"false\"` for single edges"
            }
            Self::LateDirection => "write `directed 1` before the first edge",
            Self::NoEdgeAttribute { .. } => {
                "name the attribute or column that holds latencies in `network.graph.latency`"
            }
            Self::NoNodeAttribute { .. } => {
                "name one of these in `network.graph.attach`, or write \"uniform\" or \"degree\""
            }
            Self::NoLatency => {
                "add latencies (if they are there under another name, say which in `network.graph.latency`) or \
                 positions of nodes with `network.graph.positions = true`, or give one latency for all such edges in \
                 `network.graph.edge_latency`"
            }
            Self::TooFar => {
                "positions in a plane are in kilometres; see also `network.graph.km_per_ms` and \
                 `network.graph.positions`"
            }
            Self::NoAngle { .. } => {
                "a longitude is -360 to 360 degrees, a latitude -90 to 90, with a decimal point; leave it out where it \
                 is not known"
            }
            Self::BadWeight { .. } | Self::NoWeight { .. } => {
                "the column that `network.graph.attach` names holds numbers that are not negative, one above zero at \
                 least"
            }
            Self::Disconnected { .. } => {
                "every node must be reachable from every other: add the missing edges, or keep the \
                 largest connected part with `network.graph.parts = \"largest\"`"
            }
            Self::OneWay { .. } => {
                "every node must be reachable from every other: add the missing edges, let all edges lead both \
                 ways with `network.graph.directed = false`, or keep the largest connected part with \
                 `network.graph.parts = \"largest\"`"
            }
            Self::SecondGraph => "keep one graph in the file",
            Self::TooDeep { .. } => {
                "is this the file of a graph? Nothing that is read here lies so deep"
            }
            Self::UnclosedList | Self::NothingToClose => {
                "GML closes each `[` with a `]`; has the file been downloaded completely?"
            }
            Self::UnclosedQuote => "close the text with a `\"`; within one, write `&quot;`",
            Self::NoKey | Self::NoValue { .. } => {
                "GML is keys with values, such as `source 0` or `label \"Oslo\"`"
            }
            Self::NotGraphMl { .. } => {
                "save the graph as GraphML or GML, or as a table of edges; networkx: nx.write_graphml(graph, file)"
            }
            Self::IllFormed { .. } | Self::UnclosedElement => {
                "has the file been downloaded completely? A program that reads XML shows where it breaks"
            }
            Self::UnknownEntity { .. } => {
                "write the character itself, or its number such as `&#228;`: entities that a document defines are not \
                 read"
            }
            Self::GraphInNode => "save the graph without groups, all nodes side by side",
            Self::BriteNode { .. } => {
                "BRITE writes `id x y indegree outdegree as type` for each node"
            }
            Self::BriteEdge { .. } => {
                "BRITE writes `id from to length delay bandwidth as_from as_to type` for each edge"
            }
            Self::NoRelationship => {
                "CAIDA writes `as1|as2|relationship`, the last being -1, 0, 1 or 2"
            }
        }
    }
}
