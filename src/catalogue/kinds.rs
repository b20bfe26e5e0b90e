//! The list of all records, and the sink that takes them.

use std::io;

use super::cell::Cells;
use super::record::{Record, RecordInfo};
use super::records::audit::AuditRecord;
use super::records::fingerprint::FingerprintRecord;
use super::records::hop::HopRecord;
use super::records::link::LinkRecord;
use super::records::lookup::LookupRecord;
use super::records::node::NodeRecord;
use super::records::operation::OperationRecord;
use super::records::replay::ReplayRecord;
use super::records::timeline::TimelineRecord;
use super::records::trace::TraceRecord;

macro_rules! records {
    ($($Kind:ident($Record:ident),)+) => {
        /// The kinds of records, in the order in which their files are written.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum RecordKind {
            $(
                #[doc = concat!("[`", stringify!($Record), "`].")]
                $Kind,
            )+
        }

        impl RecordKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$Kind),+];

            /// What is known of it: its file, its columns, when it is wanted.
            #[must_use]
            pub fn info(self) -> &'static RecordInfo {
                match self {
                    $(Self::$Kind => &<$Record as Record>::INFO,)+
                }
            }
        }

        /// A record of any kind.
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub enum AnyRecord<'a> {
            $(
                #[doc = concat!("A [`", stringify!($Record), "`].")]
                $Kind(&'a $Record),
            )+
        }

        impl AnyRecord<'_> {
            /// Its kind.
            #[must_use]
            pub fn kind(self) -> RecordKind {
                match self {
                    $(Self::$Kind(_) => RecordKind::$Kind,)+
                }
            }

            /// Writes a cell for each of its columns, in their order.
            #[inline]
            pub fn write(self, cells: &mut impl Cells) {
                match self {
                    $(Self::$Kind(record) => record.write(cells),)+
                }
            }
        }

        $(
            impl<'a> From<&'a $Record> for AnyRecord<'a> {
                fn from(record: &'a $Record) -> Self {
                    Self::$Kind(record)
                }
            }
        )+
    };
}

records! {
    Lookup(LookupRecord),
    Node(NodeRecord),
    Timeline(TimelineRecord),
    Fingerprint(FingerprintRecord),
    Audit(AuditRecord),
    Operation(OperationRecord),
    Trace(TraceRecord),
    Link(LinkRecord),
    Hop(HopRecord),
    Replay(ReplayRecord),
}

/// Takes the records of one run as they become final: lookups while it goes on, in order of their number; the
/// others when it is over, each kind in the order of its first column.
///
/// Other kinds than lookups and nodes come, wanted or not; a sink takes what it has a use for.
pub trait RecordSink {
    /// Takes a record.
    ///
    /// # Errors
    /// When it cannot be kept; the run then stops.
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()>;
}

/// A sink for those who want no rows.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl RecordSink for Nowhere {
    fn take(&mut self, _: AnyRecord<'_>) -> io::Result<()> {
        Ok(())
    }
}
