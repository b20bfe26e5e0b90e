//! The physical network: where peers sit, how long a message takes between two hosts, and whether
//! it arrives.
//!
//! It knows no overlay and no file system: tables from files come in as text that was read
//! elsewhere ([`Assets`]). A latency model is one file here that implements [`Latency`], and one
//! line in `model`.

mod assets;
mod constant;
mod error;
mod exponential;
mod graph;
mod matrix;
mod placement;
mod plane;
mod router_graph;
mod text;
mod transit_stub;
mod uniform;

use std::sync::Arc;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::engine::{SimDuration, Stream, stream};
use crate::scenario::resolved::{self, LatencyModel};
use crate::world::{HostIdx, PeerIdx};

pub use assets::Assets;
pub use error::{Fault, NetworkError};
pub use text::TextFault;

use placement::Placement;

/// How long messages take between hosts. One implementation a file.
pub trait Latency: Send {
    /// How many hosts the model has; `None` if it makes as many as are asked for.
    fn hosts(&self) -> Option<u32>;

    /// The one-way latency from one host to another: the same every time it is asked for, zero
    /// from a host to itself unless the model says otherwise.
    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration;

    /// How long one message takes. Differs from [`Latency::one_way`] only in models that draw
    /// anew for every message.
    fn message(&self, from: HostIdx, to: HostIdx, _rng: &mut ChaCha8Rng) -> SimDuration {
        self.one_way(from, to)
    }
}

/// What was read from a file is shared by all runs.
impl<L: Latency + Sync> Latency for Arc<L> {
    fn hosts(&self) -> Option<u32> {
        (**self).hosts()
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        (**self).one_way(from, to)
    }
}

/// The network of one run.
///
/// Which host a peer sits on and how far two hosts are apart depend on the scenario's `[network]`
/// and the seed alone: not on how many peers there are, when they come or what they send.
pub struct Network {
    latency: Box<dyn Latency>,
    placement: Placement,
    loss: f64,
    latency_rng: ChaCha8Rng,
    loss_rng: ChaCha8Rng,
}

/// Sets up the network of the run with this seed.
///
/// # Errors
/// A file that [`Assets::load`] has not taken in, or a topology that is too large.
pub fn build(
    network: &resolved::Network,
    seed: u64,
    assets: &Assets,
) -> Result<Network, NetworkError> {
    let latency = model(&network.model, seed, assets)?;
    Ok(Network {
        placement: Placement::new(latency.hosts(), seed),
        latency,
        loss: network.loss,
        latency_rng: stream(seed, Stream::Latency),
        loss_rng: stream(seed, Stream::Loss),
    })
}

/// The one place where a model is registered.
fn model(
    model: &LatencyModel,
    seed: u64,
    assets: &Assets,
) -> Result<Box<dyn Latency>, NetworkError> {
    Ok(match model {
        LatencyModel::Constant { latency } => Box::new(constant::Constant::new(*latency)),
        LatencyModel::Uniform { min, max } => Box::new(uniform::Uniform::new(*min, *max, seed)),
        LatencyModel::Exponential { mean, per } => exponential::build(*mean, *per, seed),
        LatencyModel::Plane { dimensions, span } => {
            Box::new(plane::Plane::new(*dimensions, *span, seed))
        }
        LatencyModel::TransitStub(shape) => Box::new(transit_stub::Internet::new(shape, seed)?),
        LatencyModel::Graph { file } => Box::new(assets.graph(file)?),
        LatencyModel::Matrix { file, values } => Box::new(assets.matrix(file, *values)?),
    })
}

impl Network {
    /// The host on which a peer sits: any peer, whether it is there from the start or joins later.
    #[must_use]
    pub fn host_of(&self, peer: PeerIdx) -> HostIdx {
        self.placement.host_of(peer)
    }

    /// The one-way latency between two hosts, always the same: what stretch is measured against.
    #[must_use]
    pub fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.latency.one_way(from, to)
    }

    /// How long the next message from one host to another takes.
    pub fn message(&mut self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.latency.message(from, to, &mut self.latency_rng)
    }

    /// Whether the next message is lost. Draws only where messages can be lost at all.
    pub fn lost(&mut self) -> bool {
        self.loss > 0.0 && self.loss_rng.random::<f64>() < self.loss
    }
}

#[cfg(test)]
mod tests;
