//! Puts and gets where the asking node thinks ill of some that keep copies: it asks others, and these last or never.

use super::{Host, Stored};
use crate::overlay::{Effect, Fx};
use crate::world::NodeIdx;

impl<O: Host> Stored<O> {
    /// Takes out those of which the asking node thinks ill. Where they are asked all the same if there is nobody else, as many
    /// stay as the quorum needs, and the others are returned: whom to ask last.
    pub(super) fn leave_out_shunned(
        &self,
        number: u32,
        keepers: &mut Vec<NodeIdx>,
        fx: &Fx<O>,
    ) -> Vec<NodeIdx> {
        let is_good = |keeper: &NodeIdx| *keeper == fx.node() || !fx.thinks_ill_of(*keeper);
        let (good, ill): (Vec<NodeIdx>, Vec<NodeIdx>) = keepers.iter().partition(|it| is_good(it));
        if ill.is_empty() {
            return ill;
        }
        *keepers = good;
        if !fx.asks_anyway() {
            return Vec::new();
        }
        let pending = self.pending.get(&(fx.node(), number));
        let quorum = pending.map_or(0, |pending| self.quorum_of(pending.action));
        let lacking = usize::from(quorum).saturating_sub(keepers.len());
        let mut ill = ill.into_iter();
        keepers.extend(ill.by_ref().take(lacking));
        ill.collect()
    }

    /// The asking node thinks ill of all that could be asked.
    #[cold]
    pub(super) fn nobody_is_asked(&mut self, number: u32, fx: &mut Fx<O>) {
        if let Some(pending) = self.pending.get(&(fx.node(), number)) {
            let ticket = pending.ticket;
            fx.push(Effect::Shunned { ticket });
        }
        self.settle(number, fx);
    }

    /// The asking node thinks ill of the owner of a place. It asks it last, or never.
    pub(super) fn on_shunned_place(&mut self, number: u32, keeper: NodeIdx, fx: &mut Fx<O>) {
        let Some(pending) = self.pending.get_mut(&(fx.node(), number)) else {
            return;
        };
        pending.due -= 1;
        if fx.asks_anyway() {
            pending.others.push_back(keeper);
        }
        if pending.due == 0 && pending.answers == 0 {
            let ticket = pending.ticket;
            self.ask_another(number, fx);
            if self.is_due(number, fx) {
                return;
            }
            fx.push(Effect::Shunned { ticket });
        }
        self.settle(number, fx);
    }

    fn is_due(&self, number: u32, fx: &Fx<O>) -> bool {
        let pending = self.pending.get(&(fx.node(), number));
        pending.is_some_and(|pending| pending.due > 0)
    }
}
