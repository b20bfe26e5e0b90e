//! Watches the messages of lookups. Each lookup is traced, and taken in when it is over.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use super::tally::Tally;
use crate::catalogue::RecordSink;
use crate::client::Finished;
use crate::engine::SimTime;
use crate::observe::observer::{Asked, EventOf, Measured, Observer, Scene, Sent};
use crate::observe::operations::FinishedOperation;
use crate::observe::trace::{Number, Traced, Tracer};
use crate::overlay::Overlay;
use crate::world::NodeIdx;

/// Measures the hops of all lookups that count. Memory follows the lookups under way and the positions, not all messages.
pub struct HopWatch {
    tracer: Tracer<'static>,
    /// Lookups that are over and not taken in yet: that takes the scene, which is not told when a request is over.
    over: Rc<RefCell<Vec<Traced>>>,
    tally: Tally,
}

impl HopWatch {
    /// Of a measurement that begins at `from`.
    #[must_use]
    pub fn new(from: SimTime) -> Self {
        let over = Rc::<RefCell<Vec<Traced>>>::default();
        let queue = Rc::clone(&over);
        let tracer = Tracer::new(
            |_, number| matches!(number, Some(Number::Lookup(_))),
            move |traced, _| {
                queue.borrow_mut().push(traced);
                Ok(())
            },
        );
        Self {
            tracer,
            over,
            tally: Tally::new(from),
        }
    }

    fn take_in<O: Overlay>(&mut self, scene: &Scene<'_, O>) {
        let region = |node: NodeIdx| scene.network.region(scene.host(node));
        for traced in self.over.borrow_mut().drain(..) {
            self.tally.add(&traced, region);
        }
    }
}

impl<O: Overlay> Observer<O> for HopWatch {
    fn before(&mut self, scene: &Scene<'_, O>, event: &EventOf<O>) {
        self.take_in(scene);
        self.tracer.before(scene, event);
    }

    fn asked(&mut self, scene: &Scene<'_, O>, asked: &Asked) {
        self.tracer.asked(scene, asked);
    }

    fn sent(&mut self, scene: &Scene<'_, O>, sent: &Sent<O::Msg>) {
        self.tracer.sent(scene, sent);
    }

    fn refused(&mut self, node: NodeIdx, ticket: Option<u64>, counts: bool) {
        Observer::<O>::refused(&mut self.tracer, node, ticket, counts);
    }

    fn misrouted(&mut self, node: NodeIdx, named: NodeIdx, ticket: Option<u64>, counts: bool) {
        Observer::<O>::misrouted(&mut self.tracer, node, named, ticket, counts);
    }

    fn finished(&mut self, finished: &Finished, sink: &mut dyn RecordSink) -> io::Result<()> {
        Observer::<O>::finished(&mut self.tracer, finished, sink)
    }

    fn operated(&mut self, over: &FinishedOperation, sink: &mut dyn RecordSink) -> io::Result<()> {
        Observer::<O>::operated(&mut self.tracer, over, sink)
    }

    fn done(
        &mut self,
        scene: &Scene<'_, O>,
        sink: &mut dyn RecordSink,
    ) -> io::Result<Vec<Measured>> {
        self.take_in(scene);
        self.tally.sort();
        for row in self.tally.rows() {
            sink.take((&row).into())?;
        }
        Ok(self.tally.metrics().into())
    }
}
