//! What selfish peers cost, and whom: requests and burdens of honest and of selfish peers apart.
//!
//! | file | concern |
//! |---|---|
//! | [`watch`](SelfishWatch) | the observer: requests, by who asks; their messages; which of them were refused |
//! | `apart` | what peers handle, send and own, by who they are |
//!
//! Whoever asks is selfish or not at the moment of asking, whoever bears a burden at the end of the run, as `nodes.csv` says.

mod apart;
mod watch;

pub(super) use apart::{Apart, BYTES, KEYS, LOAD};
pub use watch::SelfishWatch;
