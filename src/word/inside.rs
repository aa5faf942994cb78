//! `inside`: what encloses the site, within its function.

use super::{Ask, Bound, Context, Evidence, Parameters, Word};
use crate::finding::Confidence;
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use crate::syntax::Stmt;
use crate::syntax::visit::Node;

pub(super) const WORD: Word = Word {
    name: "inside",
    sites: SiteKind::EVERY,
    parameters: &[],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 2,
    upwards: false,
    ask: Ask::Relation(find),
};

fn find(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let program = context.program;
    let Some(node) = site.node() else { return Vec::new() };
    let file = program.file(site.file);
    if kind == SiteKind::Function {
        let at = At::Function(file.parents.function(node));
        return vec![(Site { file: site.file, at, kind }, Evidence::new(Confidence::High))];
    }
    let mut found = Vec::new();
    let mut below = node;
    for above in file.parents.above(node) {
        if is(program, site, kind, above, below) {
            let at = match above {
                Node::Expr(id) => At::Expr(id),
                Node::Stmt(id) => At::Stmt(id),
            };
            let mut evidence = Evidence::new(Confidence::High);
            if let Node::Expr(expr) = above
                && let Some(call) = program.call(ExprKey { file: site.file, expr })
            {
                evidence = evidence.capture("callee", &call.written);
            }
            found.push((Site { file: site.file, at, kind }, evidence));
        }
        below = above;
    }
    found
}

/// Whether the node above is a site of this kind that holds the one below in the part that the kind means.
fn is(program: &Program, site: Site, kind: SiteKind, above: Node, below: Node) -> bool {
    let module = program.module(site.file);
    match (kind, above) {
        (SiteKind::Call, Node::Expr(expr)) => program.call(ExprKey { file: site.file, expr }).is_some(),
        (SiteKind::Try, Node::Stmt(id)) => {
            matches!(module.stmt(id), Stmt::Try { body, .. } if below == Node::Stmt(body))
        }
        (SiteKind::Catch, Node::Stmt(id)) => {
            matches!(module.stmt(id), Stmt::Try { catch: Some(catch), .. } if below == Node::Stmt(catch))
        }
        (SiteKind::Object, Node::Expr(id)) => matches!(module.expr(id), crate::syntax::Expr::Object(_)),
        (SiteKind::Branch, Node::Stmt(id)) => matches!(module.stmt(id), Stmt::If { .. }),
        _ => false,
    }
}
