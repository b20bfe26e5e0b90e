//! `[network.transit-stub]`

use crate::codes;
use crate::scenario::reader::Reader;
use crate::scenario::resolved::TransitStub;

pub(super) fn transit_stub(reader: &mut Reader<'_>) -> TransitStub {
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
            codes::IMPOSSIBLE_NETWORK,
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
