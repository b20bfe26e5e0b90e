//! `[network.scale-free]`

use crate::codes;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::ScaleFree;

pub(super) fn scale_free(reader: &mut Reader<'_>) -> ScaleFree {
    let resolved: ScaleFree = reader.read();
    let given = ["network.scale-free.routers", "network.scale-free.m"];
    if resolved.routers <= resolved.m
        && let Some(span) = reader.culprit(given.map(|key| reader.place(key)))
    {
        reader.push(
            codes::IMPOSSIBLE_NETWORK,
            span,
            "the scale-free network has too few routers for the links that each brings",
            format!("{} routers, {} links each", resolved.routers, resolved.m),
            "make `routers` greater than `m`; they default to 1000 and 2",
        );
    }
    resolved
}
