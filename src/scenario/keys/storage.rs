//! `[storage]`: what is kept under the keys. Nothing is, so far.

use super::key::{Section, count};

section! {
    /// What is kept under the keys.
    static STORAGE = Section::table("storage"), without field {
        /// Copies of each value; more are not available yet.
        replicas = 1, count(1, 1);
        /// Size of a value; no effect yet.
        value_bytes = 1024, count(0, u32::MAX as u64);
    }
}
