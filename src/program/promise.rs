//! What becomes of a promise: fate is a property of the value, not of the syntax around it.
//!
//! In: an expression whose value may be a promise. Out: its [`Fate`]s, one for each way it goes.

use super::{ExprKey, FileId, Origin, Program};
use crate::syntax::visit::Node;
use crate::syntax::{BindingId, Expr, ExprId, FnKind, LogicOp, LoopKind, SourceOf, Stmt, StmtId, UnaryOp};
use std::collections::BTreeSet;

/// Places that one search looks at.
const STEPS: usize = 200;

/// What becomes of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// A rejection is thrown here, where it is awaited.
    Raised(Node),
    /// The function hands it to its caller.
    Returned(ExprId),
    /// `.catch(handler)`; if the handler throws, the call's own value rejects.
    Handled {
        /// The handler.
        handler: ExprId,
        /// The call of `.catch` or `.then`.
        call: ExprId,
    },
    /// It is an argument of a function of the program.
    Argument {
        /// The call.
        call: ExprId,
        /// Which argument.
        index: u16,
    },
    /// A function that the framework gave keeps it alive; nobody else waits.
    Background(ExprId),
    /// `Promise.allSettled`.
    Settled(ExprId),
    /// Nothing waits for it.
    Floating,
    /// Its value is used as it is: it is no promise, or nobody knows.
    Used,
}

struct Search<'a> {
    program: &'a Program,
    file: FileId,
    /// Expressions still to look at, and whether they hold promises instead of being one.
    todo: Vec<(ExprId, bool)>,
    seen: BTreeSet<(ExprId, bool)>,
    fates: BTreeSet<Fate>,
    /// Whether what somebody else's function makes of the value counts as something else.
    itself: bool,
}

impl Program {
    /// What becomes of the value of an expression, sorted.
    pub fn fates(&self, key: ExprKey) -> Vec<Fate> {
        self.fates_from(key, false, false)
    }

    /// The same for the value itself: what a function of somebody else makes of it is another value.
    pub(super) fn fates_of_itself(&self, key: ExprKey) -> Vec<Fate> {
        self.fates_from(key, false, true)
    }

    /// The same for an expression that holds promises (an array of them).
    pub fn fates_of_container(&self, key: ExprKey) -> Vec<Fate> {
        self.fates_from(key, true, false)
    }

    fn fates_from(&self, key: ExprKey, container: bool, itself: bool) -> Vec<Fate> {
        let mut search = Search {
            program: self,
            file: key.file,
            todo: vec![(key.expr, container)],
            seen: BTreeSet::new(),
            fates: BTreeSet::new(),
            itself,
        };
        while let Some((expr, container)) = search.todo.pop() {
            if search.seen.len() >= STEPS {
                search.fates.insert(Fate::Used);
                break;
            }
            if search.seen.insert((expr, container)) {
                search.step(expr, container);
            }
        }
        // A variable that is read somewhere is not floating because it is also read elsewhere.
        if search.fates.len() > 1 {
            search.fates.remove(&Fate::Used);
        }
        search.fates.into_iter().collect()
    }
}

impl Search<'_> {
    fn step(&mut self, expr: ExprId, container: bool) {
        match self.program.file(self.file).parents.of(Node::Expr(expr)) {
            Some(Node::Expr(parent)) => self.in_expr(expr, parent, container),
            Some(Node::Stmt(parent)) => self.in_stmt(expr, parent, container),
            None => self.at_root(expr),
        }
    }

    fn at_root(&mut self, expr: ExprId) {
        let module = self.program.module(self.file);
        let owner = self.program.function_of(ExprKey { file: self.file, expr }).function;
        let function = module.function(owner);
        let is_body = function.body == crate::syntax::Body::Expr(expr);
        self.fates.insert(match function.kind {
            // The value of a field: nobody waits for it when the class is constructed.
            FnKind::Initializer => Fate::Floating,
            _ if is_body => Fate::Returned(expr),
            _ => Fate::Used,
        });
    }

    fn in_expr(&mut self, expr: ExprId, parent: ExprId, container: bool) {
        let module = self.program.module(self.file);
        match module.expr(parent) {
            Expr::Await(_) => {
                // Awaiting an array does not wait for what is in it.
                self.fates.insert(if container { Fate::Floating } else { Fate::Raised(Node::Expr(parent)) });
            }
            Expr::Yield { .. } => {
                self.fates.insert(Fate::Raised(Node::Expr(parent)));
            }
            Expr::OptionalLink(_) | Expr::Chain(_) | Expr::Cast { .. } => self.todo.push((parent, container)),
            Expr::Choose { test, .. } => self.pass_unless(expr == test, parent, container),
            Expr::Logic { op, left, .. } => self.pass_unless(expr == left && op == LogicOp::And, parent, container),
            Expr::Comma(parts) => {
                if module.list(parts).last() == Some(&expr) {
                    self.todo.push((parent, container));
                } else {
                    self.fates.insert(Fate::Floating);
                }
            }
            Expr::Unary(UnaryOp::Void, _) => {
                self.fates.insert(Fate::Floating);
            }
            Expr::Member { of, .. } if of == expr => self.member(parent, container),
            Expr::Array(_) => self.todo.push((parent, true)),
            Expr::Call { callee, .. } | Expr::New { callee, .. } if callee != expr => {
                self.argument(expr, parent, container);
            }
            Expr::Assign { to, value, .. } if value == expr => match module.expr(to) {
                Expr::Read(binding) => self.reads(binding, container),
                _ => {
                    self.fates.insert(Fate::Used);
                }
            },
            _ => {
                self.fates.insert(Fate::Used);
            }
        }
    }

    fn pass_unless(&mut self, used: bool, parent: ExprId, container: bool) {
        if used {
            self.fates.insert(Fate::Used);
        } else {
            self.todo.push((parent, container));
        }
    }

    /// `value.name`, usually called.
    fn member(&mut self, member: ExprId, container: bool) {
        let module = self.program.module(self.file);
        let parents = &self.program.file(self.file).parents;
        let Expr::Member { name, .. } = module.expr(member) else { return };
        let call = match parents.of(Node::Expr(member)) {
            Some(Node::Expr(call)) => match module.expr(call) {
                Expr::Call { callee, args } if callee == member => Some((call, module.list(args))),
                _ => None,
            },
            _ => None,
        };
        let Some((call, args)) = call else {
            self.fates.insert(Fate::Used);
            return;
        };
        // Text, a number or a date is no promise.
        let key = ExprKey { file: self.file, expr: call };
        let plain = self.program.models.role("plain");
        if !container && self.program.call(key).is_some_and(|call| call.roles & plain != 0) {
            self.fates.insert(Fate::Used);
            return;
        }
        let handler = match (module.name(name), args) {
            ("catch", [handler, ..]) | ("then", [_, handler, ..]) => Some(handler.value),
            _ => None,
        };
        match handler {
            Some(handler) if !container => {
                self.fates.insert(Fate::Handled { handler, call });
            }
            // `.then(f)`, `.finally(f)`, and builders that are awaited at the end of their chain.
            _ => self.todo.push((call, container)),
        }
    }

    fn argument(&mut self, expr: ExprId, call: ExprId, container: bool) {
        let program = self.program;
        let key = ExprKey { file: self.file, expr: call };
        match program.combinator(self.file, call) {
            Some("allSettled") => {
                self.fates.insert(Fate::Settled(call));
                return;
            }
            Some(_) => {
                self.todo.push((call, false));
                return;
            }
            None => {}
        }
        let module = program.module(self.file);
        if let Expr::Call { callee, .. } = module.expr(call)
            && let Expr::Member { of, name } = module.expr(callee)
            && module.name(name) == "push"
        {
            match module.expr(of) {
                Expr::Read(binding) => self.reads(binding, true),
                _ => {
                    self.fates.insert(Fate::Used);
                }
            }
            return;
        }
        let Some(called) = program.call(key) else { return };
        if called.roles & program.models.role("background") != 0 {
            self.fates.insert(Fate::Background(call));
            return;
        }
        // A guard of a library that is given the promise itself: `to(promise)`.
        if called.roles & program.models.role("guard") != 0 {
            self.fates.insert(Fate::Settled(call));
            return;
        }
        match called.callee {
            Origin::Function(_) => {
                let index = program.args(key).iter().position(|arg| arg.value == expr).unwrap_or(0) as u16;
                self.fates.insert(Fate::Argument { call, index });
            }
            _ if self.itself => {
                self.fates.insert(Fate::Used);
            }
            // Somebody else's wrapper (`withTimeout(p)`, `promiseAll(list)`): its result fails when a
            // promise does. What only reads a list (`Object.values(list)`) still holds the promises.
            _ => {
                let reads = called.roles & program.models.role("inert") != 0;
                self.todo.push((call, container && (reads || !self.is_awaited_at_once(call))));
            }
        }
    }

    fn is_awaited_at_once(&self, call: ExprId) -> bool {
        let above = self.program.file(self.file).parents.of(Node::Expr(call));
        matches!(above, Some(Node::Expr(above)) if matches!(self.program.module(self.file).expr(above), Expr::Await(_)))
    }

    /// Where a variable that holds the promise is read.
    fn reads(&mut self, binding: BindingId, container: bool) {
        let file = self.program.file(self.file);
        let module = &file.module;
        let reads: Vec<ExprId> = file
            .facts
            .reads(binding)
            .iter()
            .copied()
            // The left side of an assignment is no use of the value; neither is `x.push(..)`.
            .filter(|read| !is_target(module, &file.parents, *read))
            .collect();
        if reads.is_empty() {
            self.fates.insert(Fate::Floating);
        }
        self.todo.extend(reads.into_iter().map(|read| (read, container)));
    }

    fn in_stmt(&mut self, expr: ExprId, parent: StmtId, container: bool) {
        let module = self.program.module(self.file);
        match module.stmt(parent) {
            Stmt::Do(_) => {
                self.fates.insert(Fate::Floating);
            }
            Stmt::Return(_) => {
                self.fates.insert(Fate::Returned(expr));
            }
            Stmt::Let { bindings, .. } => {
                for binding in module.list(bindings) {
                    let source = module.binding(*binding).source;
                    match source {
                        Some(source) if source.of == SourceOf::Expr(expr) && source.steps.is_empty() => {
                            self.reads(*binding, container);
                        }
                        Some(source) if source.of == SourceOf::Expr(expr) && container => self.reads(*binding, false),
                        _ => {
                            self.fates.insert(Fate::Used);
                        }
                    }
                }
            }
            Stmt::Loop { kind: LoopKind::ForAwait, .. } => {
                self.fates.insert(Fate::Raised(Node::Expr(expr)));
            }
            Stmt::Loop { kind: LoopKind::ForOf, .. } if container => self.elements(expr),
            Stmt::Using { .. } => {
                self.fates.insert(Fate::Raised(Node::Expr(expr)));
            }
            _ => {
                self.fates.insert(Fate::Used);
            }
        }
    }

    /// `for (const p of promises)`: each element is the variable.
    fn elements(&mut self, walked: ExprId) {
        let program = self.program;
        for binding in program.file(self.file).facts.elements(walked) {
            self.reads(*binding, false);
        }
    }
}

fn is_target(module: &crate::syntax::Module, parents: &crate::syntax::visit::Parents, read: ExprId) -> bool {
    match parents.of(Node::Expr(read)) {
        Some(Node::Expr(parent)) => match module.expr(parent) {
            Expr::Assign { to, .. } => to == read,
            Expr::Member { name, .. } => module.name(name) == "push",
            _ => false,
        },
        _ => false,
    }
}
