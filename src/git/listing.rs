//! Every file of one side, by path, without its content.
//!
//! In: a [`Side`]. Out: a [`Listing`]. What lies in `node_modules` or `.git` is never read, but noted
//! where it is tracked, so that a change to it does not go unheard; nothing else is left out,
//! generated or vendored code included.

use super::entries::Entries;
use super::error::GitError;
use super::objects::Objects;
use super::tree::{self, Folders};
use crate::change::{RepoPath, Side};
use crate::limits::{FILES, PATH_BYTES, Reached};
use git2::{Delta, DiffOptions, ErrorCode, Index, IndexEntry, IndexEntryExtendedFlag, Oid, Repository};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

/// Where a file's content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// In the object database.
    Blob(Oid),
    /// On disk, under the root.
    Disk,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    File(Content),
    Link(Content),
    Submodule(Option<Oid>),
    Conflict,
    /// Its path is listed with substitutes for what is not UTF-8.
    OddPath(Option<Oid>),
    Unreadable(String),
}

/// The files of one side.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub entries: Entries,
    /// Tracked files that are never read, with their content.
    pub left_out: BTreeMap<RepoPath, Oid>,
    pub limits: Vec<Reached>,
    /// The tree, where all of it comes from one: its name is that of everything in it.
    pub tree: Option<Oid>,
    /// What each folder of the tree gave.
    pub(super) folders: Folders,
}

/// A listing that is being made.
#[derive(Debug, Default)]
pub(super) struct Collector {
    pub entries: Vec<(Arc<str>, Entry)>,
    /// Paths that are not UTF-8, with substitutes.
    odd: Vec<(String, Entry)>,
    removed: BTreeSet<String>,
    pub left_out: BTreeMap<RepoPath, Oid>,
    pub limits: Vec<Reached>,
}

impl Collector {
    pub fn add(&mut self, path: &[u8], entry: Entry) {
        if path.len() > PATH_BYTES {
            let name = "path-bytes".to_owned();
            let text = format!("files whose path is longer than {PATH_BYTES} bytes are not listed");
            let reached = Reached { name, text };
            if !self.limits.contains(&reached) {
                self.limits.push(reached);
            }
            return;
        }
        let id = if let Entry::File(Content::Blob(id)) = entry { Some(id) } else { None };
        if inside_left_out(path) {
            self.left_out.extend(id.map(|id| (String::from_utf8_lossy(path).into_owned(), id)));
            return;
        }
        match std::str::from_utf8(path) {
            Ok(path) => self.entries.push((Arc::from(path), entry)),
            Err(_) => self.odd.push((String::from_utf8_lossy(path).into_owned(), Entry::OddPath(id))),
        }
    }

    /// Notes that a path that is not UTF-8 is on disk, whatever the index says of it.
    fn odd_on_disk(&mut self, path: &[u8]) {
        let path = String::from_utf8_lossy(path).into_owned();
        self.odd.retain(|(known, _)| *known != path);
        self.odd.push((path, Entry::OddPath(None)));
    }

    /// Whether every entry is there under its own path.
    pub fn is_whole(&self) -> bool {
        self.odd.is_empty() && self.limits.is_empty()
    }

    /// Takes back what was added at a path so far.
    fn remove(&mut self, path: &str) {
        self.removed.insert(path.to_owned());
    }

    pub fn check_size(&self, side: &str) -> Result<(), GitError> {
        if self.entries.len() + self.odd.len() + self.left_out.len() > FILES {
            Err(GitError::TooManyFiles { side: side.to_owned() })
        } else {
            Ok(())
        }
    }

    /// Ends what can be removed: what is added from here on stays.
    fn settle(&mut self) {
        let removed = std::mem::take(&mut self.removed);
        if !removed.is_empty() {
            self.entries.retain(|(path, _)| !removed.contains(&**path));
            self.odd.retain(|(path, _)| !removed.contains(path));
        }
    }

    pub fn finish(mut self) -> Listing {
        self.settle();
        let mut entries = self.entries;
        if !self.odd.is_empty() {
            let mut taken: BTreeSet<Arc<str>> = entries.iter().map(|(path, _)| Arc::clone(path)).collect();
            for (mut path, entry) in self.odd {
                while taken.contains(path.as_str()) {
                    path.push(char::REPLACEMENT_CHARACTER);
                }
                let path: Arc<str> = path.into();
                taken.insert(Arc::clone(&path));
                entries.push((path, entry));
            }
        }
        let entries = Entries::new(entries);
        Listing { entries, left_out: self.left_out, limits: self.limits, ..Listing::default() }
    }
}

/// Lists `side`. `root` is the work tree's folder, where the side is on disk; `other` is the other side,
/// if it is listed already.
pub(super) fn list(
    repo: &Repository,
    objects: &Objects,
    side: &Side,
    root: Option<&Path>,
    other: Option<&Listing>,
) -> Result<Listing, GitError> {
    match (side, root) {
        (Side::Commit(id), _) => tree::list(repo, objects, id, other),
        (Side::Index, _) => index(repo),
        (Side::WorkTree, Some(root)) => work_tree(repo, root),
        (Side::Folder, Some(root)) => folder(root),
        (Side::WorkTree | Side::Folder, None) => Err(GitError::NoWorkTree { git_dir: repo.path().to_owned() }),
        (Side::Empty | Side::Memory, _) => Ok(Listing::default()),
    }
}

pub(super) fn by_mode(mode: u32, id: Oid) -> Entry {
    match mode & 0o170_000 {
        0o120_000 => Entry::Link(Content::Blob(id)),
        0o160_000 => Entry::Submodule(Some(id)),
        _ => Entry::File(Content::Blob(id)),
    }
}

fn index(repo: &Repository) -> Result<Listing, GitError> {
    let index = repo.index().map_err(GitError::git("reading the index"))?;
    let mut listing = Collector::default();
    for entry in index.iter() {
        if stage(&entry) > 0 {
            listing.add(&entry.path, Entry::Conflict);
        } else if !has(&entry, IndexEntryExtendedFlag::INTENT_TO_ADD) {
            listing.add(&entry.path, by_mode(entry.mode, entry.id));
        }
    }
    listing.check_size("the index")?;
    Ok(listing.finish())
}

const fn stage(entry: &IndexEntry) -> u16 {
    (entry.flags >> 12) & 3
}

fn has(entry: &IndexEntry, flag: IndexEntryExtendedFlag) -> bool {
    IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended).contains(flag)
}

/// What is on disk: the index, corrected by what differs from it on disk. An entry outside a sparse
/// checkout is not on disk and not deleted either, so it keeps the index's content.
fn work_tree(repo: &Repository, root: &Path) -> Result<Listing, GitError> {
    let index = repo.index().map_err(GitError::git("reading the index"))?;
    let mut listing = Collector::default();
    for entry in index.iter().filter(|entry| stage(entry) == 0) {
        listing.add(&entry.path, by_mode(entry.mode, entry.id));
    }
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true).include_unreadable(true);
    options.ignore_submodules(true).ignore_filemode(true).skip_binary_check(true);
    let diff = repo.diff_index_to_workdir(Some(&index), Some(&mut options));
    let diff = diff.map_err(GitError::git("comparing the work tree with the index"))?;
    // Deletions first: where a folder took a file's place, both are reported. A deleted path is not
    // looked at again on disk, where a link in its place may lead out of the work tree.
    for delta in diff.deltas().filter(|delta| delta.status() == Delta::Deleted) {
        let path = String::from_utf8_lossy(delta.old_file().path_bytes().unwrap_or_default());
        if !is_sparse(&index, &path) {
            listing.remove(&path);
        }
    }
    listing.settle();
    for delta in diff.deltas().filter(|delta| delta.status() != Delta::Deleted) {
        let Some(bytes) = delta.new_file().path_bytes() else { continue };
        let bytes = bytes.strip_suffix(b"/").unwrap_or(bytes);
        if inside_left_out(bytes) {
            continue;
        }
        let Ok(path) = std::str::from_utf8(bytes) else {
            listing.odd_on_disk(bytes);
            continue;
        };
        match on_disk(&root.join(path)) {
            Some(entry) => listing.add(bytes, entry),
            None => listing.remove(path),
        }
    }
    listing.check_size("the work tree")?;
    Ok(listing.finish())
}

fn is_sparse(index: &Index, path: &str) -> bool {
    let entry = index.get_path(Path::new(path), 0);
    entry.is_some_and(|entry| has(&entry, IndexEntryExtendedFlag::SKIP_WORKTREE))
}

fn on_disk(path: &Path) -> Option<Entry> {
    let kind = match path.symlink_metadata() {
        Ok(facts) => facts.file_type(),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return None,
        Err(error) => return Some(Entry::Unreadable(error.to_string())),
    };
    Some(if kind.is_file() {
        Entry::File(Content::Disk)
    } else if kind.is_symlink() {
        Entry::Link(Content::Disk)
    } else if kind.is_dir() {
        Entry::Submodule(None)
    } else {
        Entry::Unreadable("not a regular file".to_owned())
    })
}

/// A folder without a repository: what `.gitignore` files in it do not exclude.
pub(super) fn folder(root: &Path) -> Result<Listing, GitError> {
    let mut walk = ignore::WalkBuilder::new(root);
    walk.standard_filters(false).git_ignore(true).require_git(false).follow_links(false);
    walk.filter_entry(|entry| !left_out(entry.file_name().as_encoded_bytes()));
    let mut listing = Collector::default();
    for item in walk.build() {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                let path = path_of(&error).and_then(|path| path.strip_prefix(root).ok()).unwrap_or(Path::new("."));
                listing.add(&slashes(path), Entry::Unreadable(error.to_string()));
                continue;
            }
        };
        let Ok(path) = item.path().strip_prefix(root) else { continue };
        if item.file_type().is_some_and(|kind| !kind.is_dir())
            && let Some(entry) = on_disk(item.path())
        {
            listing.add(&slashes(path), entry);
        }
        listing.check_size("the folder")?;
    }
    Ok(listing.finish())
}

fn slashes(path: &Path) -> Vec<u8> {
    let parts: Vec<&[u8]> = path.iter().map(std::ffi::OsStr::as_encoded_bytes).collect();
    parts.join(&b'/')
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    let mut error = error;
    loop {
        match error {
            ignore::Error::WithPath { path, .. } => return Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error = err,
            _ => return None,
        }
    }
}

fn left_out(name: &[u8]) -> bool {
    name == b"node_modules" || name == b".git"
}

fn inside_left_out(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').any(left_out)
}

/// Whether git says that an object is not there, as opposed to damaged.
pub(super) fn is_missing(error: &git2::Error) -> bool {
    error.code() == ErrorCode::NotFound
}
