//! `named-in`: the name of the site stands, as a whole word, in one of these files.
//!
//! In: a site with a name. The files need be neither code nor loaded; only names that get here are
//! looked for, so that most runs read none of them.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, name};
use crate::finding::Confidence;
use crate::model::Patterns;
use crate::program::{Site, SiteKind};
use crate::source::At;
use std::sync::OnceLock;

pub(super) const WORD: Word = Word {
    name: "named-in",
    sites: &[SiteKind::EnvRead, SiteKind::Tag],
    parameters: &[
        Parameter { name: "", values: Values::Path, required: false },
        Parameter { name: "files", values: Values::Path, required: false },
        Parameter { name: "on", values: Values::OneOf(&["base", "head"]), required: false },
    ],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 6,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let Some(name) = name::name_of(context.program, site) else { return Answer::No("it has no name".into()) };
    let globs = [parameters.main(), parameters.get("files")].concat();
    let at = parameters.get("on").first().map(|on| if on == "base" { At::Base } else { At::Head });
    // Compiled only for the first name that is looked for in these files.
    let patterns = OnceLock::new();
    let wanted = |path: &str| patterns.get_or_init(|| Patterns::paths(&globs).unwrap_or_default()).matches(path);
    if context.program.has_word(at, &globs.join("\n"), &wanted, &name) {
        return Answer::Yes(vec![Evidence::new(Confidence::High).capture("name", name)]);
    }
    Answer::No(format!("no such file says `{name}`").into())
}
