//! Where on the way of lookups the time goes: for `hops.csv`, and what the summary says of single hops.
//!
//! | file | concern |
//! |---|---|
//! | [`watch`](HopWatch) | the observer: it waits for lookups to be over |
//! | `tally` | what is kept of them, by position |

mod tally;
mod watch;

pub use watch::HopWatch;
