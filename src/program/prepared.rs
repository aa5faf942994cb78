//! What is found out about a lowered file once, however often and on whichever side it is used.
//!
//! In: lowered modules. Out: parents, facts and references of each, made when first asked for.

use super::facts::Facts;
use super::outcome::Studies;
use super::refs::Refs;
use crate::syntax::Module;
use crate::syntax::visit::Parents;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is known of the lowered files of a run, by the place of the module in memory.
#[derive(Debug, Default)]
pub struct Prepared(Mutex<FxHashMap<usize, Arc<Walked>>>);

/// What is known of one lowered file.
#[derive(Debug)]
pub(super) struct Walked {
    /// Kept, so that its place in memory is not taken by another one.
    module: Arc<Module>,
    walk: OnceLock<(Arc<Parents>, Arc<Facts>)>,
    refs: OnceLock<Refs>,
    pub(super) studies: Arc<Studies>,
}

impl Prepared {
    /// What is known of a module.
    pub(super) fn of(&self, module: &Arc<Module>) -> Arc<Walked> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let module = Arc::clone(module);
            Arc::new(Walked { module, walk: OnceLock::new(), refs: OnceLock::new(), studies: Arc::default() })
        };
        Arc::clone(known.entry(Arc::as_ptr(module).addr()).or_insert_with(new))
    }
}

impl Walked {
    /// Parents and facts.
    pub fn walk(&self) -> (Arc<Parents>, Arc<Facts>) {
        let walk = self.walk.get_or_init(|| {
            let parents = Parents::new(&self.module);
            let facts = Facts::new(&self.module, &parents);
            (Arc::new(parents), Arc::new(facts))
        });
        walk.clone()
    }

    /// What its declarations use.
    pub fn refs(&self) -> &Refs {
        self.refs.get_or_init(|| Refs::new(&self.module))
    }
}
