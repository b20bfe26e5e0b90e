//! What stands in for latencies that were not measured.

use super::{Draft, Missing};
use crate::inputs::error::InputError;

/// Fills in what is not known. `fault` says that nothing is known of a pair, at its place.
///
/// # Errors
/// A latency that is not known and that nothing may stand for.
pub(super) fn complete(
    draft: &mut Draft,
    missing: Missing,
    fault: impl Fn(&Draft, usize, usize) -> InputError,
) -> Result<(), InputError> {
    let count = draft.count;
    for host in 0..count {
        let own = &mut draft.values[host * count + host];
        if own.is_nan() {
            *own = 0.0;
        }
    }
    mirror(draft);
    let Some(first) = draft.values.iter().position(|value| value.is_nan()) else {
        return Ok(());
    };
    match missing {
        Missing::Refuse => Err(fault(draft, first / count, first % count)),
        Missing::Symmetric => symmetric(draft, fault),
        Missing::Median => match median(draft) {
            Some(median) => {
                put_median(draft, median);
                Ok(())
            }
            None => Err(fault(draft, first / count, first % count)),
        },
    }
}

/// Where each pair has a latency in one direction only, it is that of both. So it is with one triangle of a square; the
/// other may be filled with zeros.
fn mirror(draft: &mut Draft) {
    let count = draft.count;
    if count < 2 {
        return;
    }
    let pairs = || {
        (0..count).flat_map(|from| (0..from).map(move |to| (from * count + to, to * count + from)))
    };
    let one_of_two = |(below, above): (usize, usize)| {
        draft.values[below].is_nan() != draft.values[above].is_nan()
    };
    let is_none = |at: usize| draft.values[at] == 0.0;
    let is_some = |at: usize| draft.values[at] > 0.0;
    let remark = if pairs().all(one_of_two) {
        "given in one direction and taken for both"
    } else if pairs().all(|(below, above)| is_none(below) && is_some(above)) {
        "nothing but zeros below the diagonal, so that what stands above is taken for both directions"
    } else if pairs().all(|(below, above)| is_some(below) && is_none(above)) {
        "nothing but zeros above the diagonal, so that what stands below is taken for both directions"
    } else {
        return;
    };
    draft.remarks.say(remark);
    for (below, above) in pairs() {
        // `max` passes over what is not a number.
        let known = draft.values[below].max(draft.values[above]);
        (draft.values[below], draft.values[above]) = (known, known);
    }
}

fn symmetric(
    draft: &mut Draft,
    fault: impl Fn(&Draft, usize, usize) -> InputError,
) -> Result<(), InputError> {
    let (count, mut filled) = (draft.count, 0);
    for from in 0..count {
        for to in 0..count {
            if !draft.values[from * count + to].is_nan() {
                continue;
            }
            let other = draft.values[to * count + from];
            if other.is_nan() {
                return Err(fault(draft, from, to));
            }
            draft.values[from * count + to] = other;
            filled += 1;
        }
    }
    draft.remarks.say(format!(
        "{} taken from the other direction",
        counted(filled)
    ));
    Ok(())
}

/// The median of what is known between different hosts.
fn median(draft: &Draft) -> Option<f64> {
    let between = |(at, value): (usize, &f64)| {
        let differ = at / draft.count != at % draft.count;
        (differ && !value.is_nan()).then_some(*value)
    };
    let mut known: Vec<f64> = draft
        .values
        .iter()
        .enumerate()
        .filter_map(between)
        .collect();
    let middle = known.len() / 2;
    if known.is_empty() {
        return None;
    }
    Some(*known.select_nth_unstable_by(middle, f64::total_cmp).1)
}

fn put_median(draft: &mut Draft, median: f64) {
    let mut filled = 0;
    for value in draft.values.iter_mut().filter(|value| value.is_nan()) {
        *value = median;
        filled += 1;
    }
    draft.remarks.say(format!(
        "{} taken as the median of the others, {median} ms",
        counted(filled)
    ));
}

fn counted(missing: usize) -> String {
    match missing {
        1 => "1 missing latency".to_owned(),
        _ => format!("{missing} missing latencies"),
    }
}
