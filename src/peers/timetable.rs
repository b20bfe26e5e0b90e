//! When the peers of a run come and go, and ask, by a trace: the part of it that is played, in the time of the run.

use std::sync::Arc;

use crate::codes::{self, Code};
use crate::engine::{SimDuration, SimTime};
use crate::inputs::churn_trace::{ChurnTrace, Session, Wish};
use crate::scenario::resolved::{ChurnModel, PlayedTrace, Scenario, TraceFacts};
use crate::world::PeerIdx;

/// The most ring positions that there ever are.
const POSITIONS_MAX: u64 = 100_000_000;

/// Why a scenario and a trace do not fit.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Misfit {
    /// The scenario says otherwise how many begin.
    #[error("{up} of its hosts are up where it is cut, and `overlay.nodes` is {nodes}")]
    Nodes {
        /// By the trace.
        up: u32,
        /// By the scenario.
        nodes: u32,
    },
    /// There is no room for all.
    #[error(
        "its hosts, and who joins by faults, are {peers}: they need {positions} ring positions, and there are {room}"
    )]
    NoRoom {
        /// Peers that come.
        peers: u64,
        /// Positions of all.
        positions: u64,
        /// How many there may be.
        room: u64,
    },
    /// Nobody is up in what is played.
    #[error("nobody is up in the part of it that is played")]
    Nobody,
    /// What is played begins when the trace is over.
    #[error("its last moment is {last}, and `churn.trace.from` is {from}")]
    Over {
        /// The last that the trace says.
        last: SimDuration,
        /// Where it is cut.
        from: SimDuration,
    },
}

impl Misfit {
    /// Which kind of mistake it is.
    #[must_use]
    pub fn code(&self) -> Code {
        codes::TRACE_DOES_NOT_FIT
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Nodes { up: 0, .. } => {
                "remove `overlay.nodes`: by this trace a ring begins with nobody; `churn.trace.from` says where the trace is cut".into()
            }
            Self::Nodes { up, .. } => format!(
                "remove `overlay.nodes`, for the trace says how many there are, or set it to {up}; `churn.trace.from` says where the \
                 trace is cut"
            ),
            Self::NoRoom { .. } => {
                "raise `overlay.id_bits`, lower `overlay.virtual_nodes`, or play a shorter part of the trace (`churn.trace.from` and \
                 `length`)"
                    .into()
            }
            Self::Over { .. } => "lower `churn.trace.from`: it is in the time of the trace".into(),
            Self::Nobody => {
                "`churn.trace.from` and `length` are in the time of the trace: let them meet a session".into()
            }
        }
    }
}

/// A request that is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// When.
    pub at: SimTime,
    /// Who asks.
    pub peer: PeerIdx,
    /// Its number among the requests of the trace.
    ask: u32,
}

/// When each peer changes between up and down. Peers are the hosts that are up at some time of what is played: first
/// those that are up at time 0, then the others, each group in the order of the file.
#[derive(Clone, Debug)]
pub struct Timetable {
    trace: Arc<ChurnTrace>,
    initial: u32,
    /// The moments of all peers, one peer after the other.
    moments: Vec<SimTime>,
    /// For each peer where its moments end.
    ends: Vec<u32>,
    due: Vec<Due>,
}

impl Timetable {
    /// The part of a trace that a run plays.
    #[must_use]
    pub fn new(trace: &Arc<ChurnTrace>, played: &PlayedTrace) -> Self {
        let cut = Cut::of(played);
        let mut table = Self {
            trace: Arc::clone(trace),
            initial: 0,
            moments: Vec::new(),
            ends: Vec::new(),
            due: Vec::new(),
        };
        let mut peer_of = vec![None; trace.hosts()];
        for initially in [true, false] {
            for (host, peer) in peer_of.iter_mut().enumerate() {
                let sessions = cut.meets(trace.sessions_of(host));
                let Some(first) = sessions.first() else {
                    continue;
                };
                if (first.from <= cut.from) == initially {
                    *peer = Some(PeerIdx::from_usize(table.ends.len()));
                    table.add(&cut, sessions);
                    table.initial += u32::from(initially);
                }
            }
        }
        for (ask, number) in trace.asks().iter().zip(0..) {
            let is_played = cut.from <= ask.at && ask.at < cut.to;
            if let Some(peer) = peer_of[ask.host as usize].filter(|_| is_played) {
                let at = table.beside(peer, cut.moment(ask.at));
                let ask = number;
                table.due.push(Due { at, peer, ask });
            }
        }
        table.due.sort_by_key(|due| due.at);
        table
    }

    /// The next peer, with the sessions that meet the cut.
    fn add(&mut self, cut: &Cut, sessions: &[Session]) {
        for session in sessions {
            if session.from > cut.from {
                self.moments.push(cut.moment(session.from));
            }
            // Whoever is up where the trace is cut off stays.
            if session.to < cut.to {
                self.moments.push(cut.moment(session.to));
            }
        }
        self.ends.push(self.moments.len() as u32);
    }

    /// When somebody asks who comes or goes at that very moment: just after it comes, or just before it goes.
    fn beside(&self, peer: PeerIdx, at: SimTime) -> SimTime {
        let moments = self.moments_of(peer);
        let Ok(place) = moments.binary_search(&at) else {
            return at;
        };
        let goes = (place % 2 == 0) == (peer.0 < self.initial);
        SimTime(if goes {
            at.0.saturating_sub(1)
        } else {
            at.0 + 1
        })
    }

    /// How many peers are up at time 0.
    #[must_use]
    pub fn initial(&self) -> u32 {
        self.initial
    }

    /// How many peers there are.
    #[must_use]
    pub fn peers(&self) -> u32 {
        self.ends.len() as u32
    }

    /// When a peer changes between up and down, in order; nothing of a peer that is not of the trace.
    #[must_use]
    pub fn moments_of(&self, peer: PeerIdx) -> &[SimTime] {
        let Some(end) = self.ends.get(peer.at()) else {
            return &[];
        };
        let first = peer
            .at()
            .checked_sub(1)
            .map_or(0, |before| self.ends[before]);
        &self.moments[first as usize..*end as usize]
    }

    /// The request with this number, in order of time.
    #[must_use]
    pub fn due(&self, number: usize) -> Option<Due> {
        self.due.get(number).copied()
    }

    /// What is asked for.
    #[must_use]
    pub fn wish(&self, due: Due) -> &Wish {
        &self.trace.asks()[due.ask as usize].wish
    }

    /// What is known of the first so long of it.
    fn facts(&self, length: SimDuration) -> TraceFacts {
        let end = SimTime::ZERO + length;
        let mut facts = TraceFacts {
            peers: self.peers(),
            ..TraceFacts::default()
        };
        let mut up_for = 0.0;
        for peer in (0..self.peers()).map(PeerIdx) {
            let (mut is_up, mut since) = (peer.0 < self.initial, SimTime::ZERO);
            for at in self.moments_of(peer).iter().take_while(|at| **at < end) {
                if is_up {
                    up_for += at.seconds_from(since);
                    facts.departures += 1;
                } else {
                    facts.joins += 1;
                }
                (is_up, since) = (!is_up, *at);
            }
            if is_up {
                up_for += end.seconds_from(since);
            }
        }
        facts.mean_up = up_for / length.as_secs_f64().max(1e-9);
        let due = self.due.iter().take_while(|due| due.at < end);
        for due in due {
            match self.wish(*due) {
                Wish::Lookup { .. } => facts.lookups += 1,
                Wish::Put { .. } => facts.puts += 1,
                Wish::Get { .. } => facts.gets += 1,
            }
        }
        let last = self.due.last().map(|due| due.at);
        facts.last = self
            .moments
            .iter()
            .copied()
            .chain(last)
            .max()
            .map(|at| SimDuration(at.0));
        facts
    }

    /// Lets a scenario know what its trace says: how many are up at time 0, how many there ever are, and whether anything
    /// is stored.
    ///
    /// # Errors
    /// The scenario says otherwise, or has no room for all.
    pub fn tell(&self, scenario: &mut Scenario) -> Result<(), Misfit> {
        let facts = self.facts(scenario.warmup + scenario.duration);
        let peers = u64::from(self.peers()) + scenario.joining_by_faults();
        let ChurnModel::Trace(played) = &mut scenario.churn.model else {
            return Ok(());
        };
        let (last, from) = (SimDuration(self.trace.last().0), played.from);
        if from > last {
            return Err(Misfit::Over { last, from });
        }
        if self.peers() == 0 {
            return Err(Misfit::Nobody);
        }
        let up = self.initial;
        if let Some(nodes) = played.nodes.filter(|nodes| *nodes != up) {
            return Err(Misfit::Nodes { up, nodes });
        }
        let positions = peers * u64::from(scenario.overlay.virtual_nodes);
        let room = 1_u128 << scenario.overlay.id_bits;
        let room = room.min(POSITIONS_MAX.into()) as u64;
        if positions > room {
            return Err(Misfit::NoRoom {
                peers,
                positions,
                room,
            });
        }
        let storage = played.storage;
        let stores = self
            .due
            .iter()
            .any(|due| !matches!(self.wish(*due), Wish::Lookup { .. }));
        played.facts = Some(facts);
        scenario.overlay.nodes = up;
        if stores {
            scenario.storage.get_or_insert(storage);
        }
        Ok(())
    }
}

/// Which part of a trace is played, in its own time, and how fast.
struct Cut {
    from: SimTime,
    to: SimTime,
    speed: f64,
}

impl Cut {
    fn of(played: &PlayedTrace) -> Self {
        let from = SimTime(played.from.0);
        let to = played.length.map(|length| from.0.saturating_add(length.0));
        Self {
            from,
            to: to.map_or(SimTime::MAX, SimTime),
            speed: played.speed,
        }
    }

    /// The sessions of a host that this part meets.
    fn meets<'a>(&self, sessions: &'a [Session]) -> &'a [Session] {
        let first = sessions.partition_point(|session| session.to <= self.from);
        let rest = &sessions[first..];
        // Who is up at the first moment of all is there.
        &rest[..rest.partition_point(|session| session.from < self.to)]
    }

    /// A moment of the trace in the time of the run.
    fn moment(&self, at: SimTime) -> SimTime {
        let since = SimDuration(at.0 - self.from.0);
        // As whole nanoseconds where that is possible.
        let since = if self.speed.to_bits() == 1.0_f64.to_bits() {
            since
        } else {
            since.scaled(1.0 / self.speed)
        };
        SimTime::ZERO + since
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::inputs::{Remarks, TextFile, churn_trace};
    use crate::scenario::{Overrides, Plan};

    const TEXT: &str =
        "a 2 0 100 300 500\nb 1 50 200\nc 1 90 100\nd 1 100 600\ne 1 150 160\nf 1 400 1000\n";

    fn played(from: u64, length: Option<u64>, speed: f64) -> PlayedTrace {
        let length = length.map_or_else(String::new, |length| format!("length = \"{length}s\"\n"));
        let text = format!(
            "[churn]\nmodel = \"trace\"\n[churn.trace]\nfile = \"a.avt\"\nfrom = \"{from}s\"\nspeed = {speed:?}\n{length}"
        );
        let plan = Plan::parse(&text, Path::new("a.toml"), &Overrides::default()).unwrap();
        match &plan.runs[0].scenario.churn.model {
            ChurnModel::Trace(played) => (**played).clone(),
            model => panic!("{model:?}"),
        }
    }

    fn table(text: &str, played: &PlayedTrace) -> Timetable {
        let file = TextFile::new(Path::new("a.avt"), text);
        let trace = churn_trace::read(file, None, &mut Remarks::default()).unwrap();
        Timetable::new(&Arc::new(trace), played)
    }

    fn seconds(table: &Timetable) -> Vec<Vec<u64>> {
        let of = |peer| {
            let moments = table.moments_of(peer).iter();
            moments.map(|at| at.0 / 1_000_000_000).collect()
        };
        (0..table.peers()).map(|peer| of(PeerIdx(peer))).collect()
    }

    /// Up from its start up to and without its end: at 100, `a` and `c` have gone and `d` is there. At 400 the part is over:
    /// what begins or ends then does not happen.
    #[test]
    fn a_part_begins_with_who_is_up() {
        let table = table(TEXT, &played(100, Some(300), 1.0));
        assert_eq!(table.initial(), 2);
        let expected = [vec![100], vec![], vec![200], vec![50, 60]];
        assert_eq!(seconds(&table), expected);
        let facts = table.facts(SimDuration::from_secs(300));
        assert_eq!((facts.joins, facts.departures, facts.peers), (2, 2, 4));
        // b for 100 s, d all the time, a for 100 s, e for 10 s, of 300 s.
        assert!((facts.mean_up - 510.0 / 300.0).abs() < 1e-12);
    }

    #[test]
    fn twice_as_fast_takes_half_as_long() {
        let whole = table(TEXT, &played(0, None, 1.0));
        let fast = table(TEXT, &played(0, None, 2.0));
        let half = |moments: &Vec<u64>| moments.iter().map(|at| at / 2).collect::<Vec<_>>();
        assert_eq!(
            seconds(&fast),
            seconds(&whole).iter().map(half).collect::<Vec<_>>()
        );
        assert_eq!(whole.initial(), 1);
    }

    #[test]
    fn requests_come_with_who_asks() {
        let text = "1 5 JOIN\n2 6 JOIN\n3 5 PUT k v\n4 5 LEAVE\n6 6 GET k\n";
        let table = table(text, &played(2, None, 1.0));
        // 5 is up at 2, and 6 comes at that moment: both are there at time 0.
        assert_eq!((table.initial(), table.peers()), (2, 2));
        let (put, get) = (table.due(0).unwrap(), table.due(1).unwrap());
        assert_eq!((put.at.0, put.peer), (1_000_000_000, PeerIdx(0)));
        assert_eq!((get.at.0, get.peer), (4_000_000_000, PeerIdx(1)));
        assert_eq!(table.due(2), None);
    }
}
