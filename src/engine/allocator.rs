//! What happens when there is no memory left. The standard library aborts the process then, with a signal and often a
//! core file; this ends it with a message and an exit code, as any other lack of the machine does.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::TryReserveError;
use std::io::Write as _;

/// The exit code of a failure at run time.
const FAILED: i32 = 1;

thread_local! {
    /// Whether somebody asks who can do without.
    static ONLY_ASKS: Cell<bool> = const { Cell::new(false) };
}

/// Reserves room for so many more elements; whoever asks in this way is told if there is none. (With [`OrEnd`] the
/// standard library's own `try_reserve` never is.)
///
/// # Errors
/// If there is no memory for them.
pub fn try_reserve<T>(into: &mut Vec<T>, more: usize) -> Result<(), TryReserveError> {
    ONLY_ASKS.set(true);
    let reserved = into.try_reserve_exact(more);
    ONLY_ASKS.set(false);
    reserved
}

/// The allocator of the system, which ends the process where there is no memory to be had. For programs, with
/// `#[global_allocator]`; a library leaves that choice to others.
pub struct OrEnd;

// SAFETY: all is left to the allocator of the system, with the arguments as they came, and what it returns is returned.
unsafe impl GlobalAlloc for OrEnd {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        or_end(unsafe { System.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        or_end(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller promises.
        or_end(unsafe { System.realloc(pointer, layout, size) }, size)
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[inline]
fn or_end(pointer: *mut u8, bytes: usize) -> *mut u8 {
    if pointer.is_null() && !ONLY_ASKS.get() {
        end(bytes);
    }
    pointer
}

/// Says what was asked for, without asking for memory, and ends the process at once.
#[cold]
fn end(bytes: usize) -> ! {
    let mut text = [0_u8; 200];
    let mut rest = &mut text[..];
    let _ = writeln!(
        rest,
        "out of memory: {} MB more are not to be had; finished runs are kept\n  \
         help: `chordsim check` estimates what a scenario needs; --jobs 1 needs the least",
        bytes.div_ceil(1_000_000)
    );
    let left = rest.len();
    let told = &text[..text.len() - left];
    let _ = std::io::stderr().write_all(told);
    leave()
}

#[cfg(unix)]
fn leave() -> ! {
    // SAFETY: it does not return, and runs nothing of the process that might ask for memory.
    unsafe { libc::_exit(FAILED) }
}

#[cfg(not(unix))]
fn leave() -> ! {
    std::process::exit(FAILED)
}
