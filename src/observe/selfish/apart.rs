//! How a burden is spread over the honest peers, and what the selfish ones bear of it.

use crate::catalogue::Metric;
use crate::observe::inequality::Spread;
use crate::observe::observer::Measured;
use crate::world::PeerIdx;

/// The metrics of one burden.
pub(in crate::observe) struct Burden {
    mean_honest: Metric,
    max_over_mean_honest: Metric,
    gini_honest: Metric,
    jain_honest: Metric,
    mean_selfish: Metric,
}

/// Messages handled.
pub(in crate::observe) const LOAD: Burden = Burden {
    mean_honest: Metric::LoadMeanHonest,
    max_over_mean_honest: Metric::LoadMaxOverMeanHonest,
    gini_honest: Metric::LoadGiniHonest,
    jain_honest: Metric::LoadJainHonest,
    mean_selfish: Metric::LoadMeanSelfish,
};

/// Bytes sent.
pub(in crate::observe) const BYTES: Burden = Burden {
    mean_honest: Metric::BytesMeanHonest,
    max_over_mean_honest: Metric::BytesMaxOverMeanHonest,
    gini_honest: Metric::BytesGiniHonest,
    jain_honest: Metric::BytesJainHonest,
    mean_selfish: Metric::BytesMeanSelfish,
};

/// Keys owned.
pub(in crate::observe) const KEYS: Burden = Burden {
    mean_honest: Metric::KeysMeanHonest,
    max_over_mean_honest: Metric::KeysMaxOverMeanHonest,
    gini_honest: Metric::KeysGiniHonest,
    jain_honest: Metric::KeysJainHonest,
    mean_selfish: Metric::KeysMeanSelfish,
};

/// What honest peers bear, and what selfish ones do.
pub(in crate::observe) struct Apart {
    honest: Spread,
    selfish: Spread,
}

impl Apart {
    /// Of what these peers bear.
    pub(in crate::observe) fn of(
        peers: impl Iterator<Item = (PeerIdx, u64)>,
        is_selfish: &dyn Fn(PeerIdx) -> bool,
    ) -> Self {
        let (selfish, honest): (Vec<_>, Vec<_>) = peers.partition(|(peer, _)| is_selfish(*peer));
        let spread = |peers: Vec<(PeerIdx, u64)>| Spread::of(peers.into_iter().map(|(_, of)| of));
        Self {
            honest: spread(honest),
            selfish: spread(selfish),
        }
    }

    /// As metrics of this burden.
    pub(in crate::observe) fn metrics(&self, of: &Burden) -> [Measured; 5] {
        let Self { honest, selfish } = self;
        [
            (of.mean_honest, honest.mean()),
            (of.max_over_mean_honest, honest.max_over_mean()),
            (of.gini_honest, honest.gini()),
            (of.jain_honest, honest.jain()),
            (of.mean_selfish, selfish.mean()),
        ]
    }
}
