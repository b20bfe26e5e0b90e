//! `[network]`: the latency model and its parameters.

mod graph;
mod regions;
mod scale_free;
mod transit_stub;
mod uniform;

use std::path::Path;

use toml::de::DeValue;

use self::graph::graph;
use self::regions::region_table;
use self::scale_free::scale_free;
use self::transit_stub::transit_stub;
use self::uniform::uniform;

use super::data_file::data_file;
use crate::codes;
use crate::scenario::data::{DataKind, NamedFile};
use crate::scenario::keys::network::{
    ConstantKeys, ExponentialKeys, LatencyChoice, MatrixKeys, NetworkKeys, PlaneKeys, RegionsKeys,
};
use crate::scenario::reader::Reader;
use crate::scenario::resolved::{LatencyModel, Matrix, Network, Waxman};

/// `[network]`, and the file of data it needs. `folder` is where the file is looked for.
pub(crate) fn network(reader: &mut Reader<'_>, folder: &Path) -> (Network, Option<NamedFile>) {
    let keys: NetworkKeys = reader.read();
    let (model, file) = model(reader, keys.model, folder);
    let network = Network {
        model,
        loss: keys.loss,
        jitter: keys.jitter,
        service_time: keys.service_time,
    };
    (network, file)
}

/// Whether messages can be counted per link, if they are to be.
pub(crate) fn links_are_there(reader: &mut Reader<'_>, model: &LatencyModel) {
    let wanted = reader.value("output.links");
    let is_wanted = wanted.is_some_and(|value| matches!(value.get_ref(), DeValue::Boolean(true)));
    if !is_wanted || model.has_links() {
        return;
    }
    let places = ["network.model", "output.links"].map(|key| reader.place(key));
    if let Some(span) = reader.culprit(places) {
        reader.push(
            codes::NOT_MEASURED,
            span,
            "`output.links` counts messages per link, and this network has no links",
            "its model knows latencies only",
            "choose `network.model = \"transit-stub\"`, `\"waxman\"`, `\"scale-free\"` or `\"graph\"`, or remove `output.links`",
        );
    }
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
    let waxman: Waxman = reader.read();
    let scale_free = scale_free(reader);
    let regions: RegionsKeys = reader.read();
    let (graph_file, options) = graph(reader);
    let matrix: MatrixKeys = reader.read();
    let mut named = None;
    let mut file = |name, file, kind| {
        let file = data_file(reader, (name, "network.model"), file, folder, kind);
        named.insert(file).path.clone()
    };
    let model = match chosen {
        LatencyChoice::Constant => LatencyModel::Constant { latency },
        LatencyChoice::Uniform => uniform,
        LatencyChoice::Exponential => LatencyModel::Exponential { mean, per },
        LatencyChoice::Plane => LatencyModel::Plane { dimensions, span },
        LatencyChoice::TransitStub => LatencyModel::TransitStub(transit_stub),
        LatencyChoice::Waxman => LatencyModel::Waxman(waxman),
        LatencyChoice::ScaleFree => LatencyModel::ScaleFree(scale_free),
        LatencyChoice::Regions => {
            let (table, file) = region_table(reader, &regions.table, folder);
            let latency_jitter = regions.latency_jitter;
            let model = LatencyModel::Regions {
                table,
                latency_jitter,
            };
            return (model, file);
        }
        LatencyChoice::Graph => LatencyModel::Graph {
            file: file("network.graph.file", graph_file, DataKind::Graph),
            options,
        },
        LatencyChoice::Matrix => LatencyModel::Matrix(Matrix {
            file: file("network.matrix.file", matrix.file, DataKind::Matrix),
            values: matrix.values,
            unit: matrix.unit,
            missing: matrix.missing,
        }),
    };
    (model, named)
}
