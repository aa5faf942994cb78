//! `path`: the file is one of these.

use super::{Answer, Ask, Bound, Context, Parameter, Parameters, Values, Word};
use crate::finding::Confidence;
use crate::program::{Site, SiteKind};
use globset::Glob;

pub(super) const WORD: Word = Word {
    name: "path",
    sites: SiteKind::EVERY,
    parameters: &[Parameter { name: "", values: Values::Path, required: true }],
    gives: &[],
    needs: &[],
    cost: 0,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let path = &context.program.file(site.file).path;
    let fits = |glob: &String| Glob::new(glob).is_ok_and(|glob| glob.compile_matcher().is_match(path));
    if parameters.main().iter().any(fits) {
        Answer::plain(Confidence::High)
    } else {
        Answer::No(format!("{path} is not among {}", parameters.main().join(", ")).into())
    }
}
