//! `tests`: what a condition asks about: a secret's presence, the platform, an opt-out, progress.
//!
//! In: a branch. Out: the secret it asks for, and where that is read.

use super::{Answer, Ask, Binding, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::secret::{self, Kind};
use crate::program::{At, ExprKey, FileId, Program, Site, SiteKind};
use crate::syntax::visit::Node;
use crate::syntax::{AssignOp, BindingKind, Expr, ExprId, LogicOp, Module, Stmt};

/// The word.
pub const WORD: Word = Word {
    name: "tests",
    sites: &[SiteKind::Branch],
    parameters: &[Parameter {
        name: "",
        values: Values::OneOf(&["secret", "platform", "opt-out", "progress"]),
        required: true,
    }],
    gives: &[Binding::Secret],
    needs: &[],
    uses: &[],
    cost: 2,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, bound: &super::Bound) -> Answer {
    let module = context.program.module(site.file);
    let Some(test) = condition(module, site.at) else { return Answer::No("it decides nothing by itself".into()) };
    let mut evidence = Vec::new();
    for about in parameters.main() {
        match about.as_str() {
            "secret" => {
                if is_part_of_another(context, site) {
                    return Answer::No("it is a part of the condition around it".into());
                }
                let mut found = secrets(context, site, module, test);
                // Where a secret is spoken of already, it is that one or one that stands in for it.
                if let Some(spoken) = &bound.secret {
                    let group = secret::group(module, spoken);
                    found.retain(|one| one.bound.secret.as_ref().is_some_and(|name| group.contains(name)));
                }
                evidence.extend(found);
            }
            "platform" if secret::surroundings(module, test).0 => evidence.push(Evidence::new(Confidence::Medium)),
            "opt-out" if secret::surroundings(module, test).1 => evidence.push(Evidence::new(Confidence::Medium)),
            "progress" if is_progress(context.program, site.file, test) => {
                evidence.push(Evidence::new(Confidence::Medium));
            }
            _ => {}
        }
    }
    Answer::of(evidence, "the condition asks for something else")
}

/// The condition of a branch.
pub(super) fn condition(module: &Module, at: At) -> Option<ExprId> {
    match at {
        At::Stmt(stmt) => match module.stmt(stmt) {
            Stmt::If { test, .. } => Some(test),
            _ => None,
        },
        At::Expr(expr) => match module.expr(expr) {
            Expr::Choose { test, .. } => Some(test),
            Expr::Logic { op: LogicOp::And | LogicOp::Or, .. } => Some(expr),
            _ => None,
        },
        At::Function(_) | At::Markup(..) | At::File => None,
    }
}

/// Whether a larger condition around the branch speaks for it.
fn is_part_of_another(context: Context<'_>, site: Site) -> bool {
    let At::Expr(expr) = site.at else { return false };
    let file = context.program.file(site.file);
    let mut below = Node::Expr(expr);
    for above in file.parents.above(Node::Expr(expr)) {
        match above {
            Node::Expr(parent) => {
                let part = match file.module.expr(parent) {
                    Expr::Logic { op: LogicOp::And | LogicOp::Or, .. } => true,
                    Expr::Choose { test, .. } => below == Node::Expr(test),
                    _ => false,
                };
                if part {
                    return true;
                }
            }
            Node::Stmt(stmt) => {
                return matches!(file.module.stmt(stmt), Stmt::If { test, .. } if below == Node::Expr(test));
            }
        }
        below = above;
    }
    false
}

fn secrets(context: Context<'_>, site: Site, module: &Module, test: ExprId) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut spoken: Vec<String> = Vec::new();
    for read in secret::presence(module, test) {
        let name = read.secret.name;
        if spoken.contains(&name) {
            continue;
        }
        spoken.extend(secret::group(module, &name));
        let confidence = match read.secret.kind {
            Kind::Env => Confidence::High,
            Kind::Stored => Confidence::Medium,
        };
        let place = place_of(context.program, site.file, module.expr_span(read.at));
        let mut one = Evidence::new(confidence).capture("secret", name.clone()).label(Label {
            role: Role::Cause,
            place,
            text: format!("`{name}` is read here"),
        });
        one.bound.causes.push(name.clone());
        one.bound.secret = Some(name);
        evidence.push(one);
    }
    evidence
}

/// Whether a condition reads a flag or a counter that says how far the work has got: one that is set on
/// the way, and not only once it has been paid for.
fn is_progress(program: &Program, file: FileId, test: ExprId) -> bool {
    let module = program.module(file);
    let mut found = false;
    crate::syntax::visit::walk(module, Node::Expr(test), &mut |node| {
        if let Node::Expr(expr) = node
            && let Expr::Read(name) = module.expr(expr)
        {
            let binding = module.binding(name);
            found |= matches!(binding.kind, BindingKind::Let | BindingKind::Var)
                && binding.reassigned
                && (0..module.exprs.len() as u32).map(ExprId).any(|at| match module.expr(at) {
                    Expr::Assign { op, to, value } => {
                        let counts = match op {
                            AssignOp::Set => matches!(module.expr(value), Expr::Bool(true) | Expr::Number(_)),
                            AssignOp::Update => true,
                            AssignOp::And | AssignOp::Or | AssignOp::Coalesce => false,
                        };
                        counts && module.expr(to) == Expr::Read(name) && !is_set_after_payment(program, file, at)
                    }
                    _ => false,
                });
        }
        !found
    });
    found
}

/// Whether the last thing before an assignment that delivers or books is one that books: when that
/// fails, the flag does not say what has been delivered.
fn is_set_after_payment(program: &Program, file: FileId, at: ExprId) -> bool {
    let books = program.models.roles(&["billing", "refund", "usage"]);
    let delivers = program.models.roles(&["deliver", "stream-close"]);
    let module = program.module(file);
    let start = module.expr_span(at).start;
    let function = program.function_of(ExprKey { file, expr: at });
    let before = program.calls_of(function).filter(|call| module.expr_span(call.expr).end <= start);
    let last =
        before.filter(|call| call.roles & (books | delivers) != 0).max_by_key(|call| module.expr_span(call.expr));
    last.is_some_and(|call| call.roles & delivers == 0)
}
