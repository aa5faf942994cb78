//! `does`: this code, followed through calls, does something of a role: stores, replies, reports.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, confidence};
use crate::model::Roles;
use crate::program::calls::Call;
use crate::program::{At, ExprKey, FnKey, Origin, Program, Site, SiteKind};
use crate::syntax::Stmt;
use crate::syntax::visit::{self, Node};

pub(super) const WORD: Word = Word {
    name: "does",
    sites: &[SiteKind::Call, SiteKind::Element, SiteKind::Catch, SiteKind::Function],
    parameters: &[Parameter { name: "", values: Values::RoleOr(&["absorb", "use-error"]), required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 3,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let names: Vec<&str> = parameters.main().iter().map(String::as_str).collect();
    let wanted = program.models.roles(&names);
    if let Some((callee, guessed)) = first_effect(program, site, wanted) {
        return Answer::Yes(vec![Evidence::new(confidence(guessed)).capture("callee", callee)]);
    }
    if site.kind == SiteKind::Catch {
        let absorbs = names.contains(&"absorb") && absorbs(program, site);
        let uses = names.contains(&"use-error") && uses_error(program, site);
        if absorbs || uses {
            return Answer::plain(crate::finding::Confidence::High);
        }
    }
    if !context.explain {
        return Answer::No("nothing here does that".into());
    }
    Answer::No(format!("nothing here does {}", names.join(" or ")).into())
}

/// The first call that does something of the wanted roles, as written, and whether that is a guess.
pub(super) fn first_effect(program: &Program, site: Site, wanted: Roles) -> Option<(String, bool)> {
    match site.at {
        At::Expr(_) if site.kind == SiteKind::Call => effect_of_call(program, call_at(program, site)?, wanted),
        At::Expr(id) => first_below(program, site, Node::Expr(id), wanted)
            .or_else(|| effect_of_call(program, call_at(program, site)?, wanted)),
        At::Stmt(id) => match (site.kind, program.module(site.file).stmt(id)) {
            (SiteKind::Catch, Stmt::Try { catch: Some(catch), .. }) => {
                first_below(program, site, Node::Stmt(catch), wanted)
            }
            _ => first_below(program, site, Node::Stmt(id), wanted),
        },
        At::Function(function) => {
            let key = FnKey { file: site.file, function };
            program
                .calls_of(key)
                .find_map(|call| effect_of_call(program, ExprKey { file: site.file, expr: call.expr }, wanted))
        }
        At::Markup(..) | At::File => None,
    }
}

fn first_below(program: &Program, site: Site, root: Node, wanted: Roles) -> Option<(String, bool)> {
    let mut found = None;
    visit::walk(program.module(site.file), root, &mut |node| {
        if let (None, Node::Expr(expr)) = (&found, node) {
            found = effect_of_call(program, ExprKey { file: site.file, expr }, wanted);
        }
        found.is_none()
    });
    found
}

/// What one call does of the wanted roles, itself or through what it calls and runs.
pub(super) fn effect_of_call(program: &Program, at: ExprKey, wanted: Roles) -> Option<(String, bool)> {
    let call = program.call(at)?;
    let (mut does, mut guessed) = (call.roles, call.guessed);
    let callee = match call.callee {
        Origin::Function(key) => vec![key],
        _ => Vec::new(),
    };
    let callbacks = program.args(at).iter().flat_map(|arg| program.functions_in(at.file, arg.value));
    for key in callee.into_iter().chain(callbacks) {
        let summary = program.summary(key);
        guessed = (guessed | summary.guessed) & !(does & !guessed) & !(summary.does & !summary.guessed);
        does |= summary.does;
    }
    let hits = does & wanted;
    (hits != 0).then(|| (doer(program, at, wanted).unwrap_or_else(|| call.written.clone()), hits & !guessed == 0))
}

/// What does it where the call itself only runs its callback (`Array.from(list, ask)`): the first call of
/// the callback that does.
fn doer(program: &Program, at: ExprKey, wanted: Roles) -> Option<String> {
    let call = program.call(at)?;
    if call.roles & wanted != 0 || !matches!(call.callee, Origin::Outside(_)) {
        return None;
    }
    let callbacks = program.args(at).iter().flat_map(|arg| program.functions_in(at.file, arg.value));
    callbacks.into_iter().find_map(|key| {
        let does = |call: &&Call| {
            let within = match call.callee {
                Origin::Function(callee) => program.summary(callee).does,
                _ => 0,
            };
            (call.roles | within) & wanted != 0
        };
        program.calls_of(key).find(does).map(|call| call.written.clone())
    })
}

/// Whether a catch neither throws again nor answers.
fn absorbs(program: &Program, site: Site) -> bool {
    let At::Stmt(id) = site.at else { return false };
    !program.passes(site.file, id, &crate::program::escape::Class::Unknown)
}

/// Whether a catch reads the error that it caught.
fn uses_error(program: &Program, site: Site) -> bool {
    let At::Stmt(id) = site.at else { return false };
    match program.module(site.file).stmt(id) {
        Stmt::Try { param: Some(binding), .. } => !program.file(site.file).facts.reads(binding).is_empty(),
        _ => false,
    }
}
