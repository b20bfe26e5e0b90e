//! `[network.uniform]`

use crate::codes;
use crate::scenario::keys::network::UniformKeys;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::LatencyModel;

pub(super) fn uniform(reader: &mut Reader<'_>) -> LatencyModel {
    let UniformKeys { min, max } = reader.read();
    let given = ["network.uniform.min", "network.uniform.max"];
    if min > max
        && let Some(span) = reader.culprit(given.map(|key| reader.place(key)))
    {
        reader.push(
            codes::WRONG_ORDER,
            span,
            "`network.uniform.min` is greater than `network.uniform.max`",
            format!("latencies from {min} to {max}"),
            "give both, the smaller one as `min`; they default to \"10ms\" and \"90ms\"",
        );
    }
    LatencyModel::Uniform { min, max }
}
