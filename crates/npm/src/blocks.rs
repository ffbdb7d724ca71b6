//! Memory for short calls.
//!
//! Owns a list of free blocks for each power of two. A block goes back to its list and is never joined or split: after
//! a call everything is free again, so lists suffice. At most twice the bytes asked for are taken. Why not the standard
//! library's allocator: it weighs 4 kB (gz), a fourteenth of the core. The directory, which keeps what it is told, has
//! that one.
#![expect(unsafe_code, reason = "an allocator hands out addresses")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr;

/// Bytes of the smallest block. It holds the address of the next free one, and every block begins at a multiple of it.
const SMALLEST: usize = 16;

/// Lists of free blocks: of 16 bytes up to 2 GB.
const LISTS: usize = 28;

/// Bytes of a page of WebAssembly.
const PAGE: usize = 65_536;

/// An allocator on what `grow` gives: the address at which so many further pages begin.
pub struct Blocks {
    free: [Cell<*mut u8>; LISTS],
    start: Cell<usize>,
    end: Cell<usize>,
    grow: fn(pages: usize) -> Option<usize>,
}

// SAFETY: WebAssembly has one thread here.
unsafe impl Sync for Blocks {}

impl Blocks {
    /// An allocator that has no memory yet.
    pub const fn new(grow: fn(pages: usize) -> Option<usize>) -> Self {
        let free = [const { Cell::new(ptr::null_mut()) }; LISTS];
        Blocks { free, start: Cell::new(0), end: Cell::new(0), grow }
    }

    /// The list for blocks of that size, and their bytes.
    fn list(&self, layout: Layout) -> Option<(&Cell<*mut u8>, usize)> {
        let bytes = layout.size().max(SMALLEST).checked_next_power_of_two()?;
        let place = usize::try_from(bytes.trailing_zeros().checked_sub(SMALLEST.trailing_zeros())?).ok()?;
        (layout.align() <= SMALLEST).then_some(())?;
        Some((self.free.get(place)?, bytes))
    }

    /// A block that was never used.
    fn fresh(&self, bytes: usize) -> Option<*mut u8> {
        if self.end.get().checked_sub(self.start.get())? < bytes {
            let pages = bytes.div_ceil(PAGE);
            let found = (self.grow)(pages)?;
            if found != self.end.get() {
                self.start.set(found);
            }
            self.end.set(found.checked_add(pages.checked_mul(PAGE)?)?);
        }
        let start = self.start.get();
        self.start.set(start.checked_add(bytes)?);
        Some(ptr::with_exposed_provenance_mut(start))
    }
}

// SAFETY: a block is handed out once until it comes back, has room for what was asked, and begins at a multiple of 16.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some((list, bytes)) = self.list(layout) else { return ptr::null_mut() };
        let block = list.get();
        if block.is_null() {
            return self.fresh(bytes).unwrap_or(ptr::null_mut());
        }
        // SAFETY: a free block begins with the address of the next one.
        list.set(unsafe { block.cast::<*mut u8>().read() });
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some((list, _)) = self.list(layout) {
            // SAFETY: the block was handed out for this layout: it is of this list, and nothing uses it any more.
            unsafe { block.cast::<*mut u8>().write(list.get()) };
            list.set(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::{alloc, handle_alloc_error};

    /// Pages of the test's own allocator, which are never given back.
    fn pages(count: usize) -> Option<usize> {
        let layout = Layout::from_size_align(count.checked_mul(PAGE)?, PAGE).ok()?;
        let place = unsafe { alloc(layout) };
        if place.is_null() {
            handle_alloc_error(layout);
        }
        Some(place.expose_provenance())
    }

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    #[test]
    fn blocks_in_use_never_overlap_and_keep_their_bytes() {
        let blocks = Blocks::new(pages);
        let mut held: Vec<(*mut u8, usize, u8)> = Vec::new();
        let mut random = 7_usize;
        for round in 0..20_000_usize {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let size = 1 + (random >> 33) % [40, 700, 9_000, 200_000][round % 4];
            let mark = (round % 251) as u8;
            let block = unsafe { blocks.alloc(layout(size)) };
            assert!(!block.is_null() && block.addr() % SMALLEST == 0, "{size}");
            unsafe { block.write_bytes(mark, size) };
            held.push((block, size, mark));
            while held.len() > 60 {
                let (block, size, mark) = held.swap_remove((random >> 17) % held.len());
                let bytes = unsafe { std::slice::from_raw_parts(block, size) };
                assert!(bytes.iter().all(|byte| *byte == mark), "{size}");
                unsafe { blocks.dealloc(block, layout(size)) };
            }
        }
    }

    #[test]
    fn freed_blocks_are_used_again() {
        let blocks = Blocks::new(pages);
        let first = unsafe { blocks.alloc(layout(100)) };
        unsafe { blocks.dealloc(first, layout(100)) };
        assert_eq!(unsafe { blocks.alloc(layout(128)) }, first, "one list holds blocks of 65 to 128 bytes");
        assert_ne!(unsafe { blocks.alloc(layout(128)) }, first);
    }

    #[test]
    fn growing_a_block_keeps_its_bytes() {
        let blocks = Blocks::new(pages);
        let block = unsafe { blocks.alloc(layout(3)) };
        unsafe { block.write_bytes(9, 3) };
        let grown = unsafe { blocks.realloc(block, layout(3), 5_000) };
        assert_eq!(unsafe { std::slice::from_raw_parts(grown, 3) }, [9, 9, 9]);
    }

    #[test]
    fn requests_beyond_the_memory_are_refused() {
        let blocks = Blocks::new(|_| None);
        assert!(unsafe { blocks.alloc(layout(1)) }.is_null(), "no page");
        let blocks = Blocks::new(pages);
        assert!(unsafe { blocks.alloc(layout(isize::MAX as usize - 7)) }.is_null(), "too long");
        assert!(unsafe { blocks.alloc(Layout::from_size_align(8, 64).unwrap()) }.is_null(), "a wider alignment");
    }
}
