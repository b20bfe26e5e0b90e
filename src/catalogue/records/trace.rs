//! `trace.csv`.

use crate::catalogue::cell::{Cell, CellType, Cells};
use crate::catalogue::record::record;

record! {
    /// A message of a lookup, put or get that started within the measured duration, or a call of it that was not answered in
    /// time. Those of one lookup stand together, in the order in which they happened; what comes when it is
    /// over already, such as the answers of further copies, is left out.
    TraceRecord in "trace.csv", a row per "message of a lookup, put or get",
        wanted by "output.trace" if |output| output.trace > 0.0 || output.replay;

    /// The lookup, as in `lookups.csv`; empty if it is a put or get.
    lookup: Option<u64> => Name;
    /// How often the lookup had then been passed on; iterative: the how manieth node is asked.
    hop: u32 => Count;
    /// When the message was sent, or the call given up.
    time_s: f64 => Seconds;
    /// The sending node; of a timeout the node that waited.
    from: u32 => Name;
    /// Its identifier.
    from_id: u64 => Name;
    /// The receiver; of a timeout the node that did not answer.
    to: u32 => Name;
    /// Its identifier.
    to_id: u64 => Name;
    /// `forward`: the lookup is passed on; `ack`: it was received. `ask`: iterative, which node is next? `referral`: this one.
    /// `answer`: the sender owns the key. `timeout`: no answer in time. `dead-end`: the sender knows no next node;
    /// `owner-silent`: the owner does not answer it; `refuse`: a selfish peer does not do what it was asked; `misroute`: it
    /// names the wrong owner next. Of puts and gets besides: `who-keeps` and `keepers` (which nodes keep the copies), `find-place`, `closer` and
    /// `owns-place` (who owns a place of a copy that is spread), `put` and `kept`, `get` and `value`,
    /// `declined` (it will not).
    event: TraceEvent => Name;
    /// How long the message was under way, empty if it was lost; of a timeout, how long was waited.
    latency_ms: Option<f64> => Milliseconds, "latency";
    /// The put or get, as in `operations.csv`; empty if it is a lookup.
    operation: Option<u64> => Name;
}

macro_rules! events {
    ($($(#[$doc:meta])* $Event:ident = $word:literal,)+) => {
        /// What happens to a lookup.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum TraceEvent {
            $($(#[$doc])* $Event,)+
        }

        impl TraceEvent {
            const NAMES: &'static [&'static str] = &[$($word),+];

            /// As it is written in the result files.
            #[must_use]
            pub fn name(self) -> &'static str {
                Self::NAMES[self as usize]
            }
        }
    };
}

events! {
    /// It is passed on.
    Forward = "forward",
    /// A node is asked for the next one.
    Ask = "ask",
    /// A call was not answered in time.
    Timeout = "timeout",
    /// The owner answers.
    Answer = "answer",
    /// A lookup that was passed on was received.
    Ack = "ack",
    /// A node names the next one.
    Referral = "referral",
    /// A node knows no next one.
    DeadEnd = "dead-end",
    /// The owner does not answer its heir.
    OwnerSilent = "owner-silent",
    /// A selfish peer does nothing.
    Refuse = "refuse",
    /// A selfish peer names the wrong owner.
    Misroute = "misroute",
    /// The owner is asked which nodes keep the copies.
    WhoKeeps = "who-keeps",
    /// It names them.
    Keepers = "keepers",
    /// Of copies that are spread: a node is asked whether it owns a place.
    FindPlace = "find-place",
    /// It does.
    OwnsPlace = "owns-place",
    /// It names closer ones.
    Closer = "closer",
    /// A value is sent to a node that is to keep it.
    Put = "put",
    /// It keeps it.
    Kept = "kept",
    /// A node is asked for its copy.
    Get = "get",
    /// It gives it.
    Value = "value",
    /// It does not do what it was asked, and says so.
    Declined = "declined",
}

impl Cell for TraceEvent {
    const TYPE: CellType = CellType::Word(Self::NAMES);

    fn write(&self, cells: &mut impl Cells) {
        cells.word(self.name());
    }
}
