//! `promise`: what becomes of the promise that a call makes.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, confidence};
use crate::program::promise::Fate;
use crate::program::{ExprKey, Origin, Program, Site, SiteKind};
use crate::syntax::Expr;
use crate::syntax::visit::Node;

pub(super) const WORD: Word = Word {
    name: "promise",
    sites: &[SiteKind::Call, SiteKind::Element],
    parameters: &[Parameter { name: "", values: Values::OneOf(&["awaited", "returned", "floating"]), required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 2,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let Some(at) = call_at(program, site) else { return Answer::No("this is no call".into()) };
    for wanted in parameters.main() {
        let holds = match wanted.as_str() {
            "awaited" => is_awaited(program, at).then_some(true),
            "returned" => returned(program, at),
            _ => program.floats(at),
        };
        if let Some(sure) = holds {
            let callee = program.call(at).map_or("", |call| call.written.as_str());
            return Answer::Yes(vec![Evidence::new(confidence(!sure)).capture("callee", callee)]);
        }
    }
    Answer::No(if context.explain { why(program, at) } else { "something else becomes of it" }.into())
}

/// Whether every way on begins with an `await`.
fn is_awaited(program: &Program, at: ExprKey) -> bool {
    let module = program.module(at.file);
    let waits =
        |fate: &Fate| matches!(fate, Fate::Raised(Node::Expr(by)) if matches!(module.expr(*by), Expr::Await(_)));
    let fates = program.fates(at);
    !fates.is_empty() && fates.iter().all(waits)
}

/// Whether an `async` function hands the promise on that could have waited for it. A function that
/// calls itself again is not meant: what it hands on has been through the same code.
fn returned(program: &Program, at: ExprKey) -> Option<bool> {
    let owner = program.function_of(at);
    let calls_itself = program.call(at).is_some_and(|call| call.callee == Origin::Function(owner));
    if calls_itself || !program.module(owner.file).function(owner.function).is_async {
        return None;
    }
    let sure = program.makes_promise_of(at)?;
    let fates = program.fates(at);
    (!fates.is_empty() && fates.iter().all(|fate| matches!(fate, Fate::Returned(_)))).then_some(sure)
}

fn why(program: &Program, at: ExprKey) -> &'static str {
    if program.makes_promise_of(at).is_none() {
        return "it is not known to make a promise";
    }
    let fates = program.fates(at);
    let has = |wanted: fn(&Fate) -> bool| fates.iter().any(wanted);
    if has(|fate| matches!(fate, Fate::Handled { .. })) {
        "its rejection is handled"
    } else if has(|fate| matches!(fate, Fate::Raised(_))) {
        "it is awaited"
    } else if has(|fate| matches!(fate, Fate::Returned(_))) {
        "it is handed to the caller"
    } else if has(|fate| matches!(fate, Fate::Floating)) {
        "nobody waits for it"
    } else {
        "it is handed to something else"
    }
}
