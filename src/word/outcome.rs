//! `outcome`: what a function does with a caller while a secret is set or unset.
//!
//! In: a branch or a comparison in the function, and the secret. Out: the place that is reached.

use super::{Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::outcome::{Study, registered, stops_when_unset};
use crate::program::secret::{self, Kind, Secret};
use crate::program::{At, Site, SiteKind};
use crate::syntax::visit::Node;
use crate::syntax::{ExprId, FnId, Module};
use crate::text::Span;

/// The word.
pub const WORD: Word = Word {
    name: "outcome",
    sites: &[SiteKind::Branch, SiteKind::Comparison],
    parameters: &[
        Parameter { name: "assume", values: Values::OneOf(&["set", "unset", "missing"]), required: true },
        Parameter { name: "is", values: Values::OneOf(&["pass", "reject"]), required: false },
        Parameter { name: "may", values: Values::OneOf(&["pass", "reject"]), required: false },
    ],
    gives: &[],
    needs: &[Binding::Secret],
    uses: &[],
    cost: 7,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, bound: &Bound) -> Answer {
    let file = context.program.file(site.file);
    let module = &file.module;
    let Some(name) = &bound.secret else { return Answer::No("no secret is spoken of".into()) };
    let (function, test) = match site.at {
        At::Stmt(stmt) => (file.parents.function(Node::Stmt(stmt)), super::tests::condition(module, site.at)),
        At::Expr(expr) => {
            (file.parents.function(Node::Expr(expr)), super::tests::condition(module, site.at).or(Some(expr)))
        }
        At::Function(_) | At::Markup(..) | At::File => return Answer::No("it is not a place in a function".into()),
    };
    let Some(test) = test else { return Answer::No("it decides nothing by itself".into()) };
    let secret = Secret { name: name.clone(), kind: kind(module, test, name) };
    let wants = parameters.get("is").iter().chain(parameters.get("may")).next().map_or("pass", String::as_str);
    let assume = parameters.get("assume").first().map_or("unset", String::as_str);
    if (wants, assume) == ("reject", "unset") && stops_when_unset(context.program, site.file, function, &secret) {
        return Answer::Yes(vec![evidence(module, function, Confidence::High)]);
    }
    let confidence = if secret.kind == Kind::Env { Confidence::High } else { Confidence::Medium };
    if let Some(call) = registered(context.program, site.file, function, &secret, test) {
        return match (wants, assume) {
            ("reject", "set") | ("pass", "unset" | "missing") => {
                let evidence = Evidence::new(confidence).capture("function", "the application".to_string());
                Answer::Yes(vec![evidence.label(Label {
                    role: Role::Context,
                    place: place_of(context.program, site.file, module.expr_span(call)),
                    text: "only then is this in the way of a request".to_string(),
                })])
            }
            _ => Answer::No("the check is registered only while the secret is set".into()),
        };
    }
    let Some(study) = Study::of(context.program, site.file, function, &secret) else {
        return Answer::No("the function could not be run".into());
    };
    if !study.is_check() {
        return Answer::No("a wrong credential reaches the same as the right one: nothing is checked here".into());
    }
    let open = study.open();
    let passes = match (assume, site.kind) {
        ("set", _) => None,
        (_, SiteKind::Comparison) => study.open_by_equality(test),
        _ => open.filter(|exit| {
            // What is reached stands in the branch itself, or the branch is what leads there.
            context.program.span(site).contains(span(module, *exit))
                || study.is_decided_by(context.program, site.file, test)
        }),
    };
    match (wants, assume, passes) {
        ("reject", "set", _) => Answer::Yes(vec![evidence(module, function, confidence)]),
        ("reject", ..) if open.is_none() => Answer::Yes(vec![evidence(module, function, confidence)]),
        ("pass", _, Some(exit)) => {
            let place = place_of(context.program, site.file, span(module, exit));
            Answer::Yes(vec![evidence(module, function, confidence).label(Label {
                role: Role::Context,
                place,
                text: "this is reached without any check".to_string(),
            })])
        }
        ("pass", ..) if open.is_some() => Answer::No("another branch decides that".into()),
        _ => Answer::No("nothing that the check protects is reached".into()),
    }
}

fn evidence(module: &Module, function: FnId, confidence: Confidence) -> Evidence {
    let name = match module.function(function).name {
        Some(name) => format!("`{}`", module.name(name)),
        None => "this function".to_string(),
    };
    Evidence::new(confidence).capture("function", name)
}

/// How the secret is read in the condition.
fn kind(module: &Module, test: ExprId, name: &str) -> Kind {
    let mut kind = Kind::Stored;
    let mut stack = vec![test];
    while let Some(expr) = stack.pop() {
        let reads = secret::presence(module, expr).into_iter().chain(secret::chain(module, expr));
        if let Some(read) = reads.into_iter().find(|read| read.secret.name == name) {
            kind = read.secret.kind;
            break;
        }
        if stack.len() < 64 {
            crate::syntax::visit::children(module, Node::Expr(expr), &mut |child| {
                if let Node::Expr(child) = child {
                    stack.push(child);
                }
            });
        }
    }
    kind
}

fn span(module: &Module, node: Node) -> Span {
    match node {
        Node::Expr(expr) => module.expr_span(expr),
        Node::Stmt(stmt) => {
            // A whole body stands for its end.
            let span = module.stmt_span(stmt);
            match module.stmt(stmt) {
                crate::syntax::Stmt::Block(_) => Span::new(span.end.saturating_sub(1), span.end),
                _ => span,
            }
        }
    }
}
