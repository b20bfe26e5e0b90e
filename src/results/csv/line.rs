//! One line of CSV made of numbers and fixed words, without an allocation per row.
//!
//! None of these cells can hold a comma, a quote or a line break, so nothing is ever quoted; cells
//! with text of the user's go through the `csv` crate instead (see `table`).

use super::digits::{ROOM, Room, billionths, write_billionths, write_whole};
use crate::catalogue::{AnyRecord, Cell, Cells};

/// Cells are appended one by one; [`Line::end`] closes a row. Rows pile up until they are taken.
///
/// Numbers are written in their place, in pieces of a fixed size of which the next cell takes back what
/// is too much: a store each, where appending to a vector takes a call.
#[derive(Default)]
pub struct Line {
    /// The rows, then room for cells.
    bytes: Vec<u8>,
    /// Where the rows end.
    end: usize,
}

impl Cells for Line {
    #[inline]
    fn whole(&mut self, value: u64) {
        self.cell(|room| write_whole(value, room));
    }

    /// In the shortest decimal form that reads back as the same value, never with an exponent; whole
    /// numbers without a fraction. What is not finite does not exist: empty.
    #[inline]
    fn number(&mut self, value: f64) {
        if let Some(billionths) = billionths(value) {
            self.cell(|room| write_billionths(billionths, room));
        } else if value.is_finite() {
            self.shortest(value);
        } else {
            self.empty();
        }
    }

    fn word(&mut self, word: &str) {
        self.append(word.as_bytes());
    }

    /// In quotes if it needs them.
    fn text(&mut self, text: &str) {
        if text
            .bytes()
            .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
        {
            self.word(&format!("\"{}\"", text.replace('"', "\"\"")));
        } else {
            self.word(text);
        }
    }

    #[inline]
    fn empty(&mut self) {
        self.append(b"");
    }
}

impl Line {
    /// The row of a record, without the columns that name the run.
    #[inline]
    pub fn row(&mut self, record: AnyRecord<'_>) {
        record.write(self);
        self.end();
    }

    /// Closes the row.
    pub fn end(&mut self) {
        if let Some(last) = self.bytes[..self.end].last_mut() {
            *last = b'\n';
        }
    }

    /// The bytes of everything appended and not yet cleared.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.end]
    }

    /// Forgets what was appended and keeps the memory.
    pub fn clear(&mut self) {
        self.end = 0;
    }

    /// Appends a cell that is written in place; `write` tells how many bytes it has.
    #[inline]
    fn cell(&mut self, write: impl FnOnce(&mut Room) -> usize) {
        if self.bytes.len() - self.end < ROOM {
            self.make_room(ROOM);
        }
        let room = self.bytes[self.end..].first_chunk_mut();
        let room = room.expect("it was made just now");
        let count = write(room);
        room[count] = b',';
        self.end += count + 1;
    }

    /// Appends a cell.
    fn append(&mut self, cell: &[u8]) {
        if self.bytes.len() - self.end <= cell.len() {
            self.make_room(cell.len() + 1);
        }
        let comma = self.end + cell.len();
        self.bytes[self.end..comma].copy_from_slice(cell);
        self.bytes[comma] = b',';
        self.end = comma + 1;
    }

    #[cold]
    fn make_room(&mut self, room: usize) {
        let len = (self.end + room).max(2 * self.bytes.len());
        self.bytes.resize(len, 0);
    }

    /// Appends a number whose shortest form has to be searched for.
    fn shortest(&mut self, value: f64) {
        let mut digits = ryu::Buffer::new();
        let text = digits.format_finite(value).as_bytes();
        // None of these has an exponent: it need not be looked for.
        if (1e-3..1e15).contains(&value) || !text.contains(&b'e') {
            self.append(text.strip_suffix(b".0").unwrap_or(text));
        } else {
            // Display has no exponents; it is the slow way, for very large and very small values.
            self.append(value.to_string().as_bytes());
        }
    }
}

/// As [`Line::number`] writes it; empty for `None`.
#[must_use]
pub fn number(value: Option<f64>) -> String {
    let mut line = Line::default();
    Cell::write(&value, &mut line);
    let cell = line.bytes().strip_suffix(b",").unwrap_or_default();
    String::from_utf8(cell.to_vec()).expect("digits, a sign and a point")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{
        AuditRecord, FingerprintRecord, LookupRecord, NodeRecord, Outcome, Reason, TimelineRecord,
    };
    use crate::engine::{Stream, stream};
    use crate::world::Departure;
    use rand::RngExt as _;

    /// Display's form but for ties: of two shortest forms that are equally near it takes the odd.
    #[test]
    fn numbers_read_back_and_are_as_short_as_can_be() {
        let mut rng = stream(1, Stream::Protocol);
        let odd = [
            1e21,
            1e-9,
            1.5,
            -2.0,
            0.1,
            1e15,
            5e-324,
            f64::MAX,
            0.1 + 0.2,
        ];
        let random = (0..20_000).map(|_| f64::from_bits(rng.random()));
        let finite = |value: &f64| value.is_finite();
        for value in odd.into_iter().chain(random).filter(finite) {
            let text = number(Some(value));
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
            assert_eq!(text.len(), value.to_string().len(), "{text}");
            assert!(!text.contains('e'), "{text}");
        }
    }

    #[test]
    fn what_does_not_exist_is_empty_and_zero_has_no_sign() {
        assert_eq!(number(None), "");
        assert_eq!(number(Some(f64::NAN)), "");
        assert_eq!(number(Some(f64::INFINITY)), "");
        assert_eq!(number(Some(-0.0)), "0");
    }

    #[test]
    fn a_line_is_cells_between_commas_and_a_line_feed() {
        let mut line = Line::default();
        line.whole(u64::MAX);
        line.word("ok");
        line.empty();
        line.whole(3);
        line.number(0.25);
        line.end();
        assert_eq!(line.bytes(), b"18446744073709551615,ok,,3,0.25\n");
    }

    fn interval() -> TimelineRecord {
        TimelineRecord {
            time_s: 60.0,
            nodes: 1,
            lookups: 2,
            ok: 3,
            wrong: 4,
            failed: 5,
            hops_mean: Some(6.5),
            latency_ms_mean: None,
            messages: 8,
            joins: 9,
            leaves: 10,
            crashes: 11,
            ring_ok: Some(true),
            wrong_successors: Some(0.125),
            dead_successors: Some(0.25),
            dead_fingers: Some(0.5),
            wrong_fingers: Some(0.75),
            joining: 17,
            values_alive: Some(18),
            values_lost: None,
            under_replicated: Some(20),
            repair_bytes: Some(21),
            handover_bytes: None,
            rings: Some(23),
            estimate_error: Some(0.125),
            selfish_share: Some(0.5),
        }
    }

    #[test]
    fn a_value_stands_under_its_column() {
        let mut line = Line::default();
        line.row(
            (&LookupRecord {
                lookup: 0,
                time_s: 1.5,
                source: Some(2),
                source_id: Some(3),
                key: 4,
                owner_id: Some(5),
                answer_id: None,
                outcome: Outcome::Failed,
                hops: None,
                timeouts: 9,
                latency_ms: Some(10.25),
                direct_ms: Some(11.0),
                stretch: None,
                reason: Some(Reason::AskerGone),
            })
                .into(),
        );
        line.row(
            (&NodeRecord {
                node: 0,
                id: 1,
                host: 2,
                joined_s: Some(-3.5),
                left_s: Some(4.0),
                departure: Some(Departure::Crash),
                selfish: true,
                keys: None,
                lookups_started: 8,
                messages_in: 9,
                messages_out: 10,
                forwarded: 11,
                bytes_out: 12,
                peer: 13,
                sessions: 14,
                up_s: 15.5,
            })
                .into(),
        );
        line.row((&interval()).into());
        line.row(
            (&FingerprintRecord {
                time_s: -0.5,
                events: 1,
                fingerprint: "00000000000000ff".to_owned(),
            })
                .into(),
        );
        line.row(
            (&AuditRecord {
                violation: 0,
                time_s: 1.5,
                invariant: "principals",
                node: Some(2),
                node_id: Some(3),
                cause: "State".to_owned(),
                preconditions: false,
                excuse: "failure",
                offenders: "4 5".to_owned(),
                principals: 6,
                until_s: None,
                story: "a, b".to_owned(),
            })
                .into(),
        );
        assert_eq!(
            String::from_utf8(line.bytes().to_vec()).unwrap(),
            "0,1.5,2,3,4,5,,failed,,9,10.25,11,,asker-gone\n\
             0,1,2,-3.5,4,crash,true,,8,9,10,11,12,13,14,15.5\n\
             60,1,2,3,4,5,6.5,,8,9,10,11,1,0.125,0.25,0.5,0.75,17,18,,20,21,,23,0.125,0.5\n\
             -0.5,1,00000000000000ff\n\
             0,1.5,principals,2,3,State,false,failure,4 5,6,,\"a, b\"\n"
        );
    }
}
