//! How many messages cross each physical link: for `links.csv`, and the link stress in the summary.
//!
//! *Link stress* is how many messages cross a link (Chu, Rao, Zhang, "A Case for End System Multicast", ACM SIGMETRICS
//! 2000, section 4). What it ought to be at least is counted beside it: each request sent straight to the owner of its
//! key, and one answer straight back. The quotient of both says what the detours of the overlay cost the network.
//!
//! | file | concern |
//! |---|---|
//! | [`counter`](LinkCounter) | the observer: it counts, and makes the rows |
//! | `stress` | what the counts of a run come to |

mod counter;
mod stress;

pub use counter::LinkCounter;
