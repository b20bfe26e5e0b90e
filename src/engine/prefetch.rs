//! Asking for memory before it is needed. The one place with `unsafe` in it: the processor's
//! instruction takes an address, and does nothing but bring what is there nearer.
#![allow(unsafe_code)]

/// Asks the processor to have this in its cache soon. Changes nothing, and costs nothing where there
/// is no such instruction.
#[inline]
pub fn prefetch<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a reference points to memory that is there; prefetching it has no other effect.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Asks for an element of a slice, if there is one at this position.
#[inline]
pub fn prefetch_at<T>(slice: &[T], position: usize) {
    if let Some(place) = slice.get(position) {
        prefetch(place);
    }
}
