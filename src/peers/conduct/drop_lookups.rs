//! `behaviour = "drop-lookups"`: a peer that looks up what it wants and passes on nothing for others. It still
//! answers for its own keys, answers pings and maintains its links, so that nobody notices.

use crate::overlay::{Deed, Service};

pub(super) fn deed(service: Service) -> Deed {
    match service {
        Service::PassOn => Deed::Refuse,
        Service::Answer | Service::Maintain => Deed::Serve,
    }
}
