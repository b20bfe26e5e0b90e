//! The scenarios of `scenarios/paper/`, which the program brings along: `chordsim validate` needs no other file.

macro_rules! papers {
    ($($name:literal)*) => {
        /// Where the files are, and what is in them.
        pub(super) const PAPER: &[(&str, &str)] = &[$((
            concat!("scenarios/paper/", $name, ".toml"),
            include_str!(concat!("../../scenarios/paper/", $name, ".toml")),
        ),)*];
    };
}

papers! {
    "latency"
    "lecture-ring"
    "v1-successors"
    "v2-even-ring"
    "v3-fingers"
    "v4-successor-list"
    "v6-keys"
    "v7-virtual-nodes"
    "v9-mass-failure"
    "v11-churn"
    "v14-audit"
    "table4-space"
    "table4-transit-stub"
    "planetlab-plain"
    "planetlab-proximity"
    "churn-sessions"
    "churn-skype"
    "storage-loss"
    "storage-decay"
    "storage-rounds"
    "storage-upkeep"
    "storage-one-copy"
    "quorum-wait"
    "quorum-random-of-3"
    "quorum-random-of-5"
    "quorum-stale"
    "reputation-blacklist"
    "whitewash-pairs"
    "contribution-game"
    "contribution-exclusion"
    "droppers"
    "redundant-routes"
}

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
