//! Does several things at a time, in their order.

/// Calls `work` for each of these, with so many at a time; one after the other where the system gives no threads. Each
/// call is a pure matter of its own, so that nobody can tell the difference.
pub(super) fn each(all: &[usize], jobs: usize, work: impl Fn(usize) + Sync) {
    let threads = jobs.min(all.len());
    let pool = (threads > 1).then(|| {
        let builder = rayon::ThreadPoolBuilder::new();
        builder.num_threads(threads).build()
    });
    let Some(Ok(pool)) = pool else {
        all.iter().copied().for_each(work);
        return;
    };
    let work = &work;
    pool.scope_fifo(|scope| {
        for &one in all {
            scope.spawn_fifo(move |_| work(one));
        }
    });
}
