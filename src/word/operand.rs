//! `operand`: what one side of a comparison or a fallback is made of.
//!
//! In: a comparison or a fallback. Out: the secret, or what the caller sent.

use super::{Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::secret::{self, Class, Kind, Read, names};
use crate::program::{At, Site, SiteKind};
use crate::syntax::{Expr, ExprId, LogicOp, Module, SourceOf};

/// The word.
pub(super) const WORD: Word = Word {
    name: "operand",
    sites: &[SiteKind::Comparison, SiteKind::Fallback],
    parameters: &[
        Parameter { name: "from", values: Values::OneOf(&["secret", "request", "env"]), required: false },
        Parameter { name: "may-be", values: Values::OneOf(&["unset", "missing"]), required: false },
        Parameter { name: "is", values: Values::OneOf(&["non-empty-literal"]), required: false },
    ],
    gives: &[Binding::Secret],
    needs: &[],
    uses: &[],
    cost: 2,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let module = context.program.module(site.file);
    let At::Expr(expr) = site.at else { return Answer::No("it has no operands".into()) };
    let operands = operands(module, expr);
    let from = parameters.get("from").first().map(String::as_str);
    let mut evidence = Vec::new();
    for operand in operands {
        match from {
            Some("request") => {
                if let Some(input) = input(module, operand) {
                    evidence.push(Evidence::new(Confidence::Medium).capture("input", input));
                }
            }
            Some(_) => {
                let reads = secret::made_of(module, operand);
                let wanted = |read: &&Read| from == Some("secret") || read.secret.kind == Kind::Env;
                evidence.extend(reads.iter().find(wanted).map(|read| of_secret(context, site, read)));
            }
            None => {
                let right = matches!(module.expr(expr), Expr::Logic { right, .. } if right == operand);
                if right && secret::literal(module, operand).is_some() {
                    evidence.push(Evidence::new(Confidence::High));
                }
            }
        }
    }
    Answer::of(evidence, "no operand is that")
}

fn of_secret(context: Context<'_>, site: Site, read: &Read) -> Evidence {
    let name = &read.secret.name;
    let confidence = if read.secret.kind == Kind::Env { Confidence::High } else { Confidence::Medium };
    let place = place_of(context.program, site.file, context.program.module(site.file).expr_span(read.at));
    let mut evidence = Evidence::new(confidence).capture("secret", name.clone()).label(Label {
        role: Role::Cause,
        place,
        text: format!("`{name}` is read here"),
    });
    evidence.bound.secret = Some(name.clone());
    evidence.bound.causes.push(name.clone());
    evidence
}

/// The sides of a comparison, the arguments of a call that compares, the sides of a fallback.
fn operands(module: &Module, expr: ExprId) -> Vec<ExprId> {
    match module.expr(expr) {
        Expr::Binary { left, right, .. } => vec![left, right],
        Expr::Logic { op: LogicOp::Or | LogicOp::Coalesce, left, right } => vec![left, right],
        Expr::Call { args, .. } => module.list(args).iter().take(2).map(|arg| arg.value).collect(),
        _ => Vec::new(),
    }
}

/// What of the caller's an expression is, by its name; constants are followed.
fn input(module: &Module, expr: ExprId) -> Option<String> {
    let mut at = expr;
    for _ in 0..16 {
        if let Class::Secret(_) = secret::direct(module, at) {
            return None;
        }
        let path = secret::path(module, at);
        match module.expr(at) {
            Expr::Cast { value, .. } | Expr::Await(value) | Expr::Chain(value) | Expr::OptionalLink(value) => {
                at = value;
            }
            Expr::Member { name, .. } if path.iter().rev().skip(1).any(|part| names::is_request(part)) => {
                return Some(module.name(name).to_string());
            }
            Expr::Call { callee, args } => {
                let reads = path.iter().any(|part| names::is_request(part) || *part == "header");
                let first = module.list(args).first()?.value;
                match module.expr(first) {
                    Expr::Text(name) if reads => return Some(module.name(name).to_string()),
                    _ if path.first() == Some(&"Buffer") => at = first,
                    _ => match module.expr(callee) {
                        Expr::Member { of, name } if names::keeps_text(module.name(name)) => at = of,
                        _ => return None,
                    },
                }
            }
            Expr::Logic { left, .. } => at = left,
            Expr::Read(binding) => {
                let bound = module.binding(binding);
                if secret::bound(module, binding) == Class::Request {
                    return Some(module.name(bound.name).to_string());
                }
                let source = bound.source?;
                let SourceOf::Expr(value) = source.of else { return None };
                if !source.steps.is_empty() {
                    let sent = secret::path(module, value).iter().any(|part| names::is_request(part));
                    return sent.then(|| module.name(bound.name).to_string());
                }
                at = value;
            }
            _ => return None,
        }
    }
    None
}
