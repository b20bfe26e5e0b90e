//! How a name comes by its place on the ring.

use sha1::{Digest, Sha1};

use super::index::RingId;
use super::ring::Space;

/// The leading bits of the SHA-1 of a name: of a node's address as of the text of a key (Stoica et al. 2001, section 4.2).
#[must_use]
pub fn hashed(space: Space, name: &[u8]) -> RingId {
    let digest = Sha1::digest(name);
    let leading: [u8; 8] = digest[..8].try_into().expect("a SHA-1 digest has 20 bytes");
    space.leading(u64::from_be_bytes(leading))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf alice | sha1sum` begins with 522b276a356bdf39, `printf abc | sha1sum` (the example of FIPS 180) with
    /// a9993e364706816a.
    #[test]
    fn a_name_lies_where_the_leading_bits_of_its_digest_say() {
        assert_eq!(hashed(Space::new(64), b"alice").0, 0x522b_276a_356b_df39);
        assert_eq!(hashed(Space::new(64), b"abc").0, 0xa999_3e36_4706_816a);
        // 0x52 is 0101 0010: its leading seven bits are 010 1001.
        assert_eq!(hashed(Space::new(7), b"alice").0, 0b010_1001);
    }
}
