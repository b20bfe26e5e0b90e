//! `[selfish]`, resolved: who takes and does not give, what they do, and what the others do about it.

use serde::Serialize;

use super::keys::selfish::{
    Behaviour, MisrouteTo, RedundantAnswer, ReputationVerdict, StorageRefusal,
};
use crate::engine::SimDuration;

/// `[selfish]`
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Selfish {
    /// Share of peers that are selfish; 0 to 1.
    pub fraction: f64,
    /// What they do, each behaviour once, in a fixed order; at least one.
    pub behaviour: Vec<Behaviour>,
    /// What is said to those that want something kept.
    pub storage_refusal: StorageRefusal,
    /// Whom those name that misroute.
    pub misroute_to: MisrouteTo,
    /// The mean time until a peer that is shunned comes back as another; more than zero.
    pub whitewash_every: SimDuration,
    /// The mean time between two visits of a leech; more than zero.
    pub leech_away: SimDuration,
    /// Which peers are selfish, and when.
    pub who: Presence,
    /// What the others do about it.
    pub defence: Defences,
    /// Whether the scenario has this section at all: then honest and selfish peers are measured apart. It changes nothing but
    /// columns. What says nothing is not written, so that runs without the section are the runs that they were.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub measured: bool,
}

/// `selfish.who`
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// A share of all peers, from the beginning.
    Drawn,
    /// A share that grows evenly from none.
    Ramp {
        /// When it is whole, from the beginning of the measurement; more than zero.
        until: SimDuration,
        /// How often it grows; more than zero.
        every: SimDuration,
    },
    /// Peers decide.
    Decide {
        /// How often; more than zero.
        every: SimDuration,
        /// How.
        by: Rule,
    },
}

/// `selfish.decide_by`
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// By what they and others gained and paid.
    Imitation {
        /// What an answered request is worth.
        gain_per_request: f64,
        /// What it costs to serve others with one message.
        cost_per_message: f64,
        /// What each byte of these costs besides.
        cost_per_byte: f64,
    },
    /// By their generosity.
    Generosity {
        /// The greatest there is.
        most: f64,
        /// What the system is worth when all contribute.
        benefit: f64,
        /// The probability that one who does not contribute is excluded; 0 to 1.
        exclusion: f64,
    },
}

/// `selfish.defence`: what is done, each `None` if it is not.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Defences {
    /// Starting again by another way.
    pub retry: Option<Retrying>,
    /// Several requests at once.
    pub redundant: Option<Redundancy>,
    /// Remembering who served.
    pub reputation: Option<Repute>,
    /// Serving those who serve.
    pub reciprocity: Option<Reciprocity>,
}

/// `defence = "retry"`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Retrying {
    /// How long the asking node waits for an answer each time; more than zero.
    pub after: SimDuration,
    /// How often it starts again at most.
    pub attempts: u8,
}

/// `defence = "redundant"`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Redundancy {
    /// How many requests are made at once; at least 2.
    pub requests: u8,
    /// Which answer is believed.
    pub answer: RedundantAnswer,
    /// How long to wait for further answers, from the first one on.
    pub wait: SimDuration,
}

/// `defence = "reputation"`
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Repute {
    /// What is done about those of ill repute.
    pub verdict: ReputationVerdict,
    /// How much weighs against those of ill repute; more than 0.
    pub limit: f64,
    /// After which time an experience weighs half; `None`: it never weighs less.
    pub half_life: Option<SimDuration>,
}

/// `defence = "reciprocity"`
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Reciprocity {
    /// How many requests are served without anything in return.
    pub allowance: u32,
    /// How many are served for each in return.
    pub ratio: f64,
}

impl Selfish {
    /// Nobody is selfish, and nobody does anything about it.
    #[must_use]
    pub fn nobody() -> Self {
        Self::with(0.0, vec![Behaviour::DropLookups], Defences::default())
    }

    /// A share of all peers is selfish in these ways, whose parameters are the defaults.
    #[must_use]
    pub fn with(fraction: f64, behaviour: Vec<Behaviour>, defence: Defences) -> Self {
        Self {
            fraction,
            behaviour,
            storage_refusal: StorageRefusal::Acknowledge,
            misroute_to: MisrouteTo::Itself,
            whitewash_every: SimDuration::from_secs(600),
            leech_away: SimDuration::from_secs(600),
            who: Presence::Drawn,
            defence,
            measured: false,
        }
    }

    /// Whether a selfish peer does this.
    #[must_use]
    pub fn does(&self, behaviour: Behaviour) -> bool {
        self.behaviour.contains(&behaviour)
    }

    /// Whether peers that play fair may decline to keep or give out a value.
    #[must_use]
    pub fn fair_peers_decline(&self) -> bool {
        let excludes = matches!(
            self.who,
            Presence::Decide { by: Rule::Generosity { exclusion, .. }, .. } if exclusion > 0.0
        );
        excludes || self.defence.reciprocity.is_some()
    }

    /// Whether nobody is selfish and nobody will be.
    #[must_use]
    pub fn never(&self) -> bool {
        self.fraction == 0.0 && !matches!(self.who, Presence::Decide { .. })
    }
}

impl Defences {
    /// Whether there is any.
    #[must_use]
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}
