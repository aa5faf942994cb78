//! Outlines made ahead: nearly every change to code that others can import asks in the end who uses it, and
//! one thread or another has nothing to do before that.
//!
//! In: the files of head. Out: nothing but what [`Lowering`] keeps. Whoever asks for outlines ends it and makes
//! the rest with all threads; so does whoever sees that nobody will ask.

use crate::change::RepoPath;
use crate::git::Reader;
use crate::source::At;
use crate::syntax::load::Lowering;
use crate::syntax::outline::Outline;
use rayon::Scope;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Files of which outlines are made before it is seen whether a thread is needed elsewhere.
const AT_ONCE: usize = 16;

/// Making outlines ahead.
pub struct Ahead<'a> {
    reader: &'a Reader,
    lowering: &'a Lowering<'a>,
    wanted: &'a (dyn Fn(&str) -> bool + Sync),
    paths: OnceLock<Vec<RepoPath>>,
    is_over: AtomicBool,
}

impl<'a> Ahead<'a> {
    /// Of the files of head that are `wanted`.
    pub fn new(reader: &'a Reader, lowering: &'a Lowering<'a>, wanted: &'a (dyn Fn(&str) -> bool + Sync)) -> Self {
        Self { reader, lowering, wanted, paths: OnceLock::new(), is_over: AtomicBool::new(false) }
    }

    /// Makes outlines while `work` leaves a thread idle.
    pub fn during<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        rayon::scope(|scope| {
            scope.spawn(|scope| self.from(0, scope));
            let done = work();
            self.end();
            done
        })
    }

    /// Ends it.
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// The files of head that are analysed.
    pub(super) fn paths(&self) -> &[RepoPath] {
        let all = || self.reader.list(At::Head).filter(|path| (self.wanted)(path)).map(str::to_owned);
        self.paths.get_or_init(|| all().collect())
    }

    /// The outline of a file, if it has a text.
    pub(super) fn outline(&self, at: At, path: &str) -> Option<Arc<Outline>> {
        let blob = self.reader.blob_name(at, path);
        self.lowering.outline(blob.as_deref(), |outline| self.reader.glance(at, path, outline))
    }

    fn from<'s>(&'s self, start: usize, scope: &Scope<'s>) {
        let rest = self.paths().get(start..).unwrap_or_default();
        let some = rest.iter().take(AT_ONCE).take_while(|_| !self.is_over.load(Ordering::Relaxed));
        for path in some {
            self.outline(At::Head, path);
        }
        if rest.len() > AT_ONCE && !self.is_over.load(Ordering::Relaxed) {
            scope.spawn(move |scope| self.from(start + AT_ONCE, scope));
        }
    }
}
