//! Networks that were generated, for the next run of the same parameters and seed: runs of a sweep that differ in
//! something else share one, with the distances that are known already.
//!
//! What is shared is the same whoever makes it, so no result depends on it. A network is let go when as many runs had it
//! as were announced, and no more are kept than fit into [`BYTES_MAX`].

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::scenario::resolved::LatencyModel;

/// The most bytes that are kept for later runs.
pub(super) const BYTES_MAX: f64 = 512.0 * 1024.0 * 1024.0;

/// Any model.
type Model = Arc<dyn Any + Send + Sync>;

#[derive(Default)]
pub(super) struct Prepared(Mutex<Announced>);

/// Networks that runs were announced for.
#[derive(Default)]
struct Announced {
    /// By seed and parameters, written out.
    networks: BTreeMap<(u64, String), Wanted>,
    /// Of those that are kept.
    bytes: f64,
}

struct Wanted {
    /// How many runs are still to come.
    runs: usize,
    /// How many bytes it takes at most.
    bytes: f64,
    kept: Option<Model>,
}

impl Prepared {
    /// One more run will have the network of this model and seed, which takes so many bytes at most.
    pub(super) fn announce(&self, model: &LatencyModel, seed: u64, bytes: f64) {
        let wanted = || Wanted {
            runs: 0,
            bytes,
            kept: None,
        };
        let mut announced = self.lock();
        let network = announced.networks.entry(key(model, seed));
        network.or_insert_with(wanted).runs += 1;
    }

    /// Bytes of networks that are kept at most: of those that more than one run will have.
    pub(super) fn bytes(&self) -> f64 {
        let announced = self.lock();
        let networks = announced.networks.values();
        let shared = networks.filter(|network| network.runs > 1);
        shared
            .map(|network| network.bytes)
            .sum::<f64>()
            .min(BYTES_MAX)
    }

    /// The network of this model and seed: the one that is kept, or one that is made.
    ///
    /// # Errors
    /// What `make` says.
    pub(super) fn get<L: Send + Sync + 'static, E>(
        &self,
        model: &LatencyModel,
        seed: u64,
        make: impl FnOnce() -> Result<L, E>,
    ) -> Result<Arc<L>, E> {
        let key = key(model, seed);
        if let Some(kept) = self.lock().take(&key) {
            let kept = kept.downcast();
            return Ok(kept.expect("a model is always of the same type"));
        }
        // Others may make the same one meanwhile; nobody waits.
        let made = Arc::new(make()?);
        self.lock().keep(&key, &made);
        Ok(made)
    }

    /// A thread that panicked left no list half written.
    fn lock(&self) -> MutexGuard<'_, Announced> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Announced {
    /// What is kept for one more run. The last one takes it along.
    fn take(&mut self, key: &(u64, String)) -> Option<Model> {
        let network = self.networks.get_mut(key)?;
        network.runs = network.runs.saturating_sub(1);
        if network.runs > 0 {
            return network.kept.clone();
        }
        let network = self.networks.remove(key)?;
        if network.kept.is_some() {
            self.bytes -= network.bytes;
        }
        network.kept
    }

    /// Keeps a network if runs are to come that will have it, and if there is room.
    fn keep<L: Send + Sync + 'static>(&mut self, key: &(u64, String), made: &Arc<L>) {
        let Some(network) = self.networks.get_mut(key) else {
            return;
        };
        if network.kept.is_none() && self.bytes + network.bytes <= BYTES_MAX {
            self.bytes += network.bytes;
            network.kept = Some(Arc::clone(made) as Model);
        }
    }
}

fn key(model: &LatencyModel, seed: u64) -> (u64, String) {
    (seed, format!("{model:?}"))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::network::testing::{scale_free, waxman};

    /// Whether the network had to be made.
    fn is_made(prepared: &Prepared, model: &LatencyModel, seed: u64) -> bool {
        let mut made = false;
        let network = prepared.get(model, seed, || {
            made = true;
            Ok::<_, Infallible>(seed)
        });
        assert_eq!(*network.unwrap(), seed);
        made
    }

    #[test]
    fn a_network_is_made_once_for_all_runs_that_were_announced_and_then_let_go() {
        let prepared = Prepared::default();
        let (one, other) = (
            LatencyModel::Waxman(waxman()),
            LatencyModel::ScaleFree(scale_free()),
        );
        for _ in 0..3 {
            prepared.announce(&one, 1, 10.0);
        }
        prepared.announce(&one, 2, 10.0);
        prepared.announce(&other, 1, 10.0);
        assert!((prepared.bytes() - 10.0).abs() < 1e-9, "one is for several");
        assert_eq!(
            [0; 3].map(|_| is_made(&prepared, &one, 1)),
            [true, false, false]
        );
        assert!(is_made(&prepared, &one, 2), "another seed");
        assert!(is_made(&prepared, &other, 1), "another model");
        assert!(is_made(&prepared, &one, 1), "nobody was to come");
        let left = prepared.lock();
        assert!(left.networks.is_empty() && left.bytes.abs() < 1e-9);
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let prepared = Prepared::default();
        let model = LatencyModel::Waxman(waxman());
        for seed in [1, 2, 3, 1, 2, 3] {
            prepared.announce(&model, seed, BYTES_MAX * 0.4);
        }
        assert!(prepared.bytes() <= BYTES_MAX);
        let made = |seed| is_made(&prepared, &model, seed);
        assert_eq!([1, 2, 3].map(made), [true; 3]);
        assert_eq!([1, 2, 3].map(made), [false, false, true]);
    }

    #[test]
    fn who_announces_nothing_shares_nothing() {
        let prepared = Prepared::default();
        let model = LatencyModel::Waxman(waxman());
        assert!(is_made(&prepared, &model, 1) && is_made(&prepared, &model, 1));
    }
}
