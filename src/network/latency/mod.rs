//! How long messages take between hosts. A model is one file here that implements [`Latency`], and one line
//! in [`build`] (and its `mod` line).

mod assets;
mod attached;
mod constant;
mod exponential;
mod graph;
mod matrix;
mod measured;
mod model;
mod plane;
mod points;
mod prepared;
mod regions;
mod square;
mod transit_stub;
mod uniform;

pub use assets::Assets;
pub use model::Latency;

use super::error::NetworkError;
use crate::scenario::resolved::LatencyModel;

/// Bytes of what a model keeps for each run, when so many peers have asked; what runs share, [`Assets::bytes`] tells.
pub(super) fn bytes(model: &LatencyModel, peers: f64) -> f64 {
    match model {
        LatencyModel::TransitStub(shape) => transit_stub::Internet::bytes(shape, peers),
        LatencyModel::Waxman(shape) => square::bytes_of_waxman(shape, peers),
        LatencyModel::ScaleFree(shape) => square::bytes_of_scale_free(shape, peers),
        // By formulas, or from files.
        LatencyModel::Constant { .. }
        | LatencyModel::Uniform { .. }
        | LatencyModel::Exponential { .. }
        | LatencyModel::Plane { .. }
        | LatencyModel::Regions { .. }
        | LatencyModel::Graph { .. }
        | LatencyModel::Matrix(_) => 0.0,
    }
}

/// About how many links a model has, those of so many peers to their routers included; 0 if it knows latencies only.
pub(super) fn links(model: &LatencyModel, peers: f64) -> f64 {
    match model {
        LatencyModel::TransitStub(shape) => transit_stub::Internet::links(shape) + peers,
        LatencyModel::Waxman(shape) => crate::network::topology::waxman::links(shape) + peers,
        LatencyModel::ScaleFree(shape) => {
            crate::network::topology::scale_free::links(shape) + peers
        }
        // The file is not known here; backbones have about two links a node.
        LatencyModel::Graph { .. } => 2.0 * peers,
        LatencyModel::Constant { .. }
        | LatencyModel::Uniform { .. }
        | LatencyModel::Exponential { .. }
        | LatencyModel::Plane { .. }
        | LatencyModel::Regions { .. }
        | LatencyModel::Matrix { .. } => 0.0,
    }
}

/// Announces that a run will ask for the network of this model and seed.
pub(super) fn announce(model: &LatencyModel, seed: u64, assets: &Assets) {
    // However many peers will have asked.
    let bytes = bytes(model, f64::from(u32::MAX));
    if bytes > 0.0 {
        assets.announce(model, seed, bytes);
    }
}

/// The model that a scenario asks for: the one place where models are registered.
///
/// # Errors
/// A file that `assets` does not hold, or a topology that is too large.
pub(super) fn build(
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
        LatencyModel::TransitStub(shape) => {
            Box::new(assets.prepared(model, seed, || transit_stub::Internet::new(shape, seed))?)
        }
        LatencyModel::Waxman(shape) => {
            Box::new(assets.prepared(model, seed, || square::InSquare::waxman(shape, seed))?)
        }
        LatencyModel::ScaleFree(shape) => Box::new(assets.prepared(model, seed, || {
            Ok(square::InSquare::scale_free(shape, seed))
        })?),
        LatencyModel::Regions {
            table,
            latency_jitter,
        } => Box::new(regions::Peopled::new(
            assets.regions(table)?,
            *latency_jitter,
            seed,
        )),
        LatencyModel::Graph { file, options } => {
            graph::build(assets.graph(file, options)?, options, seed)
        }
        LatencyModel::Matrix(matrix) => assets.matrix(matrix)?,
    })
}
