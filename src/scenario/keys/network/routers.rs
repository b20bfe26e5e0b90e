//! What models made of routers share.

/// The most routers that a generated network can have.
pub(super) const ROUTERS_MAX: u64 = 1 << 14;

words! {
    /// On which routers hosts sit: `network.waxman.attach`, `network.scale-free.attach`
    pub enum RouterAttach {
        /// On every router as often as on another.
        Uniform = "uniform",
        /// On each router as often as it has links.
        Degree = "degree",
    }
}
