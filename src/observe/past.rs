//! What nodes did that have gone for good, in few bytes: most nodes of a run that churns for long are among them.
//!
//! Where rows of nodes are wanted, all that a row tells is kept, in some 28 bytes; where not, a node's load, in none: it
//! fits the note that stands in place of the number of its row.

use crate::engine::SimTime;
use crate::world::{Departure, Note};

/// Messages, bytes and lookups of one node during the measurement. None lies across two cache lines.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
#[repr(align(32))]
pub(super) struct Activity {
    pub lookups_started: u32,
    pub messages_in: u32,
    pub messages_out: u32,
    pub forwarded: u32,
    pub bytes_out: u64,
}

impl Activity {
    /// The messages that it handled.
    pub(super) fn load(&self) -> u64 {
        self.messages_in.into()
    }

    /// Whether it asked for anything, or sent or handled a message.
    pub(super) fn is_any(&self) -> bool {
        self.lookups_started > 0 || self.messages_in + self.messages_out > 0
    }
}

/// When a node was there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Life {
    /// First became a member; `SimTime::MAX` if it never did.
    pub joined: SimTime,
    /// Last departed; `SimTime::MAX` if it is there.
    pub left: SimTime,
    pub departure: Departure,
    /// Whether it is on the ring: not if it has lost the others, though it is up.
    pub member: bool,
    /// Whether its peer is up.
    pub up: bool,
    /// Times it was up during the measurement.
    pub sessions: u32,
    /// How long it was up during the measurement, in nanoseconds: the sum of the moments at which it went, less the
    /// moments at which it came. While it is up, that is yet to come to something.
    pub up_for: u64,
}

impl Default for Life {
    fn default() -> Self {
        Self {
            joined: SimTime::MAX,
            left: SimTime::MAX,
            departure: Departure::Crash,
            member: false,
            up: false,
            sessions: 0,
            up_for: 0,
        }
    }
}

impl Life {
    /// It is up, and a member, from the start.
    pub(super) fn begin(&mut self, now: SimTime) {
        self.joined = now;
        self.member = true;
        self.up = true;
        self.up_for = self.up_for.wrapping_sub(now.0);
    }

    /// Whether it has been a member in the life that it now lives.
    pub(super) fn got_there(&self) -> bool {
        self.joined != SimTime::MAX && self.left == SimTime::MAX
    }

    /// Whether it was a member during the measurement that began at `from`.
    pub(super) fn was_member(&self, from: SimTime) -> bool {
        self.joined != SimTime::MAX && self.left >= from
    }
}

/// What is packed begins at a multiple of so many bytes: so notes reach further.
const STEP: usize = 4;

/// The nodes that have gone for good. What is known of one is found by its note; note 0 is of one of which there is
/// nothing to tell.
pub(super) struct Past {
    /// Whether more than loads are kept.
    in_full: bool,
    /// What is known of each, from a multiple of [`STEP`] on.
    packed: Vec<u8>,
}

impl Past {
    /// Of nobody yet.
    pub(super) fn new(in_full: bool) -> Self {
        Self {
            in_full,
            // The first note that tells of anything is 1.
            packed: vec![0; STEP],
        }
    }

    /// Keeps what is to be known of a node that has gone, and says where; `None` if there is no room for it. The
    /// measurement began, or begins, at `from`.
    pub(super) fn note(&mut self, life: &Life, activity: &Activity, from: SimTime) -> Option<Note> {
        let was_member = life.was_member(from);
        if !was_member && !activity.is_any() {
            return Some(Note::default());
        }
        if !self.in_full {
            return Note::new(activity.load() << 1 | u64::from(was_member));
        }
        let note = Note::new((self.packed.len() / STEP) as u64)?;
        for number in numbers_of(life, activity) {
            put(&mut self.packed, number);
        }
        self.packed
            .resize(self.packed.len().next_multiple_of(STEP), 0);
        Some(note)
    }

    /// What a node did; `None` if that is nothing to tell of.
    pub(super) fn get(&self, note: Note) -> Option<(Life, Activity)> {
        let start = note.number() as usize * STEP;
        if !self.in_full || start == 0 {
            return None;
        }
        let mut packed = self.packed[start..].iter().copied();
        Some(of_numbers(std::array::from_fn(|_| take(&mut packed))))
    }

    /// Whether a node was a member during the measurement that began at `from`, and the messages that it handled.
    pub(super) fn load(&self, note: Note, from: SimTime) -> (bool, u64) {
        if !self.in_full {
            let number = u64::from(note.number());
            return (number & 1 == 1, number >> 1);
        }
        let known = self.get(note);
        known.map_or((false, 0), |(life, activity)| {
            (life.was_member(from), activity.load())
        })
    }
}

/// What is kept of a node that is gone, as numbers that are small: one follows from another, or nearly so.
fn numbers_of(life: &Life, activity: &Activity) -> [u64; 9] {
    let stayed = life.left.0.wrapping_sub(life.joined.0);
    [
        // `SimTime::MAX` becomes 0.
        life.joined.0.wrapping_add(1),
        stayed,
        life.up_for.wrapping_sub(stayed),
        u64::from(life.sessions) << 1 | u64::from(life.departure == Departure::Leave),
        activity.lookups_started.into(),
        activity.messages_in.into(),
        activity.messages_out.into(),
        activity.forwarded.into(),
        activity.bytes_out,
    ]
}

/// What was kept of a node that is gone.
fn of_numbers(numbers: [u64; 9]) -> (Life, Activity) {
    let [
        joined,
        stayed,
        more,
        sessions,
        asked,
        handled,
        sent,
        forwarded,
        bytes_out,
    ] = numbers;
    let joined = joined.wrapping_sub(1);
    let life = Life {
        joined: SimTime(joined),
        left: SimTime(joined.wrapping_add(stayed)),
        departure: if sessions & 1 == 1 {
            Departure::Leave
        } else {
            Departure::Crash
        },
        member: false,
        up: false,
        sessions: (sessions >> 1) as u32,
        up_for: stayed.wrapping_add(more),
    };
    // Each was such a number before.
    let [asked, handled, sent, forwarded] = [asked, handled, sent, forwarded].map(|n| n as u32);
    let activity = Activity {
        lookups_started: asked,
        messages_in: handled,
        messages_out: sent,
        forwarded,
        bytes_out,
    };
    (life, activity)
}

/// Puts a number down, seven bits a byte; the last byte has the highest bit clear (LEB128).
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number up again.
fn take(bytes: &mut impl Iterator<Item = u8>) -> u64 {
    let (mut number, mut shift) = (0, 0);
    for byte in bytes {
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(joined: u64, left: u64, up_for: u64) -> Life {
        Life {
            joined: SimTime(joined),
            left: SimTime(left),
            departure: Departure::Leave,
            sessions: 1,
            up_for,
            ..Life::default()
        }
    }

    const BUSY: Activity = Activity {
        lookups_started: 3,
        messages_in: 700,
        messages_out: 80,
        forwarded: u32::MAX,
        bytes_out: u64::MAX,
    };

    #[test]
    fn what_is_packed_is_what_was() {
        let lives = [
            gone(5_000_000_000, 9_000_000_000, 4_300_000_000),
            // It came before the measurement, and was up in it for less than it was a member.
            gone(0, 9_000_000_000, 1),
            gone(u64::MAX - 1, u64::MAX - 1, u64::MAX),
            // It never became a member.
            Life {
                up_for: 77,
                sessions: u32::MAX,
                ..Life::default()
            },
        ];
        let mut past = Past::new(true);
        let from = SimTime(1_000_000_000);
        let notes = lives.map(|life| past.note(&life, &BUSY, from).unwrap());
        for (life, note) in lives.into_iter().zip(notes) {
            assert_eq!(past.get(note), Some((life, BUSY)));
            assert_eq!(past.load(note, from), (life.was_member(from), 700));
        }
        let early = gone(1, 2, 1);
        let nothing = past.note(&early, &Activity::default(), from).unwrap();
        assert_eq!(
            (past.get(nothing), past.load(nothing, from)),
            (None, (false, 0))
        );
    }

    /// Joined within ten days, stayed for ten minutes and came half a second before it joined: the first takes 50 bits,
    /// the others 40 and 29. So 8 + 6 + 5 bytes, and nine for the other six, in whole steps.
    #[test]
    fn a_usual_node_takes_28_bytes_and_where_only_its_load_is_wanted_none() {
        let (hour, second) = (3_600_000_000_000, 1_000_000_000);
        let life = gone(
            240 * hour,
            240 * hour + 600 * second,
            600 * second + second / 2,
        );
        let activity = Activity {
            forwarded: 90,
            bytes_out: 16_000,
            ..BUSY
        };
        let mut past = Past::new(true);
        let before = past.packed.len();
        assert!(past.note(&life, &activity, SimTime(0)).is_some());
        assert_eq!(past.packed.len() - before, 28);
        let mut loads = Past::new(false);
        let note = loads.note(&life, &activity, SimTime(0)).unwrap();
        assert_eq!(loads.load(note, SimTime(0)), (true, 700));
        assert_eq!(loads.packed.len(), STEP);
        let heavy = Activity {
            messages_in: 1 << 30,
            ..activity
        };
        assert_eq!(loads.note(&life, &heavy, SimTime(0)), None, "no room");
    }
}
