//! `behaviour = "refuse-serving"`: a peer that keeps what it is given, and gives nothing out.

use crate::overlay::{Deed, Service};

pub(super) fn deed(service: Service) -> Deed {
    match service {
        Service::HandOut => Deed::Refuse,
        _ => Deed::Serve,
    }
}
