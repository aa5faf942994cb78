//! Control flow of one function: where a throw lands, what a catch does with it, what comes after.
//!
//! In: nodes of the statement tree. Out: answers about order and landing. The tree is enough for this:
//! it is walked outwards along parents, and inwards only into catch clauses, to a bounded depth.

use super::escape::Class;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::syntax::visit::Node;
use crate::syntax::{BinaryOp, BindingId, Body, Expr, ExprId, FnId, LogicOp, Name, Stmt, StmtId};

/// Depth to which the statements of a catch clause are read; deeper ones may do anything.
const DEPTH: u32 = 40;

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
pub struct Ends {
    /// It runs to its end.
    pub completes: bool,
    /// It throws.
    pub throws: bool,
    /// It returns, breaks or continues.
    pub leaves: bool,
}

impl Ends {
    const COMPLETES: Self = Self { completes: true, throws: false, leaves: false };
    const THROWS: Self = Self { completes: false, throws: true, leaves: false };
    const LEAVES: Self = Self { completes: false, throws: false, leaves: true };
    const ANY: Self = Self { completes: true, throws: true, leaves: true };

    fn or(self, other: Self) -> Self {
        Self {
            completes: self.completes || other.completes,
            throws: self.throws || other.throws,
            leaves: self.leaves || other.leaves,
        }
    }

    fn then(self, next: impl FnOnce() -> Self) -> Self {
        if !self.completes {
            return self;
        }
        let next = next();
        Self { completes: next.completes, throws: self.throws || next.throws, leaves: self.leaves || next.leaves }
    }
}

/// A caught error: the variable that holds it, and what class it is.
#[derive(Clone, Copy)]
pub struct Caught<'a> {
    /// The variable; `None` for a catch without one.
    pub binding: Option<BindingId>,
    /// The class.
    pub class: &'a Class,
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
        self.ends(file, catch, Some(Caught { binding: param, class }), 0).throws
    }

    /// Whether a handler given to `.catch` may throw when it gets an error of this class.
    pub fn handler_passes(&self, file: FileId, handler: ExprId, class: &Class) -> bool {
        match self.origin(file, handler) {
            Origin::Function(key) => {
                let module = self.module(key.file);
                let function = module.function(key.function);
                let binding = function.params.first().and_then(|param| param.binding);
                let caught = Some(Caught { binding, class });
                match function.body {
                    Body::Block(block) => self.ends(key.file, block, caught, 0).throws,
                    Body::Expr(value) => self.value_ends(key.file, value, 0).throws,
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
            Stmt::Throw(_) => Ends::THROWS,
            Stmt::Return(Some(value)) => {
                if self.value_ends(file, value, depth).throws {
                    Ends::THROWS
                } else {
                    Ends::LEAVES
                }
            }
            Stmt::Return(None) | Stmt::Break(_) | Stmt::Continue(_) => Ends::LEAVES,
            Stmt::Do(value) => self.value_ends(file, value, depth),
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
            Stmt::Loop { body, .. } => {
                let inside = deeper(body);
                Ends { completes: true, throws: inside.throws, leaves: inside.leaves }
            }
            Stmt::Switch { arms, .. } => {
                let mut ends = Ends::COMPLETES;
                for arm in module.list(arms) {
                    for stmt in module.list(arm.body) {
                        ends = ends.or(deeper(*stmt));
                    }
                }
                ends
            }
            Stmt::Try { body, catch, finally, .. } => {
                let mut ends = deeper(body);
                if let Some(catch) = catch {
                    let caught = deeper(catch);
                    ends = Ends { throws: false, ..ends }.or(caught);
                }
                match finally.map(deeper) {
                    Some(finally) if !finally.completes => finally,
                    Some(finally) => Ends { throws: ends.throws || finally.throws, ..ends },
                    None => ends,
                }
            }
            Stmt::Labeled { body, .. } => deeper(body),
            Stmt::Lost => Ends::ANY,
            Stmt::Let { .. } | Stmt::Using { .. } | Stmt::Function(_) | Stmt::Class(_) | Stmt::Nothing => {
                Ends::COMPLETES
            }
        }
    }

    /// A value as a statement: it throws if it is a call of a function that does nothing else.
    fn value_ends(&self, file: FileId, value: ExprId, depth: u32) -> Ends {
        let module = self.module(file);
        let mut value = value;
        for _ in 0..DEPTH {
            match module.expr(value) {
                Expr::Await(inner) | Expr::Cast { value: inner, .. } | Expr::Chain(inner) => value = inner,
                Expr::Call { callee, .. } => {
                    return match self.origin(file, callee) {
                        Origin::Function(key) if self.only_throws(key, depth) => Ends::THROWS,
                        Origin::Outside(text) if text == "Promise.reject" => Ends::THROWS,
                        Origin::Outside(text) if text == "process.exit" => Ends::LEAVES,
                        _ => Ends::COMPLETES,
                    };
                }
                _ => return Ends::COMPLETES,
            }
        }
        Ends::ANY
    }

    fn only_throws(&self, key: FnKey, depth: u32) -> bool {
        match self.module(key.file).function(key.function).body {
            Body::Block(block) => self.ends(key.file, block, None, depth + 8) == Ends::THROWS,
            Body::Expr(_) | Body::None => false,
        }
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
                let Expr::Read(binding) = module.expr(left) else { return None };
                if caught.binding != Some(binding) {
                    return None;
                }
                let class = match module.expr(right) {
                    Expr::Read(binding) => module.name(module.binding(binding).name),
                    Expr::Global(name) | Expr::Member { name, .. } => module.name(name),
                    _ => return None,
                };
                caught.class.is_instance_of(class)
            }
            _ => None,
        }
    }

    /// The calls of a function that run after `from` when it completes, nearest first: the calls
    /// around it, then those of later siblings on every level. Code that runs when it fails (a catch,
    /// a `finally`) does not count.
    pub fn after(&self, key: ExprKey) -> Vec<ExprId> {
        let file = self.file(key.file);
        let module = self.module(key.file);
        let mut found = Vec::new();
        let mut below = Node::Expr(key.expr);
        for above in file.parents.above(Node::Expr(key.expr)) {
            match above {
                Node::Expr(parent) => {
                    self.later_operands(key.file, parent, below, &mut found);
                    if matches!(module.expr(parent), Expr::Call { .. } | Expr::New { .. }) {
                        found.push(parent);
                    }
                }
                Node::Stmt(parent) => {
                    if !self.later_statements(key.file, parent, below, &mut found) {
                        break;
                    }
                }
            }
            below = above;
        }
        found
    }

    fn later_operands(&self, file: FileId, parent: ExprId, below: Node, found: &mut Vec<ExprId>) {
        // The arms of a choice exclude each other; other operands run one after the other.
        if let Expr::Choose { test, .. } = self.module(file).expr(parent)
            && below != Node::Expr(test)
        {
            return;
        }
        let mut later = false;
        let mut nodes = Vec::new();
        crate::syntax::visit::children(self.module(file), Node::Expr(parent), &mut |child| {
            if later {
                nodes.push(child);
            }
            later |= child == below;
        });
        // Elements of one array have all been started when the first one fails.
        if matches!(self.module(file).expr(parent), Expr::Array(_)) {
            return;
        }
        for node in nodes {
            self.calls_below(file, node, found);
        }
    }

    /// Adds what runs after `below` in its parent; `false` if nothing after the parent runs.
    fn later_statements(&self, file: FileId, parent: StmtId, below: Node, found: &mut Vec<ExprId>) -> bool {
        let module = self.module(file);
        match module.stmt(parent) {
            Stmt::Block(stmts) => self.rest_of(file, module.list(stmts), below, found),
            Stmt::Switch { arms, .. } => {
                let Node::Stmt(_) = below else {
                    self.children_after(file, parent, below, found);
                    return true;
                };
                module
                    .list(arms)
                    .iter()
                    .find(|arm| module.list(arm.body).iter().any(|stmt| Node::Stmt(*stmt) == below))
                    .is_none_or(|arm| {
                        // A `break` ends the arm, and what follows the switch still runs.
                        self.rest_of(file, module.list(arm.body), below, found)
                            || module.list(arm.body).iter().any(|s| matches!(module.stmt(*s), Stmt::Break(_)))
                    })
            }
            Stmt::If { test, .. } => {
                if below == Node::Expr(test) {
                    self.children_after(file, parent, below, found);
                }
                true
            }
            Stmt::Try { .. } | Stmt::Labeled { .. } => true,
            Stmt::Return(_) | Stmt::Throw(_) => false,
            Stmt::Loop { .. } => {
                self.children_after(file, parent, below, found);
                true
            }
            _ => true,
        }
    }

    fn rest_of(&self, file: FileId, stmts: &[StmtId], below: Node, found: &mut Vec<ExprId>) -> bool {
        let at = stmts.iter().position(|stmt| Node::Stmt(*stmt) == below).map_or(stmts.len(), |at| at + 1);
        for stmt in &stmts[at..] {
            self.calls_below(file, Node::Stmt(*stmt), found);
            let ends = self.ends(file, *stmt, None, 0);
            if !ends.completes {
                return !matches!(self.module(file).stmt(*stmt), Stmt::Return(_) | Stmt::Throw(_));
            }
        }
        true
    }

    fn children_after(&self, file: FileId, parent: StmtId, below: Node, found: &mut Vec<ExprId>) {
        let mut later = false;
        let mut nodes = Vec::new();
        crate::syntax::visit::children(self.module(file), Node::Stmt(parent), &mut |child| {
            if later {
                nodes.push(child);
            }
            later |= child == below;
        });
        for node in nodes {
            self.calls_below(file, node, found);
        }
    }

    /// The calls below a node in the order of evaluation, operands before the call. Catch clauses are
    /// left out: they run only when something fails.
    fn calls_below(&self, file: FileId, node: Node, found: &mut Vec<ExprId>) {
        let module = self.module(file);
        let mut catches = Vec::new();
        crate::syntax::visit::walk(module, node, &mut |node| {
            match node {
                Node::Stmt(id) if catches.contains(&id) => return false,
                Node::Stmt(id) => {
                    if let Stmt::Try { catch: Some(catch), .. } = module.stmt(id) {
                        catches.push(catch);
                    }
                }
                Node::Expr(id) => {
                    if matches!(module.expr(id), Expr::Call { .. } | Expr::New { .. }) {
                        found.push(id);
                    }
                }
            }
            true
        });
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

    /// The function whose body a statement belongs to.
    pub fn function_of_stmt(&self, file: FileId, stmt: StmtId) -> FnId {
        self.file(file).parents.function(Node::Stmt(stmt))
    }
}
