//! `entered-by`: the function that holds the site, or that the route of its failure has got to, is
//! reached from an entry of one of these kinds.
//!
//! The costliest word: it searches callers. It is asked last.

use super::{Answer, Ask, Binding, Bound, Context, Evidence, Parameter, Parameters, Values, Word, escapes_to};
use crate::finding::Confidence;
use crate::program::{Site, SiteKind};

pub(super) const WORD: Word = Word {
    name: "entered-by",
    sites: SiteKind::EVERY,
    parameters: &[Parameter {
        name: "",
        values: Values::OneOf(&["event", "request", "webhook", "job", "guard", "delivered", "cut-off"]),
        required: true,
    }],
    gives: &[],
    needs: &[],
    uses: &[Binding::Route],
    cost: 10,
    upwards: true,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, bound: &Bound) -> Answer {
    let program = context.program;
    // A failure that is followed outwards is asked about where it has got to: others may enter further in.
    let outermost = bound.route.as_deref().and_then(|route| route.calls.last());
    let from = outermost.map_or_else(|| program.function_at(site), |call| program.function_of(*call));
    let entries = program.entries_above(from);
    let found = entries.iter().find(|entry| parameters.main().contains(&entry.kind));
    match (found, entries.first()) {
        (Some(entry), _) => {
            let confidence = if entry.by_name { Confidence::Medium } else { Confidence::High };
            let name = escapes_to::handler_name(program, entry);
            Answer::Yes(vec![Evidence::new(confidence).capture("entry", name).capture("event", &entry.kind)])
        }
        (None, Some(entry)) => Answer::No(
            format!("it is entered by {}, a {}", escapes_to::handler_name(program, entry), entry.kind).into(),
        ),
        (None, None) => Answer::No("no entry that is known leads here".into()),
    }
}
