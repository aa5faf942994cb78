//! The ways in which the failure of a call goes on, and whether one of them leads out of the function.
//!
//! In: calls and the fates of their values. Out: answers.

use super::failure::{Class, Failure, Summaries};
use super::flow::Landing;
use super::promise::Fate;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::limits::FAILURES;
use crate::syntax::visit::Node;
use crate::syntax::{Expr, ExprId, FnKind, Stmt, StmtId, Type};
use std::collections::BTreeSet;

impl Program {
    /// The ways in which the failure of a call goes on: at once for a synchronous callee, else with
    /// the promise.
    pub fn ways(&self, at: ExprKey) -> &[Fate] {
        self.call(at).map_or(&[], |call| call.ways.get_or_init(|| self.find_ways(at)))
    }

    fn find_ways(&self, at: ExprKey) -> Vec<Fate> {
        let fates = self.fates(at);
        let Some(call) = self.call(at) else { return fates };
        let at_once = vec![Fate::Raised(Node::Expr(at.expr))];
        // What is used as a promise is one, whatever its callee looks like.
        let as_promise = fates.iter().any(|way| !matches!(way, Fate::Used | Fate::Floating | Fate::Returned(_)));
        match &call.callee {
            Origin::Function(callee) if !as_promise && !self.is_async(*callee) => at_once,
            Origin::Class(..) => at_once,
            // A check that nobody waits for and that is not at hand throws at once: anything else
            // would be no check.
            Origin::Import(..) | Origin::Unknown if !as_promise && call.guessed & self.models.role("auth") != 0 => {
                at_once
            }
            _ => fates,
        }
    }

    /// The ways of a failure of `from` that got out of it into this call: the call's own for its
    /// callee, those of its callback otherwise.
    pub(super) fn ways_via(&self, at: ExprKey, from: FnKey, sink: ExprKey) -> Vec<Fate> {
        let Some(call) = self.call(at) else { return Vec::new() };
        if self.callees(&call.callee).contains(&from) {
            return self.ways(at).to_vec();
        }
        if matches!(call.callee, Origin::Function(_)) {
            let comes_through = self.failures(at, &self.summaries).iter().any(|failure| failure.sink == sink);
            return if comes_through { self.ways(at).to_vec() } else { Vec::new() };
        }
        self.callback_ways(at, from).0
    }

    /// How the failure of a callback goes on that something outside the program is given, and whether
    /// that is known for sure.
    pub(super) fn callback_ways(&self, at: ExprKey, callback: FnKey) -> (Vec<Fate>, bool) {
        let Some(call) = self.call(at) else { return (Vec::new(), true) };
        let has = |role: &str| call.roles & self.models.role(role) != 0;
        let is_async = self.is_async(callback);
        if self.registers(at) || has("guard") {
            return (Vec::new(), true);
        }
        if has("background") {
            return (vec![Fate::Background(at.expr)], true);
        }
        if has("later") || has("drops-promises") && is_async {
            return (vec![Fate::Floating], true);
        }
        if has("now") {
            let ways = if !is_async {
                vec![Fate::Raised(Node::Expr(at.expr))]
            } else if matches!(call.written.rsplit('.').next(), Some("map" | "flatMap")) {
                self.fates_of_container(at)
            } else {
                self.fates(at)
            };
            return (ways, true);
        }
        if call.is_new {
            return match (call.written.as_str(), is_async) {
                // Nobody sees the promise of an executor.
                ("Promise", true) => (vec![Fate::Floating], true),
                ("Promise", false) => (self.fates(at), true),
                _ => (Vec::new(), false),
            };
        }
        if call.is_chain {
            return (self.fates(at), true);
        }
        // Something unknown that is waited for may run its callback; else nobody knows when it does.
        (if self.is_waited_for(at) { self.fates(at) } else { Vec::new() }, false)
    }

    /// Whether the call registers a handler.
    fn registers(&self, at: ExprKey) -> bool {
        let registered_here = |key: &FnKey| self.entry(*key).is_some_and(|entry| entry.registered_at == Some(at));
        self.involved(at).iter().any(registered_here)
    }

    /// Whether what a call gives is surely taken for a promise: it is awaited, or an `async` function
    /// hands it on.
    pub(super) fn is_awaited(&self, at: ExprKey) -> bool {
        let owner = self.function_of(at);
        let module = self.module(at.file);
        let is_async = module.function(owner.function).is_async;
        self.fates(at).iter().any(|fate| match fate {
            Fate::Returned(_) => is_async,
            Fate::Raised(Node::Expr(by)) => matches!(module.expr(*by), Expr::Await(_)),
            Fate::Floating | Fate::Used => false,
            _ => true,
        })
    }

    /// Whether this very value is taken for a promise. That an `async` function hands it on says
    /// nothing, and neither does that something else is made of it and then awaited.
    pub(super) fn is_awaited_itself(&self, at: ExprKey) -> bool {
        self.fates_of_itself(at).iter().any(|fate| match fate {
            Fate::Raised(Node::Expr(by)) => matches!(self.module(at.file).expr(*by), Expr::Await(_)),
            Fate::Handled { .. } | Fate::Settled(_) | Fate::Background(_) => true,
            _ => false,
        })
    }

    pub(super) fn is_waited_for(&self, at: ExprKey) -> bool {
        self.fates(at).iter().any(|fate| !matches!(fate, Fate::Used | Fate::Floating))
    }

    /// Whether a call makes a promise: `None` if nobody knows, else whether that is sure. What only hangs
    /// something on a promise (`.then`) makes none of its own.
    pub fn makes_promise_of(&self, at: ExprKey) -> Option<bool> {
        let call = self.call(at)?;
        match call.callee {
            Origin::Function(callee) => self.is_async(callee).then_some(true),
            Origin::Outside(_) if !call.is_new && call.roles != 0 => {
                let makes = self.models.roles(&["api", "promise"]);
                (call.roles & makes != 0).then_some(call.roles & !call.guessed & makes != 0)
            }
            _ => None,
        }
    }

    /// Whether nobody waits for a promise that a call makes, its own or that of a callback: `None` if
    /// somebody does or there is none, else whether that is sure.
    pub fn floats(&self, at: ExprKey) -> Option<bool> {
        let floating = |ways: &[Fate]| !ways.is_empty() && ways.iter().all(|way| *way == Fate::Floating);
        if let Some(sure) = self.makes_promise_of(at) {
            return floating(self.ways(at)).then_some(sure);
        }
        let call = self.call(at).filter(|call| !call.is_chain && !matches!(call.callee, Origin::Function(_)))?;
        let own = self.callees(&call.callee);
        let mut callbacks = self.involved(at).iter().filter(|callback| !own.contains(*callback));
        callbacks.find_map(|callback| {
            let (ways, sure) = self.callback_ways(at, *callback);
            (self.is_async(*callback) && floating(&ways)).then_some(sure)
        })
    }

    /// Whether a function answers with a promise: it is `async`, says so in its type, or returns one.
    pub fn is_async(&self, key: FnKey) -> bool {
        let module = self.module(key.file);
        let function = module.function(key.function);
        if function.is_async {
            return true;
        }
        if matches!(function.kind, FnKind::Constructor | FnKind::Getter | FnKind::Setter) {
            return false;
        }
        let declared = function.returns.map(|ty| module.ty(ty));
        if let Some(Type::Global { path, .. }) = declared {
            let name = module.list(path).first().map(|name| module.name(*name));
            return matches!(name, Some("Promise" | "PromiseLike"));
        }
        // One step only: `return fetchX()` of an async function or of something outside.
        self.file(key.file).facts.returns(key.function).iter().any(|value| self.makes_promise(key, *value))
    }

    fn makes_promise(&self, owner: FnKey, value: ExprId) -> bool {
        let module = self.module(owner.file);
        let mut value = value;
        while let Expr::Cast { value: inner, .. } | Expr::Chain(inner) = module.expr(value) {
            value = inner;
        }
        let Some(call) = self.call(ExprKey { file: owner.file, expr: value }) else { return false };
        match call.callee {
            Origin::Function(callee) => callee != owner && self.module(callee.file).function(callee.function).is_async,
            Origin::Outside(_) if !call.is_new && call.roles & self.models.roles(&["api", "promise"]) != 0 => true,
            _ => call.is_chain || call.is_new && call.written == "Promise" || call.written.starts_with("Promise."),
        }
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

    /// What a call can fail with, of what is `wanted`, that arrives at the catch of this `try`, which may
    /// throw it on.
    pub fn arriving_failures(&self, at: ExprKey, try_stmt: StmtId, wanted: impl Fn(&Failure) -> bool) -> Vec<Failure> {
        let mut all = BTreeSet::new();
        for flow in self.flows(at, &self.summaries) {
            for failure in flow.failures {
                let arrives = || flow.ways.iter().any(|way| self.arrives(at.file, *way, &failure.class, try_stmt));
                if wanted(&failure) && arrives() {
                    all.insert(failure);
                }
            }
        }
        all.into_iter().collect()
    }

    /// Whether a failure that goes this way gets to the catch of this `try`.
    fn arrives(&self, file: FileId, way: Fate, class: &Class, try_stmt: StmtId) -> bool {
        let mut ways = vec![way];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            if !seen.insert(way) || seen.len() > FAILURES * 4 {
                continue;
            }
            match way {
                Fate::Raised(node) if self.raises_into(file, node, class, try_stmt) => return true,
                Fate::Handled { handler, call } if self.handler_passes(file, handler, class) => {
                    ways.extend(self.fates(ExprKey { file, expr: call }));
                }
                Fate::Argument { call, index } => {
                    let call = ExprKey { file, expr: call };
                    if self.forwards_argument(call, index, &self.summaries) {
                        ways.extend(self.ways(call));
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether what is thrown at a node gets past the catches inside to the one of this `try`.
    fn raises_into(&self, file: FileId, from: Node, class: &Class, try_stmt: StmtId) -> bool {
        let mut below = from;
        for above in self.file(file).parents.above(from) {
            if let Node::Stmt(id) = above
                && let Stmt::Try { body, catch: Some(_), .. } = self.module(file).stmt(id)
                && below == Node::Stmt(body)
            {
                if id == try_stmt {
                    return true;
                }
                if !self.passes(file, id, class) {
                    return false;
                }
            }
            below = above;
        }
        false
    }

    /// Whether a function of the program fails when the promise it was given does.
    pub(super) fn forwards_argument(&self, call: ExprKey, index: u16, summaries: &Summaries) -> bool {
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
}
