//! Answers such as "handled": what a function returns once a call in it has completed, and what its
//! caller therefore does not run.
//!
//! In: calls on a route. Out: the code of a caller that would not have run on success either, so that
//! a failure does not skip it.

use super::promise::Fate;
use super::{ExprKey, FileId, Program};
use crate::syntax::visit::{self, Node};
use crate::syntax::{BindingId, BindingKind, Body, Expr, ExprId, SourceOf, Stmt, StmtId};
use crate::text::Span;

/// What a caller does with an answer that is known.
#[derive(Debug, Default)]
pub struct Handled {
    /// Code that does not run with this answer.
    left_out: Vec<Span>,
    /// Whether the caller leaves because of it.
    leaves: bool,
    /// What it then answers itself.
    answer: Option<bool>,
}

impl Handled {
    /// Whether this code does not run.
    pub fn leaves_out(&self, at: Span) -> bool {
        self.left_out.iter().any(|span| span.start <= at.start && at.end <= span.end)
    }
}

impl Program {
    /// What the caller of a function does that answers `answer`, if that is known.
    pub fn handled(&self, call: ExprKey, answer: Option<bool>) -> Handled {
        let mut handled = Handled::default();
        let Some(answer) = answer else { return handled };
        let module = self.module(call.file);
        for (test, stmt, straight) in self.tests_of(call) {
            let Stmt::If { yes, no, .. } = module.stmt(stmt) else { continue };
            let (taken, other) = if answer == straight { (Some(yes), no) } else { (no, Some(yes)) };
            handled.left_out.extend(other.map(|other| module.stmt_span(other)));
            let Some(taken) = taken else { continue };
            let ends = self.ends(call.file, taken, None, 0);
            if !ends.completes && !ends.breaks && self.always_runs(call, test) {
                handled.left_out.push(Span::new(module.stmt_span(stmt).end, u32::MAX));
                let mut values = Vec::new();
                self.returned_below(call.file, taken, &mut values);
                handled.leaves = true;
                handled.answer = uniform(&values);
            }
        }
        handled
    }

    /// What the function that holds a call answers once the call has completed, when every way on
    /// answers alike: whether it is truthy.
    pub fn answer_after(&self, call: ExprKey, handled: &Handled) -> Option<bool> {
        if handled.leaves {
            return handled.answer;
        }
        if !self.ways(call).iter().all(|way| matches!(way, Fate::Raised(_))) {
            return None;
        }
        let module = self.module(call.file);
        let mut values = Vec::new();
        let mut below = Node::Expr(call.expr);
        for above in self.file(call.file).parents.above(Node::Expr(call.expr)) {
            if let Node::Stmt(parent) = above {
                match module.stmt(parent) {
                    Stmt::Block(stmts) => {
                        let later = module.list(stmts).iter().skip_while(|stmt| Node::Stmt(**stmt) != below).skip(1);
                        for stmt in later {
                            self.returned_below(call.file, *stmt, &mut values);
                            let ends = self.ends(call.file, *stmt, None, 0);
                            if !ends.completes {
                                return if ends.breaks { None } else { uniform(&values) };
                            }
                        }
                    }
                    Stmt::Return(_) | Stmt::Loop { .. } | Stmt::Switch { .. } => return None,
                    _ => {}
                }
            }
            below = above;
        }
        // The end of the body answers nothing; the value of an arrow function is not known.
        let owner = self.function_of(call).function;
        values.push(matches!(module.function(owner).body, Body::Block(_)).then_some(false));
        uniform(&values)
    }

    /// Where the value of a call, or a constant that holds it, decides an `if`: the test, the `if`, and
    /// whether it is asked straight (not by `!`).
    fn tests_of(&self, call: ExprKey) -> Vec<(ExprId, StmtId, bool)> {
        let module = self.module(call.file);
        let parents = &self.file(call.file).parents;
        let mut value = call.expr;
        while let Some(Node::Expr(parent)) = parents.of(Node::Expr(value)) {
            match module.expr(parent) {
                Expr::Await(_) | Expr::Cast { .. } | Expr::Chain(_) | Expr::OptionalLink(_) => value = parent,
                _ => break,
            }
        }
        let mut places = vec![value];
        for id in (0..module.bindings.len() as u32).map(BindingId) {
            let binding = module.binding(id);
            let is_it =
                binding.source.is_some_and(|source| source.of == SourceOf::Expr(value) && source.steps.is_empty());
            if is_it && binding.kind == BindingKind::Const {
                places.extend(self.file(call.file).facts.reads(id));
            }
        }
        let mut tests = Vec::new();
        for place in places {
            let (mut test, mut straight) = (place, true);
            while let Some(Node::Expr(parent)) = parents.of(Node::Expr(test)) {
                if !matches!(module.expr(parent), Expr::Not(_)) {
                    break;
                }
                (test, straight) = (parent, !straight);
            }
            if let Some(Node::Stmt(stmt)) = parents.of(Node::Expr(test))
                && matches!(module.stmt(stmt), Stmt::If { test: asked, .. } if asked == test)
                && self.function_of(ExprKey { expr: place, ..call }) == self.function_of(call)
            {
                tests.push((test, stmt, straight));
            }
        }
        tests
    }

    /// Whether a test is asked whenever the call has completed: nothing conditional stands around the
    /// test that does not stand around the call.
    fn always_runs(&self, call: ExprKey, test: ExprId) -> bool {
        let parents = &self.file(call.file).parents;
        let around: Vec<Node> = parents.above(Node::Expr(call.expr)).collect();
        let module = self.module(call.file);
        let mut below = Node::Expr(test);
        for above in parents.above(Node::Expr(test)) {
            if around.contains(&above) {
                return true;
            }
            let own = matches!(above, Node::Stmt(id) if matches!(module.stmt(id), Stmt::If { test: asked, .. } if Node::Expr(asked) == below));
            if let Node::Stmt(id) = above
                && !own
                && !matches!(module.stmt(id), Stmt::Block(_))
            {
                return false;
            }
            below = above;
        }
        true
    }

    fn returned_below(&self, file: FileId, stmt: StmtId, values: &mut Vec<Option<bool>>) {
        let module = self.module(file);
        visit::walk(module, Node::Stmt(stmt), &mut |node| {
            if let Node::Stmt(id) = node {
                match module.stmt(id) {
                    Stmt::Return(Some(value)) => values.push(truthy(module.expr(value))),
                    Stmt::Return(None) => values.push(Some(false)),
                    _ => {}
                }
            }
            true
        });
    }
}

fn truthy(value: Expr) -> Option<bool> {
    match value {
        Expr::Bool(value) => Some(value),
        Expr::Null | Expr::Undefined => Some(false),
        Expr::Object(_) | Expr::Array(_) => Some(true),
        _ => None,
    }
}

/// The one answer that all of them give.
fn uniform(values: &[Option<bool>]) -> Option<bool> {
    let first = values.first().copied().flatten()?;
    values.iter().all(|value| *value == Some(first)).then_some(first)
}
