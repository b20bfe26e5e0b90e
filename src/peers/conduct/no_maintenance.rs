//! `behaviour = "no-maintenance"`: a peer that asks others for what its own tables need, and answers nobody who does the
//! same; it neither compares nor repairs copies. To the others it looks dead.

use crate::overlay::{Deed, Service};

pub(super) fn deed(service: Service) -> Deed {
    match service {
        Service::Maintain => Deed::Refuse,
        _ => Deed::Serve,
    }
}
