//! `path`: the file is one of these.

use super::{Answer, Ask, Bound, Context, Parameter, Parameters, Values, Word};
use crate::finding::Confidence;
use crate::program::{Site, SiteKind};

pub(super) const WORD: Word = Word {
    name: "path",
    sites: SiteKind::EVERY,
    parameters: &[Parameter { name: "", values: Values::Path, required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 0,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let path = &context.program.file(site.file).path;
    if parameters.is_path(path) {
        Answer::plain(Confidence::High)
    } else if context.explain {
        Answer::No(format!("{path} is not among {}", parameters.main().join(", ")).into())
    } else {
        Answer::No("the file is another one".into())
    }
}
