//! `behaviour = "drop-lookups"`: a peer that makes its own lookups but passes nothing on for others. It still
//! answers for its own keys, answers pings and maintains its links, so that no other peer notices.

use crate::overlay::{Deed, Service};

pub(super) fn deed(service: Service) -> Deed {
    match service {
        Service::PassOn => Deed::Refuse,
        _ => Deed::Serve,
    }
}
