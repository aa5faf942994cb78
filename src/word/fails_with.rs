//! `fails-with`: this can fail with an error of a class: an auth error, a failing API, anything.

use super::{Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::escape::{Class, Failure};
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use crate::syntax::Stmt;
use crate::syntax::visit::{self, Node};

pub(super) const WORD: Word = Word {
    name: "fails-with",
    sites: &[SiteKind::Call, SiteKind::Element, SiteKind::Return, SiteKind::Catch],
    parameters: &[Parameter {
        name: "",
        values: Values::OneOf(&["auth", "api", "thrown", "known", "any"]),
        required: true,
    }],
    gives: &[Binding::Error],
    needs: &[],
    uses: &[],
    cost: 4,
    upwards: false,
    ask: Ask::Test(ask),
};

/// How the failure of a third party is called.
pub(super) const OUTAGE: &str = "a failing request";

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let is_wanted = |failure: &Failure| parameters.main().iter().any(|wanted| is_of(failure, wanted));
    // A parameter fails as what its callers give for it.
    let may_be = |failure: &Failure| matches!(failure.class, Class::Param { .. }) || is_wanted(failure);
    let mut evidence = Vec::new();
    for at in failing_calls(program, site) {
        let own = match (site.at, site.kind) {
            (At::Stmt(id), SiteKind::Catch) => program.arriving_failures(at, id, may_be),
            _ => program.outer_failures(at),
        };
        let given: Vec<Failure> = own.iter().flat_map(|failure| program.given_by_callers(failure)).collect();
        for failure in own.into_iter().chain(given) {
            if is_wanted(&failure) {
                evidence.push(describe(program, site, at, &failure));
            }
        }
    }
    // One way is enough; the surest first.
    evidence.sort_by_key(|way| std::cmp::Reverse(way.confidence));
    evidence.truncate(1);
    if evidence.is_empty() && !context.explain {
        return Answer::No("it cannot fail so".into());
    }
    Answer::of(evidence, format!("it cannot fail with {}", parameters.main().join(" or ")))
}

fn is_of(failure: &Failure, wanted: &str) -> bool {
    match (wanted, &failure.class) {
        (_, Class::Param { .. }) => false,
        ("auth", class) => matches!(class, Class::Auth(_)),
        ("api", class) => matches!(class, Class::Api),
        ("thrown", class) => matches!(class, Class::Thrown(_)),
        // That somebody waits for something of which nothing is known is no reason to think that it fails.
        ("known", class) => *class != Class::Unknown || !failure.guessed,
        _ => true,
    }
}

/// The calls whose failures are the site's: itself, the value of an element, what a catch guards.
fn failing_calls(program: &Program, site: Site) -> Vec<ExprKey> {
    if let Some(at) = call_at(program, site) {
        return vec![at];
    }
    let module = program.module(site.file);
    let root = match (site.at, site.kind) {
        (At::Stmt(id), SiteKind::Catch) => match module.stmt(id) {
            Stmt::Try { body, .. } => Node::Stmt(body),
            _ => return Vec::new(),
        },
        (At::Stmt(id), _) => Node::Stmt(id),
        (At::Expr(id), _) => Node::Expr(id),
        _ => return Vec::new(),
    };
    let mut calls = Vec::new();
    visit::walk(module, root, &mut |node| {
        if let Node::Expr(expr) = node
            && program.call(ExprKey { file: site.file, expr }).is_some()
        {
            calls.push(ExprKey { file: site.file, expr });
        }
        true
    });
    calls
}

fn describe(program: &Program, site: Site, at: ExprKey, failure: &Failure) -> Evidence {
    let thrower = program.call(at).map_or("", |call| call.written.as_str());
    let error = match &failure.class {
        Class::Auth(name) | Class::Thrown(name) => name.to_string(),
        Class::Api => OUTAGE.to_owned(),
        Class::Param { .. } | Class::Unknown => "an error".to_owned(),
    };
    let confidence = if failure.guessed { Confidence::Medium } else { Confidence::High };
    let mut evidence =
        Evidence::new(confidence).capture("callee", thrower).capture("thrower", thrower).capture("error", &error);
    if failure.sink != at {
        let sink = program.module(failure.sink.file).expr_span(failure.sink.expr);
        evidence.labels.push(Label {
            role: Role::Context,
            place: place_of(program, failure.sink.file, sink),
            text: format!("`{error}` starts here"),
        });
    }
    if site.kind == SiteKind::Catch {
        evidence.labels.push(Label {
            role: Role::Cause,
            place: place_of(program, at.file, program.module(at.file).expr_span(at.expr)),
            text: format!("`{thrower}` can fail with {error}"),
        });
    }
    evidence.bound.causes.push(match &failure.class {
        Class::Auth(_) => format!("auth:{thrower}"),
        _ => format!("{error}:{thrower}"),
    });
    evidence.bound.error = Some(error);
    evidence
}
