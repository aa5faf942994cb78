//! Where a throw lands in its function, and what a catch does with it.
//!
//! In: nodes of the statement tree. Out: answers about landing. The tree is enough for this:
//! it is walked outwards along parents, and inwards only into catch clauses, to a bounded depth.

use super::again::Kept;
use super::escape::Class;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::syntax::visit::{self, Node};
use crate::syntax::{Arg, BinaryOp, BindingId, Body, Expr, ExprId, LogicOp, Name, Stmt, StmtId};
use std::collections::BTreeSet;

/// Depth to which the statements of a catch clause are read; deeper ones may do anything.
const DEPTH: u32 = 40;
/// What a helper that is given the caught error counts for: two in a row are followed.
const HELPER: u32 = 16;

/// Where a throw lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// In the catch clause (or `finally` with `return`) of this `try`.
    Catch(StmtId),
    /// Nowhere in the function: it goes to the caller.
    Edge,
}

/// The ways in which a piece of code can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a set of four")]
pub struct Ends {
    /// It runs to its end.
    pub completes: bool,
    /// It throws.
    pub throws: bool,
    /// It returns.
    pub returns: bool,
    /// It breaks or continues.
    pub breaks: bool,
}

impl Ends {
    const NEVER: Self = Self { completes: false, throws: false, returns: false, breaks: false };
    const COMPLETES: Self = Self { completes: true, ..Self::NEVER };
    const THROWS: Self = Self { throws: true, ..Self::NEVER };
    const RETURNS: Self = Self { returns: true, ..Self::NEVER };
    const BREAKS: Self = Self { breaks: true, ..Self::NEVER };
    const ANY: Self = Self { completes: true, throws: true, returns: true, breaks: true };

    fn or(self, other: Self) -> Self {
        Self {
            completes: self.completes || other.completes,
            throws: self.throws || other.throws,
            returns: self.returns || other.returns,
            breaks: self.breaks || other.breaks,
        }
    }

    fn then(self, next: impl FnOnce() -> Self) -> Self {
        if !self.completes {
            return self;
        }
        Self { completes: false, ..self }.or(next())
    }
}

/// A caught error: the variable that holds it, and what class it is.
#[derive(Clone, Copy)]
pub struct Caught<'a> {
    /// The variable; `None` for a catch without one.
    pub binding: Option<BindingId>,
    /// The class.
    pub class: &'a Class,
    /// Whether this is a helper that was given the error: then only throwing that error counts.
    pub helper: bool,
}

impl Program {
    /// Where a throw of `class` at `from` lands inside its function.
    pub fn landing(&self, file: FileId, from: Node, class: &Class) -> Landing {
        let module = self.module(file);
        let mut below = from;
        for above in self.file(file).parents.above(from) {
            if let Node::Stmt(id) = above
                && let Stmt::Try { body, catch, finally, .. } = module.stmt(id)
            {
                let guarded = below == Node::Stmt(body);
                if guarded && catch.is_some() && !self.passes(file, id, class) {
                    return Landing::Catch(id);
                }
                let swallowed = finally.is_some_and(|finally| {
                    below != Node::Stmt(finally) && !self.ends(file, finally, None, 0).completes
                });
                if swallowed {
                    return Landing::Catch(id);
                }
            }
            below = above;
        }
        Landing::Edge
    }

    /// Whether the catch of a `try` may throw when it catches an error of this class.
    pub fn passes(&self, file: FileId, try_stmt: StmtId, class: &Class) -> bool {
        let Stmt::Try { catch: Some(catch), param, .. } = self.module(file).stmt(try_stmt) else { return true };
        self.ends(file, catch, Some(Caught { binding: param, class, helper: false }), 0).throws
    }

    /// Whether a handler given to `.catch` may throw when it gets an error of this class.
    pub fn handler_passes(&self, file: FileId, handler: ExprId, class: &Class) -> bool {
        match self.origin(file, handler) {
            Origin::Function(key) => {
                let module = self.module(key.file);
                let function = module.function(key.function);
                let binding = function.params.first().and_then(|param| param.binding);
                let caught = Some(Caught { binding, class, helper: false });
                match function.body {
                    Body::Block(block) => self.ends(key.file, block, caught, 0).throws,
                    Body::Expr(value) => self.value_ends(key.file, value, caught, 0, true).throws,
                    Body::None => false,
                }
            }
            // `.catch(undefined)` handles nothing; any other function that is not at hand absorbs.
            _ => matches!(self.module(file).expr(handler), Expr::Undefined | Expr::Null),
        }
    }

    /// How a statement can end. `caught` is the error that is being handled around it.
    pub fn ends(&self, file: FileId, stmt: StmtId, caught: Option<Caught<'_>>, depth: u32) -> Ends {
        if depth > DEPTH {
            return Ends::ANY;
        }
        let module = self.module(file);
        let deeper = |stmt: StmtId| self.ends(file, stmt, caught, depth + 1);
        match module.stmt(stmt) {
            Stmt::Throw(value) => match caught {
                Some(caught) if caught.helper && !self.mentions(file, value, caught) => Ends::RETURNS,
                _ => Ends::THROWS,
            },
            Stmt::Return(Some(value)) => {
                let ends = self.value_ends(file, value, caught, depth, true);
                Ends { completes: false, returns: ends.completes, ..ends }
            }
            Stmt::Return(None) => Ends::RETURNS,
            Stmt::Break(_) | Stmt::Continue(_) => Ends::BREAKS,
            Stmt::Do(value) => self.value_ends(file, value, caught, depth, false),
            Stmt::Block(stmts) => {
                let mut ends = Ends::COMPLETES;
                for stmt in module.list(stmts) {
                    ends = ends.then(|| deeper(*stmt));
                }
                ends
            }
            Stmt::If { test, yes, no } => {
                let otherwise = || no.map_or(Ends::COMPLETES, deeper);
                match caught.and_then(|caught| self.test(file, test, caught, depth)) {
                    Some(true) => deeper(yes),
                    Some(false) => otherwise(),
                    None => deeper(yes).or(otherwise()),
                }
            }
            Stmt::Loop { body, .. } => Ends { completes: true, breaks: false, ..deeper(body) },
            Stmt::Switch { arms, .. } => {
                let arms = module.list(arms);
                let has_default = arms.iter().any(|arm| arm.test.is_none());
                let mut ends = if has_default { Ends::NEVER } else { Ends::COMPLETES };
                // Each arm runs into the next one unless it leaves.
                let mut rest = Ends::COMPLETES;
                for arm in arms.iter().rev() {
                    let mut own = Ends::COMPLETES;
                    for stmt in module.list(arm.body) {
                        own = own.then(|| deeper(*stmt));
                    }
                    rest = own.then(|| rest);
                    ends = ends.or(rest);
                }
                Ends { completes: ends.completes || ends.breaks, breaks: false, ..ends }
            }
            Stmt::Try { body, catch, finally, .. } => {
                let mut ends = deeper(body);
                if let Some(catch) = catch {
                    let caught = deeper(catch);
                    ends = Ends { throws: false, ..ends }.or(caught);
                }
                match finally.map(deeper) {
                    Some(finally) if !finally.completes => finally,
                    Some(finally) => Ends { completes: ends.completes, ..ends.or(finally) },
                    None => ends,
                }
            }
            Stmt::Labeled { body, .. } => {
                let ends = deeper(body);
                Ends { completes: ends.completes || ends.breaks, ..ends }
            }
            Stmt::Lost => Ends::ANY,
            Stmt::Let { .. } | Stmt::Using { .. } | Stmt::Function(_) | Stmt::Class(_) | Stmt::Nothing => {
                Ends::COMPLETES
            }
        }
    }

    /// A value as a statement: it throws if it is a call of a function that does nothing else, or of
    /// a helper that is given the caught error and throws it again. `handed_on` says that a promise
    /// goes to the caller.
    fn value_ends(&self, file: FileId, value: ExprId, caught: Option<Caught<'_>>, depth: u32, handed_on: bool) -> Ends {
        let module = self.module(file);
        let mut value = value;
        let mut waited = handed_on;
        for _ in 0..DEPTH {
            match module.expr(value) {
                Expr::Await(inner) => {
                    waited = true;
                    value = inner;
                }
                Expr::Cast { value: inner, .. } | Expr::Chain(inner) => value = inner,
                Expr::Choose { yes, no, .. } => {
                    if depth > DEPTH {
                        return Ends::ANY;
                    }
                    let yes = self.value_ends(file, yes, caught, depth + 8, waited);
                    return yes.or(self.value_ends(file, no, caught, depth + 8, waited));
                }
                Expr::Call { args, .. } => {
                    let key = match self.call(ExprKey { file, expr: value }).map(|call| &call.callee) {
                        Some(Origin::Function(key)) => *key,
                        Some(Origin::Outside(text)) if text == "Promise.reject" && waited => return Ends::THROWS,
                        Some(Origin::Outside(text)) if text == "process.exit" => return Ends::RETURNS,
                        _ => return Ends::COMPLETES,
                    };
                    if !waited && self.is_async(key) {
                        return Ends::COMPLETES;
                    }
                    if self.always_throws.contains(&key) {
                        return Ends::THROWS;
                    }
                    let given = |arg: &Arg| caught.is_some_and(|caught| self.is_caught(file, arg.value, caught));
                    return match (caught, module.list(args).iter().position(given)) {
                        (Some(caught), Some(index)) => self.helper_ends(key, index, caught, depth),
                        _ => Ends::COMPLETES,
                    };
                }
                _ => return Ends::COMPLETES,
            }
        }
        Ends::ANY
    }

    /// A helper that is given the caught error: whether it throws it again.
    fn helper_ends(&self, key: FnKey, index: usize, caught: Caught<'_>, depth: u32) -> Ends {
        let function = self.module(key.file).function(key.function);
        let binding = function.params.get(index).and_then(|param| param.binding);
        let (Body::Block(block), Some(_)) = (function.body, binding) else { return Ends::COMPLETES };
        if depth + HELPER > DEPTH {
            return Ends::COMPLETES;
        }
        let ends = self.ends(key.file, block, Some(Caught { binding, helper: true, ..caught }), depth + HELPER);
        Ends { completes: ends.completes || ends.returns, returns: false, ..ends }
    }

    /// Whether an expression is the caught error, perhaps under another name.
    fn is_caught(&self, file: FileId, expr: ExprId, caught: Caught<'_>) -> bool {
        let module = self.module(file);
        let mut expr = expr;
        for _ in 0..8 {
            match module.expr(expr) {
                Expr::Cast { value, .. } => expr = value,
                Expr::Read(binding) if caught.binding == Some(binding) => return true,
                Expr::Read(binding) => match self.value_of(file, binding) {
                    Some(value) => expr = value,
                    None => return false,
                },
                _ => return false,
            }
        }
        false
    }

    fn mentions(&self, file: FileId, expr: ExprId, caught: Caught<'_>) -> bool {
        let mut found = false;
        visit::walk(self.module(file), Node::Expr(expr), &mut |node| {
            found |= matches!(node, Node::Expr(id) if self.is_caught(file, id, caught));
            !found
        });
        found
    }

    /// The functions that do nothing but throw, such as `fail(message)`; one that calls another counts.
    pub(super) fn find_always_throws(&self, kept: &Kept<'_>) -> BTreeSet<FnKey> {
        let throws = |key: &FnKey| {
            let FnKey { file, function } = *key;
            if self.file(file).facts.throws(function).is_empty() {
                return false;
            }
            kept.always_throws(*key).unwrap_or_else(|| match self.module(file).function(function).body {
                Body::Block(block) => self.ends(file, block, None, DEPTH / 2) == Ends::THROWS,
                Body::Expr(_) | Body::None => false,
            })
        };
        let of_file = |file| self.functions(file).map(move |function| FnKey { file, function }).filter(throws);
        self.file_ids().flat_map(of_file).collect()
    }

    /// What a condition says about a caught error; `None` if it may be either.
    pub fn test(&self, file: FileId, test: ExprId, caught: Caught<'_>, depth: u32) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let module = self.module(file);
        match module.expr(test) {
            Expr::Not(inner) => self.test(file, inner, caught, depth + 1).map(|holds| !holds),
            Expr::Logic { op, left, right } => {
                let left = self.test(file, left, caught, depth + 1);
                let right = self.test(file, right, caught, depth + 1);
                match (op, left, right) {
                    (LogicOp::And, Some(false), _) | (LogicOp::And, _, Some(false)) => Some(false),
                    (LogicOp::And, Some(true), Some(true)) => Some(true),
                    (LogicOp::Or, Some(true), _) | (LogicOp::Or, _, Some(true)) => Some(true),
                    (LogicOp::Or, Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            }
            Expr::Binary { op: BinaryOp::Instanceof, left, right } => {
                if !self.is_caught(file, left, caught) {
                    return None;
                }
                let class = self.class_name(file, right)?;
                // The errors of an API's own client are what its outage looks like.
                let of_client = self.models.roles_of_name(class) & self.models.role("api-error") != 0;
                if *caught.class == Class::Api && of_client {
                    return Some(true);
                }
                caught.class.is_instance_of(class)
            }
            _ => None,
        }
    }

    /// The name of a class that an expression names, if it is a plain one.
    pub fn class_name(&self, file: FileId, expr: ExprId) -> Option<&str> {
        let module = self.module(file);
        let name: Name = match module.expr(expr) {
            Expr::Read(binding) => module.binding(binding).name,
            Expr::Global(name) | Expr::Member { name, .. } => name,
            _ => return None,
        };
        Some(module.name(name))
    }
}
