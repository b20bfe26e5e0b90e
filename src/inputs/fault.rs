//! What can be wrong at one place of a file, each with its remedy.

use super::churn_fault::ChurnFault;
use super::graph::GraphFault;
use crate::codes::{self, Code};

/// What is wrong at one place of a file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing but blank lines and comments.
    #[error("the file has no data")]
    Empty,
    /// A matrix begins with something else than numbers, which are not the names of its hosts.
    #[error("`{value}` is not a number: this looks like a header or a host's name")]
    Header {
        /// What stands there.
        value: String,
    },
    /// Something that should be a number.
    #[error("`{value}` is not a number")]
    NotANumber {
        /// What stands there.
        value: String,
    },
    /// A sign that stands for a value that is not there, such as `NA`.
    #[error("`{value}` says that a latency is not known")]
    Unmeasured {
        /// What stands there.
        value: String,
    },
    /// A number with a comma where the point should be.
    #[error("`{value}` has a decimal comma")]
    DecimalComma {
        /// What stands there.
        value: String,
    },
    /// A table that may be a square with an empty diagonal, or a smaller one with numbers for names.
    #[error("this is a square with an empty diagonal, or one host less with numbers for names")]
    Ambiguous,
    /// A row of a square stands where another is expected.
    #[error("the row of `{row}` stands where the first row has `{column}`")]
    NamesDiffer {
        /// What the row is called.
        row: String,
        /// What the column of this place is called.
        column: String,
    },
    /// The first line says how many hosts there are, and is wrong.
    #[error("the file says that there are {said} hosts, and has {found}")]
    CountDiffers {
        /// What it says.
        said: usize,
        /// How many there are.
        found: usize,
    },
    /// A line of a list of pairs is too short, or one of a topology too long.
    #[error("a line has {expected} values, this one has {found}")]
    PairFields {
        /// Values in this line.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// A list of pairs lacks one.
    #[error("no latency is known between `{from}` and `{to}`")]
    NoPair {
        /// A host.
        from: String,
        /// Another.
        to: String,
    },
    /// A list of pairs lacks most of them.
    #[error("of {pairs} pairs of hosts only {given} are given")]
    Sparse {
        /// How many lines there are.
        given: usize,
        /// How many pairs there are.
        pairs: usize,
    },
    /// A list of pings from one place.
    #[error("this names a latency and one host only: it is a list of pings from one place")]
    OneSource,
    /// A topology of p2psim of another kind.
    #[error("`{value}` is no topology that is read")]
    Topology {
        /// What stands there.
        value: String,
    },
    /// A topology of p2psim that does not say how many hosts there are.
    #[error("`{value}` is no number of hosts")]
    HostCount {
        /// What stands there.
        value: String,
    },
    /// A host's number that is none.
    #[error("`{value}` is no host: they are numbered from 1 to {most}")]
    HostNumber {
        /// What stands there.
        value: String,
        /// The greatest number.
        most: usize,
    },
    /// A host that is there already.
    #[error("this host stands in the file already")]
    HostTwice,
    /// A point with other coordinates than the first.
    #[error("this host has {found} coordinates, and the first has {expected}")]
    Coordinates {
        /// Of this host.
        found: usize,
        /// Of the first, 0 if it has none or too many.
        expected: usize,
    },
    /// A graph where a matrix is expected.
    #[error("this is a graph ({format}), and no matrix")]
    IsGraph {
        /// How it is written.
        format: &'static str,
    },
    /// A host of a pair without a name.
    #[error("a host's name is empty")]
    EmptyHost,
    /// XML that is no list of coordinates.
    #[error("this is XML, but no list of coordinates")]
    NotAMatrix,
    /// Infinity, or "not a number" written as a number.
    #[error("a latency of `{value}` is not finite")]
    NotFinite {
        /// What stands there.
        value: String,
    },
    /// A negative number.
    #[error("a latency of `{value}` is negative")]
    Negative {
        /// What stands there.
        value: String,
    },
    /// A number that cannot be milliseconds.
    #[error("a latency of `{value}` is more than an hour")]
    TooLarge {
        /// What stands there.
        value: String,
    },
    /// Nothing where a latency should be: between two commas, or after the last.
    #[error("a value is missing")]
    MissingValue,
    /// A row of a matrix is longer or shorter than the first.
    #[error("the length of this row is {found}, that of the first is {expected}")]
    Ragged {
        /// Values in this row.
        found: usize,
        /// Values in the first row.
        expected: usize,
    },
    /// A matrix has more or fewer rows than columns.
    #[error("the matrix is not square: its rows are {rows}, the values in each {columns}")]
    NotSquare {
        /// How many rows.
        rows: usize,
        /// How many values in each.
        columns: usize,
    },
    /// More hosts than there may be.
    #[error("there are more than {most} hosts")]
    TooManyHosts {
        /// The most there may be.
        most: usize,
    },
    /// Something that only the file of a graph can have.
    #[error(transparent)]
    Graph(#[from] GraphFault),
    /// A sign that has no place in a text that is shown.
    #[error("a name holds {sign}, which is not shown")]
    Harmful {
        /// By its number.
        sign: String,
    },
    /// A name stands in a list twice.
    #[error("this name stands in the file already")]
    NameTwice,
    /// More names than there may be.
    #[error("there are more than {most} names")]
    TooManyNames {
        /// The most there may be.
        most: usize,
    },
    /// What is wrong with a trace of churn.
    #[error(transparent)]
    Churn(#[from] ChurnFault),
    /// The first line of a table of regions is not its header.
    #[error("the first line is not a header `region,share,` and the names of all regions")]
    RegionHeader,
    /// A line of a table of regions has too many or too few values.
    #[error("a line has {expected} values here, this one has {found}")]
    RegionFields {
        /// Values in this line.
        found: usize,
        /// Values in the header.
        expected: usize,
    },
    /// A line for a region that the header does not name.
    #[error("the header names no region `{value}`")]
    UnknownRegion {
        /// What stands there.
        value: String,
    },
    /// A region that the header names twice, or that has two lines.
    #[error("this region stands in the file already")]
    RegionTwice,
    /// A region of the header that has no line.
    #[error("this region has no line of its own")]
    RegionWithoutLine,
    /// More regions than there may be.
    #[error("there are more than {most} regions")]
    TooManyRegions {
        /// The most there may be.
        most: usize,
    },
    /// Something that should be a region's share of the hosts.
    #[error("`{value}` is no share: a number that is not negative")]
    NotAShare {
        /// What stands there.
        value: String,
    },
    /// No region has hosts, or their shares have no finite sum.
    #[error("the shares of the regions have no sum above zero")]
    NoShares,
}

impl Fault {
    /// Which kind of mistake it is.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Churn(fault) => fault.code(),
            Self::Graph(fault) => fault.code(),
            Self::Empty | Self::NoShares => codes::NO_DATA,
            Self::NotANumber { .. } | Self::DecimalComma { .. } | Self::HostCount { .. } => {
                codes::NOT_A_NUMBER
            }
            Self::NotFinite { .. }
            | Self::Negative { .. }
            | Self::TooLarge { .. }
            | Self::NotAShare { .. }
            | Self::HostNumber { .. } => codes::IMPOSSIBLE_VALUE,
            Self::Unmeasured { .. }
            | Self::MissingValue
            | Self::NoPair { .. }
            | Self::Sparse { .. }
            | Self::OneSource => codes::VALUE_MISSING,
            Self::CountDiffers { .. }
            | Self::PairFields { .. }
            | Self::Coordinates { .. }
            | Self::Ragged { .. }
            | Self::NotSquare { .. }
            | Self::Ambiguous
            | Self::RegionFields { .. } => codes::WRONG_COUNT,
            Self::Header { .. }
            | Self::Topology { .. }
            | Self::IsGraph { .. }
            | Self::NotAMatrix
            | Self::RegionHeader => codes::UNKNOWN_FORMAT,
            Self::NamesDiffer { .. }
            | Self::HostTwice
            | Self::EmptyHost
            | Self::NameTwice
            | Self::UnknownRegion { .. }
            | Self::RegionTwice
            | Self::RegionWithoutLine => codes::NAMES,
            Self::Harmful { .. } => codes::HIDDEN_SIGN,
            Self::TooManyHosts { .. } | Self::TooManyNames { .. } | Self::TooManyRegions { .. } => {
                codes::TOO_MANY
            }
        }
    }

    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Churn(fault) => fault.help(),
            Self::Empty => "has the file been downloaded completely?",
            Self::Header { .. } => {
                "names are read in the first row and the first column, one for each host: remove other headers, or \
                 begin such a line with #"
            }
            Self::NotANumber { .. } => {
                "write milliseconds with a decimal point and without a unit, such as 135.01; in a matrix us, ms or s may follow"
            }
            Self::DecimalComma { .. } => {
                "write numbers with a decimal point, and blanks, tabs or commas between them: tr ';,' \
                 '\\t.' < FILE > NEW"
            }
            Self::Ambiguous => {
                "put 0 on the diagonal, or begin the line of numbers with # if it is a header"
            }
            Self::NamesDiffer { .. } => "put the rows into the order of the columns",
            Self::CountDiffers { .. } => {
                "has the file been downloaded completely? If so, correct the count or remove it"
            }
            Self::PairFields { .. } | Self::EmptyHost => {
                "a list of pairs has a line for each, such as `Berlin Paris 17.3`: two hosts and the latency between them"
            }
            Self::NoPair { .. } => {
                "measure it, leave one of the hosts out, or say what stands in for what is missing: \
                 network.matrix.missing = \"symmetric\" (the other direction) or \"median\""
            }
            Self::Sparse { .. } => {
                "a matrix needs a latency for each pair of hosts; if these are the links of a network, set \
                 network.model = \"graph\" and name the file in network.graph.file"
            }
            Self::OneSource => {
                "between the other hosts nothing is known: get a list of pairs (source, destination, latency) or a square"
            }
            Self::Topology { .. } => "of p2psim are read: topology E2EGraph, topology Euclidean",
            Self::HostCount { .. } => {
                "write how many hosts there are, such as `topology E2EGraph 4`"
            }
            Self::HostNumber { .. } => {
                "correct the number, or how many hosts the first line says there are"
            }
            Self::HostTwice => "remove one of the two lines",
            Self::Coordinates { .. } => {
                "every host has the same number of coordinates, from 1 to 16, such as `1 12.5,-3`"
            }
            Self::IsGraph { .. } => {
                "set network.model = \"graph\" and name the file in network.graph.file"
            }
            Self::NotAMatrix => {
                "coordinates of OverSim are read (<nodelist>); a GraphML file is a graph: set network.model = \"graph\" \
                 and name the file in network.graph.file"
            }
            Self::Unmeasured { .. } | Self::MissingValue => {
                "every latency must be known: leave the host out, put an estimate in, or for a matrix say what stands in: \
                 network.matrix.missing = \"symmetric\" (the other direction) or \"median\""
            }
            Self::NotFinite { .. } | Self::Negative { .. } => {
                "every latency must be known: where it was not measured, leave the host out or put \
                 an estimate in; a matrix may have -1, NA or nothing there"
            }
            Self::TooLarge { .. } => {
                "latencies are in milliseconds: is the file in another unit? A matrix may be in network.matrix.unit = \"us\""
            }
            Self::Ragged { .. } | Self::NotSquare { .. } => {
                "a matrix has one line per host, with one value per host in each (0 for itself)"
            }
            Self::TooManyHosts { .. } => "keep a part of it: every run holds all of it in memory",
            Self::Harmful { .. } => {
                "remove the sign: control characters and signs that set the direction of text have no place in a name"
            }
            Self::NameTwice => "keys are different names: remove one of the two lines",
            Self::TooManyNames { .. } => {
                "keep a part of them: every run holds all of them in memory"
            }
            Self::Graph(fault) => fault.help(),
            Self::RegionHeader
            | Self::RegionFields { .. }
            | Self::UnknownRegion { .. }
            | Self::RegionTwice
            | Self::RegionWithoutLine
            | Self::TooManyRegions { .. } => {
                "a table of regions is a header `region,share,Europe,Asia`, then a line per region such as \
                 `Europe,0.6,12,120`: its share of the hosts, and milliseconds one way to each"
            }
            Self::NotAShare { .. } | Self::NoShares => {
                "give each region a part of the hosts, such as 0.25 or 25; how large their sum is does not matter"
            }
        }
    }
}
