//! Wrappers of responses: which functions answer with the status of the response that they are given.
//!
//! In: a function and one of its parameters. Out: whether every way out of it keeps the status.

use super::{ExprKey, FnKey, Origin, Program};
use crate::model::ResponseStatus;
use crate::syntax::{Expr, ExprId, Key, LogicOp, SourceOf};
use std::collections::BTreeSet;

/// Functions that take part in passing one response on, at most.
const FUNCTIONS: usize = 8;

/// A function and which of its parameters is the response.
type Passing = (FnKey, usize);

impl Program {
    /// Whether every way out of a function gives back its parameter, or a response with its status.
    pub(super) fn passes_status_on(&self, callee: &Origin, index: usize) -> bool {
        let Origin::Function(key) = callee else { return false };
        let mut seen = BTreeSet::from([(*key, index)]);
        let mut waiting = vec![(*key, index)];
        while let Some(passing) = waiting.pop() {
            let (function, _) = passing;
            let returns = self.file(function.file).facts.returns(function.function);
            let mut values: Vec<ExprId> = returns.to_vec();
            if values.is_empty() || seen.len() > FUNCTIONS {
                return false;
            }
            let mut looked_at = BTreeSet::new();
            while let Some(value) = values.pop() {
                if looked_at.insert(value) && !self.keeps_status(passing, value, &mut values, &mut seen, &mut waiting) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether a value keeps the status; what it depends on is added to what is looked at next.
    fn keeps_status(
        &self,
        passing: Passing,
        value: ExprId,
        values: &mut Vec<ExprId>,
        seen: &mut BTreeSet<Passing>,
        waiting: &mut Vec<Passing>,
    ) -> bool {
        let (function, _) = passing;
        let file = function.file;
        let module = self.module(file);
        match module.expr(value) {
            Expr::Await(inner) | Expr::Cast { value: inner, .. } => values.push(inner),
            Expr::Choose { yes, no, .. } => values.extend([yes, no]),
            Expr::Logic { op: LogicOp::Or | LogicOp::Coalesce, left, right } => values.extend([left, right]),
            // A name that is given another value later is not followed.
            Expr::Read(binding) if !self.file(file).facts.assignments(binding).is_empty() => return false,
            Expr::Read(_) if self.is_parameter(passing, value) => {}
            Expr::Read(binding) => match self.value_of(file, binding) {
                Some(inner) => values.push(inner),
                None => return false,
            },
            Expr::Call { .. } | Expr::New { .. } => {
                let key = ExprKey { file, expr: value };
                let Some(call) = self.call(key) else { return false };
                if let Origin::Outside(text) = &call.callee {
                    return self.copies_status(passing, key, text);
                }
                let Origin::Function(next) = call.callee else { return false };
                let Some(at) = self.args(key).iter().position(|arg| self.leads_to_parameter(passing, arg.value)) else {
                    return false;
                };
                if seen.insert((next, at)) {
                    waiting.push((next, at));
                }
                // The argument itself must be the response too.
                values.push(self.args(key)[at].value);
            }
            _ => return false,
        }
        true
    }

    /// `new Response(body, { status: response.status })`.
    fn copies_status(&self, passing: Passing, key: ExprKey, text: &str) -> bool {
        let module = self.module(key.file);
        let place = match self.models.response(text) {
            Some((ResponseStatus::Field(index, _) | ResponseStatus::Argument(index), _)) => *index,
            _ => return false,
        };
        let Some(arg) = self.args(key).get(place) else { return false };
        let is_status = |value: ExprId| match module.expr(value) {
            Expr::Member { of, name } => module.name(name) == "status" && self.is_parameter(passing, of),
            _ => false,
        };
        match module.expr(arg.value) {
            Expr::Object(fields) => module.list(fields).iter().any(|field| match field.key {
                Key::Name(name) => module.name(name) == "status" && is_status(field.value),
                _ => false,
            }),
            // `new Response(body, response)`
            Expr::Read(_) => self.is_parameter(passing, arg.value),
            _ => is_status(arg.value),
        }
    }

    /// Whether the parameter takes part in a value: itself, or a name that begins with a choice of it.
    fn leads_to_parameter(&self, passing: Passing, value: ExprId) -> bool {
        let (function, _) = passing;
        let module = self.module(function.file);
        let mut values = vec![value];
        let mut looked_at = BTreeSet::new();
        while let Some(value) = values.pop() {
            if !looked_at.insert(value) {
                continue;
            }
            match module.expr(value) {
                Expr::Await(inner) | Expr::Cast { value: inner, .. } => values.push(inner),
                Expr::Choose { yes, no, .. } => values.extend([yes, no]),
                Expr::Read(_) if self.is_parameter(passing, value) => return true,
                Expr::Read(binding) => values.extend(self.value_of(function.file, binding)),
                _ => {}
            }
        }
        false
    }

    fn is_parameter(&self, (function, index): Passing, value: ExprId) -> bool {
        let module = self.module(function.file);
        let Expr::Read(binding) = module.expr(value) else { return false };
        let binding = module.binding(binding);
        let whole =
            |source: crate::syntax::Source| source.of == SourceOf::Param(index as u16) && source.steps.is_empty();
        binding.owner == function.function && binding.source.is_some_and(whole)
    }
}
