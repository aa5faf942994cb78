//! `rejects-by`: how the callee tells its caller that somebody is not let in: by what it returns, or by
//! throwing.

use super::{
    Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, confidence, place_of,
};
use crate::finding::{Label, Role};
use crate::model::ResponseStatus;
use crate::program::escape::Class;
use crate::program::{ExprKey, FileId, FnKey, Origin, Program, Site, SiteKind};
use crate::syntax::{Expr, ExprId, Key};

pub(super) const WORD: Word = Word {
    name: "rejects-by",
    sites: &[SiteKind::Call, SiteKind::Element],
    parameters: &[Parameter { name: "", values: Values::OneOf(&["return", "response", "throw"]), required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 3,
    upwards: false,
    ask: Ask::Test(ask),
};

/// Functions that hand on what another one returned.
const HANDED_ON: u32 = 3;

/// Fields that say whether somebody is let in.
const VERDICTS: [&str; 8] = ["ok", "valid", "isValid", "success", "authorized", "authenticated", "verified", "allowed"];

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let Some(at) = call_at(program, site) else { return Answer::No("this is no call".into()) };
    let Some(call) = program.call(at) else { return Answer::No("this is no call".into()) };
    let wants = |how: &str| parameters.main().iter().any(|wanted| wanted == how);
    if (wants("return") || wants("response"))
        && let Origin::Function(callee) = call.callee
        && let Some((file, value, sure)) = refusal(program, callee, &call.written)
        && (sure || wants("return"))
    {
        let place = place_of(program, file, program.module(file).expr_span(value));
        let label = Label { role: Role::Context, place, text: "this is how it says no".to_owned() };
        return Answer::Yes(vec![Evidence::new(confidence(!sure)).capture("callee", &call.written).label(label)]);
    }
    if wants("throw") {
        let auth = program.outer_failures(at).into_iter().find(|failure| matches!(failure.class, Class::Auth(_)));
        if let Some(failure) = auth {
            return Answer::Yes(vec![Evidence::new(confidence(failure.guessed)).capture("callee", &call.written)]);
        }
    }
    if !context.explain {
        return Answer::No("nothing shows that it turns somebody away so".into());
    }
    Answer::No(format!("nothing shows that `{}` turns somebody away so", call.written).into())
}

/// A value by which a function tells that somebody is not let in, and whether that is sure: a response
/// with such a status; a plain no where the function has a name for it and also returns something else.
fn refusal(program: &Program, callee: FnKey, written: &str) -> Option<(FileId, ExprId, bool)> {
    let is_check = || program.models.roles_of_name(written) & program.models.roles(&["auth", "verify"]) != 0;
    let mut at = callee;
    for _ in 0..HANDED_ON {
        let returns = program.file(at.file).facts.returns(at.function);
        if let Some(answer) = returns.iter().find(|value| answers_no(program, at.file, **value)) {
            return Some((at.file, *answer, true));
        }
        let module = program.module(at.file);
        let mut verdicts = returns.iter().map(|value| (value, verdict(program, at.file, *value)));
        if let Some((no, _)) = verdicts.clone().find(|(_, verdict)| *verdict == Some(false))
            && verdicts.any(|(_, verdict)| verdict != Some(false))
            && is_check()
        {
            return Some((at.file, *no, false));
        }
        let [only] = returns else { return None };
        let mut value = *only;
        while let Expr::Await(inner) | Expr::Cast { value: inner, .. } | Expr::Chain(inner) = module.expr(value) {
            value = inner;
        }
        match program.call(ExprKey { file: at.file, expr: value })?.callee {
            Origin::Function(next) => at = next,
            _ => return None,
        }
    }
    None
}

/// Whether a value is a response that turns the caller away, and that has to be returned to do so.
fn answers_no(program: &Program, file: FileId, value: ExprId) -> bool {
    let status = program.status_of_value(file, value).filter(|status| !status.guessed);
    if !status.is_some_and(|status| matches!(status.code, Some(401 | 403))) {
        return false;
    }
    // What is written to a response that is at hand is sent, whatever becomes of the value.
    match program.call(ExprKey { file, expr: value }).map(|call| &call.callee) {
        Some(Origin::Outside(text)) => !matches!(program.models.response(text), Some((ResponseStatus::Receiver, _))),
        _ => true,
    }
}

/// What a value says of whether somebody is let in, if it says anything.
fn verdict(program: &Program, file: FileId, value: ExprId) -> Option<bool> {
    let module = program.module(file);
    match module.expr(value) {
        Expr::Bool(value) => Some(value),
        Expr::Object(fields) => {
            module.list(fields).iter().find_map(|field| match (field.key, module.expr(field.value)) {
                (Key::Name(name), Expr::Bool(value)) if VERDICTS.contains(&module.name(name)) => Some(value),
                _ => None,
            })
        }
        _ => None,
    }
}
