//! What can fail, and what of it escapes a function: summaries as a fixpoint over the call graph.
//!
//! In: calls, promise fates and landings. Out: one [`Summary`] for each function. A summary keeps the
//! least few failures in a fixed order, so that the fixpoint is finite and does not depend on the order
//! in which functions are visited. Failures of parameters are symbols until a caller fills them in,
//! which is how wrappers (`withRetry(f)`, `tryCatch(f)`) are told apart without naming any.

use super::flow::Landing;
use super::promise::Fate;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::limits::FAILURES;
use crate::model::Roles;
use crate::syntax::visit::Node;
use crate::syntax::{Expr, ExprId, FnId, Key, Stmt, StmtId, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What kind of failure. The order is the order in which a full set keeps its members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Calling (or awaiting) what is reached from a parameter.
    Param {
        /// The function.
        function: FnKey,
        /// Which parameter, from 0.
        index: u16,
        /// What is reached from it.
        path: Arc<str>,
    },
    /// The caller is not allowed: the error's name.
    Auth(Arc<str>),
    /// A third-party API.
    Api,
    /// An error of the program: its name.
    Thrown(Arc<str>),
    /// Something that cannot be resolved.
    Unknown,
}

impl Class {
    /// Whether an error of this class is an instance of the named class; `None` if nobody knows.
    pub fn is_instance_of(&self, name: &str) -> Option<bool> {
        match (self, name) {
            (_, "Error" | "Object") => Some(true),
            (Self::Auth(own) | Self::Thrown(own), _) if &**own == name => Some(true),
            // A mapped class may be a base of it.
            (Self::Auth(_) | Self::Thrown(_), _) => None,
            // An outage is none of the classes that code tells apart; what nobody knows may be any.
            (Self::Api, _) => Some(false),
            (Self::Unknown | Self::Param { .. }, _) => None,
        }
    }
}

/// One way to fail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// What kind.
    pub class: Class,
    /// Where it starts.
    pub sink: ExprKey,
    /// Whether a name decided somewhere.
    pub guessed: bool,
}

/// The least failures that escape.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Escape {
    set: BTreeSet<Failure>,
    /// Whether some were left out.
    pub more: bool,
}

impl Escape {
    /// Adds a failure; whether that changed anything.
    pub fn add(&mut self, failure: Failure) -> bool {
        // The same failure with more certainty takes the place of the guess.
        if failure.guessed && self.set.contains(&Failure { guessed: false, ..failure.clone() }) {
            return false;
        }
        if !self.set.insert(failure) {
            return false;
        }
        if self.set.len() > FAILURES {
            self.more = true;
            self.set.pop_last();
        }
        true
    }

    /// The failures in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Failure> {
        self.set.iter()
    }

    /// Whether nothing can fail.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && !self.more
    }
}

/// What callers need to know about a function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// What can fail and gets out.
    pub escape: Escape,
    /// The roles of everything it does, followed through calls.
    pub does: Roles,
    /// Those among them that only names suggest.
    pub guessed: Roles,
}

/// The summaries of all loaded functions.
pub type Summaries = BTreeMap<FnKey, Summary>;

/// Rounds after which the fixpoint is given up; it is monotone, so it never takes this many.
const ROUNDS: usize = 1_000;

impl Program {
    /// Computes the summaries of all functions.
    pub(super) fn summarize(&self) -> Summaries {
        let mut summaries = Summaries::new();
        let mut callers: BTreeMap<FnKey, BTreeSet<FnKey>> = BTreeMap::new();
        let mut dirty: BTreeSet<FnKey> = BTreeSet::new();
        for file in self.file_ids() {
            for function in self.module(file).function_ids() {
                let key = FnKey { file, function };
                dirty.insert(key);
                for callee in self.mentioned(key) {
                    callers.entry(callee).or_default().insert(key);
                }
            }
        }
        for _ in 0..ROUNDS {
            let Some(_) = dirty.first() else { break };
            // Callees have larger ids than their callers more often than not: walk backwards.
            for key in std::mem::take(&mut dirty).into_iter().rev() {
                let next = self.summary_of(key, &summaries);
                if summaries.get(&key) != Some(&next) {
                    let first = summaries.insert(key, next.clone()).is_none();
                    if !first || next != Summary::default() {
                        dirty.extend(callers.get(&key).into_iter().flatten().copied());
                    }
                }
            }
        }
        summaries
    }

    /// The functions that a function calls, or hands on as values.
    fn mentioned(&self, key: FnKey) -> Vec<FnKey> {
        let mut all = Vec::new();
        for call in self.calls_of(key) {
            if let Origin::Function(callee) = call.callee {
                all.push(callee);
            }
            for arg in self.args(ExprKey { file: key.file, expr: call.expr }) {
                all.extend(self.functions_in(key.file, arg.value));
            }
        }
        all
    }

    /// The functions that a value is or holds: itself, or the fields of an object literal.
    pub fn functions_in(&self, file: FileId, value: ExprId) -> Vec<FnKey> {
        match self.module(file).expr(value) {
            Expr::Closure(function) => vec![FnKey { file, function }],
            Expr::Read(_) | Expr::Member { .. } | Expr::Call { .. } | Expr::Cast { .. } => {
                match self.origin(file, value) {
                    Origin::Function(key) => vec![key],
                    _ => Vec::new(),
                }
            }
            Expr::Object(fields) => {
                let module = self.module(file);
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

    fn summary_of(&self, key: FnKey, summaries: &Summaries) -> Summary {
        let mut summary = Summary::default();
        for call in self.calls_of(key) {
            let at = ExprKey { file: key.file, expr: call.expr };
            summary.does |= call.roles;
            summary.guessed |= call.guessed;
            let mut inner = Vec::new();
            if let Origin::Function(callee) = call.callee {
                inner.push(callee);
            }
            for arg in self.args(at) {
                inner.extend(self.functions_in(key.file, arg.value));
            }
            for callee in inner {
                if let Some(known) = summaries.get(&callee) {
                    summary.does |= known.does;
                    summary.guessed |= known.guessed;
                }
            }
            let failures = self.failures(at, summaries);
            if failures.is_empty() {
                continue;
            }
            let ways = self.ways(at);
            for failure in failures {
                if ways.iter().any(|way| self.gets_out(key.file, way, &failure.class, summaries)) {
                    summary.escape.add(failure);
                }
            }
        }
        for stmt in self.file(key.file).facts.throws(key.function) {
            if let Some(failure) = self.thrown(key.file, *stmt)
                && self.landing(key.file, Node::Stmt(*stmt), &failure.class) == Landing::Edge
            {
                summary.escape.add(failure);
            }
        }
        summary.guessed &= summary.does;
        summary
    }

    /// What a call itself can fail with, before anything around it absorbs it.
    pub fn failures(&self, at: ExprKey, summaries: &Summaries) -> Vec<Failure> {
        let Some(call) = self.call(at) else { return Vec::new() };
        let mut all = BTreeSet::new();
        let own = |class: Class, guessed: bool| Failure { class, sink: at, guessed };
        let api = self.models.role("api");
        match &call.callee {
            _ if call.is_chain => {}
            Origin::Function(callee) => self.substitute(*callee, at, summaries, &mut all),
            Origin::Class(file, class) => {
                if let Some(constructor) = self.constructor(*file, *class) {
                    self.substitute(constructor, at, summaries, &mut all);
                }
            }
            Origin::Param { function, index, path } => {
                let path = Arc::from(path.as_str());
                all.insert(own(Class::Param { function: *function, index: *index, path }, false));
            }
            _ if call.roles & api != 0 => {
                all.insert(own(Class::Api, call.guessed & api != 0));
            }
            _ if call.roles & self.models.role("auth") != 0 => {
                all.insert(own(Class::Auth(Arc::from("an auth error")), true));
            }
            Origin::Import(..) | Origin::Unknown => {
                // Only a promise that somebody waits for is known to be able to fail at all.
                if self.is_waited_for(at) {
                    all.insert(own(Class::Unknown, true));
                }
            }
            Origin::Outside(_) | Origin::Instance(..) | Origin::Literal(_) => {}
        }
        if !matches!(call.callee, Origin::Function(_)) {
            self.forwarded(at, summaries, &mut all);
        }
        all.into_iter().collect()
    }

    /// Failures of the callbacks that a call outside runs before it settles.
    fn forwarded(&self, at: ExprKey, summaries: &Summaries, all: &mut BTreeSet<Failure>) {
        let Some(call) = self.call(at) else { return };
        let models = &self.models;
        let apart = models.roles(&["later", "guard", "background", "drops-promises"]);
        if call.roles & apart != 0 || self.registers(at) || call.is_new && call.written != "Promise" {
            return;
        }
        let now = call.roles & models.role("now") != 0;
        if !now && !self.is_waited_for(at) {
            return;
        }
        for arg in self.args(at) {
            for callback in self.functions_in(at.file, arg.value) {
                let Some(summary) = summaries.get(&callback) else { continue };
                for failure in summary.escape.iter() {
                    all.insert(Failure { guessed: failure.guessed || !now, ..failure.clone() });
                }
            }
        }
    }

    /// Whether the call registers a handler.
    fn registers(&self, at: ExprKey) -> bool {
        self.args(at)
            .iter()
            .any(|arg| self.functions_in(at.file, arg.value).iter().any(|key| self.entry(*key).is_some()))
    }

    fn is_waited_for(&self, at: ExprKey) -> bool {
        self.fates(at).iter().any(|fate| !matches!(fate, Fate::Used | Fate::Floating))
    }

    /// The failures of a function of the program, with what this call gives for its parameters.
    fn substitute(&self, callee: FnKey, at: ExprKey, summaries: &Summaries, all: &mut BTreeSet<Failure>) {
        let Some(summary) = summaries.get(&callee) else { return };
        for failure in summary.escape.iter() {
            match &failure.class {
                Class::Param { function, index, path } if *function == callee => {
                    self.fill_in(*index, path, failure, at, summaries, all);
                }
                _ => {
                    all.insert(failure.clone());
                }
            }
        }
        if summary.escape.more {
            all.insert(Failure { class: Class::Unknown, sink: at, guessed: true });
        }
    }

    /// A failing parameter, as seen by a caller that says what it is.
    fn fill_in(
        &self,
        index: u16,
        path: &str,
        failure: &Failure,
        at: ExprKey,
        summaries: &Summaries,
        all: &mut BTreeSet<Failure>,
    ) {
        let Some(arg) = self.args(at).get(index as usize) else { return };
        let given = self.origin(at.file, arg.value);
        let reached = if path.is_empty() { given } else { self.reach(given, path) };
        match reached {
            Origin::Function(function) => {
                let Some(summary) = summaries.get(&function) else { return };
                all.extend(summary.escape.iter().cloned());
            }
            Origin::Param { function, index, path } => {
                let class = Class::Param { function, index, path: Arc::from(path.as_str()) };
                all.insert(Failure { class, ..failure.clone() });
            }
            origin => {
                let (roles, guessed) = self.roles_of(&origin, "");
                if roles & self.models.role("api") != 0 {
                    let guessed = failure.guessed || guessed & self.models.role("api") != 0;
                    all.insert(Failure { class: Class::Api, guessed, ..failure.clone() });
                } else if matches!(origin, Origin::Unknown | Origin::Import(..)) {
                    all.insert(Failure { class: Class::Unknown, guessed: true, ..failure.clone() });
                }
            }
        }
    }

    fn constructor(&self, file: FileId, class: crate::syntax::ClassId) -> Option<FnKey> {
        let module = self.module(file);
        module.list(module.class(class).members).iter().find_map(|member| match member.kind {
            crate::syntax::MemberKind::Method(f)
                if module.function(f).kind == crate::syntax::FnKind::Constructor
                    && module.function(f).body != crate::syntax::Body::None =>
            {
                Some(FnKey { file, function: f })
            }
            _ => None,
        })
    }

    /// The ways in which the failure of a call goes on: at once for a synchronous callee, else with
    /// the promise.
    pub fn ways(&self, at: ExprKey) -> Vec<Fate> {
        let synchronous = match self.call(at).map(|call| &call.callee) {
            Some(Origin::Function(callee)) => !self.is_async(*callee),
            Some(Origin::Class(..)) => true,
            _ => false,
        };
        if synchronous { vec![Fate::Raised(Node::Expr(at.expr))] } else { self.fates(at) }
    }

    /// Whether a function answers with a promise: it is `async`, says so in its type, or returns one.
    pub fn is_async(&self, key: FnKey) -> bool {
        let module = self.module(key.file);
        let function = module.function(key.function);
        if function.is_async {
            return true;
        }
        let declared = function.returns.map(|ty| module.ty(ty));
        if let Some(Type::Global { path, .. }) = declared {
            let name = module.list(path).first().map(|name| module.name(*name));
            return matches!(name, Some("Promise" | "PromiseLike"));
        }
        // One step only: `return fetchX()` of an async function or of something outside.
        self.file(key.file).facts.returns(key.function).iter().any(|value| {
            let inner = self.call(ExprKey { file: key.file, expr: *value });
            inner.is_some_and(|call| match call.callee {
                Origin::Function(callee) => {
                    callee != key && self.module(callee.file).function(callee.function).is_async
                }
                Origin::Outside(_) => !call.is_new && call.roles & self.models.role("api") != 0,
                _ => call.written.starts_with("Promise."),
            })
        })
    }

    /// Whether a failure that goes this way leaves the function.
    pub fn gets_out(&self, file: FileId, way: &Fate, class: &Class, summaries: &Summaries) -> bool {
        let mut ways = vec![*way];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            if !seen.insert(way) || seen.len() > FAILURES * 4 {
                continue;
            }
            match way {
                Fate::Raised(node) => {
                    if self.landing(file, node, class) == Landing::Edge {
                        return true;
                    }
                }
                Fate::Returned(_) => return true,
                Fate::Handled { handler, call } => {
                    if self.handler_passes(file, handler, class) {
                        ways.extend(self.fates(ExprKey { file, expr: call }));
                    }
                }
                Fate::Argument { call, index } => {
                    if self.forwards_argument(ExprKey { file, expr: call }, index, summaries) {
                        ways.extend(self.ways(ExprKey { file, expr: call }));
                    }
                }
                Fate::Background(_) | Fate::Settled(_) | Fate::Floating | Fate::Used => {}
            }
        }
        false
    }

    /// Whether a function of the program fails when the promise it was given does.
    fn forwards_argument(&self, call: ExprKey, index: u16, summaries: &Summaries) -> bool {
        let Some(Origin::Function(callee)) = self.call(call).map(|call| &call.callee) else { return true };
        let module = self.module(callee.file);
        let Some(binding) = module.function(callee.function).params.get(index as usize).and_then(|p| p.binding) else {
            return true;
        };
        // What becomes of the parameter inside decides.
        self.file(callee.file).facts.reads(binding).iter().any(|read| {
            self.fates(ExprKey { file: callee.file, expr: *read }).iter().any(|way| match way {
                Fate::Argument { .. } => true,
                way => self.gets_out(callee.file, way, &Class::Api, summaries),
            })
        })
    }

    /// What a `throw` statement throws; `None` for a rethrown error, whose class is already known.
    fn thrown(&self, file: FileId, stmt: StmtId) -> Option<Failure> {
        let module = self.module(file);
        let Stmt::Throw(value) = module.stmt(stmt) else { return None };
        let sink = ExprKey { file, expr: value };
        let mut value = value;
        while let Expr::Cast { value: inner, .. } | Expr::Await(inner) = module.expr(value) {
            value = inner;
        }
        let (Expr::New { callee, .. } | Expr::Call { callee, .. }) = module.expr(value) else { return None };
        let name: Arc<str> = Arc::from(self.class_name(file, callee).unwrap_or("Error"));
        let auth = self.is_auth_error(file, callee, &name) || self.has_auth_status(file, value);
        let class = if auth { Class::Auth(name) } else { Class::Thrown(name) };
        Some(Failure { class, sink, guessed: false })
    }

    /// Whether an error class means that the caller is not allowed, by its name or a base's.
    fn is_auth_error(&self, file: FileId, callee: ExprId, name: &str) -> bool {
        let role = self.models.role("auth-error");
        if self.models.roles_of_name(name) & role != 0 {
            return true;
        }
        let mut origin = self.origin(file, callee);
        for _ in 0..8 {
            let Origin::Class(at, class) = origin else { return false };
            let Some(extends) = self.module(at).class(class).extends else { return false };
            if self.class_name(at, extends).is_some_and(|name| self.models.roles_of_name(name) & role != 0) {
                return true;
            }
            origin = self.origin(at, extends);
        }
        false
    }

    /// Whether an error is built with a status or a code that means "not you".
    fn has_auth_status(&self, file: FileId, value: ExprId) -> bool {
        let module = self.module(file);
        let is_status = |expr: ExprId| match module.expr(expr) {
            Expr::Number(id) => [401.0, 403.0].contains(&module.numbers[id.index()]),
            Expr::Text(name) => ["UNAUTHORIZED", "FORBIDDEN", "unauthorized", "forbidden"].contains(&module.name(name)),
            _ => false,
        };
        self.args(ExprKey { file, expr: value }).iter().any(|arg| match module.expr(arg.value) {
            Expr::Object(fields) => module.list(fields).iter().any(|field| {
                matches!(field.key, Key::Name(name)
                    if ["status", "statusCode", "code", "httpStatus"].contains(&module.name(name)))
                    && is_status(field.value)
            }),
            _ => is_status(arg.value),
        })
    }

    /// What a call can fail with once guards of its own (`.catch` on it) have had their say; what its
    /// function does with it is not looked at.
    pub fn outer_failures(&self, at: ExprKey) -> Vec<Failure> {
        let ways = self.ways(at);
        let mut failures = self.failures(at, &self.summaries);
        failures.retain(|failure| {
            ways.iter().any(|way| match way {
                Fate::Handled { handler, .. } => self.handler_passes(at.file, *handler, &failure.class),
                _ => true,
            })
        });
        failures
    }

    /// Whether a caller that is known passes an API for the parameter that is called here.
    pub fn is_api_by_callers(&self, at: ExprKey) -> bool {
        let Some(Origin::Param { .. }) = self.call(at).map(|call| &call.callee) else { return false };
        self.api_sinks.contains(&at)
    }

    /// Calls on parameters that a known caller fills in with an API.
    pub(super) fn find_api_sinks(&self) -> BTreeSet<ExprKey> {
        let mut sinks = BTreeSet::new();
        for file in self.file_ids() {
            for call in self.calls(file) {
                if matches!(call.callee, Origin::Function(_)) {
                    let failures = self.failures(ExprKey { file, expr: call.expr }, &self.summaries);
                    sinks.extend(failures.iter().filter(|f| f.class == Class::Api).map(|failure| failure.sink));
                }
            }
        }
        sinks
    }

    /// The entry whose handler a function is.
    pub fn entry(&self, key: FnKey) -> Option<&super::route::Entry> {
        self.entries.binary_search_by_key(&key, |entry| entry.handler).ok().map(|at| &self.entries[at])
    }

    /// The summary of a function.
    pub fn summary(&self, key: FnKey) -> &Summary {
        static NOTHING: Summary = Summary { escape: Escape { set: BTreeSet::new(), more: false }, does: 0, guessed: 0 };
        self.summaries.get(&key).unwrap_or(&NOTHING)
    }

    /// The module's own top level.
    pub fn top_level(file: FileId) -> FnKey {
        FnKey { file, function: FnId(0) }
    }
}
