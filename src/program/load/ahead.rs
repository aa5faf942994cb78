//! Outlines made ahead: nearly every change to code that others can import asks in the end who uses it, and
//! one thread or another has nothing to do before that.
//!
//! In: the files of head. Out: nothing but what [`Lowering`](crate::syntax::load::Lowering) keeps. Whoever
//! asks for outlines ends it and makes the rest with all threads.

use super::How;
use crate::source::At;
use rayon::Scope;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Files of which outlines are made before it is seen whether a thread is needed elsewhere.
const AT_ONCE: usize = 16;

/// Making outlines ahead.
pub(super) struct Ahead<'a> {
    how: How<'a>,
    paths: OnceLock<Vec<&'a str>>,
    is_over: AtomicBool,
}

impl<'a> Ahead<'a> {
    pub fn new(how: How<'a>) -> Self {
        Self { how, paths: OnceLock::new(), is_over: AtomicBool::new(false) }
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
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// The files of head that are analysed.
    pub fn paths(&self) -> &[&'a str] {
        self.paths.get_or_init(|| {
            let How { reader, wanted, .. } = self.how;
            reader.list(At::Head).filter(|path| wanted(path)).collect()
        })
    }

    fn from<'s>(&'s self, start: usize, scope: &Scope<'s>) {
        let rest = self.paths().get(start..).unwrap_or_default();
        let some = rest.iter().take(AT_ONCE).take_while(|_| !self.is_over.load(Ordering::Relaxed));
        for path in some {
            self.how.outline(At::Head, path);
        }
        if rest.len() > AT_ONCE && !self.is_over.load(Ordering::Relaxed) {
            scope.spawn(move |scope| self.from(start + AT_ONCE, scope));
        }
    }
}
