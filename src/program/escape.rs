//! What a call can fail with, before anything around it absorbs it.
//!
//! In: calls, roles and the summaries so far. Out: [`Flow`]s: failures with the ways they go on.

pub use super::failure::{Class, Escape, Failure, Summaries, Summary};

use super::again::{Kept, Moves};
use super::calls::Call;
use super::promise::Fate;
use super::thrown::BASES;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::limits::PARAM_STEPS;
use crate::syntax::{Body, ClassId, Expr, ExprId, FnKind, Key, MemberKind};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// What a call gives for a parameter, or for something that is reached from it.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// A function.
    Function(FnKey),
    /// Something that fails in this way, and whether that is a guess.
    Class(Class, bool),
    /// Something that does not fail.
    Nothing,
}

impl Given {
    /// The same for a program in which files have other numbers.
    pub(super) fn moved(&self, moves: &Moves) -> Option<Self> {
        Some(match self {
            Self::Function(key) => Self::Function(moves.function(*key)?),
            Self::Class(class, guessed) => Self::Class(class.moved(moves)?, *guessed),
            Self::Nothing => Self::Nothing,
        })
    }
}

/// A call, one of its arguments, and what is reached from it.
pub(super) type GivenKey = (ExprId, u16, Arc<str>);

/// What the calls of a file give.
pub(super) type AllGiven = Mutex<FxHashMap<GivenKey, Given>>;

/// Failures of one call that go on in the same ways.
#[derive(Debug, Default)]
pub struct Flow {
    /// The failures.
    pub failures: BTreeSet<Failure>,
    /// Where they go.
    pub ways: Vec<Fate>,
}

impl Program {
    /// The functions that a call runs at once: its callee, or the constructor and the fields of a class.
    pub(super) fn callees(&self, callee: &Origin) -> Vec<FnKey> {
        match callee {
            Origin::Function(key) => vec![*key],
            Origin::Class(file, class) => self.construction(*file, *class),
            _ => Vec::new(),
        }
    }

    /// What runs when a class is constructed. A class without a constructor runs its base's.
    fn construction(&self, file: FileId, class: ClassId) -> Vec<FnKey> {
        let mut found = Vec::new();
        let (mut file, mut class) = (file, class);
        for _ in 0..BASES {
            let module = self.module(file);
            let mut own = false;
            for member in module.list(module.class(class).members) {
                match member.kind {
                    MemberKind::Method(function) => {
                        let known = module.function(function);
                        if known.kind == FnKind::Constructor && known.body != Body::None {
                            found.push(FnKey { file, function });
                            own = true;
                        }
                    }
                    MemberKind::Field(function) if !member.is_static => found.push(FnKey { file, function }),
                    _ => {}
                }
            }
            let Some(extends) = module.class(class).extends.filter(|_| !own) else { break };
            let Origin::Class(base_file, base) = self.origin(file, extends) else { break };
            (file, class) = (base_file, base);
        }
        found
    }

    /// Every function that takes part in a call: what it runs, the functions among its arguments, and
    /// those that the wrapper which made its callee was given.
    pub(super) fn find_involved(&self, at: ExprKey, callee: &Origin) -> Vec<FnKey> {
        let mut all = self.callees(callee);
        for arg in self.args(at) {
            all.extend(self.functions_in(at.file, arg.value));
        }
        if let Some(making) = self.making_call(at) {
            for arg in self.args(making) {
                all.extend(self.functions_in(making.file, arg.value));
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The functions that a value is or holds: itself, or the fields of an object literal.
    pub fn functions_in(&self, file: FileId, value: ExprId) -> Vec<FnKey> {
        let module = self.module(file);
        match module.expr(value) {
            Expr::Closure(function) => vec![FnKey { file, function }],
            Expr::Read(_) | Expr::Member { .. } | Expr::Call { .. } | Expr::Cast { .. } | Expr::Chain(_) => {
                match self.origin(file, value) {
                    Origin::Function(key) => vec![key],
                    _ => Vec::new(),
                }
            }
            Expr::Object(fields) => {
                let fields = module.list(fields).iter();
                fields
                    .filter(|field| matches!(field.key, Key::Name(_)))
                    .filter_map(|field| match module.expr(field.value) {
                        Expr::Closure(function) => Some(FnKey { file, function }),
                        _ => None,
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// For `const safe = wrap(f); safe(x)` and `wrap(f)(x)`: the call `wrap(f)`.
    pub(super) fn making_call(&self, at: ExprKey) -> Option<ExprKey> {
        let module = self.module(at.file);
        let Expr::Call { callee, .. } = module.expr(at.expr) else { return None };
        let made = match module.expr(callee) {
            Expr::Call { .. } => callee,
            Expr::Read(binding) => self.value_of(at.file, binding)?,
            _ => return None,
        };
        matches!(module.expr(made), Expr::Call { .. }).then_some(ExprKey { file: at.file, expr: made })
    }

    /// What a call can fail with, by the ways in which the failures go on.
    pub fn flows(&self, at: ExprKey, summaries: &Summaries) -> Vec<Flow> {
        let Some(call) = self.call(at) else { return Vec::new() };
        let mut flows = Vec::new();
        let mut own = BTreeSet::new();
        self.own_failures(at, summaries, &mut own);
        if !own.is_empty() {
            flows.push(Flow { failures: own, ways: self.ways(at).to_vec() });
        }
        if matches!(call.callee, Origin::Function(_)) {
            return flows;
        }
        for callback in self.involved(at) {
            let Some(summary) = summaries.get(*callback) else { continue };
            if summary.escape.is_empty() || self.callees(&call.callee).contains(callback) {
                continue;
            }
            let (ways, sure) = self.callback_ways(at, *callback);
            if !ways.is_empty() {
                let failures = summary.escape.iter();
                let failures = failures.map(|failure| Failure { guessed: failure.guessed || !sure, ..failure });
                flows.push(Flow { failures: failures.collect(), ways });
            }
        }
        flows
    }

    /// All that a call can fail with.
    pub fn failures(&self, at: ExprKey, summaries: &Summaries) -> Vec<Failure> {
        let all: BTreeSet<Failure> = self.flows(at, summaries).into_iter().flat_map(|flow| flow.failures).collect();
        all.into_iter().collect()
    }

    fn own_failures(&self, at: ExprKey, summaries: &Summaries, all: &mut BTreeSet<Failure>) {
        let Some(call) = self.call(at) else { return };
        let own = |class: Class, guessed: bool| Failure { class, sink: at, guessed };
        // Most calls have no role at all.
        let has = |names: &[&str]| call.roles != 0 && call.roles & self.models.roles(names) != 0;
        match &call.callee {
            _ if call.is_chain => {}
            Origin::Function(_) | Origin::Class(..) => {
                for callee in self.callees(&call.callee) {
                    self.substitute(callee, at, summaries, all);
                }
            }
            // A guard of a library absorbs; the methods of arrays fail only through their callbacks.
            Origin::Param { .. } | Origin::Import(..) | Origin::Outside(_) | Origin::Unknown
                if has(&["guard", "now"]) => {}
            Origin::Param { function, index, path } => {
                let path = Arc::from(path.as_str());
                all.insert(own(Class::Param { function: *function, index: *index, path }, false));
                if has(&["auth"]) {
                    all.insert(own(Class::Auth(Arc::from("an auth error")), true));
                }
            }
            _ if has(&["api"]) => {
                all.insert(own(Class::Api, call.guessed & self.models.role("api") != 0));
            }
            _ if has(&["auth"]) => {
                all.insert(own(Class::Auth(Arc::from("an auth error")), true));
            }
            _ if has(&["promise"]) => {
                all.insert(own(Class::Unknown, call.guessed & self.models.role("promise") != 0));
            }
            Origin::Import(..) | Origin::Unknown => {
                // Only a promise that somebody waits for is known to be able to fail at all.
                if self.is_awaited_itself(at) {
                    all.insert(own(Class::Unknown, true));
                }
            }
            // What reads or writes outside of the process can fail; anything else that a package is asked
            // for and waited for may.
            Origin::Outside(_) if self.leaves_process(call) && call.roles & self.models.role("plain") == 0 => {
                if self.is_awaited(at) {
                    all.insert(own(Class::Unknown, false));
                }
            }
            Origin::Outside(text) if self.may_wait(at, call, text) && self.is_awaited_itself(at) => {
                all.insert(own(Class::Unknown, true));
            }
            Origin::Outside(_) | Origin::Instance(..) | Origin::Literal(_) | Origin::Module(_) => {}
        }
    }

    fn leaves_process(&self, call: &Call) -> bool {
        let sure = call.roles & !call.guessed;
        sure != 0 && sure & self.models.roles(&["io", "store", "deliver", "stream-close"]) != 0
    }

    /// Whether something outside may have work of its own to wait for. A plain function that is given
    /// functions fails with theirs, and of a name that nothing declares nobody knows anything.
    fn may_wait(&self, at: ExprKey, call: &Call, text: &str) -> bool {
        let is_method = text.rsplit('#').next().is_some_and(|name| name.contains('.'));
        let known = is_method || text.contains('#') && self.involved(at).is_empty();
        known && !call.is_new && !text.starts_with("Promise.") && call.roles & self.models.role("inert") == 0
    }

    /// Whether a call can fail at all, as far as anybody knows. A function that callers give and nobody
    /// knows may as well absorb what goes wrong in it.
    pub fn can_fail(&self, at: ExprKey) -> bool {
        self.outer_failures(at).iter().any(|failure| match &failure.class {
            Class::Param { path, .. } => {
                let given = self.given_by_callers(failure);
                given.iter().any(|given| given.class != Class::Unknown || !path.is_empty())
            }
            _ => true,
        })
    }

    /// What a failing parameter can fail with, as far as callers are known that say what it is.
    pub fn given_by_callers(&self, failure: &Failure) -> Vec<Failure> {
        let Class::Param { function, index, path } = &failure.class else { return Vec::new() };
        let mut all = BTreeSet::new();
        for at in self.callers(*function).filter(|at| self.calls_function(*at, *function)) {
            self.fill_in(*index, path, failure, at, &self.summaries, &mut all);
        }
        all.into_iter().filter(|failure| !matches!(failure.class, Class::Param { .. })).collect()
    }

    /// The failures of a function of the program, with what this call gives for its parameters.
    fn substitute(&self, callee: FnKey, at: ExprKey, summaries: &Summaries, all: &mut BTreeSet<Failure>) {
        let Some(summary) = summaries.get(callee) else { return };
        let branches = self.not_taken(callee, at);
        for failure in summary.escape.iter() {
            if !branches.is_empty() && !self.starts_outside(callee, &failure, &branches, summaries) {
                continue;
            }
            match &failure.class {
                Class::Param { function, index, path } if *function == callee => {
                    self.fill_in(*index, path, &failure, at, summaries, all);
                }
                // The parameter of a wrapper around the callee: what the wrapper was given says more.
                Class::Param { function, index, path }
                    if self.making_call(at).is_some_and(|making| self.calls_function(making, *function)) =>
                {
                    if let Some(making) = self.making_call(at) {
                        self.fill_in(*index, path, &failure, making, summaries, all);
                    }
                }
                _ => {
                    all.insert(failure);
                }
            }
        }
        if summary.escape.more {
            all.insert(Failure { class: Class::Unknown, sink: at, guessed: true });
        }
    }

    fn calls_function(&self, at: ExprKey, function: FnKey) -> bool {
        matches!(self.call(at), Some(call) if call.callee == Origin::Function(function))
    }

    /// A failing parameter, as seen by a caller that says what it is.
    fn fill_in(
        &self,
        index: u16,
        path: &Arc<str>,
        failure: &Failure,
        at: ExprKey,
        summaries: &Summaries,
        all: &mut BTreeSet<Failure>,
    ) {
        match self.given(at, index, path) {
            Given::Function(function) => {
                let Some(summary) = summaries.get(function) else { return };
                all.extend(summary.escape.iter());
            }
            // What nobody knows can fail only where somebody waits for it.
            Given::Class(Class::Unknown, _) if !self.is_awaited_itself(failure.sink) => {}
            Given::Class(class, guessed) => {
                all.insert(Failure { class, guessed: failure.guessed || guessed, sink: failure.sink });
            }
            Given::Nothing => {}
        }
    }

    /// What a call gives for a path from one of its parameters. Asked for again and again while the
    /// summaries grow, so it is remembered.
    fn given(&self, at: ExprKey, index: u16, path: &Arc<str>) -> Given {
        let memo = || self.given[at.file.0 as usize].lock().unwrap_or_else(PoisonError::into_inner);
        let key = (at.expr, index, Arc::clone(path));
        if let Some(known) = memo().get(&key) {
            return known.clone();
        }
        let given = self.find_given(at, index, path);
        memo().insert(key, given.clone());
        given
    }

    fn find_given(&self, at: ExprKey, index: u16, path: &str) -> Given {
        let Some(arg) = self.args(at).get(index as usize) else { return Given::Nothing };
        let reached = self.origin_along(at.file, arg.value, path);
        match reached {
            Origin::Function(function) => Given::Function(function),
            Origin::Param { path, .. } if path.matches(['.', '(', '[']).count() > PARAM_STEPS => {
                Given::Class(Class::Unknown, true)
            }
            Origin::Param { function, index, path } => {
                Given::Class(Class::Param { function, index, path: Arc::from(path.as_str()) }, false)
            }
            origin => {
                let (roles, guessed) = self.roles_of(&origin, "");
                let api = self.models.role("api");
                match origin {
                    _ if roles & api != 0 => Given::Class(Class::Api, guessed & api != 0),
                    Origin::Unknown | Origin::Import(..) => Given::Class(Class::Unknown, true),
                    _ => Given::Nothing,
                }
            }
        }
    }

    /// What a call can fail with once guards of its own (`.catch` on it) have had their say; what its
    /// function does with it is not looked at.
    pub fn outer_failures(&self, at: ExprKey) -> Vec<Failure> {
        let mut all = BTreeSet::new();
        for flow in self.flows(at, &self.summaries) {
            let passes = |failure: &Failure| {
                flow.ways.iter().any(|way| match way {
                    Fate::Handled { handler, .. } => self.handler_passes(at.file, *handler, &failure.class),
                    _ => true,
                })
            };
            all.extend(flow.failures.iter().filter(|failure| passes(failure)).cloned());
        }
        all.into_iter().collect()
    }

    /// Whether a caller that is known passes an API for the parameter that is called here.
    pub fn is_api_by_callers(&self, at: ExprKey) -> bool {
        let Some(Origin::Param { .. }) = self.call(at).map(|call| &call.callee) else { return false };
        self.api_sinks.contains(&at)
    }

    /// By file, the calls on parameters that a call in it fills in with an API.
    pub(super) fn find_api_sinks(&self, kept: &Kept<'_>) -> Vec<Arc<BTreeSet<ExprKey>>> {
        let of_file = |file: FileId| {
            if let Some(known) = kept.sinks(file) {
                return known;
            }
            let mut sinks = BTreeSet::new();
            for call in self.calls(file) {
                if matches!(call.callee, Origin::Function(_) | Origin::Class(..)) {
                    let failures = self.failures(ExprKey { file, expr: call.expr }, &self.summaries);
                    sinks.extend(failures.iter().filter(|f| f.class == Class::Api).map(|failure| failure.sink));
                }
            }
            Arc::new(sinks)
        };
        let ids: Vec<FileId> = self.file_ids().collect();
        ids.into_par_iter().map(of_file).collect()
    }
}
