//! `has`: what stands in the site, within its function.
//!
//! In: a site. Out: the sites of a kind below it.

use super::{Ask, Bound, Context, Evidence, Parameters, Word};
use crate::finding::Confidence;
use crate::program::{At, FileId, Program, Site, SiteKind};
use crate::syntax::{Stmt, StmtId};
use crate::text::Span;

pub(super) const WORD: Word = Word {
    name: "has",
    sites: &[
        SiteKind::Branch,
        SiteKind::Call,
        SiteKind::Catch,
        SiteKind::Change,
        SiteKind::Function,
        SiteKind::Object,
        SiteKind::Return,
        SiteKind::Tag,
        SiteKind::Try,
    ],
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
    let sure = |site: Site| (site, Evidence::new(Confidence::High));
    // A catch stands at its `try`.
    if let (SiteKind::Try, SiteKind::Catch, At::Stmt(stmt)) = (site.kind, kind, site.at) {
        let own = catch_of(program, site, stmt).map(|_| sure(Site { kind, ..site }));
        return own.into_iter().collect();
    }
    if site.kind == SiteKind::Change {
        let is_wanted = kind == SiteKind::File;
        let files = program.changed.files.iter().filter(|_| is_wanted);
        let file = |file: &FileId| {
            let evidence = Evidence::new(Confidence::High).capture("path", &program.file(*file).path);
            (Site { file: *file, at: At::File, kind }, evidence)
        };
        return files.map(file).collect();
    }
    let function = program.function_at(site);
    let around = part(program, site);
    let below = |other: &Site| {
        program.function_at(*other) == function
            && (other.at, other.kind) != (site.at, site.kind)
            && around.is_none_or(|around| around.contains(program.span(*other)))
    };
    program.sites_where(site.file, kind, below).into_iter().map(sure).collect()
}

/// The bytes in which something stands in the site; `None` for a function, which is all of it.
fn part(program: &Program, site: Site) -> Option<Span> {
    let module = program.module(site.file);
    match (site.at, site.kind) {
        (At::Function(_), _) => None,
        (At::Stmt(stmt), SiteKind::Try) => match module.stmt(stmt) {
            Stmt::Try { body, .. } => Some(module.stmt_span(body)),
            _ => Some(module.stmt_span(stmt)),
        },
        (At::Stmt(stmt), SiteKind::Catch) => {
            Some(catch_of(program, site, stmt).map_or(Span::new(0, 0), |catch| module.stmt_span(catch)))
        }
        _ => Some(program.span(site)),
    }
}

fn catch_of(program: &Program, site: Site, stmt: StmtId) -> Option<StmtId> {
    match program.module(site.file).stmt(stmt) {
        Stmt::Try { catch, .. } => catch,
        _ => None,
    }
}
