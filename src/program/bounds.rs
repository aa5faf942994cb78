//! Bounds that were reached while a program was asked something: more may hold there than was said.
//!
//! In: the function that the question was about. Out: [`Reached`] for the outputs, and the functions, so
//! that a side that could look further is not blamed for what it saw.

use super::{FnKey, Program};
use crate::change::RepoPath;
use crate::limits::{CALLERS, OUTCOME_STEPS, Reached, VALUE_STEPS};
use crate::syntax::print::function_path;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A bound on what is looked at for one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// [`VALUE_STEPS`].
    Value,
    /// [`OUTCOME_STEPS`].
    Outcome,
    /// [`CALLERS`].
    Callers,
}

/// The bounds that were reached, and where. A set: the order of questions says nothing.
pub(super) type Bounds = Mutex<BTreeSet<(FnKey, Bound)>>;

impl Bound {
    fn told(self, path: &str) -> Reached {
        let (name, text) = match self {
            Self::Value => ("value-steps", format!("following a value in {path} took more than {VALUE_STEPS} steps")),
            Self::Outcome => {
                ("outcome-steps", format!("running a function of {path} through took more than {OUTCOME_STEPS} steps"))
            }
            Self::Callers => ("callers", format!("more than {CALLERS} calls lead to a function of {path}")),
        };
        Reached { name: name.to_owned(), text: format!("{text}; what lies beyond was left out") }
    }
}

impl Program {
    /// Remembers that a question about a function was not answered to the end.
    pub fn stop_at(&self, bound: Bound, about: FnKey) {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner).insert((about, bound));
    }

    /// The bounds that were reached so far, as outputs tell them.
    pub fn reached(&self) -> BTreeSet<Reached> {
        let known = self.bounds.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|(key, bound)| bound.told(&self.file(key.file).path)).collect()
    }

    /// The functions about which not everything is known: their files and names.
    pub fn unsure(&self) -> BTreeSet<(RepoPath, String)> {
        let known = self.bounds.lock().unwrap_or_else(PoisonError::into_inner);
        let name = |key: &FnKey| function_path(self.module(key.file), key.function);
        known.iter().map(|(key, _)| (self.file(key.file).path.clone(), name(key))).collect()
    }
}
