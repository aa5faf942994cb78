//! `key`: a field of an object literal, or an attribute of a tag, by its name and value.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::{At, Site, SiteKind};

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
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let At::Expr(expr) = site.at else { return Answer::No("it has no fields".into()) };
    let Some(fields) = program.fields(site.file, expr) else { return Answer::No("it has no fields".into()) };
    for (name, file, value) in &fields.list {
        // Headers and attributes do not tell capitals apart; neither does this word.
        if !parameters.is_like("name", &name.to_lowercase()) {
            continue;
        }
        let text = program.literal_text(*file, *value);
        let fits =
            parameters.get("is").is_empty() || text.is_some_and(|text| parameters.is_like("is", &text.to_lowercase()));
        if fits {
            let place = place_of(program, *file, program.module(*file).expr_span(*value));
            let label = Label { role: Role::Context, place, text: format!("`{name}` is given here") };
            let evidence = Evidence::new(Confidence::High).capture("key", name).capture("value", text.unwrap_or(""));
            return Answer::Yes(vec![evidence.label(label)]);
        }
    }
    Answer::No("it has no such field".into())
}
