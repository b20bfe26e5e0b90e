//! What readers took the data files of a scenario for.

use super::load::Loaded;

/// A line for each file, such as `rtt.tsv: read as round trips in ms, names in the first row`.
pub(super) fn about(scenario: &Loaded) -> Vec<String> {
    let lines = scenario.assets.remarks().map(|(file, remarks)| {
        let remarks: Vec<&str> = remarks.iter().collect();
        format!("{}: {}", file.display(), remarks.join(", "))
    });
    lines.collect()
}
