//! Reading files of either side, from any thread, on demand.
//!
//! In: a side and a path. Out: text, or the reason why there is none. Equal content is one
//! [`Arc`], whichever side and path it was asked for by.

use super::listing::{Content, Entry, Listing, is_missing};
use super::open::Opener;
use crate::change::{Change, RepoPath, Side};
use crate::limits::{FILE_BYTES, HASHED};
use crate::source::{At, NotAnalysed, Source, Sources, Unread, decode};
use git2::{ObjectType, Oid, Repository};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The files of both sides. A clone is another handle to the same files.
#[derive(Clone)]
pub struct Reader {
    pub(super) opener: Option<Arc<Opener>>,
    pub(super) root: Option<PathBuf>,
    pub(super) base: Arc<Listing>,
    pub(super) head: Arc<Listing>,
    /// Content that is in no repository.
    pub(super) memory: Arc<BTreeMap<Oid, Vec<u8>>>,
    pub(super) read: Arc<Mutex<BTreeMap<Oid, Arc<Source>>>>,
}

impl Reader {
    /// Every path of one side, sorted.
    pub fn list(&self, at: At) -> impl Iterator<Item = &str> {
        self.side(at).entries.all().iter().map(|(path, _)| &**path)
    }

    /// The name of the content at `path`, where it is known without reading it: not for files on disk.
    pub fn blob_name(&self, at: At, path: &str) -> Option<String> {
        match regular(self.side(at).entries.get(path)?).ok()? {
            Content::Blob(id) => Some(id.to_string()),
            Content::Disk => None,
        }
    }

    /// A hash of all paths of one side and of what stands there; none if a part of it cannot be read, or
    /// if more of it would have to be read than is worth it. Where everything is `read` anyway, all is.
    pub fn content_hash(&self, at: At, read: bool) -> Option<[u8; 32]> {
        let mut hash = Sha256::new();
        let side = self.side(at);
        if let Some(tree) = side.tree {
            hash.update(b"tree");
            hash.update(tree.as_bytes());
            return Some(hash.finalize().into());
        }
        let on_disk = |entry: &&Entry| matches!(entry, Entry::File(Content::Disk) | Entry::Link(Content::Disk));
        if !read && side.entries.all().iter().map(|(_, entry)| entry).filter(on_disk).count() > HASHED {
            return None;
        }
        let ids: Option<Vec<Oid>> =
            side.entries.all().par_iter().map(|(path, entry)| self.id(at, path, entry)).collect();
        for ((path, entry), id) in side.entries.all().iter().zip(ids?) {
            let kind = match entry {
                Entry::File(_) => b'f',
                Entry::Link(_) => b'l',
                _ => b'o',
            };
            // No path holds a zero byte, and names of contents have one length.
            hash.update(path.as_bytes());
            hash.update([0, kind]);
            hash.update(id.as_bytes());
        }
        hash.update(format!("{:?} {:?}", side.left_out, side.limits));
        Some(hash.finalize().into())
    }

    /// The name of what stands at a path; none if it cannot be told.
    fn id(&self, at: At, path: &str, entry: &Entry) -> Option<Oid> {
        let name = |bytes: &[u8]| Oid::hash_object(ObjectType::Blob, bytes).ok();
        match entry {
            Entry::File(Content::Blob(id)) | Entry::Link(Content::Blob(id)) => Some(*id),
            Entry::File(Content::Disk) => match self.disk(path) {
                Ok(bytes) => name(&bytes),
                // Of what cannot be read, nothing but the reason is ever told.
                Err(why) => Oid::hash_object(ObjectType::Tag, why.to_string().as_bytes()).ok(),
            },
            Entry::Link(Content::Disk) => name(self.link(at, path)?.as_bytes()),
            // What these are is all that is ever asked of them.
            other => Oid::hash_object(ObjectType::Tag, format!("{other:?}").as_bytes()).ok(),
        }
    }

    /// The same, with nothing on base.
    #[must_use]
    pub fn without_base(&self) -> Self {
        Self { base: Arc::default(), ..self.clone() }
    }

    /// Whether a file (or a link, or anything else that is no folder) stands at `path`.
    pub fn exists(&self, at: At, path: &str) -> bool {
        self.side(at).entries.get(path).is_some()
    }

    /// Whether `path` is a folder with something in it; `""` is the root.
    pub fn is_folder(&self, at: At, path: &str) -> bool {
        self.side(at).entries.is_folder(path)
    }

    /// Where the symbolic link at `path` points, as it is written there; `None` if it is none.
    pub fn link(&self, at: At, path: &str) -> Option<String> {
        self.link_of(self.side(at).entries.get(path)?, path)
    }

    pub(super) fn link_of(&self, entry: &Entry, path: &str) -> Option<String> {
        let Entry::Link(content) = entry else { return None };
        match content {
            Content::Blob(id) => self.blob(*id, |bytes| std::str::from_utf8(bytes).ok().map(str::to_owned)).ok()?,
            Content::Disk => {
                let target = std::fs::read_link(self.root.as_ref()?.join(path)).ok()?;
                target.to_str().map(str::to_owned)
            }
        }
    }

    /// The text at `path`.
    ///
    /// # Errors
    /// The reason why it cannot be analysed.
    pub fn read(&self, at: At, path: &str) -> Result<Arc<Source>, Unread> {
        let content = regular(self.side(at).entries.get(path).ok_or(Unread::NotFound)?)?;
        if let Content::Blob(id) = content
            && let Some(source) = self.known(id)
        {
            return Ok(source);
        }
        let bytes = self.content(content, path)?;
        let id = match content {
            Content::Blob(id) => id,
            Content::Disk => Oid::hash_object(ObjectType::Blob, &bytes)
                .map_err(|error| Unread::Unreadable { why: error.message().to_owned() })?,
        };
        if let Some(source) = self.known(id) {
            return Ok(source);
        }
        let source = Arc::new(Source::new(id.to_string(), decode(bytes)?));
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(read.entry(id).or_insert(source)))
    }

    /// Lends the bytes at `path` to `look`: for looking through many files of which few are then read.
    pub fn glance<T>(&self, at: At, path: &str, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        match regular(self.side(at).entries.get(path)?).ok()? {
            Content::Blob(id) => self.blob(id, look).ok(),
            Content::Disk => self.disk(path).ok().map(|bytes| look(&bytes)),
        }
    }

    fn known(&self, id: Oid) -> Option<Arc<Source>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(super) fn side(&self, at: At) -> &Listing {
        match at {
            At::Base => &self.base,
            At::Head => &self.head,
        }
    }

    /// The bytes of a file, as they are stored.
    pub(super) fn content(&self, content: Content, path: &str) -> Result<Vec<u8>, Unread> {
        match content {
            Content::Blob(id) => self.blob(id, <[u8]>::to_vec),
            Content::Disk => self.disk(path),
        }
    }

    fn blob<T>(&self, id: Oid, look: impl FnOnce(&[u8]) -> T) -> Result<T, Unread> {
        if let Some(bytes) = self.memory.get(&id) {
            return Ok(look(bytes));
        }
        let Some(opener) = &self.opener else { return Err(Unread::NotFound) };
        let mut look = Some(look);
        let mut lend = |bytes: &[u8]| match look.take() {
            Some(look) if bytes.len() as u64 <= FILE_BYTES => Ok(look(bytes)),
            _ => Err(Unread::TooLarge { bytes: bytes.len() as u64 }),
        };
        if let Some(seen) = opener.objects.blob(id, &mut lend) {
            return seen;
        }
        let missing = |error: git2::Error| {
            let why = error.message().to_owned();
            if is_missing(&error) { Unread::Missing { id: id.to_string() } } else { Unread::Unreadable { why } }
        };
        opener.with(|repo| blob(repo, id, lend)).and_then(|read| read).map_err(missing)?
    }

    fn disk(&self, path: &str) -> Result<Vec<u8>, Unread> {
        let unreadable = |error: std::io::Error| Unread::Unreadable { why: error.to_string() };
        let Some(root) = &self.root else { return Err(Unread::NotFound) };
        let path = root.join(path);
        // Looked at again: what was a file when it was listed may be a pipe by now.
        if !path.symlink_metadata().map_err(unreadable)?.is_file() {
            return Err(Unread::Unreadable { why: "no longer a regular file".to_owned() });
        }
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        let mut content = Vec::new();
        file.take(FILE_BYTES + 1).read_to_end(&mut content).map_err(unreadable)?;
        let bytes = bytes.max(content.len() as u64);
        if bytes > FILE_BYTES { Err(Unread::TooLarge { bytes }) } else { Ok(content) }
    }
}

/// The size is asked for first: inflating a huge blob to find that it is huge would be an attack.
fn blob<T>(
    repo: &Repository,
    id: Oid,
    look: impl FnOnce(&[u8]) -> Result<T, Unread>,
) -> Result<Result<T, Unread>, git2::Error> {
    let odb = repo.odb()?;
    let bytes = odb.read_header(id)?.0 as u64;
    if bytes > FILE_BYTES {
        return Ok(Err(Unread::TooLarge { bytes }));
    }
    Ok(look(odb.read(id)?.data()))
}

/// The content of a regular file, or why there is none.
pub(super) fn regular(entry: &Entry) -> Result<Content, Unread> {
    match entry {
        Entry::File(content) => Ok(*content),
        Entry::Link(_) => Err(Unread::Link),
        Entry::Submodule(_) => Err(Unread::Submodule),
        Entry::Conflict => Err(Unread::Conflict),
        Entry::OddPath(_) => Err(Unread::PathNotUtf8),
        Entry::Unreadable(why) => Err(Unread::Unreadable { why: why.clone() }),
    }
}

/// Reads the changed files that `wanted` accepts, both sides, in parallel. Of texts at hand, which are
/// few, all are read.
pub fn read(change: &Change, reader: &Reader, wanted: impl Fn(&str) -> bool) -> Sources {
    let mut asked: Vec<(At, &str)> = Vec::new();
    for file in &change.files {
        asked.extend(file.base_path().map(|path| (At::Base, path)));
        asked.extend(file.head_path().map(|path| (At::Head, path)));
    }
    if change.head == Side::Memory {
        asked = [At::Base, At::Head].into_iter().flat_map(|at| reader.list(at).map(move |path| (at, path))).collect();
    }
    asked.retain(|(_, path)| wanted(path));
    let answers: Vec<_> = asked.into_par_iter().map(|(at, path)| (at, path, reader.read(at, path))).collect();
    let mut sources = Sources::default();
    for (at, path, answer) in answers {
        let path: RepoPath = path.to_owned();
        match (at, answer) {
            (At::Base, Ok(source)) => _ = sources.base.insert(path, source),
            (At::Head, Ok(source)) => _ = sources.head.insert(path, source),
            (At::Base, Err(why)) => sources.base_skipped.push(NotAnalysed::whole(path, &why)),
            (At::Head, Err(why)) => sources.head_skipped.push(NotAnalysed::whole(path, &why)),
        }
    }
    sources.base_skipped.sort();
    sources.head_skipped.sort();
    sources
}
