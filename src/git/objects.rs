//! Reading the content of many objects quickly.
//!
//! In: an object's name. Out: its bytes, lent out of a buffer that is used again. What this cannot read
//! (a damaged object, one that is missing or too large, an odd layout of the object folders) is no error
//! here: whoever asks then asks the git library, which says why.

use git2::Oid;
use gix_odb::store::init::Options;
use gix_odb::{Store, pack::Find as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// More than any file that is read takes while the differences it is stored as are put together.
const ALLOCATION: usize = 8 * crate::limits::FILE_BYTES as usize;

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
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let mut lent = match free {
            Some(lent) => lent,
            None => self.lend()?,
        };
        let found = lent.blob(id).map(look);
        idle().push(lent);
        found
    }

    fn lend(&self) -> Option<Lent> {
        let mut objects = self.store.get_or_init(|| open(&self.folder)).as_ref()?.to_cache_arc();
        // Whoever is asked next looks again.
        objects.refresh_never();
        Some(Lent { objects, buffer: Vec::new() })
    }
}

fn open(folder: &Path) -> Option<Arc<Store>> {
    let options = Options { alloc_limit_bytes: Some(ALLOCATION), ..Options::default() };
    Store::at_opts(folder.to_owned(), gix_hash::Kind::Sha1, &mut std::iter::empty(), options).ok().map(Arc::new)
}

impl Lent {
    fn blob(&mut self, id: Oid) -> Option<&[u8]> {
        let id = gix_hash::oid::try_from_bytes(id.as_bytes()).ok()?;
        let (found, _) = self.objects.try_find(id, &mut self.buffer).ok()??;
        found.kind.is_blob().then_some(found.data)
    }
}
