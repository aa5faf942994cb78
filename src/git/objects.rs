//! Reading many objects quickly.
//!
//! In: an object's name. Out: what is in it; the bytes of a file are lent out of a buffer that is used again. What this cannot read
//! (a damaged object, one that is missing or too large, an odd layout of the object folders) is no error
//! here: whoever asks then asks the git library, which says why.

use super::tree::Item;
use git2::Oid;
use gix_object::bstr::ByteSlice as _;
use gix_object::tree::EntryRef;
use gix_object::{Kind, TreeRefIter};
use gix_odb::store::init::Options;
use gix_odb::{Store, pack::Find as _};
use gix_pack::cache::lru::MemoryCappedHashmap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// More than any file that is read takes while the differences it is stored as are put together.
const ALLOCATION: usize = 8 * crate::limits::FILE_BYTES as usize;

/// Bytes of decoded objects that one thread keeps: files that resemble each other are stored as chains of
/// differences, and each link would be decoded again for all that follow.
const DECODED: usize = 3 * 1024 * 1024;

/// The objects of one repository.
pub(super) struct Objects {
    folder: PathBuf,
    store: OnceLock<Option<Arc<Store>>>,
    idle: Mutex<Vec<Lent>>,
}

/// One thread's way to them.
pub(super) struct Lent {
    objects: gix_odb::HandleArc,
    buffer: Vec<u8>,
}

impl Objects {
    /// Those in this folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, store: OnceLock::new(), idle: Mutex::default() }
    }

    /// Lends the bytes of a blob to `look`; `None` if they cannot be read in this way.
    pub(super) fn blob<T>(&self, id: Oid, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        self.read(id, Kind::Blob, look)
    }

    /// What is in a tree; `None` if it cannot be read in this way.
    pub(super) fn tree(&self, id: Oid) -> Option<Vec<Item>> {
        let items = |bytes: &[u8]| {
            let items = TreeRefIter::from_bytes(bytes, gix_hash::Kind::Sha1);
            let item = |item: EntryRef<'_>| {
                // Old trees say more of a folder's mode than that it is one.
                let mode = if item.mode.is_tree() { 0o040_000 } else { item.mode.value().into() };
                Some(Item {
                    mode,
                    name: item.filename.as_bytes().into(),
                    id: Oid::from_bytes(item.oid.as_bytes()).ok()?,
                })
            };
            items.map(|read| item(read.ok()?)).collect()
        };
        self.read(id, Kind::Tree, items)?
    }

    fn read<T>(&self, id: Oid, kind: Kind, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let mut lent = match free {
            Some(lent) => lent,
            None => self.lend()?,
        };
        let found = lent.read(id, kind).map(look);
        idle().push(lent);
        found
    }

    fn lend(&self) -> Option<Lent> {
        let mut objects = self.store.get_or_init(|| open(&self.folder)).as_ref()?.to_cache_arc();
        // Whoever is asked next looks again.
        objects.refresh_never();
        objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(DECODED)));
        Some(Lent { objects, buffer: Vec::new() })
    }
}

fn open(folder: &Path) -> Option<Arc<Store>> {
    let options = Options { alloc_limit_bytes: Some(ALLOCATION), ..Options::default() };
    Store::at_opts(folder.to_owned(), gix_hash::Kind::Sha1, &mut std::iter::empty(), options).ok().map(Arc::new)
}

impl Lent {
    fn read(&mut self, id: Oid, kind: Kind) -> Option<&[u8]> {
        let id = gix_hash::oid::try_from_bytes(id.as_bytes()).ok()?;
        let (found, _) = self.objects.try_find(id, &mut self.buffer).ok()??;
        (found.kind == kind).then_some(found.data)
    }
}
