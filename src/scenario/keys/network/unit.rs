//! The units that latencies in files may be in.

words! {
    /// `network.graph.unit` and `network.matrix.unit`
    pub enum LatencyUnit {
        /// Microseconds.
        Us = "us",
        /// Milliseconds.
        Ms = "ms",
        /// Seconds.
        S = "s",
    }
}
