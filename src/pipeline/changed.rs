//! What a program is told of the change and of the texts around it.
//!
//! In: the change and its texts. Out: [`tell`] fills the parts of a [`Program`] that words about
//! changes ask.

use crate::change::{Change, RepoPath};
use crate::git::Reader;
use crate::program::Program;
use crate::program::changed::{Changed, Texts, Wanted};
use crate::program::load::Loaded;
use crate::rule::anchor::squeeze;
use crate::source::{At, Source, Sources, decode};
use crate::syntax::load::Outlines;
use crate::syntax::shouted::{is_shouted, of_name, shouted};
use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

/// Tells both sides which one they are and what changes, and lets them look for words.
pub fn tell(change: &Change, reader: &Reader, loaded: &Loaded, base: Option<&mut Program>, head: &mut Program) {
    let sources = &loaded.sources;
    let texts: Arc<dyn Texts> = Arc::new(Repository {
        reader: reader.clone(),
        loaded: [sources.base.clone(), sources.head.clone()],
        outlines: Arc::clone(&loaded.outlines),
        capitals: Mutex::default(),
        words: Mutex::default(),
        answers: Mutex::default(),
    });
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
    let differing = change.files.par_iter().filter_map(|file| {
        let path = file.head_path()?;
        let text = |at: At, path: &str| sources.side(at).get(path).map(|source| source.text.as_str());
        let before = file.base_path().and_then(|path| text(At::Base, path));
        let differs = match (before, text(At::Head, path)) {
            (Some(before), Some(after)) => before != after && squeeze(before) != squeeze(after),
            _ => true,
        };
        Some((path, file.added_lines(), differs))
    });
    let mut changed = Changed::default();
    for (path, added, differs) in differing.collect::<Vec<_>>() {
        changed.added.insert(path.to_owned(), added);
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

/// Words of the files of a side that some globs mean, as hashes: the files may be a whole repository.
type Words = FxHashSet<u64>;

/// Names in capitals of these files, as far as they were looked at.
#[derive(Default)]
struct Capitals {
    found: Words,
    /// Files that no outline tells of.
    paths: Arc<[RepoPath]>,
    /// How many of them were looked at.
    looked: usize,
}

/// Files that are looked at before it is seen whether a name is found.
const AT_ONCE: usize = 64;

struct Repository {
    reader: Reader,
    /// What is loaded, which is at hand.
    loaded: [BTreeMap<RepoPath, Arc<Source>>; 2],
    outlines: Arc<Outlines>,
    capitals: Mutex<BTreeMap<(At, String), Arc<Capitals>>>,
    words: Mutex<BTreeMap<(At, String), Arc<Words>>>,
    /// What was asked before: files on both sides of the change ask for the same.
    answers: Mutex<BTreeMap<(At, String, String), bool>>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Repository")
    }
}

impl Repository {
    /// Each file is read once, however many words are looked for.
    fn words(&self, at: At, key: &str, wanted: &Wanted<'_>) -> Arc<Words> {
        let words = || self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (at, key.to_owned());
        if let Some(known) = words().get(&asked) {
            return Arc::clone(known);
        }
        // Two threads may look for the same; they find the same.
        let paths: Vec<&str> = self.reader.list(at).collect();
        let read = |mut found: Words, path: &str| {
            let words = |text: &str| text.split(|c| !of_name(c)).filter(|word| !word.is_empty()).map(hash).collect();
            let more: Option<Vec<u64>> = wanted(path).then(|| self.text(at, path, words)).flatten();
            found.extend(more.into_iter().flatten());
            found
        };
        let together = |one: Words, other: Words| {
            let (mut large, small) = if one.len() < other.len() { (other, one) } else { (one, other) };
            large.extend(small);
            large
        };
        let found = paths.into_par_iter().fold(Words::default, read).reduce(Words::default, together);
        let found = Arc::new(found);
        words().insert(asked, Arc::clone(&found));
        found
    }

    /// Whether a name in capitals stands in these files. Outlines tell it of most of them; the others are read until
    /// it is found.
    fn says(&self, at: At, key: &str, wanted: &Wanted<'_>, word: &str) -> bool {
        let all = || self.capitals.lock().unwrap_or_else(PoisonError::into_inner);
        let (asked, word) = ((at, key.to_owned()), hash(word));
        let known = all().get(&asked).cloned();
        let mut known = known.unwrap_or_else(|| Arc::new(self.outlined(at, wanted)));
        // Two threads may look at the same; they find the same, and whoever got further is kept.
        loop {
            known = {
                let mut all = all();
                let kept = all.entry(asked.clone()).or_default();
                if kept.looked <= known.looked {
                    *kept = known;
                }
                Arc::clone(kept)
            };
            let Capitals { found, paths, looked } = &*known;
            if found.contains(&word) || *looked == paths.len() {
                return found.contains(&word);
            }
            let end = paths.len().min(looked * 2 + AT_ONCE);
            let read = |path: &RepoPath| self.text(at, path, |text| shouted(text).map(hash).collect::<Vec<_>>());
            let more: Vec<_> = paths[*looked..end].par_iter().filter_map(read).collect();
            let found = found.iter().copied().chain(more.into_iter().flatten()).collect();
            known = Arc::new(Capitals { found, paths: Arc::clone(paths), looked: end });
        }
    }

    /// What outlines tell of these files, and which they do not tell of, those at hand first.
    fn outlined(&self, at: At, wanted: &Wanted<'_>) -> Capitals {
        let mut found = Words::default();
        let (mut at_hand, mut rest) = (Vec::new(), Vec::new());
        let paths: Vec<&str> = self.reader.list(at).collect();
        for path in paths.into_par_iter().filter(|path| wanted(path)).collect::<Vec<_>>() {
            let outline = || self.outlines.get(&self.reader.blob_name(at, path)?)?.capitals();
            match outline() {
                Some(names) => found.extend(names.map(hash)),
                None if self.loaded[at.index()].contains_key(path) => at_hand.push(path.to_owned()),
                None => rest.push(path.to_owned()),
            }
        }
        at_hand.append(&mut rest);
        Capitals { found, paths: at_hand.into(), looked: 0 }
    }

    /// Looks at the text of a file, if it has one.
    fn text<T>(&self, at: At, path: &str, look: impl FnOnce(&str) -> T) -> Option<T> {
        if let Some(source) = self.loaded[at.index()].get(path) {
            return Some(look(&source.text));
        }
        let bytes = self.reader.glance(at, path, <[u8]>::to_vec)?;
        decode(bytes).ok().map(|text| look(&text))
    }

    fn look(&self, at: At, key: &str, wanted: &Wanted<'_>, word: &str) -> bool {
        if is_shouted(word) {
            return self.says(at, key, wanted, word);
        }
        let loaded = &self.loaded[at.index()];
        if loaded.iter().any(|(path, source)| stands_in(&source.text, word) && wanted(path)) {
            return true;
        }
        if word.chars().all(of_name) {
            return self.words(at, key, wanted).contains(&hash(word));
        }
        let has = |path: &str| self.reader.read(at, path).is_ok_and(|source| stands_in(&source.text, word));
        self.reader.list(at).any(|path| wanted(path) && has(path))
    }
}

impl Texts for Repository {
    fn has_word(&self, at: At, key: &str, wanted: &Wanted<'_>, word: &str) -> bool {
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (at, key.to_owned(), word.to_owned());
        if let Some(known) = answers().get(&asked) {
            return *known;
        }
        let found = self.look(at, key, wanted, word);
        answers().insert(asked, found);
        found
    }
}

fn hash(word: &str) -> u64 {
    xxh3_64(word.as_bytes())
}

/// Whether `word` stands in a text with nothing of a name before or after it.
fn stands_in(text: &str, word: &str) -> bool {
    memmem::find_iter(text.as_bytes(), word)
        .any(|at| !text[..at].ends_with(of_name) && !text[at + word.len()..].starts_with(of_name) && !word.is_empty())
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
