//! `name`: how the site is called: the variable that is read, the function, the element of markup.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word};
use crate::finding::Confidence;
use crate::program::{At, Program, Site, SiteKind};
use crate::syntax::Expr;

pub(super) const WORD: Word = Word {
    name: "name",
    sites: &[SiteKind::EnvRead, SiteKind::Function, SiteKind::Tag],
    parameters: &[Parameter { name: "", values: Values::Glob, required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 0,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let Some(name) = name_of(context.program, site) else { return Answer::No("it has no name".into()) };
    if !parameters.is_like("", &name) {
        return Answer::No(if context.explain {
            format!("`{name}` is not among {}", parameters.main().join(", ")).into()
        } else {
            "it is called something else".into()
        });
    }
    Answer::Yes(vec![Evidence::new(Confidence::High).capture("name", name)])
}

/// The name of a site, if it has one.
pub(super) fn name_of(program: &Program, site: Site) -> Option<String> {
    if site.kind == SiteKind::Tag
        && let Some(element) = program.element_of_markup(site)
    {
        return Some(element.name);
    }
    if let At::Function(function) = site.at {
        let module = program.module(site.file);
        return module.function(function).name.map(|name| module.name(name).to_owned());
    }
    let At::Expr(expr) = site.at else { return None };
    let module = program.module(site.file);
    match (site.kind, module.expr(expr)) {
        (SiteKind::EnvRead, _) => program.env_read(site.file, expr).map(str::to_owned),
        (SiteKind::Tag, Expr::Tag(tag)) => Some(module.name(module.tags[tag.index()].name).to_owned()),
        _ => None,
    }
}
