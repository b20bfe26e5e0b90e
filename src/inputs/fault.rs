//! What can be wrong at one place of a file, each with its remedy.

use super::churn_fault::ChurnFault;
use super::graph::GraphFault;

/// What is wrong at one place of a file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing but blank lines and comments.
    #[error("the file has no data")]
    Empty,
    /// A matrix begins with something else than numbers.
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
    /// The first line of a table, with names or numbers for its columns.
    #[error("this line names columns: it is the header of a table")]
    TableHeader,
    /// The first value of each line numbers it.
    #[error("the first value of each line is its number: it is the index of a table")]
    TableIndex,
    /// Infinity, or "not a number" written as a number.
    #[error("a latency of `{value}` is not finite")]
    NotFinite {
        /// What stands there.
        value: String,
    },
    /// A negative number.
    #[error("a latency of {value} ms is negative")]
    Negative {
        /// What stands there.
        value: String,
    },
    /// A number that cannot be milliseconds.
    #[error("a latency of {value} ms is more than an hour")]
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
    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Churn(fault) => fault.help(),
            Self::Empty => "has the file been downloaded completely?",
            Self::Header { .. } => {
                "a matrix is numbers only: remove header lines and the names of hosts, or begin \
                 such a line with #"
            }
            Self::NotANumber { .. } => {
                "write milliseconds with a decimal point and without a unit, such as 135.01"
            }
            Self::DecimalComma { .. } => {
                "write numbers with a decimal point, and blanks, tabs or commas between them: tr ';,' \
                 '\\t.' < FILE > NEW"
            }
            Self::TableHeader | Self::TableIndex => {
                "a matrix is numbers only, without names of rows and columns; from pandas: \
                 df.to_csv(file, header=False, index=False)"
            }
            Self::Unmeasured { .. }
            | Self::NotFinite { .. }
            | Self::Negative { .. }
            | Self::MissingValue => {
                "every latency must be known: where it was not measured, leave the host out or put \
                 an estimate in"
            }
            Self::TooLarge { .. } => "latencies are in milliseconds: is the file in another unit?",
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
