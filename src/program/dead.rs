//! Branches of a callee that one call of it does not take: they ask for something that the call does not
//! give.
//!
//! In: a call and its callee. Out: which of the callee's failures the call can meet. Only the callee's own
//! branches are looked at, and only what is plain in the text: `if (options.key)` where the call gives a
//! literal without a `key`.

use super::failure::{Class, Failure, Summaries};
use super::{ExprKey, FnKey, Origin, Program};
use crate::syntax::{Arg, Expr, ExprId, FieldKind, FnId, Key, LogicOp, Module, Name, SourceOf, Step, StmtId};
use crate::text::Span;

/// A branch that is taken only if a parameter, or a field of it, is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// Which parameter.
    index: u16,
    /// Which field of it.
    field: Option<Name>,
    /// The text of the branch.
    within: Span,
}

/// What a condition in a function asks of its parameters, with the text of the branch that it opens.
pub(super) fn asked(module: &Module, owner: FnId, test: ExprId, branch: StmtId, found: &mut Vec<Asking>) {
    let within = module.stmt_span(branch);
    let mut todo = vec![test];
    while let Some(test) = todo.pop() {
        let test = bare(module, test);
        let (of, field) = match module.expr(test) {
            Expr::Logic { op: LogicOp::And, left, right } => {
                todo.extend([left, right]);
                continue;
            }
            Expr::Member { of, name } => (bare(module, of), Some(name)),
            Expr::Read(_) => (test, None),
            _ => continue,
        };
        let Expr::Read(binding) = module.expr(of) else { continue };
        let binding = module.binding(binding);
        let Some(source) = binding.source.filter(|_| !binding.reassigned && binding.owner == owner) else { continue };
        let SourceOf::Param(index) = source.of else { continue };
        match (module.list(source.steps), field) {
            ([], field) => found.push(Asking { index, field, within }),
            ([Step::Key(name)], None) => found.push(Asking { index, field: Some(*name), within }),
            _ => {}
        }
    }
}

fn bare(module: &Module, value: ExprId) -> ExprId {
    let mut value = value;
    while let Expr::Cast { value: inner, .. } | Expr::OptionalLink(inner) | Expr::Chain(inner) = module.expr(value) {
        value = inner;
    }
    value
}

impl Program {
    /// The text of the branches of a callee that a call does not take.
    pub(super) fn not_taken(&self, callee: FnKey, at: ExprKey) -> Vec<Span> {
        let asking = self.file(callee.file).facts.asking(callee.function);
        let args = self.args(at);
        if asking.is_empty() || args.iter().any(|arg| arg.spread) {
            return Vec::new();
        }
        let lacks = |asking: &&Asking| self.lacks(callee, at, args, asking);
        asking.iter().filter(lacks).map(|asking| asking.within).collect()
    }

    fn lacks(&self, callee: FnKey, at: ExprKey, args: &[Arg], asking: &Asking) -> bool {
        let theirs = self.module(callee.file);
        let param = theirs.function(callee.function).params.get(usize::from(asking.index));
        if param.is_none_or(|param| param.default.is_some() || param.rest) {
            return false;
        }
        let module = self.module(at.file);
        let Some(arg) = args.get(usize::from(asking.index)) else { return asking.field.is_none() };
        match (module.expr(bare(module, arg.value)), asking.field) {
            (value, None) => is_nothing(value),
            (Expr::Object(fields), Some(wanted)) => {
                let wanted = theirs.name(wanted);
                let plain = |kind| matches!(kind, FieldKind::Value | FieldKind::Shorthand | FieldKind::Method);
                module.list(fields).iter().all(|field| match field.key {
                    Key::Name(name) if plain(field.kind) => {
                        module.name(name) != wanted || is_nothing(module.expr(field.value))
                    }
                    _ => false,
                })
            }
            _ => false,
        }
    }

    /// Whether a failure of a callee may start outside of these branches of it.
    pub(super) fn starts_outside(
        &self,
        callee: FnKey,
        failure: &Failure,
        branches: &[Span],
        summaries: &Summaries,
    ) -> bool {
        let module = self.module(callee.file);
        let is_inside = |at: Span| branches.iter().any(|branch| branch.start <= at.start && at.end <= branch.end);
        let all = self.file(callee.file).facts.throws(callee.function);
        let thrown = all.iter().filter(|_| failure.sink.file == callee.file).any(|stmt| {
            let (at, sink) = (module.stmt_span(*stmt), module.expr_span(failure.sink.expr));
            at.start <= sink.start && sink.end <= at.end && !is_inside(at)
        });
        thrown
            || self.calls_of(callee).any(|call| {
                let at = ExprKey { file: callee.file, expr: call.expr };
                !is_inside(module.expr_span(call.expr)) && self.may_pass_on(at, &call.callee, failure, summaries)
            })
    }

    /// Whether a call may fail in this way, as far as the summaries of what it runs say.
    fn may_pass_on(&self, at: ExprKey, callee: &Origin, failure: &Failure, summaries: &Summaries) -> bool {
        let run = self.callees(callee).into_iter().chain(self.involved(at).iter().copied());
        at == failure.sink
            || run.into_iter().filter_map(|key| summaries.get(key)).any(|summary| {
                // What a callee does with its parameters is not filled in here.
                let fits = |known: Failure| known.sink == failure.sink || matches!(known.class, Class::Param { .. });
                summary.escape.more || summary.escape.iter().any(fits)
            })
    }
}

fn is_nothing(value: Expr) -> bool {
    matches!(value, Expr::Null | Expr::Undefined | Expr::Bool(false))
}
