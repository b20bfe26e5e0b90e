//! Partitions of a small world, whom its nodes join through, and whether they look for other rings.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::world::share;

/// A cut through the network: when and how long in per cent of the time until churn ends, and the share of the hosts.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub at: u32,
    pub length: u32,
    pub hosts: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Trouble {
    pub cuts: Vec<Cut>,
    /// How many peers are well known, if others cannot be asked, and when in per cent one of them crashes.
    pub well_known: Option<(u32, u32)>,
    /// How often a node asks those who were silent, in seconds.
    pub probes: Option<u32>,
}

impl Trouble {
    /// Whether answers are kept from those who wait for them, or nobody lets newcomers in.
    pub(super) fn is_none(&self) -> bool {
        self.cuts.is_empty() && self.well_known.is_none()
    }

    /// The lines of `[overlay]`.
    pub(super) fn overlay(&self, nodes: u32) -> String {
        let line = |(count, _): (u32, u32)| format!("bootstrap = {}\n", count.min(nodes));
        self.well_known.map_or_else(String::new, line)
    }

    /// The line of `[chord]`.
    pub(super) fn chord(&self) -> String {
        let line = |every| format!("merge_probe_every = \"{every}s\"\n");
        self.probes.map_or_else(String::new, line)
    }

    /// The faults of a world in which churn goes on for so many seconds.
    pub(super) fn faults(&self, until: u32) -> String {
        let mut text = String::new();
        for Cut { at, length, hosts } in &self.cuts {
            let (at, length) = (until * at / 100, (until * length / 100).max(1));
            let _ = writeln!(
                text,
                "\n[[fault]]\nat = \"{at}s\"\npartition = {}\nfor = \"{length}s\"",
                share(*hosts, 100)
            );
        }
        if let Some((_, at)) = self.well_known {
            let at = until * at / 100;
            let _ = writeln!(text, "\n[[fault]]\nat = \"{at}s\"\ncrash_well_known = true");
        }
        text
    }
}

fn probes() -> impl Strategy<Value = Option<u32>> {
    prop::option::weighted(0.3, 2..=20_u32)
}

/// Nothing but nodes that look for other rings.
pub(super) fn none() -> impl Strategy<Value = Trouble> {
    probes().prop_map(|probes| Trouble {
        probes,
        ..Trouble::default()
    })
}

/// Any trouble, or none.
pub(super) fn any() -> impl Strategy<Value = Trouble> {
    let cut = (0..=80_u32, 1..=60_u32, 1..=99_u32);
    let cut = cut.prop_map(|(at, length, hosts)| Cut { at, length, hosts });
    let well_known = prop::option::weighted(0.2, (1..=3_u32, 0..=100_u32));
    let cuts = prop::collection::vec(cut, 0..=2);
    (cuts, well_known, probes()).prop_map(|(cuts, well_known, probes)| Trouble {
        cuts,
        well_known,
        probes,
    })
}
