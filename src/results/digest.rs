//! Digests of bytes.

use std::fmt::Write as _;
use std::io;

use sha2::{Digest as _, Sha256};

/// The SHA-256 digest of some bytes, as 64 hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The SHA-256 digest of everything that can be read.
pub(super) fn sha256_of(mut from: impl io::Read) -> io::Result<String> {
    let mut hash = HashWriter(Sha256::new());
    io::copy(&mut from, &mut hash)?;
    Ok(hex(&hash.0.finalize()))
}

/// The hexadecimal digits of a digest.
pub(super) fn hex(digest: &[u8]) -> String {
    let mut text = String::with_capacity(2 * digest.len());
    for byte in digest {
        write!(text, "{byte:02x}").expect("writing to memory does not fail");
    }
    text
}

struct HashWriter(Sha256);

impl io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
