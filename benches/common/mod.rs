//! What the benches share: the workloads, each made from fixed numbers, the same in every run.

#![allow(dead_code, reason = "each bench uses a part of it")]

pub mod ceiling;
pub mod hold;
pub mod processor;
pub mod random;
pub mod rings;
pub mod rows;
