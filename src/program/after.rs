//! What runs after a call when it completes, and is skipped when it fails.
//!
//! In: a call. Out: the calls of the same function that were still to come, nearest first.

use super::promise::Fate;
use super::{ExprKey, FileId, Program};
use crate::syntax::visit::Node;
use crate::syntax::{Arm, Expr, ExprId, LoopKind, Module, Stmt, StmtId};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How code goes on after a statement.
enum Next {
    /// With what follows it.
    Runs,
    /// With what this `break` or `continue` leads to.
    Jumps(StmtId),
    /// Not in this function.
    Nothing,
}

impl Program {
    /// The calls of a function that run after `from` when it completes, nearest first: the calls
    /// around it, then those of later siblings on every level. Code that runs when it fails (a catch,
    /// a `finally`) does not count.
    pub fn after(&self, key: ExprKey) -> Cow<'_, [ExprId]> {
        match self.call(key) {
            Some(call) => Cow::Borrowed(call.after.get_or_init(|| self.find_after(key))),
            None => Cow::Owned(self.find_after(key)),
        }
    }

    fn find_after(&self, key: ExprKey) -> Vec<ExprId> {
        let calls = self.nodes_after(key).into_iter().filter_map(|node| match node {
            Node::Expr(call) => Some(call),
            Node::Stmt(_) => None,
        });
        calls.collect()
    }

    /// The `return` statements with a value that may be reached after `from` has completed, likewise.
    pub fn returns_after(&self, key: ExprKey) -> Vec<StmtId> {
        let returns = self.nodes_after(key).into_iter().filter_map(|node| match node {
            Node::Stmt(stmt) => Some(stmt),
            Node::Expr(_) => None,
        });
        returns.collect()
    }

    fn nodes_after(&self, key: ExprKey) -> Vec<Node> {
        let mut found = Vec::new();
        let ways = self.ways(key);
        for way in ways {
            // A stored promise fails where it is awaited: what runs until then is not skipped.
            let from = match way {
                Fate::Raised(node) => *node,
                Fate::Returned(value) => Node::Expr(*value),
                _ => Node::Expr(key.expr),
            };
            self.after_node(key.file, from, &mut found);
        }
        if ways.is_empty() {
            self.after_node(key.file, Node::Expr(key.expr), &mut found);
        }
        let mut seen = BTreeSet::new();
        found.retain(|node| seen.insert(*node));
        found
    }

    /// Whether a loop around a call may go round again once the call has completed.
    pub fn goes_round(&self, key: ExprKey, around: StmtId) -> bool {
        let module = self.module(key.file);
        let mut below = Node::Expr(key.expr);
        let mut jump = None;
        for above in self.file(key.file).parents.above(below) {
            let Node::Stmt(parent) = above else {
                below = above;
                continue;
            };
            if jump.is_some_and(|stmt| is_target(module, stmt, parent)) {
                if parent == around {
                    return matches!(jump.map(|stmt| module.stmt(stmt)), Some(Stmt::Continue(_)));
                }
                jump = None;
            } else if parent == around {
                return jump.is_none();
            } else if jump.is_none() {
                match self.later_statements(key.file, parent, below, &mut Vec::new()) {
                    Next::Runs => {}
                    Next::Jumps(stmt) => jump = Some(stmt),
                    Next::Nothing => return false,
                }
            }
            below = above;
        }
        false
    }

    fn after_node(&self, id: FileId, from: Node, found: &mut Vec<Node>) {
        let file = self.file(id);
        let module = self.module(id);
        let mut below = from;
        // The jump that ends the code on this level, until what it leaves is reached.
        let mut jump = None;
        for above in file.parents.above(from) {
            if let Some(stmt) = jump {
                if matches!(above, Node::Stmt(parent) if is_target(module, stmt, parent)) {
                    jump = None;
                }
                below = above;
                continue;
            }
            match above {
                Node::Expr(parent) => {
                    self.later_operands(id, parent, below, found);
                    if matches!(module.expr(parent), Expr::Call { .. } | Expr::New { .. }) {
                        found.push(Node::Expr(parent));
                    }
                }
                Node::Stmt(parent) => match self.later_statements(id, parent, below, found) {
                    Next::Runs => {}
                    Next::Jumps(stmt) => jump = Some(stmt),
                    Next::Nothing => break,
                },
            }
            below = above;
        }
    }

    fn later_operands(&self, file: FileId, parent: ExprId, below: Node, found: &mut Vec<Node>) {
        // The arms of a choice exclude each other; other operands run one after the other.
        if let Expr::Choose { test, .. } = self.module(file).expr(parent)
            && below != Node::Expr(test)
        {
            return;
        }
        // Elements of one array have all been started when the first one fails.
        if !matches!(self.module(file).expr(parent), Expr::Array(_)) {
            self.children_after(file, Node::Expr(parent), below, found);
        }
    }

    /// Adds what runs after `below` in its parent.
    fn later_statements(&self, file: FileId, parent: StmtId, below: Node, found: &mut Vec<Node>) -> Next {
        let module = self.module(file);
        match module.stmt(parent) {
            Stmt::Block(stmts) => self.rest_of(file, module.list(stmts), below, found),
            Stmt::Switch { arms, .. } => {
                let Node::Stmt(_) = below else {
                    self.children_after(file, Node::Stmt(parent), below, found);
                    return Next::Runs;
                };
                let arms = module.list(arms);
                let holds = |arm: &&Arm| module.list(arm.body).iter().any(|stmt| Node::Stmt(*stmt) == below);
                match arms.iter().find(holds).map(|arm| self.rest_of(file, module.list(arm.body), below, found)) {
                    // A `break` ends the arm, and what follows the switch still runs.
                    Some(Next::Jumps(stmt)) if is_target(module, stmt, parent) => Next::Runs,
                    Some(next) => next,
                    None => Next::Runs,
                }
            }
            Stmt::If { test, .. } => {
                if below == Node::Expr(test) {
                    self.children_after(file, Node::Stmt(parent), below, found);
                }
                Next::Runs
            }
            Stmt::Return(_) | Stmt::Throw(_) => Next::Nothing,
            Stmt::Loop { kind, body, .. } => {
                self.children_after(file, Node::Stmt(parent), below, found);
                // The other elements are not looked at any more either.
                if below == Node::Stmt(body) && matches!(kind, LoopKind::ForOf | LoopKind::ForAwait) {
                    self.nodes_below(file, below, found);
                }
                Next::Runs
            }
            _ => Next::Runs,
        }
    }

    fn rest_of(&self, file: FileId, stmts: &[StmtId], below: Node, found: &mut Vec<Node>) -> Next {
        let at = stmts.iter().position(|stmt| Node::Stmt(*stmt) == below).map_or(stmts.len(), |at| at + 1);
        for stmt in &stmts[at..] {
            self.nodes_below(file, Node::Stmt(*stmt), found);
            let ends = self.ends(file, *stmt, None, 0);
            if !ends.completes {
                let plain = matches!(self.module(file).stmt(*stmt), Stmt::Break(_) | Stmt::Continue(_));
                return match (plain, ends.breaks) {
                    (true, _) => Next::Jumps(*stmt),
                    (false, true) => Next::Runs,
                    (false, false) => Next::Nothing,
                };
            }
        }
        Next::Runs
    }

    /// Adds what is below the children of `parent` that are evaluated after `below`.
    fn children_after(&self, file: FileId, parent: Node, below: Node, found: &mut Vec<Node>) {
        let mut later = false;
        let mut nodes = Vec::new();
        crate::syntax::visit::children(self.module(file), parent, &mut |child| {
            if later {
                nodes.push(child);
            }
            later |= child == below;
        });
        for node in nodes {
            self.nodes_below(file, node, found);
        }
    }

    /// The calls and returns below a node in the order of evaluation, operands before the call. Catch
    /// clauses are left out: they run only when something fails.
    fn nodes_below(&self, file: FileId, node: Node, found: &mut Vec<Node>) {
        let module = self.module(file);
        let mut catches = Vec::new();
        crate::syntax::visit::walk(module, node, &mut |node| {
            match node {
                Node::Stmt(id) if catches.contains(&id) => return false,
                Node::Stmt(id) => match module.stmt(id) {
                    Stmt::Try { catch: Some(catch), .. } => catches.push(catch),
                    Stmt::Return(Some(_)) => found.push(node),
                    _ => {}
                },
                Node::Expr(id) => {
                    if matches!(module.expr(id), Expr::Call { .. } | Expr::New { .. }) {
                        found.push(node);
                    }
                }
            }
            true
        });
    }
}

/// Whether a `break` or `continue` leads behind this statement, or to its next round.
fn is_target(module: &Module, jump: StmtId, parent: StmtId) -> bool {
    match (module.stmt(jump), module.stmt(parent)) {
        (Stmt::Break(Some(wanted)) | Stmt::Continue(Some(wanted)), Stmt::Labeled { name, .. }) => wanted == name,
        (Stmt::Break(None) | Stmt::Continue(None), Stmt::Loop { .. }) => true,
        (Stmt::Break(None), Stmt::Switch { .. }) => true,
        _ => false,
    }
}
