//! `dominated-by`: branches before the site that leave, so that only their other side gets here.
//!
//! In: a site. Out: the branches.

use super::{Ask, Bound, Context, Evidence, Parameters, Word};
use crate::finding::Confidence;
use crate::program::{At, Site, SiteKind};
use crate::syntax::visit::Node;
use crate::syntax::{Module, Stmt, StmtId};

pub(super) const WORD: Word = Word {
    name: "dominated-by",
    sites: SiteKind::EVERY,
    parameters: &[],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 3,
    upwards: false,
    ask: Ask::Relation(find),
};

fn find(context: Context<'_>, site: Site, kind: SiteKind, _: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let file = context.program.file(site.file);
    let module = &file.module;
    let Some(mut node) = site.node() else { return Vec::new() };
    let mut found = Vec::new();
    if kind != SiteKind::Branch {
        return found;
    }
    while let Some(above) = file.parents.of(node) {
        if let (Node::Stmt(block), Node::Stmt(stmt)) = (above, node)
            && let Stmt::Block(stmts) = module.stmt(block)
        {
            let before = module.list(stmts).iter().take_while(|other| **other != stmt);
            found.extend(
                before.filter(|other| leaves(module, **other)).map(|other| {
                    (Site { file: site.file, at: At::Stmt(*other), kind }, Evidence::new(Confidence::High))
                }),
            );
        }
        node = above;
    }
    found
}

/// Whether a statement is an `if` whose taken side always leaves.
fn leaves(module: &Module, stmt: StmtId) -> bool {
    let Stmt::If { yes, .. } = module.stmt(stmt) else { return false };
    let mut last = yes;
    loop {
        match module.stmt(last) {
            Stmt::Block(stmts) => match module.list(stmts).last() {
                Some(inner) => last = *inner,
                None => return false,
            },
            Stmt::Return(_) | Stmt::Throw(_) => return true,
            _ => return false,
        }
    }
}
