//! `from`: the calls of a try that may have run before something failed and its catch took over.
//!
//! In: a catch. Out: the calls in the try that something fallible follows, in the order of the text.

use super::receiver::Alike;
use super::{Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place};
use crate::finding::{Confidence, Label, Role};
use crate::program::promise::Fate;
use crate::program::{At, ExprKey, Program, Site, SiteKind};
use crate::syntax::visit::{self, Node};
use crate::syntax::{LoopKind, Stmt, StmtId};

pub(super) const WORD: Word = Word {
    name: "from",
    sites: &[SiteKind::Catch],
    parameters: &[Parameter { name: "same", values: Values::OneOf(&["receiver"]), required: false }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 4,
    upwards: false,
    ask: Ask::Relation(find),
};

fn find(context: Context<'_>, site: Site, kind: SiteKind, parameters: &Parameters, _: &Bound) -> Vec<(Site, Evidence)> {
    let program = context.program;
    let module = program.module(site.file);
    let At::Stmt(id) = site.at else { return Vec::new() };
    let Stmt::Try { body, .. } = module.stmt(id) else { return Vec::new() };
    if kind != SiteKind::Call {
        return Vec::new();
    }
    let alike = Alike::new(context, parameters);
    let mut found = Vec::new();
    visit::walk(module, Node::Stmt(body), &mut |node| {
        if let Node::Expr(expr) = node
            && let Some(call) = program.call(ExprKey { file: site.file, expr })
            && alike.with(program, ExprKey { file: site.file, expr })
            && something_may_fail_after(program, ExprKey { file: site.file, expr }, body)
        {
            let other = Site { file: site.file, at: At::Expr(expr), kind };
            let label = Label {
                role: Role::Context,
                place: place(program, other),
                text: format!("`{}` may have run by then", call.written),
            };
            found.push((other, Evidence::new(Confidence::High).capture("callee", &call.written).label(label)));
        }
        true
    });
    found
}

/// Whether something in the body of the try that may fail comes after the call, perhaps in the next
/// round of a loop.
fn something_may_fail_after(program: &Program, call: ExprKey, body: StmtId) -> bool {
    let module = program.module(call.file);
    let within = module.stmt_span(body);
    let later = program.after(call).iter().copied().any(|expr| {
        let span = module.expr_span(expr);
        within.start <= span.start && span.end <= within.end && may_fail(program, ExprKey { expr, ..call })
    });
    if later {
        return true;
    }
    let parents = &program.file(call.file).parents;
    let around = parents.above(Node::Expr(call.expr)).take_while(|node| *node != Node::Stmt(body));
    for node in around {
        let Node::Stmt(id) = node else { continue };
        let Stmt::Loop { kind, .. } = module.stmt(id) else { continue };
        if !program.goes_round(call, id) {
            continue;
        }
        if kind == LoopKind::ForAwait {
            return true;
        }
        let mut fails = false;
        visit::walk(module, node, &mut |node| {
            if let Node::Expr(expr) = node {
                fails |= may_fail(program, ExprKey { expr, ..call });
            }
            !fails
        });
        if fails {
            return true;
        }
    }
    false
}

/// Whether a failure of this call is thrown here: it is waited for, or known to throw.
fn may_fail(program: &Program, at: ExprKey) -> bool {
    let raised = || program.ways(at).iter().any(|way| matches!(way, Fate::Raised(_)));
    program.call(at).is_some() && raised() && program.can_fail(at)
}
