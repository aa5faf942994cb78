//! `larger-than`: the change adds more lines, or touches more files, than this.
//!
//! Size is a fact of changes alone, which is why one rule has a word for itself.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word};
use crate::finding::Confidence;
use crate::model::Patterns;
use crate::program::{Site, SiteKind};

pub(super) const WORD: Word = Word {
    name: "larger-than",
    sites: &[SiteKind::Change],
    parameters: &[
        Parameter { name: "lines", values: Values::Number, required: false },
        Parameter { name: "files", values: Values::Number, required: false },
        Parameter { name: "in", values: Values::Path, required: false },
        Parameter { name: "except", values: Values::Path, required: false },
    ],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 1,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, _: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let patterns = |name: &str| Patterns::paths(parameters.get(name)).unwrap_or_default();
    let (only, except) = (patterns("in"), patterns("except"));
    let all = parameters.get("in").is_empty();
    let counts = |path: &str| (all || only.matches(path)) && !except.matches(path);
    let added = &context.program.changed.added;
    let (mut lines, mut files) = (0u32, 0u32);
    for (_, added) in added.iter().filter(|(path, _)| counts(path)) {
        lines = lines.saturating_add(*added);
        files += 1;
    }
    let most = |name: &str| parameters.get(name).iter().filter_map(|value| value.parse::<u32>().ok()).min();
    if most("lines").is_some_and(|most| lines > most) || most("files").is_some_and(|most| files > most) {
        let evidence = Evidence::new(Confidence::High);
        return Answer::Yes(vec![evidence.capture("lines", lines.to_string()).capture("files", files.to_string())]);
    }
    Answer::No(format!("it adds {lines} lines in {files} files").into())
}
