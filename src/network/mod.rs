//! The physical network: where peers sit, how long a message takes between two hosts, whether it arrives, and
//! over which links.
//!
//! It knows no overlay and no file system: tables from files come in as text that was read
//! elsewhere ([`Assets`]). How a text is read, [`inputs`](crate::inputs) knows; what the data means for
//! messages, the models in `latency/` know. One of them is one file there and one line.

mod cut;
mod error;
mod jitter;
mod latency;
mod paths;
mod placement;
mod shares;
pub mod survey;
#[cfg(test)]
mod testing;
mod topology;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::engine::{SimDuration, SimTime, Stream, stream};
use crate::scenario::resolved;
use crate::world::{HostIdx, PeerIdx, Sector};

pub use error::NetworkError;
pub use latency::{Assets, Latency};
pub use paths::{Link, LinkEnd, Paths};

use cut::Cut;
use jitter::jittered;
use placement::Placement;

/// What becomes of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is at its receiver's host at this moment.
    Arrives(SimTime),
    /// It is lost on the way.
    Lost,
    /// The network is cut between the two hosts ([`Network::cut`]).
    Cut,
}

/// The network of one run.
///
/// Which host a peer sits on and how far two hosts are apart depend on the latency model
/// and the seed alone: not on how many peers there are, when they come or what they send.
pub struct Network {
    latency: Box<dyn Latency>,
    placement: Placement,
    hazard: Hazard,
    loss: f64,
    jitter: f64,
    cuts: Vec<Cut>,
    latency_rng: ChaCha8Rng,
    jitter_rng: ChaCha8Rng,
    loss_rng: ChaCha8Rng,
}

/// What messages can meet besides the latency of their pair: the one thing that is looked at for every message.
#[derive(Clone, Copy)]
enum Hazard {
    None,
    /// They can be lost.
    Loss,
    /// Their latencies vary, and they may be lost as well.
    Jitter,
    /// There are cuts; they may be lost, and their latencies may vary as well.
    Cuts,
}

/// Sets up the network that a scenario describes, for the run with this seed.
///
/// # Errors
/// A file that [`Assets::load`] has not taken in, or a topology that is too large.
pub fn build(
    network: &resolved::Network,
    seed: u64,
    assets: &Assets,
) -> Result<Network, NetworkError> {
    let latency = latency::build(&network.model, seed, assets)?;
    Ok(Network::new(latency, network.loss, seed).with_jitter(network.jitter))
}

/// Announces that the run with this seed will [`build`] its network: one that takes time to generate is kept for as many
/// runs as are announced, within bounds. No result depends on it.
pub fn announce(network: &resolved::Network, seed: u64, assets: &Assets) {
    latency::announce(&network.model, seed, assets);
}

/// Bytes of what the network of a run keeps for itself when so many peers have sent messages.
#[must_use]
pub fn bytes(network: &resolved::Network, peers: f64) -> f64 {
    latency::bytes(&network.model, peers)
}

/// About how many links the network of a run has, those of so many peers to their routers included; 0 if it has none.
#[must_use]
pub fn links(network: &resolved::Network, peers: f64) -> f64 {
    latency::links(&network.model, peers)
}

impl Network {
    /// A network with any latency model. Each message is lost with probability `loss` (0: never, 1: always);
    /// `seed` is that of the run.
    ///
    /// If the model has a number of hosts, the first peers sit on different hosts in random order, and further
    /// peers go round the same order again; if it has none, every peer has a host of its own.
    ///
    /// # Panics
    /// If the model has 0 hosts.
    ///
    /// # Examples
    ///
    /// A model of one's own: hosts on a line, a millisecond from each to the next.
    ///
    /// ```
    /// use chordsim::engine::{SimDuration, SimTime};
    /// use chordsim::world::HostIdx;
    /// use chordsim::network::{Fate, Latency, Network};
    ///
    /// struct Line;
    ///
    /// impl Latency for Line {
    ///     fn hosts(&self) -> Option<u32> {
    ///         None
    ///     }
    ///
    ///     fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
    ///         SimDuration::from_millis(from.0.abs_diff(to.0).into())
    ///     }
    /// }
    ///
    /// let mut network = Network::new(Box::new(Line), 0.0, 311);
    /// let fate = network.carry(SimTime::ZERO, HostIdx(2), HostIdx(9));
    /// assert_eq!(fate, Fate::Arrives(SimTime::ZERO + SimDuration::from_millis(7)));
    /// ```
    #[must_use]
    pub fn new(latency: Box<dyn Latency>, loss: f64, seed: u64) -> Self {
        Self {
            placement: Placement::new(latency.hosts(), seed),
            latency,
            hazard: if loss > 0.0 {
                Hazard::Loss
            } else {
                Hazard::None
            },
            loss,
            jitter: 0.0,
            cuts: Vec::new(),
            latency_rng: stream(seed, Stream::Latency),
            jitter_rng: stream(seed, Stream::Jitter),
            loss_rng: stream(seed, Stream::Loss),
        }
    }

    /// The same network, on which each message's latency is drawn uniformly within this share (0 to 1) of what it would
    /// be otherwise. So messages overtake each other.
    #[must_use]
    pub fn with_jitter(mut self, jitter: f64) -> Self {
        self.jitter = jitter;
        if jitter > 0.0 && !matches!(self.hazard, Hazard::Cuts) {
            self.hazard = Hazard::Jitter;
        }
        self
    }

    /// Cuts the network in two, those hosts for which `side` is true and all others: no message passes from one
    /// side to the other that is sent at `from` or later and before `until`. What was sent before arrives.
    /// Several cuts are independent of each other.
    pub fn cut(
        &mut self,
        side: impl Fn(HostIdx) -> bool + Send + 'static,
        from: SimTime,
        until: SimTime,
    ) {
        self.cuts.push(Cut::new(side, from, until));
        self.hazard = Hazard::Cuts;
    }

    /// Whether a message may be lost, or cut off, between two hosts that are there.
    #[must_use]
    pub fn may_lose(&self) -> bool {
        self.loss > 0.0 || matches!(self.hazard, Hazard::Cuts)
    }

    /// The host on which a peer sits: any peer, whether it is there from the start or joins later.
    #[must_use]
    pub fn host_of(&self, peer: PeerIdx) -> HostIdx {
        self.placement.host_of(peer)
    }

    /// The next peer, `name`, is one come back that was `before`: it sits on the same host.
    pub fn rename(&mut self, before: PeerIdx, name: PeerIdx) {
        self.placement.rename(before, name);
    }

    /// The one-way latency between two hosts, always the same: what stretch is measured against.
    #[must_use]
    pub fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.latency.one_way(from, to)
    }

    /// The links between hosts, if the network consists of links; `None` if its model knows latencies only.
    #[must_use]
    pub fn paths(&self) -> Option<&dyn Paths> {
        self.latency.paths()
    }

    /// Where a host is on a map, if the model has one ([`Latency::place`]).
    #[must_use]
    pub fn place(&self, host: HostIdx) -> Option<[f64; 2]> {
        self.latency.place(host)
    }

    /// The region, or domain, that a host is in, if the model has such ([`Latency::region`]).
    #[must_use]
    pub fn region(&self, host: HostIdx) -> Option<u32> {
        self.latency.region(host)
    }

    /// How many regions there are ([`Latency::regions`]), and in which of them a host is.
    #[must_use]
    pub fn sector(&self, host: HostIdx) -> Option<Sector> {
        let (at, of) = (self.latency.region(host)?, self.latency.regions()?);
        Some(Sector { at, of })
    }

    /// What a host is called, if its model has names ([`Latency::host_name`]).
    #[must_use]
    pub fn host_name(&self, host: HostIdx) -> Option<&str> {
        self.latency.host_name(host)
    }

    /// How many hosts there are; `None` if every peer has one of its own.
    #[must_use]
    pub fn hosts(&self) -> Option<u32> {
        self.latency.hosts()
    }

    /// What a region is called, if the model has names for them ([`Latency::region_name`]).
    #[must_use]
    pub fn region_name(&self, region: u32) -> Option<&str> {
        self.latency.region_name(region)
    }

    /// What becomes of a message that one host sends to another now.
    ///
    /// Whether it is lost is drawn first, and only where messages can be lost at all; what arrives nowhere
    /// draws no latency.
    #[inline]
    pub fn carry(&mut self, now: SimTime, from: HostIdx, to: HostIdx) -> Fate {
        let special = match self.hazard {
            Hazard::None => None,
            Hazard::Loss => self.draw_loss().then_some(Fate::Lost),
            Hazard::Jitter | Hazard::Cuts => self.special(now, from, to),
        };
        special.unwrap_or_else(|| {
            let latency = self.latency.message(from, to, &mut self.latency_rng);
            Fate::Arrives(now + latency)
        })
    }

    /// Whether the next message is lost, where messages can be.
    #[inline]
    fn draw_loss(&mut self) -> bool {
        self.loss_rng.random::<f64>() < self.loss
    }

    /// What becomes of a message where there are cuts or latencies vary; `None` if it just arrives. Apart from
    /// [`Network::carry`], so that networks without either are spared the registers that it takes.
    #[inline(never)]
    fn special(&mut self, now: SimTime, from: HostIdx, to: HostIdx) -> Option<Fate> {
        if self.loss > 0.0 && self.draw_loss() {
            return Some(Fate::Lost);
        }
        if self.cuts.iter().any(|cut| cut.stops(now, from, to)) {
            return Some(Fate::Cut);
        }
        (self.jitter > 0.0).then(|| {
            let latency = self.latency.message(from, to, &mut self.latency_rng);
            let uniform = self.jitter_rng.random();
            Fate::Arrives(now + jittered(latency, self.jitter, uniform))
        })
    }
}

/// The guide's code is compiled, and it must do what the guide says.
#[cfg(doctest)]
#[doc = include_str!("../../docs/adding-a-network-model.md")]
struct Guide;

#[cfg(test)]
mod tests;
