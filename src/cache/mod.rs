//! The cache: what earlier runs have found out about texts, by the name of their content.
//!
//! In: a folder and the build of this program. Out: [`Cache`], which knows lowered modules, outlines, and
//! whole answers. A run with it gives the same answer as a run without: what is known of a text holds
//! nothing that depends on paths, models or settings, an answer is found by the hash of all of them.
//! Entries of other builds are not looked at, and what is damaged is not there. Several runs may use one folder at once: packs are written whole under a name of their own, and one
//! that another run takes away is only missed.

mod pack;
mod place;
#[cfg(test)]
mod tests;

pub use place::{Choice, folder};

use crate::limits::{CACHE_BYTES, CACHE_MERGED};
use crate::syntax::load::Known;
use crate::syntax::outline::Outline;
use crate::syntax::{Dialect, Module};
use pack::{Key, Pack};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};
use xxhash_rust::xxh3::xxh3_64;

/// How names of packs end.
const ENDING: &str = ".pack";
/// How names of files end that are being written.
const UNFINISHED: &str = ".part";
/// After this time nobody is writing it any more.
const ABANDONED: Duration = Duration::from_hours(24);
/// Packs up to this size (in bytes) are always united with new ones.
const SMALL: u64 = 256 * 1024;

/// What is kept in packs of its own.
#[derive(Debug)]
struct Family {
    prefix: &'static str,
    /// Whether packs are held in memory: small values of which all are asked for.
    hold: bool,
    packs: OnceLock<Vec<Pack>>,
    fresh: Mutex<BTreeMap<Key, Vec<u8>>>,
}

impl Family {
    fn new(prefix: &'static str, hold: bool) -> Self {
        Self { prefix, hold, packs: OnceLock::new(), fresh: Mutex::default() }
    }
}

/// What is known from earlier runs.
#[derive(Debug)]
pub struct Cache {
    root: PathBuf,
    folder: PathBuf,
    build: u64,
    modules: Family,
    outlines: Family,
    answers: Family,
    damaged: AtomicUsize,
}

impl Cache {
    /// Opens the cache in `root` for this build of the program. Nothing is read or written yet.
    pub fn open(root: PathBuf) -> Option<Self> {
        Some(Self::of_build(root, build()?))
    }

    fn of_build(root: PathBuf, build: u64) -> Self {
        Self {
            folder: root.join(format!("{build:016x}")),
            root,
            build,
            modules: Family::new("m", false),
            outlines: Family::new("o", true),
            answers: Family::new("a", false),
            damaged: AtomicUsize::new(0),
        }
    }

    /// Entries that were there and could not be used.
    pub fn damaged(&self) -> usize {
        self.damaged.load(Ordering::Relaxed)
    }

    /// What was found out before about a question; `question` is the hash of everything that the answer
    /// depends on.
    pub fn answer(&self, question: &[u8; 32]) -> Option<Vec<u8>> {
        self.get(&self.answers, &of_question(question))
    }

    /// Remembers an answer.
    pub fn keep_answer(&self, question: &[u8; 32], answer: Vec<u8>) {
        Self::keep(&self.answers, of_question(question), answer);
    }

    fn packs<'f>(&self, family: &'f Family) -> &'f [Pack] {
        family.packs.get_or_init(|| {
            let open = |(path, _, _): (PathBuf, u64, SystemTime)| Pack::open(&path, self.build, family.hold);
            let mut files = files(&self.folder, &|name| name.starts_with(family.prefix) && name.ends_with(ENDING));
            // Large ones know most; the order decides nothing else.
            files.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            files.into_iter().filter_map(open).collect()
        })
    }

    fn get(&self, family: &Family, key: &Key) -> Option<Vec<u8>> {
        self.packs(family).iter().find_map(|pack| pack.get(key))
    }

    fn keep(family: &Family, key: Key, value: Vec<u8>) {
        family.fresh.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value);
    }

    /// Writes what this run has found out.
    ///
    /// # Errors
    /// When the folder cannot be written; nothing but time is lost then.
    pub fn store(&self) -> io::Result<()> {
        for family in [&self.modules, &self.outlines, &self.answers] {
            let mut fresh = std::mem::take(&mut *family.fresh.lock().unwrap_or_else(PoisonError::into_inner));
            if fresh.is_empty() {
                continue;
            }
            fs::create_dir_all(&self.folder)?;
            let united = self.unite(family, &mut fresh);
            let written = pack::write(&self.folder, family.prefix, self.build, &fresh)?;
            for path in united.into_iter().filter(|path| *path != written) {
                // Another run may have been faster.
                let _ = fs::remove_file(path);
            }
            self.make_room(&written);
        }
        Ok(())
    }

    /// Adds the values of smaller packs, so that there are never many: each is at least twice the next.
    fn unite(&self, family: &Family, fresh: &mut BTreeMap<Key, Vec<u8>>) -> Vec<PathBuf> {
        let mut size = fresh.values().map(|value| value.len() as u64).sum::<u64>().max(SMALL);
        let mut united = Vec::new();
        for pack in self.packs(family).iter().rev() {
            if pack.bytes > size * 2 || size + pack.bytes > CACHE_MERGED {
                break;
            }
            for (key, value) in pack.all() {
                fresh.entry(key).or_insert(value);
            }
            size += pack.bytes;
            united.push(pack.path.clone());
        }
        united
    }

    /// Removes the oldest packs, those of other builds included, until the rest fits.
    fn make_room(&self, written: &Path) {
        let folders = fs::read_dir(&self.root).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut all: Vec<(PathBuf, u64, SystemTime)> = Vec::new();
        for folder in folders.filter(|path| path.is_dir() && !path.is_symlink()) {
            let abandoned = |time: &SystemTime| time.elapsed().is_ok_and(|age| age > ABANDONED);
            for (path, _, time) in files(&folder, &|name| name.ends_with(UNFINISHED)) {
                if abandoned(&time) {
                    let _ = fs::remove_file(path);
                }
            }
            all.extend(files(&folder, &|name| name.ends_with(ENDING)));
        }
        all.sort_by(|one, other| one.2.cmp(&other.2).then_with(|| one.0.cmp(&other.0)));
        let mut sum: u64 = all.iter().map(|(_, bytes, _)| bytes).sum();
        for (path, bytes, _) in all {
            if sum <= CACHE_BYTES {
                break;
            }
            if path != written && fs::remove_file(&path).is_ok() {
                sum -= bytes;
                // Goes only once it is empty.
                let _ = path.parent().map(fs::remove_dir);
            }
        }
    }
}

/// The regular files of a folder with such names: path, bytes, time of the last change.
fn files(folder: &Path, fits: &dyn Fn(&str) -> bool) -> Vec<(PathBuf, u64, SystemTime)> {
    let facts = |entry: fs::DirEntry| {
        let facts = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let is_it = entry.file_name().to_str().is_some_and(fits);
        is_it.then(|| Some((entry.path(), facts.len(), facts.modified().ok()?)))?
    };
    let mut found: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().filter_map(facts).collect();
    found.sort();
    found
}

/// Tells this build of the program from others: its version, and size and time of its file.
fn build() -> Option<u64> {
    let facts = std::env::current_exe().and_then(fs::metadata).ok()?;
    let time = facts.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let text = format!("{} {} {}", env!("CARGO_PKG_VERSION"), facts.len(), time.as_nanos());
    Some(xxh3_64(text.as_bytes()))
}

/// The key of what is known of a content; none for contents that git does not name.
fn key(blob: &str, what: u8) -> Option<Key> {
    let mut key = Key::default();
    let (last, name) = key.split_last_mut()?;
    *last = what;
    let digits = blob.as_bytes();
    if digits.len() != name.len() * 2 {
        return None;
    }
    for (byte, pair) in name.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

/// Twenty bytes of a hash are as hard to hit as the names that git gives.
fn of_question(question: &[u8; 32]) -> Key {
    let mut key = Key::default();
    let length = key.len() - 1;
    key[..length].copy_from_slice(&question[..length]);
    key[length] = b'a';
    key
}

fn of_dialect(dialect: Dialect) -> u8 {
    match dialect {
        Dialect::TypeScript => b't',
        Dialect::Tsx => b'x',
    }
}

impl Known for Cache {
    fn module(&self, blob: &str, dialect: Dialect) -> Option<Module> {
        let bytes = self.get(&self.modules, &key(blob, of_dialect(dialect))?)?;
        let module = postcard::from_bytes::<Module>(&bytes).ok().filter(|module| module.dialect == dialect);
        if module.is_none() {
            self.damaged.fetch_add(1, Ordering::Relaxed);
        }
        module
    }

    fn keep_module(&self, blob: &str, dialect: Dialect, module: &Module) {
        if let (Some(key), Ok(bytes)) = (key(blob, of_dialect(dialect)), postcard::to_stdvec(module)) {
            Self::keep(&self.modules, key, bytes);
        }
    }

    fn outline(&self, blob: &str) -> Option<Outline> {
        let bytes = self.get(&self.outlines, &key(blob, b'o')?)?;
        String::from_utf8(bytes).ok().map(|text| Outline::of_text(&text))
    }

    fn keep_outline(&self, blob: &str, outline: &Outline) {
        if let Some(key) = key(blob, b'o') {
            Self::keep(&self.outlines, key, outline.as_str().as_bytes().to_vec());
        }
    }
}
