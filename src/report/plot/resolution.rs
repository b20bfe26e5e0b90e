//! How large a PNG wants to be shown: its chunk `pHYs`, which the plotting crate does not write.

use super::style::PIXELS_PER_METRE;

/// The signature, and the first chunk with its length, name, 13 bytes and checksum.
const HEADER: usize = 8 + 4 + 4 + 13 + 4;

/// The same PNG with its resolution, which stands behind the header.
pub(super) fn added(png: &[u8]) -> Vec<u8> {
    let (header, rest) = png.split_at(HEADER.min(png.len()));
    [header, &chunk(), rest].concat()
}

/// Length, name, pixels per metre in both directions, the unit (1: metre), and the checksum of all but the length.
fn chunk() -> Vec<u8> {
    let size = PIXELS_PER_METRE.to_be_bytes();
    let body = [&b"pHYs"[..], &size, &size, &[1]].concat();
    let length = (body.len() as u32 - 4).to_be_bytes();
    [&length[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// The checksum of PNG (CRC-32, bit by bit: it is of 13 bytes).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1));
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    /// The check value of this checksum, published with it.
    #[test]
    fn the_checksum_is_that_of_png() {
        assert_eq!(super::crc(b"123456789"), 0xcbf4_3926);
    }
}
