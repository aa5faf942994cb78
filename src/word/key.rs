//! `key`: a field of an object literal, or an attribute of a tag, by its name and value.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::{At, FileId, Program, Site, SiteKind};
use crate::syntax::{Expr, ExprId};

pub(super) const WORD: Word = Word {
    name: "key",
    sites: &[SiteKind::Object, SiteKind::Tag],
    parameters: &[
        Parameter { name: "name", values: Values::Glob, required: true },
        Parameter { name: "is", values: Values::Glob, required: false },
    ],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 1,
    upwards: false,
    ask: Ask::Test(ask),
};

/// Values that one conditional value is looked for.
const BRANCHES: usize = 16;

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    // Headers and attributes do not tell capitals apart; neither does this word, unless it names some.
    let is_like = |parameter: &str, text: &str| {
        parameters.is_like(parameter, text) || parameters.is_like(parameter, &text.to_lowercase())
    };
    let fits = |text: &str| parameters.get("is").is_empty() || is_like("is", text);
    if let Some(element) = program.element_of_markup(site) {
        let mut attributes = element.attributes.iter();
        return match attributes.find(|(name, value)| is_like("name", name) && fits(value)) {
            Some((name, value)) => {
                Answer::Yes(vec![Evidence::new(Confidence::High).capture("key", name).capture("value", value)])
            }
            None => Answer::No("it has no such attribute".into()),
        };
    }
    let At::Expr(expr) = site.at else { return Answer::No("it has no fields".into()) };
    let Some(fields) = program.fields(site.file, expr) else { return Answer::No("it has no fields".into()) };
    for (name, file, value) in &fields.list {
        if !is_like("name", name) {
            continue;
        }
        let texts = texts(program, *file, *value);
        if let Some(text) = texts.iter().find(|text| fits(text)).or(texts.first().filter(|_| fits(""))) {
            let place = place_of(program, *file, program.module(*file).expr_span(*value));
            let label = Label { role: Role::Context, place, text: format!("`{name}` is given here") };
            let evidence = Evidence::new(Confidence::High).capture("key", name).capture("value", *text);
            return Answer::Yes(vec![evidence.label(label)]);
        }
    }
    Answer::No("it has no such field".into())
}

/// The texts that a value may be, of both sides of a choice; one empty text where it is no literal.
fn texts(program: &Program, file: FileId, value: ExprId) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match program.module(file).expr(value) {
            Expr::Choose { yes, no, .. } if texts.len() + left.len() < BRANCHES => left.extend([no, yes]),
            Expr::Logic { left: one, right, .. } if texts.len() + left.len() < BRANCHES => left.extend([right, one]),
            Expr::Bool(true) => texts.push("true"),
            Expr::Bool(false) => texts.push("false"),
            _ => texts.push(program.literal_text(file, value).unwrap_or_default()),
        }
    }
    texts
}
