//! The digits of numbers, eight at a time. A row of `lookups.csv` has about a hundred of them.

/// Where a cell is written: more than any whole number takes, or any number of billionths.
pub(super) type Room = [u8; ROOM];
pub(super) const ROOM: usize = 32;

const EIGHT_DIGITS: u64 = 100_000_000;
const BILLION: u64 = 1_000_000_000;
const FIFTEEN_DIGITS: i64 = 1_000_000_000_000_000;

/// Writes a whole number; how many characters it has. What is behind them in the room means nothing.
#[inline]
pub(super) fn write_whole(value: u64, to: &mut Room) -> usize {
    let (front, last) = split(value);
    if front == 0 {
        return write_first(last, to);
    }
    let (front, middle) = split(front);
    let mut count;
    if front == 0 {
        count = write_first(middle, to);
    } else {
        count = write_first(front as u32, to);
        write_eight(eight_digits(middle), &mut to[count..]);
        count += 8;
    }
    write_eight(eight_digits(last), &mut to[count..]);
    count + 8
}

/// Writes a number of billionths as a decimal without zeros at its end; how many characters it has.
#[inline]
pub(super) fn write_billionths(value: u64, to: &mut Room) -> usize {
    let count = write_whole(value / BILLION, to);
    let fraction = value % BILLION;
    if fraction == 0 {
        return count;
    }
    let (first, others) = split(fraction);
    let others = eight_digits(others);
    to[count] = b'.';
    to[count + 1] = b'0' + first as u8;
    write_eight(others, &mut to[count + 2..]);
    count + 2 + (8 - others.leading_zeros() as usize / 8)
}

/// How many billionths a number is, if it is the `f64` nearest to a whole number of them below 10^15;
/// never if it is less than 0.
///
/// No two decimals of up to 15 digits have the same nearest `f64`, so the digits of that whole number
/// are the only ones as few that read back as the same value: no search for them is needed. All times
/// in whole nanoseconds are such numbers, up to 10^6 s or ms.
#[inline]
#[expect(clippy::float_cmp, reason = "it is about this very value")]
pub(super) fn billionths(value: f64) -> Option<u64> {
    // The cast maps what is not a number to 0, and then the two are not equal.
    let nearest = (value * 1e9 + 0.5) as i64;
    let found = (0..FIFTEEN_DIGITS).contains(&nearest) && nearest as f64 / 1e9 == value;
    found.then_some(nearest as u64)
}

/// What stands before the last eight digits, and those.
#[inline]
fn split(value: u64) -> (u64, u32) {
    (value / EIGHT_DIGITS, (value % EIGHT_DIGITS) as u32)
}

/// Writes a whole number of up to eight digits; how many they are.
#[inline]
fn write_first(value: u32, to: &mut Room) -> usize {
    if value < 10 {
        to[0] = b'0' + value as u8;
        return 1;
    }
    let digits = eight_digits(value);
    let zeros = digits.trailing_zeros() / 8;
    write_eight(digits >> (8 * zeros), to);
    8 - zeros as usize
}

#[inline]
fn write_eight(digits: u64, to: &mut [u8]) {
    to[..8].copy_from_slice(&(digits | 0x3030_3030_3030_3030).to_le_bytes());
}

/// The digits of a number of up to eight, zeros in front included: a byte each, the first the lowest.
#[inline]
fn eight_digits(value: u32) -> u64 {
    // Side by side in one register: twice four digits, then four times two, then eight times one. A
    // quotient is a product with the rounded reciprocal, which is exact for so few digits.
    let fours = u64::from(value / 10_000) | (u64::from(value % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - tens * 10) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use rand::RngExt as _;

    fn text(write: impl FnOnce(&mut Room) -> usize) -> String {
        let mut room = [b'?'; ROOM];
        let count = write(&mut room);
        String::from_utf8(room[..count].to_vec()).unwrap()
    }

    fn whole(value: u64) -> String {
        text(|room| write_whole(value, room))
    }

    /// As it was written before there was a way around the search for the shortest form.
    fn searched(value: f64) -> String {
        let mut digits = ryu::Buffer::new();
        let text = digits.format_finite(value);
        if text.contains('e') {
            return value.to_string();
        }
        text.strip_suffix(".0").unwrap_or(text).to_owned()
    }

    /// Whether the number has a way around the search, and if so, that it leads to the same bytes.
    fn agrees(value: f64) -> bool {
        let Some(found) = billionths(value) else {
            return false;
        };
        let written = text(|room| write_billionths(found, room));
        assert_eq!(
            written,
            if value == 0.0 {
                "0".to_owned()
            } else {
                searched(value)
            }
        );
        true
    }

    #[test]
    fn every_four_digits_are_right_in_both_halves() {
        for value in 0..10_000 {
            assert_eq!(whole(value), value.to_string());
            let both = value * 10_001 + EIGHT_DIGITS;
            assert_eq!(whole(both), both.to_string());
        }
    }

    #[test]
    fn whole_numbers_of_all_lengths_are_right() {
        let mut rng = stream(1, Stream::Protocol);
        let powers = (0..20).map(|power| 10_u64.pow(power));
        let edges = powers.flat_map(|power| [power - 1, power, power + 1]);
        let random = (0..20_000).map(|i| rng.random::<u64>() >> (i % 64));
        for value in edges.chain(random).chain([u64::MAX]) {
            assert_eq!(whole(value), value.to_string());
        }
    }

    /// Seconds and milliseconds of whole nanoseconds need no search, and lose nothing by that.
    #[test]
    fn times_are_written_as_the_search_would_write_them() {
        let mut rng = stream(2, Stream::Protocol);
        let powers = (0..15).map(|power| 10_u64.pow(power));
        let edges = powers.flat_map(|power| [power - 1, power, power + 1, 5 * power]);
        let random =
            (0..20_000).map(|i| rng.random_range(0..1_000_000_000_000_000_u64) >> (i % 50));
        for nanoseconds in edges.chain(random).chain(0..2_000) {
            assert!(agrees(nanoseconds as f64 / 1e9), "{nanoseconds} ns in s");
            let in_ms = nanoseconds as f64 / 1e6;
            assert_eq!(agrees(in_ms), in_ms < 1e6, "{nanoseconds} ns in ms");
        }
    }

    /// What lies next to a decimal, quotients, and anything else: only ever the same bytes.
    #[test]
    fn other_numbers_are_written_as_the_search_would_write_them() {
        let mut rng = stream(3, Stream::Protocol);
        for _ in 0..20_000 {
            let decimal = rng.random_range(0..1_000_000_000_000_000_u64) as f64 / 1e9;
            let near = [decimal.next_up(), decimal.next_down(), decimal * 1e3];
            let part = rng.random::<u32>() as f64 / f64::from(rng.random_range(1..100_000_u32));
            let any = f64::from_bits(rng.random());
            for value in near.into_iter().chain([part, any]) {
                agrees(value);
            }
        }
        // Half-way between two shorter decimals, the largest there is a way for, the next.
        for value in [0.5 + 2f64.powi(-17), 999_999.999_999_999, 1e6] {
            agrees(value);
        }
    }

    #[test]
    fn what_is_no_decimal_of_nine_places_is_left_to_the_search() {
        for value in [0.1 + 0.2, 1.0 / 3.0, 1e-10, 1e6, 1e300, -1.5] {
            assert_eq!(billionths(value), None, "{value}");
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(billionths(value), None, "{value}");
        }
        assert_eq!(billionths(-0.0), Some(0));
        assert_eq!(billionths(0.3), Some(300_000_000));
    }
}
