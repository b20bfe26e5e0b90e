//! The scenarios of `scenarios/paper/`, which the program brings along: `chordsim validate` needs no other file.

/// Where the files are, and what is in them.
pub(super) const PAPER: &[(&str, &str)] = &[
    (
        "scenarios/paper/latency.toml",
        include_str!("../../scenarios/paper/latency.toml"),
    ),
    (
        "scenarios/paper/lecture-ring.toml",
        include_str!("../../scenarios/paper/lecture-ring.toml"),
    ),
    (
        "scenarios/paper/v1-successors.toml",
        include_str!("../../scenarios/paper/v1-successors.toml"),
    ),
    (
        "scenarios/paper/v2-even-ring.toml",
        include_str!("../../scenarios/paper/v2-even-ring.toml"),
    ),
    (
        "scenarios/paper/v3-fingers.toml",
        include_str!("../../scenarios/paper/v3-fingers.toml"),
    ),
    (
        "scenarios/paper/v4-successor-list.toml",
        include_str!("../../scenarios/paper/v4-successor-list.toml"),
    ),
    (
        "scenarios/paper/v6-keys.toml",
        include_str!("../../scenarios/paper/v6-keys.toml"),
    ),
    (
        "scenarios/paper/v7-virtual-nodes.toml",
        include_str!("../../scenarios/paper/v7-virtual-nodes.toml"),
    ),
    (
        "scenarios/paper/v9-mass-failure.toml",
        include_str!("../../scenarios/paper/v9-mass-failure.toml"),
    ),
    (
        "scenarios/paper/v11-churn.toml",
        include_str!("../../scenarios/paper/v11-churn.toml"),
    ),
    (
        "scenarios/paper/v14-audit.toml",
        include_str!("../../scenarios/paper/v14-audit.toml"),
    ),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::PAPER;

    #[test]
    fn all_of_the_folder_is_brought_along() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = fs::read_dir(root.join("scenarios/paper")).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        let mut brought: Vec<_> = PAPER.iter().map(|(path, _)| root.join(path)).collect();
        files.sort();
        brought.sort();
        assert_eq!(files, brought);
    }
}
