//! `behaviour = "refuse-storage"`: a peer that keeps nothing for others. Either it says that it does, so that copies are
//! missed only when they are needed; or it declines, so that whoever asked can look for somebody else.

use crate::overlay::{Deed, Service};
use crate::scenario::resolved::StorageRefusal;

pub(super) fn deed(service: Service, refusal: StorageRefusal) -> Deed {
    match (service, refusal) {
        (Service::Keep, StorageRefusal::Acknowledge) => Deed::Refuse,
        (Service::Keep, StorageRefusal::Decline) => Deed::Decline,
        _ => Deed::Serve,
    }
}
