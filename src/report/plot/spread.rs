//! Which values of the swept keys are kept when there are more combinations than can be told apart.
//!
//! The key of which most values are kept gives up one, until few enough combinations are left: so the values that stay
//! are evenly spaced. Nothing is kept in lists meanwhile. Whether a value is kept follows from its place, and a round ends
//! with the first combination too many, which is found the sooner the more are kept.

use super::style::MOST_SERIES;

/// Evenly spaced places among so many, the first and the last among them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    /// How many are kept.
    pub count: usize,
    last: usize,
}

impl Spread {
    fn gaps(self) -> usize {
        (self.count - 1).max(1)
    }

    /// The places that are kept.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |i| self.place(i))
    }

    fn place(self, i: usize) -> usize {
        (i * self.last + self.gaps() / 2) / self.gaps()
    }

    /// Whether a place is kept: if so, it is that of the first `i` which does not lie before it.
    fn keeps(self, place: usize) -> bool {
        let (gaps, last) = (self.gaps(), self.last.max(1));
        let i = (place * gaps).saturating_sub(gaps / 2).div_ceil(last);
        i < self.count && self.place(i) == place
    }
}

/// Whether all values of a row, given by their places, are kept.
pub(super) fn keep(kept: &[Spread], row: &[usize]) -> bool {
    row.iter().zip(kept).all(|(place, kept)| kept.keeps(*place))
}

/// What is kept of each key, given how many values it has, so that of these rows of places no more are left than
/// can be told apart. `look` is called for every row that is looked at.
pub(super) fn few(counts: &[usize], rows: &[Vec<usize>], mut look: impl FnMut()) -> Vec<Spread> {
    let all = |count: &usize| Spread {
        count: *count,
        last: count - 1,
    };
    let mut kept: Vec<Spread> = counts.iter().map(all).collect();
    loop {
        let left = rows.iter().filter(|row| {
            look();
            keep(&kept, row)
        });
        let too_many = left.take(MOST_SERIES + 1).count() > MOST_SERIES;
        let largest = kept.iter_mut().rev().max_by_key(|kept| kept.count);
        match largest {
            Some(largest) if too_many && largest.count > 1 => largest.count -= 1,
            _ => return kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the rule is told, with lists.
    fn by_lists(counts: &[usize], rows: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let spread = |of: usize, count: usize| -> Vec<usize> {
            let (last, gaps) = (of - 1, (count - 1).max(1));
            (0..count).map(|i| (i * last + gaps / 2) / gaps).collect()
        };
        let mut kept: Vec<Vec<usize>> = counts.iter().map(|of| spread(*of, *of)).collect();
        loop {
            let fits = |row: &&Vec<usize>| row.iter().zip(&kept).all(|(v, k)| k.contains(v));
            let left = rows.iter().filter(fits).count();
            let key = (0..kept.len()).rev().max_by_key(|k| kept[*k].len());
            match key {
                Some(key) if left > MOST_SERIES && kept[key].len() > 1 => {
                    kept[key] = spread(counts[key], kept[key].len() - 1);
                }
                _ => return kept,
            }
        }
    }

    /// All combinations, the values of the last key next to each other.
    fn product(counts: &[usize]) -> Vec<Vec<usize>> {
        counts.iter().fold(vec![Vec::new()], |rows, count| {
            let longer = |row: &Vec<usize>| {
                let row = row.clone();
                (0..*count).map(move |value| [&row[..], &[value]].concat())
            };
            rows.iter().flat_map(longer).collect()
        })
    }

    #[test]
    fn what_is_kept_is_what_the_lists_keep() {
        for counts in [
            &[][..],
            &[1],
            &[8],
            &[9],
            &[57],
            &[3, 5],
            &[40, 7],
            &[7, 40],
            &[5, 6, 4],
        ] {
            let whole = product(counts);
            // Runs may have failed: every third combination is not there.
            let holes = whole.iter().enumerate().filter(|(at, _)| at % 3 > 0);
            let holes: Vec<Vec<usize>> = holes.map(|(_, row)| row.clone()).collect();
            for rows in [whole, holes] {
                let kept = few(counts, &rows, || {});
                let lists = by_lists(counts, &rows);
                for ((kept, list), count) in kept.iter().zip(&lists).zip(counts) {
                    assert!(kept.places().eq(list.iter().copied()), "{counts:?}");
                    let places = (0..*count).filter(|place| kept.keeps(*place));
                    assert!(places.eq(list.iter().copied()), "{counts:?}");
                }
            }
        }
    }

    /// With m of n values kept a round ends after some 8 n / m rows, and over all m that is 8 n ln n: for 10 000 rows less
    /// than 80 looks at each. To look at all rows in each round would be 2000.
    #[test]
    fn rows_are_not_looked_at_once_for_every_value() {
        for counts in [
            &[2000, 5][..],
            &[5, 2000],
            &[10_000],
            &[100, 100],
            &[22, 21, 22],
        ] {
            let rows = product(counts);
            let mut looks = 0;
            few(counts, &rows, || looks += 1);
            assert!(looks < 80 * rows.len(), "{counts:?}: {looks}");
        }
    }
}
