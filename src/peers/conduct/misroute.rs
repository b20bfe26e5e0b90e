//! `behaviour = "misroute"`: a peer that answers the lookups that it should pass on, with a node that does not own the key:
//! itself, or the selfish peer that lies nearest behind the key and so looks most like the owner.

use crate::overlay::{Deed, Service};
use crate::world::NodeIdx;

pub(super) fn deed(service: Service, named: impl FnOnce() -> NodeIdx) -> Deed {
    match service {
        Service::PassOn => Deed::Misroute(named()),
        _ => Deed::Serve,
    }
}
