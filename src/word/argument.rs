//! `argument`: what a call is given: a literal zero, a number that is too small, an option that is not
//! there, something that comes from elsewhere.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, call_at, confidence};
use crate::finding::Confidence;
use crate::program::literal::Fields;
use crate::program::{ExprKey, FileId, Origin, Program, Site, SiteKind};
use crate::syntax::{Expr, ExprId};

pub(super) const WORD: Word = Word {
    name: "argument",
    sites: &[SiteKind::Call, SiteKind::Element],
    parameters: &[
        Parameter { name: "at", values: Values::Number, required: false },
        Parameter { name: "name", values: Values::Glob, required: false },
        Parameter { name: "is", values: Values::Glob, required: false },
        Parameter { name: "below", values: Values::Number, required: false },
        Parameter { name: "lacks", values: Values::Glob, required: false },
        Parameter { name: "from", values: Values::Role, required: false },
    ],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 2,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let Some(call) = call_at(program, site) else { return Answer::No("this is no call".into()) };
    if !parameters.get("lacks").is_empty() {
        return lacks(program, call, parameters);
    }
    for (file, value) in candidates(program, call, parameters) {
        if let Some((text, guessed)) = fits(program, file, value, parameters) {
            return Answer::Yes(vec![Evidence::new(confidence(guessed)).capture("value", text)]);
        }
    }
    Answer::No("no argument is that".into())
}

/// The values that are spoken of: arguments by their place, fields of object arguments by their name;
/// all arguments if neither is said.
fn candidates(program: &Program, call: ExprKey, parameters: &Parameters) -> Vec<(FileId, ExprId)> {
    let args = program.args(call);
    let places: Vec<usize> = parameters.get("at").iter().filter_map(|at| at.parse().ok()).collect();
    let by_name = !parameters.get("name").is_empty();
    let mut values = Vec::new();
    for (at, arg) in args.iter().enumerate().filter(|(_, arg)| !arg.spread) {
        if places.contains(&at) || places.is_empty() && !by_name {
            values.push((call.file, arg.value));
        }
        if by_name && let Some(Fields { list, .. }) = program.fields(call.file, arg.value) {
            let named = list.into_iter().filter(|(name, ..)| parameters.is_like("name", name));
            values.extend(named.map(|(_, file, value)| (file, value)));
        }
    }
    values
}

/// Whether a value is what is asked for, as text, and whether that is a guess.
fn fits(program: &Program, file: FileId, value: ExprId, parameters: &Parameters) -> Option<(String, bool)> {
    let number = program.number(file, value);
    let written = || match number {
        Some(number) => number.to_string(),
        None => program.literal_text(file, value).unwrap_or_default().to_owned(),
    };
    if !parameters.get("is").is_empty() {
        let known = number.is_some() || program.literal_text(file, value).is_some();
        return (known && parameters.is_like("is", &written())).then(|| (written(), false));
    }
    if let Some(limit) = parameters.get("below").first() {
        let limit: f64 = limit.parse().ok()?;
        return (number? < limit).then(|| (written(), false));
    }
    if !parameters.get("from").is_empty() {
        return comes_from(program, file, value, parameters);
    }
    Some((written(), false))
}

/// Whether a value is reached from something of a role, or that a glob names: the thing itself, what a
/// call of it gives, or a part of that.
fn comes_from(program: &Program, file: FileId, value: ExprId, parameters: &Parameters) -> Option<(String, bool)> {
    let wanted: Vec<&str> = parameters.get("from").iter().map(String::as_str).collect();
    let roles = program.models.roles(&wanted);
    let Origin::Outside(text) = program.origin(file, value) else { return None };
    let ends = text.match_indices(['.', '(', '[']).map(|(at, _)| at).chain([text.len()]);
    let mut starts = ends.map(|end| &text[..end]);
    let found = starts.any(|start| {
        parameters.is_like("from", start) || roles != 0 && program.models.roles_of_call(start).0 & roles != 0
    });
    found.then(|| (text.clone(), false))
}

/// Whether an option is surely not given: the options are at hand without it, or left out.
fn lacks(program: &Program, call: ExprKey, parameters: &Parameters) -> Answer {
    let args = program.args(call);
    let no = |why: &'static str| Answer::No(why.into());
    if args.iter().any(|arg| arg.spread) {
        return no("its arguments are spread");
    }
    let places = parameters.get("at").iter().filter_map(|at| at.parse::<usize>().ok());
    let asked: Vec<usize> = places.collect();
    for (at, arg) in args.iter().enumerate() {
        if !asked.is_empty() && !asked.contains(&at) {
            continue;
        }
        let plain = matches!(
            program.module(call.file).expr(arg.value),
            Expr::Closure(_) | Expr::Text(_) | Expr::Number(_) | Expr::Template(_) | Expr::Undefined | Expr::Null
        );
        match program.fields(call.file, arg.value) {
            _ if plain => {}
            Some(fields) if fields.list.iter().any(|(name, ..)| parameters.is_like("lacks", name)) => {
                return no("the option is there");
            }
            Some(fields) if !fields.others => {}
            _ => return no("nobody knows all the options"),
        }
    }
    Answer::plain(Confidence::High)
}
