//! A ring as CSV: one row for each link.

use std::fmt::Write as _;

use super::links::Ring;

/// Rows of source, target, kind, and the fingers that the link stands for, a blank between them.
pub(crate) fn csv(ring: &Ring) -> String {
    let mut text = String::from("source,target,kind,fingers\n");
    for link in ring.links() {
        let (from, to) = (ring.ids()[link.from], ring.ids()[link.to]);
        let fingers = listed(&link.fingers);
        writeln!(text, "{from},{to},{},{fingers}", link.kind.name())
            .expect("writing to memory does not fail");
    }
    text
}

/// Such as `0 1 2`.
pub(super) fn listed(fingers: &[u32]) -> String {
    let fingers: Vec<String> = fingers.iter().map(ToString::to_string).collect();
    fingers.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_nodes() {
        assert_eq!(
            csv(&Ring::new(vec![1, 5], 3)),
            "source,target,kind,fingers\n\
             1,5,successor,\n\
             1,5,predecessor,\n\
             1,5,finger,0 1 2\n\
             5,1,successor,\n\
             5,1,predecessor,\n\
             5,1,finger,0 1 2\n"
        );
    }
}
