//! What a program is told of the change and of the texts around it.
//!
//! In: the change and its texts. Out: [`tell`] fills the parts of a [`Program`] that words about
//! changes ask.

use crate::change::Change;
use crate::git::Reader;
use crate::program::Program;
use crate::program::changed::{Changed, Texts};
use crate::rule::anchor::anchor;
use crate::source::{At, Sources, decode};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Tells both sides which one they are and what changes, and lets them look for words.
pub fn tell(change: &Change, reader: &Reader, sources: &Sources, base: Option<&mut Program>, head: &mut Program) {
    let texts: Arc<dyn Texts> = Arc::new(Repository { reader: reader.clone(), words: Mutex::default() });
    if let Some(base) = base {
        base.side = At::Base;
        base.texts = Some(Arc::clone(&texts));
    }
    head.side = At::Head;
    head.texts = Some(texts);
    head.changed = changed(change, sources, head);
}

fn changed(change: &Change, sources: &Sources, head: &Program) -> Changed {
    if change.all {
        return Changed::default();
    }
    let mut changed = Changed::default();
    for file in &change.files {
        let Some(path) = file.head_path() else { continue };
        changed.added.insert(path.to_owned(), file.added_lines());
        let text = |at: At, path: &str| sources.side(at).get(path).map(|source| source.text.as_str());
        let before = file.base_path().and_then(|path| text(At::Base, path));
        let differs = match (before, text(At::Head, path)) {
            (Some(before), Some(after)) => before != after && anchor(before) != anchor(after),
            _ => true,
        };
        if differs && let Ok(at) = head.files.binary_search_by(|known| known.path.as_str().cmp(path)) {
            changed.files.push(crate::program::FileId(at as u32));
        }
    }
    changed.files.sort_by_key(|file| {
        let added = changed.added.get(&head.file(*file).path).copied().unwrap_or_default();
        (std::cmp::Reverse(added), *file)
    });
    changed
}

/// The words of the files of a side that some globs mean.
type Words = BTreeMap<(At, String), Arc<FxHashSet<String>>>;

struct Repository {
    reader: Reader,
    words: Mutex<Words>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Repository")
    }
}

impl Repository {
    /// Each file is read once, however many words are looked for.
    fn words(&self, at: At, key: &str, wanted: &dyn Fn(&str) -> bool) -> Arc<FxHashSet<String>> {
        let words = || self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (at, key.to_owned());
        if let Some(known) = words().get(&asked) {
            return Arc::clone(known);
        }
        // Two threads may look for the same; they find the same.
        let mut found = FxHashSet::default();
        for path in self.reader.list(at).filter(|path| wanted(path)) {
            let Some(text) = self.reader.glance(at, path).and_then(|bytes| decode(bytes).ok()) else { continue };
            for word in text.split(|c| !of_name(c)).filter(|word| !word.is_empty()) {
                if !found.contains(word) {
                    found.insert(word.to_owned());
                }
            }
        }
        let found = Arc::new(found);
        words().insert(asked, Arc::clone(&found));
        found
    }
}

impl Texts for Repository {
    fn has_word(&self, at: At, key: &str, wanted: &dyn Fn(&str) -> bool, word: &str) -> bool {
        if word.chars().all(of_name) {
            return self.words(at, key, wanted).contains(word);
        }
        let has = |path: &str| self.reader.read(at, path).is_ok_and(|source| stands_in(&source.text, word));
        self.reader.list(at).any(|path| wanted(path) && has(path))
    }
}

fn of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Whether `word` stands in a text with nothing of a name before or after it.
fn stands_in(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(of_name) && !text[at + word.len()..].starts_with(of_name) && !word.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_found() {
        assert!(stands_in("# MY_KEY=\nKEY=1", "KEY"));
        assert!(!stands_in("MY_KEY=1\nKEYS=2", "KEY"));
        assert!(!stands_in("anything", ""));
    }
}
