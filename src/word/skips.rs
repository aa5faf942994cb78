//! `skips`: when this call fails, these other calls on the same route never run, or these returns.
//!
//! In: a call, and whether it must be able to fail. Out: what was still to come.

use super::{Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::escape::Class;
use crate::program::flow::Landing;
use crate::program::handled::Handled;
use crate::program::promise::Fate;
use crate::program::route::{Caught, End};
use crate::program::{At, ExprKey, FnKey, Program, Site, SiteKind};
use crate::syntax::StmtId;
use crate::syntax::visit::Node;

pub(super) const WORD: Word = Word {
    name: "skips",
    sites: &[SiteKind::Call],
    parameters: &[Parameter { name: "assume", values: Values::OneOf(&["failure"]), required: false }],
    gives: &[],
    needs: &[],
    uses: &[Binding::Route],
    cost: 9,
    upwards: false,
    ask: Ask::Relation(find),
};

/// What was still to come, frame by frame from the failing call outwards. Without a route only the
/// function that holds the call is looked at, and the call must be able to fail there.
fn find(
    context: Context<'_>,
    site: Site,
    kind: SiteKind,
    parameters: &Parameters,
    bound: &Bound,
) -> Vec<(Site, Evidence)> {
    let program = context.program;
    let ways = match bound.route.as_deref() {
        Some(route) => vec![(route.calls.clone(), caught_at(&route.end))],
        None => own_ways(program, site, !parameters.get("assume").is_empty()),
    };
    let mut found: Vec<(Site, Evidence)> = Vec::new();
    for (calls, caught) in ways {
        for (other, evidence) in along(program, kind, &calls, caught) {
            if found.iter().all(|(known, _)| *known != other) {
                found.push((other, evidence));
            }
        }
    }
    found
}

/// The `try` whose catch ends a way, and its function.
type Guard = (FnKey, StmtId);

fn caught_at(end: &End) -> Option<Guard> {
    match end {
        End::Catch(function, Caught::Try(stmt)) => Some((*function, *stmt)),
        _ => None,
    }
}

/// The ways of a failing call within its function.
fn own_ways(program: &Program, site: Site, assumed: bool) -> Vec<(Vec<ExprKey>, Option<Guard>)> {
    let Some(at) = call_at(program, site) else { return Vec::new() };
    if !assumed && !program.can_fail(at) {
        return Vec::new();
    }
    let function = program.function_of(at);
    let ways = program.ways(at).iter().filter_map(|way| match way {
        Fate::Raised(node) => match program.landing(at.file, *node, &Class::Unknown) {
            Landing::Catch(stmt) => Some((vec![at], Some((function, stmt)))),
            Landing::Edge => Some((vec![at], None)),
        },
        _ => None,
    });
    ways.collect()
}

fn along(program: &Program, kind: SiteKind, calls: &[ExprKey], caught: Option<Guard>) -> Vec<(Site, Evidence)> {
    let mut found = Vec::new();
    // What the function inside would have answered on success: a caller may leave because of it.
    let mut answer = None;
    for at in calls {
        let handled = program.handled(*at, answer.take());
        if goes_on(program, *at) {
            continue;
        }
        answer = program.answer_after(*at, &handled);
        if kind == SiteKind::Return {
            found.extend(returns(program, *at, caught, &handled));
            continue;
        }
        for later in program.after(*at).iter().copied() {
            let call = ExprKey { file: at.file, expr: later };
            let span = program.module(at.file).expr_span(later);
            if !is_inside(program, *at, Node::Expr(later), caught) || handled.leaves_out(span) {
                continue;
            }
            let site = Site { file: at.file, at: At::Expr(later), kind };
            let written = program.call(call).map_or("", |call| call.written.as_str());
            found.push((site, never(program, *at, site, written)));
        }
    }
    found
}

/// The returns that were still to come after a call on the route.
fn returns(program: &Program, at: ExprKey, caught: Option<Guard>, handled: &Handled) -> Vec<(Site, Evidence)> {
    let mut found = Vec::new();
    for later in program.returns_after(at) {
        let span = program.module(at.file).stmt_span(later);
        if is_inside(program, at, Node::Stmt(later), caught) && !handled.leaves_out(span) {
            let site = Site { file: at.file, at: At::Stmt(later), kind: SiteKind::Return };
            found.push((site, never(program, at, site, "return")));
        }
    }
    found
}

fn never(program: &Program, at: ExprKey, site: Site, written: &str) -> Evidence {
    let label = Label {
        role: Role::Context,
        place: place_of(program, at.file, program.span(site)),
        text: format!("`{written}` never runs"),
    };
    let mut evidence = Evidence::new(Confidence::High).capture("callee", written).label(label);
    // A guard belongs where the skipped work is still within reach.
    evidence.bound.primary = Some(Site { file: at.file, at: At::Expr(at.expr), kind: SiteKind::Call });
    evidence
}

/// Whether nobody waits for the call: what stands after it runs all the same.
fn goes_on(program: &Program, at: ExprKey) -> bool {
    let ways = program.ways(at);
    !ways.is_empty() && ways.iter().all(|way| matches!(way, Fate::Floating | Fate::Background(_) | Fate::Settled(_)))
}

/// A failure that lands in a catch skips only what that catch encloses.
fn is_inside(program: &Program, at: ExprKey, later: Node, caught: Option<Guard>) -> bool {
    let Some((function, stmt)) = caught else { return true };
    if program.function_of(at) != function {
        return true;
    }
    program.file(at.file).parents.above(later).any(|node| node == Node::Stmt(stmt))
}
