//! What a run says of honest and of selfish peers apart.

use super::Sim;
use crate::overlay::LookAhead;

impl<O: LookAhead> Sim<'_, O> {
    /// Which share of the peers that are members is selfish at this moment; `None` if that is not measured, or nobody is a
    /// member.
    pub(super) fn selfish_share(&self) -> Option<f64> {
        if !self.scenario.selfish.measured {
            return None;
        }
        let (mut all, mut selfish) = (0_u32, 0_u32);
        for peer in self.members.peers() {
            all += 1;
            selfish += u32::from(self.conduct.is_selfish(peer));
        }
        (all > 0).then(|| f64::from(selfish) / f64::from(all))
    }
}
