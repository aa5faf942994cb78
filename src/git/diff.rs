//! Which files differ, which of them were renamed, and which of their lines changed.
//!
//! In: the listings of both sides. Out: [`ChangedFile`]s. Text is compared as text: line endings,
//! byte order marks and UTF-16 are no change of content. Renames are found by git's own measure,
//! run over the normalised text in a repository that is in memory only, so that neither the
//! configuration nor the attributes of the change decide what is shown.

use super::error::GitError;
use super::listing::{Content, Entry};
use super::reader::{Reader, regular};
use crate::change::{ChangedFile, Hunk, RepoPath, Status};
use crate::limits::{RENAME_BYTES, RENAME_PAIRS, Reached};
use crate::source::decode;
use git2::{Delta, DiffFindOptions, DiffOptions, Index, IndexEntry, IndexTime, Odb, Oid, Patch, Repository};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is compared: text, or else whatever tells two contents apart.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    Text(String),
    Other(String),
}

impl Body {
    fn of(reader: &Reader, entry: &Entry, path: &str) -> Self {
        match regular(entry) {
            Ok(content) => match reader.content(content, path) {
                Ok(bytes) => decode(bytes.clone()).map_or_else(|_| Self::raw(content, &bytes), Self::text),
                Err(why) => Self::Other(format!("{entry:?} {why}")),
            },
            Err(_) if matches!(entry, Entry::Link(_)) => Self::Other(format!("link {:?}", reader.link_of(entry, path))),
            Err(_) => Self::Other(format!("{entry:?}")),
        }
    }

    fn raw(content: Content, bytes: &[u8]) -> Self {
        // A pointer of large file storage is text as far as a comparison is concerned.
        match (std::str::from_utf8(bytes), content) {
            (Ok(text), _) if !text.contains('\0') => Self::text(text.to_owned()),
            (_, Content::Blob(id)) => Self::Other(id.to_string()),
            (_, Content::Disk) => Self::Other(
                Oid::hash_object(git2::ObjectType::Blob, bytes)
                    .map_or_else(|error| error.message().to_owned(), |id| id.to_string()),
            ),
        }
    }

    fn text(text: String) -> Self {
        Self::Text(if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text })
    }

    /// What stands for it when renames are looked for: a body that is no text resembles only itself.
    fn as_bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Other(name) => [b"\0", name.as_bytes()].concat(),
        }
    }

    fn lines(&self) -> u32 {
        match self {
            Self::Text(text) => text.lines().count() as u32,
            Self::Other(_) => 0,
        }
    }
}

/// A file that only one side has.
struct Alone {
    body: Body,
    lines: u32,
}

/// What stands where on one side.
type Place<'a> = (&'a str, &'a Entry);

/// The paths of both sides, as far as they may differ.
#[derive(Default)]
struct Paths<'a> {
    both: Vec<(&'a str, &'a Entry, &'a Entry)>,
    base: Vec<Place<'a>>,
    head: Vec<Place<'a>>,
}

impl<'a> Paths<'a> {
    fn of(reader: &'a Reader) -> Self {
        let mut paths = Self::default();
        let (mut base, mut head) = (reader.base.entries.all().iter(), reader.head.entries.all().iter());
        let (mut before, mut after) = (base.next(), head.next());
        loop {
            let order = match (before, after) {
                (None, None) => return paths,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((old, _)), Some((new, _))) if Arc::ptr_eq(old, new) => Ordering::Equal,
                (Some((old, _)), Some((new, _))) => old.cmp(new),
            };
            match (before, after) {
                (Some((path, old)), Some((_, new))) if order.is_eq() && !certainly_equal(old, new) => {
                    paths.both.push((path, old, new));
                }
                (Some((path, entry)), _) if order.is_lt() => paths.base.push((path, entry)),
                (_, Some((path, entry))) if order.is_gt() => paths.head.push((path, entry)),
                _ => {}
            }
            before = if order.is_le() { base.next() } else { before };
            after = if order.is_ge() { head.next() } else { after };
        }
    }
}

/// Files that are read at once before it is seen whether there is room for their text.
const READ_AT_ONCE: usize = 32;

/// The files that only one side has. Their text is kept as far as `room` (in bytes) goes; what
/// is over it is represented by its name, which still finds a rename without edits.
fn alone<'a>(reader: &'a Reader, places: &[Place<'a>], room: &mut usize) -> Files<'a> {
    let mut found = BTreeMap::new();
    for places in places.chunks(READ_AT_ONCE) {
        let read: Vec<_> = places.par_iter().map(|(path, entry)| Body::of(reader, entry, path)).collect();
        for ((path, entry), mut body) in places.iter().zip(read) {
            let lines = body.lines();
            if let Body::Text(text) = &body {
                match room.checked_sub(text.len()) {
                    Some(left) => *room = left,
                    None => body = Body::Other(format!("{entry:?}")),
                }
            }
            found.insert(*path, Alone { body, lines });
        }
    }
    found
}

/// The files that differ, sorted by path.
pub(super) fn compare(reader: &Reader, limits: &mut Vec<Reached>) -> Result<Vec<ChangedFile>, GitError> {
    let paths = Paths::of(reader);
    let modified = |(path, base, head): &(&str, &Entry, &Entry)| {
        let (before, after) = (Body::of(reader, base, path), Body::of(reader, head, path));
        let file = || Ok(changed(path, None, Status::Modified, hunks(&before, &after)?));
        (before != after).then(file).transpose()
    };
    let modified: Vec<_> = paths.both.par_iter().map(modified).collect::<Result<_, GitError>>()?;
    let mut files: Vec<ChangedFile> = modified.into_iter().flatten().collect();
    let mut room = RENAME_BYTES;
    let mut deleted = alone(reader, &paths.base, &mut room);
    // Without deletions there are no renames, and so no need to keep the text of what was added.
    room = if deleted.is_empty() { 0 } else { room };
    let mut added = alone(reader, &paths.head, &mut room);
    for (old, new) in renames(&deleted, &added, limits).map_err(GitError::git("looking for renames"))? {
        if let (Some(before), Some(after)) = (deleted.remove(old.as_str()), added.remove(new.as_str())) {
            files.push(changed(&new, Some(old), Status::Renamed, hunks(&before.body, &after.body)?));
        }
    }
    for (path, file) in added {
        files.push(changed(path, None, Status::Added, whole(0, file.lines)));
    }
    for (path, file) in deleted {
        files.push(changed(path, None, Status::Deleted, whole(file.lines, 0)));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// What differs among the tracked files that are never read.
pub(super) fn left_out(reader: &Reader) -> Option<Reached> {
    let (base, head) = (&reader.base.left_out, &reader.head.left_out);
    let changed = head.iter().filter(|(path, id)| base.get(*path) != Some(id)).map(|(path, _)| path);
    let mut changed = changed.chain(base.keys().filter(|path| !head.contains_key(*path)));
    let first = changed.next()?;
    let count = 1 + changed.count();
    let text = format!("tracked files in node_modules are never read, and {count} of them differ (`{first}`)");
    Some(Reached { name: "node-modules".to_owned(), text })
}

fn certainly_equal(base: &Entry, head: &Entry) -> bool {
    base == head && !matches!(base, Entry::File(Content::Disk) | Entry::Link(Content::Disk) | Entry::Unreadable(_))
}

fn changed(path: &str, old_path: Option<RepoPath>, status: Status, hunks: Vec<Hunk>) -> ChangedFile {
    ChangedFile { path: path.to_owned(), old_path, status, hunks }
}

fn whole(base_lines: u32, head_lines: u32) -> Vec<Hunk> {
    let start = u32::from;
    let hunk = Hunk { base_start: start(base_lines > 0), base_lines, head_start: start(head_lines > 0), head_lines };
    if base_lines + head_lines == 0 { Vec::new() } else { vec![hunk] }
}

fn hunks(before: &Body, after: &Body) -> Result<Vec<Hunk>, GitError> {
    let (Body::Text(before), Body::Text(after)) = (before, after) else { return Ok(Vec::new()) };
    if before == after {
        return Ok(Vec::new());
    }
    let mut options = DiffOptions::new();
    options.context_lines(0).interhunk_lines(0).force_text(true).indent_heuristic(true);
    let found = || {
        let patch = Patch::from_buffers(before.as_bytes(), None, after.as_bytes(), None, Some(&mut options))?;
        (0..patch.num_hunks())
            .map(|at| {
                let (hunk, _) = patch.hunk(at)?;
                Ok(Hunk {
                    base_start: hunk.old_start(),
                    base_lines: hunk.old_lines(),
                    head_start: hunk.new_start(),
                    head_lines: hunk.new_lines(),
                })
            })
            .collect::<Result<Vec<_>, git2::Error>>()
    };
    let mut found = found;
    found().map_err(GitError::git("comparing lines"))
}

type Files<'a> = BTreeMap<&'a str, Alone>;

/// Pairs of a deleted and an added file that are one file under another path.
fn renames(
    deleted: &Files<'_>,
    added: &Files<'_>,
    limits: &mut Vec<Reached>,
) -> Result<Vec<(RepoPath, RepoPath)>, git2::Error> {
    if deleted.is_empty() || added.is_empty() {
        return Ok(Vec::new());
    }
    let odb = Odb::new()?;
    odb.add_new_mempack_backend(1)?;
    let repo = Repository::from_odb(odb)?;
    // Paths in a tree are the author's choice and may be ones that an index refuses (`../a`), so
    // numbers stand for them: deleted files first, in order, then the added ones.
    let base = numbered(&repo, deleted.values(), 0)?;
    let head = numbered(&repo, added.values(), deleted.len())?;
    let mut diff = repo.diff_index_to_index(&base, &head, None)?;
    let most = deleted.len().max(added.len());
    diff.find_similar(Some(DiffFindOptions::new().renames(true).exact_match_only(true).rename_limit(most)))?;
    if deleted.values().chain(added.values()).any(|file| file.lines > 0 && matches!(file.body, Body::Other(_))) {
        limits.push(Reached {
            name: "rename-bytes".to_owned(),
            text: format!(
                "over {RENAME_BYTES} bytes of added and deleted files: some renames with edits may be missed"
            ),
        });
    }
    let left = |status| diff.deltas().filter(|delta| delta.status() == status).count();
    if left(Delta::Added).saturating_mul(left(Delta::Deleted)) <= RENAME_PAIRS {
        diff.find_similar(Some(DiffFindOptions::new().renames(true).rename_limit(most)))?;
    } else {
        limits.push(Reached {
            name: "rename-pairs".to_owned(),
            text: format!("over {RENAME_PAIRS} pairs of files: only renames without edits were looked for"),
        });
    }
    let (old, new): (Vec<_>, Vec<_>) = (deleted.keys().collect(), added.keys().collect());
    let number = |file: git2::DiffFile<'_>| file.path()?.to_str()?.parse::<usize>().ok();
    let pair = |delta: git2::DiffDelta<'_>| {
        let from = number(delta.old_file())?;
        let to = number(delta.new_file())?.checked_sub(old.len())?;
        Some(((**old.get(from)?).to_owned(), (**new.get(to)?).to_owned()))
    };
    Ok(diff.deltas().filter(|delta| delta.status() == Delta::Renamed).filter_map(pair).collect())
}

/// An entry for a plain file that is on no disk.
pub(super) fn index_entry(path: Vec<u8>, id: git2::Oid, file_size: u32) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size,
        id,
        flags: 0,
        flags_extended: 0,
        path,
    }
}

fn numbered<'a>(repo: &Repository, files: impl Iterator<Item = &'a Alone>, from: usize) -> Result<Index, git2::Error> {
    let mut index = Index::new()?;
    for (at, file) in files.enumerate() {
        let bytes = file.body.as_bytes();
        let path = format!("{:010}", from + at).into_bytes();
        index.add(&index_entry(path, repo.blob(&bytes)?, bytes.len() as u32))?;
    }
    Ok(index)
}
