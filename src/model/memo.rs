//! A memo: what was found out about a text once. The same few thousand names stand in all files, on both
//! sides, and are asked about by many threads.
//!
//! In: texts. Out: what is known of them.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::hash::BuildHasher as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Parts of a memo, so that threads seldom wait for each other.
const PARTS: usize = 16;

/// What is known of texts.
pub(super) struct Memo<T>([Mutex<FxHashMap<Box<str>, T>>; PARTS]);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

/// A copy knows nothing yet.
impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> std::fmt::Debug for Memo<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memo")
    }
}

impl<T: Copy> Memo<T> {
    /// What is known of a text, found out by `new` if nobody asked before.
    pub fn of(&self, text: &str, new: impl FnOnce() -> T) -> T {
        let part = FxBuildHasher.hash_one(text) as usize >> 8;
        let part = &self.0[part % PARTS];
        let known = || -> MutexGuard<'_, _> { part.lock().unwrap_or_else(PoisonError::into_inner) };
        if let Some(found) = known().get(text) {
            return *found;
        }
        // Two threads may find out the same.
        let found = new();
        known().insert(text.into(), found);
        found
    }
}
