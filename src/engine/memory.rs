//! Hints about memory to the processor and the operating system. No hint changes what memory holds, and each does
//! nothing on a system that does not know it.
#![allow(unsafe_code)]

/// The size of a cache line (on most processors; this is only a hint).
const CACHE_LINE_BYTES: usize = 64;

/// Asks the processor to load an element of a slice into its cache soon, if the position exists.
#[inline]
pub fn prefetch_at<T>(slice: &[T], position: usize) {
    if let Some(place) = slice.get(position) {
        ask_for(std::ptr::from_ref(place).cast());
    }
}

/// Asks for the whole of a slice, which should be short.
#[inline]
pub fn prefetch_all<T>(slice: &[T]) {
    let bytes = slice.as_ptr().cast::<i8>();
    for line in (0..size_of_val(slice)).step_by(CACHE_LINE_BYTES) {
        ask_for(bytes.wrapping_add(line));
    }
    // The slice may begin in the middle of a line and so end in one more line.
    if let Some(last) = size_of_val(slice).checked_sub(1) {
        ask_for(bytes.wrapping_add(last));
    }
}

/// Asks for the memory at an address.
#[inline]
fn ask_for(address: *const i8) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint, which changes nothing and never fails, whatever is there.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// A column of at least this size is worth huge pages.
const HUGE_PAGE_MIN_BYTES: usize = 4 << 20;

/// The smallest room that is worth having.
const MIN_CAPACITY: usize = 16;

/// Makes room for more elements of a column, in huge pages if the column is large. Without huge pages,
/// access to a random place of a large column waits for the page table as well.
pub fn reserve_huge<T>(column: &mut Vec<T>, additional: usize) {
    let wanted = column.len() + additional;
    if wanted <= column.capacity() {
        return;
    }
    if wanted * size_of::<T>() < HUGE_PAGE_MIN_BYTES {
        return column.reserve_exact(additional);
    }
    // Growing in place would leave the present elements in pages of the usual size.
    let mut larger = Vec::with_capacity(wanted);
    advise_huge(larger.spare_capacity_mut());
    larger.append(column);
    *column = larger;
}

/// Makes a column this long, with its room in huge pages if it is large. The room grows by at least half of
/// itself. It does not double, because the largest column of a run grows here.
pub fn resize_huge<T: Clone>(column: &mut Vec<T>, len: usize, value: T) {
    if let Some(missing @ 1..) = len.checked_sub(column.capacity()) {
        let more = missing.max(column.capacity() / 2);
        reserve_huge(column, column.capacity() - column.len() + more);
    }
    column.resize(len, value);
}

/// Appends to a column, whose room doubles when it is full and is in huge pages once it is large.
#[inline]
pub fn push_huge<T>(column: &mut Vec<T>, value: T) {
    if column.len() == column.capacity() {
        double(column);
    }
    column.push(value);
}

#[cold]
fn double<T>(column: &mut Vec<T>) {
    reserve_huge(column, column.len().max(MIN_CAPACITY));
}

#[cfg(target_os = "linux")]
fn advise_huge<T>(spare: &mut [std::mem::MaybeUninit<T>]) {
    const PAGE: usize = 2 << 20;
    let start = spare.as_mut_ptr() as usize;
    let (from, to) = (
        start.next_multiple_of(PAGE),
        (start + size_of_val(spare)) / PAGE * PAGE,
    );
    if from < to {
        // SAFETY: the pages lie within memory that is exclusively borrowed. The advice only says which size
        // the pages should have. Whether the system follows it makes no difference to what the program
        // does.
        unsafe { libc::madvise(from as *mut libc::c_void, to - from, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_huge<T>(_: &mut [std::mem::MaybeUninit<T>]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_with_room_in_huge_pages_is_a_column_like_any_other() {
        let mut column: Vec<u64> = Vec::new();
        reserve_huge(&mut column, 3 << 20);
        assert!(column.capacity() >= 3 << 20);
        column.extend(0..(3 << 20) - 2);
        let len = column.len() as u64;
        resize_huge(&mut column, (3 << 20) - 1, len);
        push_huge(&mut column, len + 1);
        prefetch_at(&column, 5 << 20);
        prefetch_at(&column, 1 << 20);
        prefetch_all(&column[..20]);
        prefetch_all(&column[..0]);
        assert!(
            column
                .iter()
                .zip(0..)
                .all(|(value, expected)| *value == expected)
        );
    }

    #[test]
    fn a_column_grows_by_more_than_is_asked_for() {
        let mut column = Vec::new();
        let mut moves = 0;
        for value in 0..100_000_u32 {
            moves += u32::from(column.len() == column.capacity());
            push_huge(&mut column, value);
        }
        assert!(moves < 20, "{moves}");
        assert!(
            column
                .iter()
                .zip(0..)
                .all(|(value, expected)| *value == expected)
        );
        let room = column.capacity();
        resize_huge(&mut column, room + 1, 7);
        assert_eq!(column.len(), room + 1);
        assert!(column.capacity() >= room + room / 2);
        assert!(column[100_000..].iter().all(|value| *value == 7));
    }
}
