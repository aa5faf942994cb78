//! `licence`: what the licence of a package allows, as an SPDX expression.
//!
//! Licences are facts of manifests alone, which is why one rule has a word for itself.

use super::{Answer, Ask, Bound, Context, Evidence, Parameter, Parameters, Values, Word, place_of};
use crate::finding::{Confidence, Label, Role};
use crate::program::{Site, SiteKind};
use crate::text::Span;
use spdx::{Expression, ParseMode};

pub(super) const WORD: Word = Word {
    name: "licence",
    sites: &[SiteKind::Manifest],
    parameters: &[
        Parameter { name: "", values: Values::Glob, required: false },
        Parameter { name: "outside", values: Values::Glob, required: false },
    ],
    gives: &[],
    needs: &[],
    uses: &[],
    cost: 1,
    upwards: false,
    ask: Ask::Test(ask),
};

fn ask(context: Context<'_>, site: Site, parameters: &Parameters, _: &Bound) -> Answer {
    let program = context.program;
    let Some(licence) = program.manifest(site.file).and_then(crate::syntax::manifest::Manifest::licence) else {
        return Answer::No("it says nothing of a licence".into());
    };
    let within = |name: &str| is_within(&licence, &|id| parameters.is_like(name, id));
    let holds = match (parameters.main().is_empty(), parameters.get("outside").is_empty()) {
        (false, _) => within(""),
        (true, false) => !within("outside"),
        (true, true) => true,
    };
    if !holds {
        return Answer::No(format!("its licence is {licence}").into());
    }
    let mut evidence = Evidence::new(Confidence::High).capture("licence", &licence);
    let text = &program.file(site.file).source.text;
    if let Some(start) = text.find("\"license") {
        let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
        let place = place_of(program, site.file, Span::new(start as u32, end as u32));
        evidence = evidence.label(Label { role: Role::Cause, place, text: "the licence".to_owned() });
    }
    Answer::Yes(vec![evidence])
}

/// Whether the licences that `allowed` takes are enough to use what has this licence. A text that is no
/// expression is a name of its own (`UNLICENSED`, `SEE LICENSE IN ..`).
fn is_within(licence: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) => expression.evaluate(|required| {
            let whole = required.to_string();
            let name = whole.split(" WITH ").next().unwrap_or(&whole);
            allowed(&whole) || allowed(name)
        }),
        Err(_) => allowed(licence),
    }
}
