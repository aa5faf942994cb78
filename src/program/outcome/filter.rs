//! A quick look whether running a function can say anything: whether it holds what may be a check.
//!
//! In: a function and the names of a secret. Out: yes or no, in one walk over it, what is inside it
//! and the functions of the file that it calls.

use crate::limits::OUTCOME_CALLS;
use crate::program::secret::{self, Class, names};
use crate::syntax::visit::{self, Node};
use crate::syntax::{BinaryOp, BindingKind, Expr, ExprId, FnId, Module};

/// How far constants are followed.
const FOLLOW: usize = 16;

/// Whether a function may check a caller against the secret of these names.
pub fn may_check(module: &Module, function: FnId, secret: &[String]) -> bool {
    let mut waiting = vec![(function, 0)];
    let mut seen = vec![function];
    while let Some((function, depth)) = waiting.pop() {
        let mut found = false;
        visit::walk_function(module, function, &mut |node| {
            let Node::Expr(expr) = node else { return true };
            match module.expr(expr) {
                Expr::Binary {
                    op: BinaryOp::Eq | BinaryOp::NotEq | BinaryOp::StrictEq | BinaryOp::StrictNotEq,
                    left,
                    right,
                } => {
                    let open = !secret::is_constant(module, left) && !secret::is_constant(module, right);
                    found |= open && (depth > 0 || mentions(module, left, secret) || mentions(module, right, secret));
                }
                Expr::Closure(inner) => add(&mut waiting, &mut seen, inner, depth),
                Expr::Call { callee, .. } => {
                    found |= secret::path(module, callee).last().is_some_and(|name| names::checks(name));
                    if depth < OUTCOME_CALLS
                        && let Some(target) = local(module, callee)
                    {
                        add(&mut waiting, &mut seen, target, depth + 1);
                    }
                }
                _ => {}
            }
            !found
        });
        if found {
            return true;
        }
    }
    false
}

fn add(waiting: &mut Vec<(FnId, u32)>, seen: &mut Vec<FnId>, function: FnId, depth: u32) {
    if !seen.contains(&function) {
        seen.push(function);
        waiting.push((function, depth));
    }
}

/// The function of this file that a callee names.
fn local(module: &Module, callee: ExprId) -> Option<FnId> {
    match module.expr(callee) {
        Expr::Read(binding) => match module.binding(binding).kind {
            BindingKind::Function(function) => Some(function),
            _ => match module.expr(secret::constant(module, binding)?) {
                Expr::Closure(function) => Some(function),
                _ => None,
            },
        },
        Expr::Member { of, name } if module.expr(of) == Expr::This => {
            // Methods are named; which class does not matter for a quick look.
            module.function_ids().find(|id| {
                let function = module.function(*id);
                function.class.is_some() && function.name == Some(name)
            })
        }
        _ => None,
    }
}

/// Whether an expression reads a secret of these names, constants followed.
fn mentions(module: &Module, expr: ExprId, secret: &[String]) -> bool {
    let mut waiting = vec![expr];
    let mut followed = Vec::new();
    while let Some(expr) = waiting.pop() {
        let mut found = false;
        visit::walk(module, Node::Expr(expr), &mut |node| {
            let Node::Expr(expr) = node else { return true };
            if let Class::Secret(read) = secret::direct(module, expr) {
                found |= secret.iter().any(|asked| names::is_same_secret(asked, &read.name));
            }
            if let Expr::Read(binding) = module.expr(expr)
                && followed.len() < FOLLOW
                && !followed.contains(&binding)
            {
                followed.push(binding);
                if let Some(source) = module.binding(binding).source
                    && let crate::syntax::SourceOf::Expr(value) = source.of
                {
                    waiting.push(value);
                }
                found |= secret::destructured(module, binding).is_some_and(|read| secret.contains(&read.name));
            }
            !found
        });
        if found {
            return true;
        }
    }
    false
}
