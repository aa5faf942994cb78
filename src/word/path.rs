//! `path`: the file is one of these.

use super::{Answer, Ask, Context, Parameter, Parameters, Values, Word};
use crate::finding::Confidence;
use crate::program::{FileId, SiteKind};

pub(super) const WORD: Word = Word {
    name: "path",
    sites: SiteKind::EVERY,
    parameters: &[Parameter { name: "", values: Values::Path, required: true }],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 0,
    upwards: false,
    ask: Ask::File(ask),
};

fn ask(context: Context<'_>, file: FileId, parameters: &Parameters) -> Answer {
    let path = &context.program.file(file).path;
    if parameters.is_path(path) {
        Answer::plain(Confidence::High)
    } else if context.explain {
        Answer::No(format!("{path} is not among {}", parameters.main().join(", ")).into())
    } else {
        Answer::No("the file is another one".into())
    }
}
