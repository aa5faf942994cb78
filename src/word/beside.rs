//! `beside`: the other elements of the same combinator.
//!
//! Only the rule about raced auth checks uses it: no other rule speaks of siblings.

use super::{Ask, Bound, Context, Evidence, Parameters, Word, call_at, place};
use crate::finding::{Confidence, Label, Role};
use crate::program::{At, Site, SiteKind};
use crate::syntax::print;

pub(super) const WORD: Word = Word {
    name: "beside",
    sites: &[SiteKind::Element],
    parameters: &[],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 3,
    upwards: false,
    ask: Ask::Relation(find),
};

fn find(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let program = context.program;
    if kind != SiteKind::Element {
        return Vec::new();
    }
    let At::Expr(own) = site.at else { return Vec::new() };
    let Some(combinator) = program.combinator_around(site.file, own) else { return Vec::new() };
    program
        .elements_of(site.file, combinator)
        .into_iter()
        .filter(|element| *element != own)
        .map(|element| {
            let other = Site { file: site.file, at: At::Expr(element), kind };
            let written = match call_at(program, other).and_then(|at| program.call(at)) {
                Some(call) => call.written.clone(),
                None => print::path(program.module(site.file), element),
            };
            let label = Label {
                role: Role::Context,
                place: place(program, other),
                text: format!("`{written}` is already running"),
            };
            (other, Evidence::new(Confidence::High).capture("callee", written).label(label))
        })
        .collect()
}
