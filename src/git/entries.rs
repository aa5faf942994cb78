//! The entries of one side, sorted by path, found by path.
//!
//! In: entries as a tree, an index or a folder gives them. Out: [`Entries`]. Paths are shared between
//! the sides of a comparison, which have nearly all of them in common; the tables for finding one are
//! made when the first is looked for, because a question that was answered before asks for none.

use super::listing::Entry;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, OnceLock};

/// Paths and what stands there.
#[derive(Debug, Default)]
pub(super) struct Entries {
    sorted: Vec<(Arc<str>, Entry)>,
    places: OnceLock<FxHashMap<Arc<str>, u32>>,
    folders: OnceLock<FxHashSet<Box<str>>>,
}

impl Entries {
    /// Takes entries in any order; of two with one path, the later one counts.
    pub fn new(mut all: Vec<(Arc<str>, Entry)>) -> Self {
        if !all.is_sorted_by(|one, next| one.0 < next.0) {
            all.sort_by(|one, other| one.0.cmp(&other.0));
            all.dedup_by(|later, kept| {
                let is_same = later.0 == kept.0;
                if is_same {
                    std::mem::swap(later, kept);
                }
                is_same
            });
        }
        Self { sorted: all, ..Self::default() }
    }

    /// All of them, sorted by path.
    pub fn all(&self) -> &[(Arc<str>, Entry)] {
        &self.sorted
    }

    pub fn get(&self, path: &str) -> Option<&Entry> {
        let places = self.places.get_or_init(|| {
            self.sorted.iter().enumerate().map(|(at, (path, _))| (Arc::clone(path), at as u32)).collect()
        });
        places.get(path).map(|at| &self.sorted[*at as usize].1)
    }

    /// Whether something lies below `path`; `""` is the root.
    pub fn is_folder(&self, path: &str) -> bool {
        let folders = self.folders.get_or_init(|| {
            let mut folders = FxHashSet::default();
            let mut last = "";
            for (path, _) in &self.sorted {
                let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                // Neighbours mostly share their folder, and then those above it.
                if folder == last {
                    continue;
                }
                last = folder;
                while !folder.is_empty() && folders.insert(Box::from(folder)) {
                    folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
                }
            }
            folders
        });
        if path.is_empty() { !self.sorted.is_empty() } else { folders.contains(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paths: &[&str]) -> Entries {
        Entries::new(paths.iter().map(|path| (Arc::from(*path), Entry::Unreadable((*path).to_owned()))).collect())
    }

    #[test]
    fn entries_are_sorted_whatever_their_order_was() {
        let entries = of(&["b/c", "a.ts", "a/b.ts", "b"]);
        let paths: Vec<&str> = entries.all().iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, ["a.ts", "a/b.ts", "b", "b/c"]);
    }

    #[test]
    fn of_two_with_one_path_the_later_counts() {
        let entry = |text: &str| (Arc::from("a"), Entry::Unreadable(text.to_owned()));
        let entries = Entries::new(vec![entry("first"), entry("second"), entry("third")]);
        assert_eq!(entries.all(), [entry("third")]);
        assert_eq!(entries.get("a"), Some(&Entry::Unreadable("third".to_owned())));
    }

    #[test]
    fn folders_are_what_has_something_below() {
        let entries = of(&["a/b/c.ts", "a/d.ts", "e.ts"]);
        assert!(["", "a", "a/b"].into_iter().all(|path| entries.is_folder(path)));
        assert!(!["e.ts", "a/b/c.ts", "b", "a/"].into_iter().any(|path| entries.is_folder(path)));
        assert!(!of(&[]).is_folder(""));
    }
}
