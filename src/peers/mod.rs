//! The peers: who is there, who comes and goes, and who plays fair.
//!
//! Nothing here depends on the overlay. For one seed, the same peers arrive, depart and are selfish
//! under every protocol, so that two protocols can be compared lookup by lookup.

mod attendance;
mod churn;
mod conduct;
mod distribution;
mod population;
mod timetable;

pub use attendance::Attendance;
pub use churn::Churn;
pub use conduct::{Conduct, Leeches, Step};
pub use distribution::{exponential, mean, residual, sample};
pub use population::Population;
pub use timetable::{Due, Misfit, Timetable};
