//! Bisection: where among values in a row something begins to be so. It knows the places of values and what was found
//! there, and neither runs nor metrics.
//!
//! Ends and quarters are tried first, then the middle between the first place where it is so and the one before it that is
//! known, until these two are neighbours. Where it begins once, that is where it begins; where it comes and goes, it is one
//! of the places where it begins, and the quarters tell that there are others, unless all of those lie between two of them.
//!
//! What is tried next follows from what was found by the same bisection and from nothing else: so it is the same in
//! whatever order runs end, however many go on at once, and whether any of them was there before.

use std::collections::BTreeMap;

/// What was found at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    /// It is not yet so.
    Before,
    /// It is so.
    Past,
    /// Nobody knows: what was to tell has failed.
    Failed,
}

/// What comes next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// These places are to be tried.
    Try(Vec<usize>),
    /// Nothing.
    Over(Ending),
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// It begins between these neighbours.
    Between(usize, usize),
    /// It is so nowhere that was tried.
    Never,
    /// It is so at the first place already.
    Already,
    /// It cannot be known.
    Failed,
}

/// What comes next, from what was found so far; `always` are the places that are tried in any case, ascending.
pub(super) fn next(always: &[usize], found: &BTreeMap<usize, Found>) -> Step {
    let missing = always.iter().copied();
    let missing: Vec<usize> = missing.filter(|place| !found.contains_key(place)).collect();
    if !missing.is_empty() {
        return Step::Try(missing);
    }
    if found.values().any(|found| *found == Found::Failed) {
        return Step::Over(Ending::Failed);
    }
    let mut before = None;
    for (&place, found) in found {
        if *found == Found::Past {
            return match before {
                None => Step::Over(Ending::Already),
                Some(before) if place - before <= 1 => Step::Over(Ending::Between(before, place)),
                Some(before) => Step::Try(vec![before.midpoint(place)]),
            };
        }
        before = Some(place);
    }
    Step::Over(Ending::Never)
}

/// How often, of the places that were tried in a row, one is past and its neighbour is not.
pub(super) fn crossings(found: &BTreeMap<usize, Found>) -> usize {
    let known: Vec<Found> = found.values().copied().collect();
    let pairs = known.windows(2);
    pairs.filter(|pair| pair[0] != pair[1]).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Stream, stream};
    use crate::scenario::always_tried;
    use rand::RngExt as _;

    /// Bisects a curve to its end; what was found on the way, and how often something was tried.
    fn bisect(curve: &[bool]) -> (Ending, BTreeMap<usize, Found>) {
        let always = always_tried(curve.len() - 1);
        let mut found = BTreeMap::new();
        loop {
            match next(&always, &found) {
                Step::Over(ending) => return (ending, found),
                Step::Try(places) => {
                    for place in places {
                        let is = if curve[place] {
                            Found::Past
                        } else {
                            Found::Before
                        };
                        assert_eq!(found.insert(place, is), None, "{place} is tried twice");
                    }
                }
            }
        }
    }

    /// Every curve that passes the level once, of every length: where it does, a look at every place says as well.
    #[test]
    fn a_curve_that_passes_once_is_bisected_to_where_it_does() {
        for places in 2..=130 {
            for first in 0..=places {
                let curve: Vec<bool> = (0..places).map(|place| place >= first).collect();
                let (ending, found) = bisect(&curve);
                let expected = match first {
                    0 => Ending::Already,
                    _ if first == places => Ending::Never,
                    _ => Ending::Between(first - 1, first),
                };
                assert_eq!(ending, expected, "{first} of {places}");
                let passes = !matches!(ending, Ending::Already | Ending::Never);
                assert_eq!(crossings(&found), usize::from(passes));
            }
        }
    }

    /// Whatever the curve, what is found is a place where it passes the level; and one is found unless none of the
    /// quarters is past it.
    #[test]
    fn of_a_curve_that_comes_and_goes_some_beginning_is_found() {
        let mut rng = stream(7, Stream::Protocol);
        for _ in 0..3000 {
            let places = rng.random_range(2..60_usize);
            let share: f64 = rng.random();
            let curve: Vec<bool> = (0..places).map(|_| rng.random::<f64>() < share).collect();
            let always = always_tried(places - 1);
            let (ending, found) = bisect(&curve);
            match ending {
                Ending::Between(before, past) => {
                    assert_eq!(before + 1, past);
                    assert!(!curve[before] && curve[past], "{curve:?}");
                }
                Ending::Already => assert!(curve[0]),
                Ending::Never => assert!(always.iter().all(|place| !curve[*place])),
                Ending::Failed => panic!("nothing fails here"),
            }
            let turns = always.windows(2).filter(|p| curve[p[0]] != curve[p[1]]);
            assert!(crossings(&found) >= turns.count());
        }
    }

    /// 0.02 is under the level and so are the ends' quarters: not, so, not, so, so.
    #[test]
    fn a_curve_that_turns_is_noticed_and_its_first_beginning_is_found() {
        let curve: Vec<bool> = (0..=100)
            .map(|place| (20..40).contains(&place) || place >= 70)
            .collect();
        let (ending, found) = bisect(&curve);
        assert_eq!(ending, Ending::Between(19, 20));
        assert_eq!(crossings(&found), 3);
        // Past the level in between, and not at the end.
        let curve: Vec<bool> = (0..=100).map(|place| (45..60).contains(&place)).collect();
        let (ending, found) = bisect(&curve);
        assert_eq!((ending, crossings(&found)), (Ending::Between(44, 45), 2));
    }

    /// On 100 steps: five places, and five halvings of 25.
    #[test]
    fn no_more_is_tried_than_is_said() {
        for (steps, most) in [
            (100, 10),
            (1000, 13),
            (4, 5),
            (1, 2),
            (5, 6),
            (2, 3),
            (3, 4),
        ] {
            let threshold = crate::scenario::Threshold {
                values: (0..=steps).map(f64::from).collect(),
                ..crate::results::testing::threshold()
            };
            assert_eq!(threshold.tried_at_most(), most, "{steps} steps");
            let tried = |first: usize| {
                let curve: Vec<bool> = (0..=steps as usize).map(|place| place >= first).collect();
                bisect(&curve).1.len()
            };
            let worst = (0..=steps as usize + 1).map(tried).max();
            assert_eq!(worst, Some(most), "{steps} steps");
        }
    }

    #[test]
    fn where_something_failed_nothing_is_known() {
        let found = [(0, Found::Before), (2, Found::Failed), (4, Found::Past)];
        let found: BTreeMap<usize, Found> = found.into_iter().collect();
        assert_eq!(next(&[0, 4], &found), Step::Over(Ending::Failed));
        assert_eq!(next(&[0, 1, 4], &found), Step::Try(vec![1]));
    }
}
