//! `[network]`: the latency model and its parameters.

use std::path::{Path, PathBuf};

use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::keys::network::{
    ConstantKeys, ExponentialKeys, GraphKeys, LatencyChoice, MatrixKeys, NetworkKeys, PlaneKeys,
    UniformKeys,
};
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{LatencyModel, Network, TransitStub};

/// `[network]`, and the file of data it needs. `folder` is where the file is looked for.
pub(crate) fn network(reader: &mut Reader<'_>, folder: &Path) -> (Network, Option<NamedFile>) {
    let keys: NetworkKeys = reader.read();
    let (model, file) = model(reader, keys.model, folder);
    let network = Network {
        model,
        loss: keys.loss,
        service_time: keys.service_time,
    };
    (network, file)
}

/// Reads the parameters of every model, so that those not chosen are checked too, and then
/// chooses.
fn model(
    reader: &mut Reader<'_>,
    chosen: LatencyChoice,
    folder: &Path,
) -> (LatencyModel, Option<NamedFile>) {
    let ConstantKeys { latency } = reader.read();
    let uniform = uniform(reader);
    let ExponentialKeys { mean, per } = reader.read();
    let PlaneKeys { dimensions, span } = reader.read();
    let transit_stub = transit_stub(reader);
    let graph: GraphKeys = reader.read();
    let matrix: MatrixKeys = reader.read();
    let mut named = None;
    let mut file = |name, file, kind| {
        let file = data_file(reader, name, file, folder, kind);
        named.insert(file).path.clone()
    };
    let model = match chosen {
        LatencyChoice::Constant => LatencyModel::Constant { latency },
        LatencyChoice::Uniform => uniform,
        LatencyChoice::Exponential => LatencyModel::Exponential { mean, per },
        LatencyChoice::Plane => LatencyModel::Plane { dimensions, span },
        LatencyChoice::TransitStub => LatencyModel::TransitStub(transit_stub),
        LatencyChoice::Graph => LatencyModel::Graph {
            file: file("network.graph.file", graph.file, DataKind::Graph),
        },
        LatencyChoice::Matrix => LatencyModel::Matrix {
            file: file("network.matrix.file", matrix.file, DataKind::Matrix),
            values: matrix.values,
        },
    };
    (model, named)
}

fn uniform(reader: &mut Reader<'_>) -> LatencyModel {
    let UniformKeys { min, max } = reader.read();
    let given = ["network.uniform.min", "network.uniform.max"];
    if min > max
        && let Some(span) = reader.culprit(given.map(|key| reader.place(key)))
    {
        reader.push(
            span,
            "`network.uniform.min` is greater than `network.uniform.max`",
            format!("latencies from {min} to {max}"),
            "give both, the smaller one as `min`; they default to \"10ms\" and \"90ms\"",
        );
    }
    LatencyModel::Uniform { min, max }
}

/// The file a model needs; the choice of the model is to blame if it is not named.
fn data_file(
    reader: &mut Reader<'_>,
    name: &str,
    file: Option<PathBuf>,
    folder: &Path,
    kind: DataKind,
) -> NamedFile {
    let place = reader.place(name);
    // A value that is no path has been told about.
    let is_told = place.is_some() && file.is_none();
    let file = file.unwrap_or_default();
    let span = place
        .or_else(|| reader.place("network.model"))
        .unwrap_or(0..0);
    if file.as_os_str().is_empty() && !is_told {
        reader.miss(
            span.clone(),
            format!("`{name}` is missing"),
            "this model reads a file",
            format!("name it in `{name}`, relative to the scenario's folder"),
        );
    }
    NamedFile {
        path: folder.join(file),
        kind,
        span,
    }
}

fn transit_stub(reader: &mut Reader<'_>) -> TransitStub {
    let resolved: TransitStub = reader.read();
    let routers = resolved.routers();
    let counts = [
        "network.transit-stub.transit_domains",
        "network.transit-stub.transit_routers",
        "network.transit-stub.stubs_per_transit_router",
        "network.transit-stub.stub_routers",
    ];
    if routers > TransitStub::ROUTERS_MAX
        && let Some(span) = reader.culprit(counts.map(|count| reader.place(count)))
    {
        reader.push(
            span,
            "the transit-stub network is too large",
            format!(
                "{routers} routers; allowed: up to {}",
                TransitStub::ROUTERS_MAX
            ),
            "lower one of the four counts; the default is 4 x 4 x (1 + 3 x 4) = 208 routers",
        );
    }
    resolved
}
