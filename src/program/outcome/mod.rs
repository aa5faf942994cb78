//! Partial evaluation: runs a function in the worlds that matter for a check of the caller, and
//! compares what it reaches.
//!
//! In: a function and a secret. Out: [`Study`]. What only the right credential reaches is what the
//! check protects, whatever names, polarity or log texts say; if nothing is, there is no check. The
//! check is open if that is reached while the secret is unset.

mod call;
mod callee;
mod code;
mod eval;
mod filter;
mod machine;
mod registered;
mod slots;
mod value;
mod world;

pub use machine::{Mark, Run};
pub use registered::registered;
pub use world::{Credential, World, is_credential};

use crate::program::bounds::Bound;
use crate::program::secret::{self, Secret};
use crate::program::{File, FileId, FnKey, Program};
use crate::syntax::visit::Node;
use crate::syntax::{ExprId, FnId, FnKind};
use machine::{Codes, Machine};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Whether a function (or the top level of a file) is never left in order while the secret is unset.
pub fn stops_when_unset(program: &Program, file: FileId, function: FnId, secret: &Secret) -> bool {
    let names = secret::group(program.module(file), &secret.name);
    let run = |set| {
        let world = World { secret, names: &names, set, credential: Credential::Right, guesses: false };
        run(program, FnKey { file, function }, world, None)
    };
    let (with, without) = (run(true), run(false));
    let leaves = |run: &Run| run.marks.keys().any(|mark| matches!(mark, Mark::Exit(_)));
    !with.cut && !without.cut && leaves(&with) && !leaves(&without)
}

/// Runs a function in a world, with one condition taken to be `forced`, whatever it is.
fn run(program: &Program, key: FnKey, world: World<'_>, forced: Option<(ExprId, bool)>) -> Run {
    let run = run_in(program.file(key.file), key.function, world, forced, &mut Codes::default());
    if run.cut {
        program.stop_at(Bound::Outcome, key);
    }
    run
}

/// The same, whatever the program around the file is.
fn run_in(file: &File, function: FnId, world: World<'_>, forced: Option<(ExprId, bool)>, codes: &mut Codes) -> Run {
    let mut machine = Machine::new(&file.module, &file.parents, world, codes);
    machine.forced = forced;
    machine.run(function)
}

/// The studies of a lowered file that somebody has asked for: many rules ask for the same, of both sides.
/// They depend on nothing but that file.
#[derive(Debug, Default)]
pub struct Studies(Mutex<FxHashMap<(FnId, Secret), Made>>);

/// A study, and whether a bound was reached on the way.
type Made = (Option<Arc<Study>>, bool);

/// A function and a secret, ready to be asked.
#[derive(Debug)]
pub struct Study {
    function: FnId,
    secret: Secret,
    names: Vec<String>,
    protected: BTreeSet<Mark>,
    unset: [Run; 2],
    guessed: Run,
}

impl Study {
    /// Runs `function` with the secret set and unset. `None` where that says nothing: at the top
    /// level of a file, in a function that fights abuse, or where a bound was reached.
    pub fn of(program: &Program, file: FileId, function: FnId, secret: &Secret) -> Option<Arc<Self>> {
        let of = program.file(file);
        let known = || of.studies.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (function, secret.clone());
        let found = known().get(&key).cloned();
        let (study, cut) = found.unwrap_or_else(|| {
            let mut cut = false;
            let study = Self::make(of, function, secret, &mut cut).map(Arc::new);
            known().insert(key, (study.clone(), cut));
            (study, cut)
        });
        if cut {
            program.stop_at(Bound::Outcome, FnKey { file, function });
        }
        study
    }

    fn make(file: &File, function: FnId, secret: &Secret, cut: &mut bool) -> Option<Self> {
        let module = &file.module;
        if module.function(function).kind == FnKind::Module
            || secret::is_anti_abuse(module, function)
            || secret::names::is_anti_abuse(&secret.name)
        {
            return None;
        }
        let mut study = Self {
            function,
            secret: secret.clone(),
            names: secret::group(module, &secret.name),
            protected: BTreeSet::new(),
            unset: [Run::default(), Run::default()],
            guessed: Run::default(),
        };
        if !filter::may_check(module, function, &study.names) {
            return Some(study);
        }
        let mut codes = Codes::default();
        let mut run = |study: &Self, set, credential, guesses| {
            let run = run_in(file, function, study.world(set, credential, guesses), None, &mut codes);
            *cut |= run.cut;
            run
        };
        let right = run(&study, true, Credential::Right, false);
        if !right.checked {
            return Some(study);
        }
        let wrong = run(&study, true, Credential::Wrong, false);
        if wrong.cut {
            return None;
        }
        study.protected = right.marks.into_keys().filter(|mark| !wrong.marks.contains_key(mark)).collect();
        let work = study.protected.iter().any(|mark| matches!(mark, Mark::Call(_) | Mark::Next(_)));
        if work {
            // Where there is work behind the check, coming back without a word is not a pass.
            study.protected.retain(|mark| !matches!(mark, Mark::Value(kind) if kind == "undefined" || kind == "null"));
        }
        if !study.protected.is_empty() {
            study.unset = [Credential::Missing, Credential::Wrong].map(|sent| run(&study, false, sent, false));
            study.guessed = run(&study, false, Credential::Wrong, true);
        }
        Some(study)
    }

    fn world(&self, set: bool, credential: Credential, guesses: bool) -> World<'_> {
        World { secret: &self.secret, names: &self.names, set, credential, guesses }
    }

    /// Whether a wrong credential is kept from something while the secret is set.
    pub fn is_check(&self) -> bool {
        !self.protected.is_empty()
    }

    /// Where what the check protects is reached although the secret is unset.
    pub fn open(&self) -> Option<Node> {
        self.unset.iter().find_map(|run| self.reached(run))
    }

    /// Whether the condition at `test` decides that: with the other answer nothing would be reached.
    /// `file` is the one that was studied.
    pub fn is_decided_by(&self, program: &Program, file: FileId, test: ExprId) -> bool {
        let key = FnKey { file, function: self.function };
        let natural = self
            .unset
            .iter()
            .filter_map(|run| run.truths.get(&test))
            .fold((false, false), |all, seen| (all.0 || seen.0, all.1 || seen.1));
        let other = match natural {
            (true, false) => vec![false],
            (false, true) => vec![true],
            _ => vec![true, false],
        };
        other.into_iter().any(|truth| {
            [Credential::Missing, Credential::Wrong].into_iter().all(|credential| {
                let world = self.world(false, credential, false);
                self.reached(&run(program, key, world, Some((test, truth)))).is_none()
            })
        })
    }

    /// Where what the check protects is reached because the comparison `at` holds although the secret
    /// is unset: both sides are missing, or the caller sends what an unset secret makes.
    pub fn open_by_equality(&self, at: ExprId) -> Option<Node> {
        let runs = self.unset.iter().chain([&self.guessed]);
        runs.filter(|run| run.equal.contains(&at)).find_map(|run| self.reached(run))
    }

    fn reached(&self, run: &Run) -> Option<Node> {
        self.protected.iter().find_map(|mark| run.marks.get(mark).copied())
    }
}

#[cfg(test)]
mod tests;
