//! What the benches share: the workloads, each made from fixed numbers, the same in every run.

#![allow(dead_code, reason = "each bench uses a part of it")]

pub(crate) mod ceiling;
pub(crate) mod hold;
pub(crate) mod processor;
pub(crate) mod random;
pub(crate) mod rings;
pub(crate) mod rows;
