//! What a replay of a run on the ring needs besides the other files: for people who watch, so all of it is bounded.
//!
//! | file | concern |
//! |---|---|
//! | [`ring`](RingWatch) | the observer that tells who comes and goes, and what nodes know |
//! | [`telling`](Telling) | which requests are told message by message |

mod ring;
mod telling;

pub use ring::RingWatch;
pub use telling::Telling;
