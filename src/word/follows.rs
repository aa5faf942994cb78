//! `follows`: the calls of the same function that have completed when this one begins.
//!
//! In: a call. Out: the calls before it on its way, nearest first.

use super::receiver::Alike;
use super::{Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, place};
use crate::finding::{Confidence, Label, Role};
use crate::program::{At, ExprKey, Site, SiteKind};

pub(super) const WORD: Word = Word {
    name: "follows",
    sites: &[SiteKind::Call],
    parameters: &[Parameter { name: "same", values: Values::OneOf(&["receiver"]), required: false }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 5,
    upwards: false,
    ask: Ask::Relation(find),
};

fn find(context: Context<'_>, site: Site, kind: SiteKind, parameters: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let program = context.program;
    let Some(at) = call_at(program, site) else { return Vec::new() };
    if kind != SiteKind::Call {
        return Vec::new();
    }
    let module = program.module(at.file);
    let start = module.expr_span(at.expr).start;
    let alike = Alike::new(context, parameters);
    let mut found = Vec::new();
    for call in program.calls_of(program.function_of(at)) {
        let earlier = ExprKey { file: at.file, expr: call.expr };
        let before = module.expr_span(call.expr).end <= start;
        if !before || !alike.with(program, earlier) || !program.after(earlier).contains(&at.expr) {
            continue;
        }
        let other = Site { file: at.file, at: At::Expr(call.expr), kind };
        let label = Label {
            role: Role::Context,
            place: place(program, other),
            text: format!("`{}` has succeeded by then", call.written),
        };
        found.push((other, Evidence::new(Confidence::High).capture("callee", &call.written).label(label)));
    }
    found.reverse();
    found
}
