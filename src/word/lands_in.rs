//! `lands-in`: the catches that get the failure of this call, here or in a caller.

use super::{Ask, Binding, Bound, Context, Evidence, Parameters, Word, call_at};
use crate::finding::Confidence;
use crate::program::escape::Class;
use crate::program::route::{Caught, End};
use crate::program::{At, Site, SiteKind};
use std::sync::Arc;

pub(super) const WORD: Word = Word {
    name: "lands-in",
    sites: &[SiteKind::Call, SiteKind::Element],
    parameters: &[],
    gives: &[Binding::Route],
    needs: &[],
    uses: &[Binding::Error],
    cost: 8,
    upwards: true,
    ask: Ask::Relation(find),
};

fn find(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, bound: &Bound) -> Vec<(Site, Evidence)> {
    let program = context.program;
    let Some(at) = call_at(program, site) else { return Vec::new() };
    if kind != SiteKind::Catch || !program.can_fail(at) {
        return Vec::new();
    }
    let class = match &bound.error {
        Some(error) if error == super::fails_with::OUTAGE => Class::Api,
        Some(error) => Class::Auth(Arc::from(error.as_str())),
        None => Class::Api,
    };
    let mut found = Vec::new();
    for route in program.routes(at, &class) {
        let End::Catch(function, Caught::Try(stmt)) = route.end else { continue };
        let mut evidence = Evidence::new(Confidence::High);
        evidence.bound.route = Some(Arc::new(route));
        found.push((Site { file: function.file, at: At::Stmt(stmt), kind }, evidence));
    }
    found
}
