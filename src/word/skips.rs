//! `skips`: when this call fails, these other calls on the same route never run, or these returns.

use super::{Ask, Binding, Bound, Context, Evidence, Parameters, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::handled::Handled;
use crate::program::promise::Fate;
use crate::program::route::{Caught, End};
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use crate::syntax::visit::Node;

pub(super) const WORD: Word = Word {
    name: "skips",
    sites: &[SiteKind::Call],
    parameters: &[],
    gives: &[],
    needs: &[Binding::Route],
    cost: 9,
    ask: Ask::Relation(find),
};

/// What was still to come, frame by frame from the failing call outwards.
fn find(context: Context<'_>, _: Site, kind: SiteKind, _: &Parameters, bound: &Bound) -> Vec<(Site, Evidence)> {
    let program = context.program;
    let Some(route) = bound.route.as_deref() else { return Vec::new() };
    let mut found = Vec::new();
    // What the function inside would have answered on success: a caller may leave because of it.
    let mut answer = None;
    for at in &route.calls {
        let handled = program.handled(*at, answer.take());
        if goes_on(program, *at) {
            continue;
        }
        answer = program.answer_after(*at, &handled);
        if kind == SiteKind::Return {
            found.extend(returns(program, *at, &route.end, &handled));
            continue;
        }
        for later in program.after(*at) {
            let call = ExprKey { file: at.file, expr: later };
            let span = program.module(at.file).expr_span(later);
            if !is_inside(program, *at, Node::Expr(later), &route.end) || handled.leaves_out(span) {
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
fn returns(program: &Program, at: ExprKey, end: &End, handled: &Handled) -> Vec<(Site, Evidence)> {
    let mut found = Vec::new();
    for later in program.returns_after(at) {
        let span = program.module(at.file).stmt_span(later);
        if is_inside(program, at, Node::Stmt(later), end) && !handled.leaves_out(span) {
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
fn is_inside(program: &Program, at: ExprKey, later: Node, end: &End) -> bool {
    let End::Catch(function, Caught::Try(stmt)) = end else { return true };
    if program.function_of(at) != *function {
        return true;
    }
    program.file(at.file).parents.above(later).any(|node| node == Node::Stmt(*stmt))
}
