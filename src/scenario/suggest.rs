//! The nearest of several known names.

/// A name longer than this, in bytes, is no slip of the hand; to compare it would take long.
const NAME_MAX: usize = 100;

/// The name among `known` that `given` was probably meant to be, if any is near enough: at most
/// one edit in three characters away, or the same but for case, `-` and `_`.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if given.len() > NAME_MAX {
        return None;
    }
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let given = plain(given);
    let tolerance = (given.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&given, &plain(name)), name))
        .filter(|(distance, name)| *distance <= tolerance && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The remedy for a name that is none of those that are `listed`: the one that is `near`, and all.
pub(crate) fn did_you_mean(near: Option<&str>, listed: String) -> String {
    match near {
        Some(near) => format!("did you mean \"{near}\"? {listed}"),
        None => listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        let known = ["routing", "lookup", "successors", "id_bits", "up"];
        for (given, expected) in [
            ("rooting", Some("routing")),
            ("sucessor", Some("successors")),
            ("ID-Bits", Some("id_bits")),
            ("lookpu", Some("lookup")),
            ("replicas", None),
            ("x", None),
        ] {
            assert_eq!(nearest(given, known), expected, "{given}");
        }
    }
}
