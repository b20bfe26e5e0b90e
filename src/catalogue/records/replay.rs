//! `replay.csv`.

use crate::catalogue::cell::{Cell, CellType, Cells};
use crate::catalogue::record::record;

record! {
    /// A change on the ring, for the ring replay of the report: a node comes or goes, or an entry of what a node knows changes.
    /// At time 0 all that is there is told as if it had just come about, so what holds at a moment is what the last rows before it
    /// say. Only of the first repetition.
    ReplayRecord in "replay.csv", a row per "change on the ring",
        wanted by "output.replay" if |output| output.replay;

    /// When, from the end of the warm-up.
    time_s: f64 => Seconds;
    /// The node.
    node: u32 => Name;
    /// Its identifier.
    id: u64 => Name;
    /// Of its life: `joining` (it is up and not on the ring yet), `member`, `lost` (it has lost the others and joins again), `leave` (it said
    /// goodbye), `crash`. Of what it knows: `predecessor`, `successor`, `finger`. `cut`: what nodes know is told no further,
    /// because so much has been told.
    entry: ReplayEntry => Name;
    /// Of a successor its place in the list, from 1; of a finger i, counted from 0, for the first node at or behind the place 2^i behind the
    /// node's own. Empty otherwise.
    number: Option<u32> => Name;
    /// The node that the entry names; empty if it names none any more, and for what is no entry.
    to: Option<u32> => Name;
    /// Its identifier.
    to_id: Option<u64> => Name;
}

macro_rules! entries {
    ($($(#[$doc:meta])* $Entry:ident = $word:literal,)+) => {
        /// What changes.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum ReplayEntry {
            $($(#[$doc])* $Entry,)+
        }

        impl ReplayEntry {
            const NAMES: &'static [&'static str] = &[$($word),+];

            /// As it is written in the result files.
            #[must_use]
            pub fn name(self) -> &'static str {
                Self::NAMES[self as usize]
            }
        }
    };
}

entries! {
    /// It has come up, and is going to join.
    Joining = "joining",
    /// It has become a member.
    Member = "member",
    /// It has lost the others, and is going to join again.
    Lost = "lost",
    /// It has said goodbye and gone.
    Leave = "leave",
    /// It has gone without a word.
    Crash = "crash",
    /// The node before it, as it knows.
    Predecessor = "predecessor",
    /// An entry of its successor list.
    Successor = "successor",
    /// An entry of its finger table.
    Finger = "finger",
    /// What nodes know is told no further.
    Cut = "cut",
}

impl Cell for ReplayEntry {
    const TYPE: CellType = CellType::Word(Self::NAMES);

    fn write(&self, cells: &mut impl Cells) {
        cells.word(self.name());
    }
}
