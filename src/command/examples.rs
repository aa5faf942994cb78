//! The examples of pages, run through the same stages as any change.
//!
//! In: pages. Out: one [`Trial`] for each example, which says whether the rule does what the page
//! shows: the expected findings in bad examples; silence in good ones, and silence for one reason.

use crate::git;
use crate::pipeline::{Catalogue, Error, Log, Programs, Setup, load};
use crate::program::Program;
use crate::rule::builtin::Loaded;
use crate::rule::example::Example;
use crate::rule::examples::{self, Found};
use crate::rule::near_miss::near_miss;
use crate::rule::page::Page;
use crate::settings::FILE;
use crate::syntax::load::Nothing;

/// One thing that a page shows.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The page's path and the example's title.
    pub name: String,
    part: Part,
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Bad(usize),
    Good(usize),
    Knobs,
}

impl Trial {
    /// Whether it is an example of the page, not something about the page as a whole.
    pub fn is_example(&self) -> bool {
        !matches!(self.part, Part::Knobs)
    }
}

/// What is to be tried of a page, in its order.
pub fn trials(loaded: &Loaded) -> Vec<Trial> {
    let page = &loaded.page;
    let trial = |what: &str, title: &str, part| Trial { name: format!("{}: {what}{title}", page.path), part };
    let bad = page.bad.iter().enumerate().map(|(at, example)| trial("bad: ", &example.title, Part::Bad(at)));
    let good = page.good.iter().enumerate().map(|(at, example)| trial("good: ", &example.title, Part::Good(at)));
    bad.chain(good).chain([trial("every knob is set by an example", "", Part::Knobs)]).collect()
}

/// Runs one trial. `pages` are all pages, as path and text: settings in an example may speak of any
/// rule.
///
/// # Errors
/// What is wrong; several lines.
pub fn run(loaded: &Loaded, trial: &Trial, pages: &[(String, String)]) -> Result<(), String> {
    let page = &loaded.page;
    let gate = |page: &Page, example: &Example| judge(page, example, pages).map_err(|error| describe(&error));
    let one = |examples: &[Example], at: usize| examples.get(at).map_or(Ok(()), |it| examples::run(page, it, &gate));
    match trial.part {
        Part::Bad(at) => one(&page.bad, at),
        Part::Good(at) => {
            one(&page.good, at)?;
            page.good.get(at).map_or(Ok(()), |example| near(page, example, pages))
        }
        Part::Knobs => {
            let unset = examples::unset_knobs(page, &loaded.rule);
            if unset.is_empty() { Ok(()) } else { Err(format!("no example sets {}", unset.join(", "))) }
        }
    }
}

/// An error in one text.
fn describe(error: &Error) -> String {
    let related = miette::Diagnostic::related(error).into_iter().flatten();
    related.fold(error.to_string(), |text, more| format!("{text}; {more}"))
}

fn setup(page: &Page, example: &Example, pages: &[(String, String)]) -> Result<Setup, Error> {
    let catalogue = Catalogue::of(pages.iter().map(|(path, text)| (path.as_str(), text.as_str())))?;
    let settings = example.settings.as_deref().map(|text| (FILE, text));
    let mut setup = Setup::new(catalogue, settings, &[])?;
    setup.rules.retain(|rule| rule.id == page.id);
    Ok(setup)
}

/// The findings that count.
fn judge(page: &Page, example: &Example, pages: &[(String, String)]) -> Result<Vec<Found>, Error> {
    let setup = setup(page, example, pages)?;
    let (change, reader) = git::compare_texts(&example.base, &example.head)?;
    let report = crate::judge(&change, &reader, &setup, &crate::View::default(), &mut Log::default());
    let counting = report.findings.iter().filter(|judged| judged.verdict.counts());
    let found = counting.map(|judged| Found {
        rule: judged.finding.rule.clone(),
        path: judged.finding.place.path.clone(),
        line: report.positions(&judged.finding.place).0.line,
        message: judged.finding.message.clone(),
        help: judged.finding.help.clone(),
    });
    // An example that is only half read shows nothing.
    if let Some(gap) = report.not_analysed.first() {
        return Err(Error::Unreadable { path: gap.path.clone(), why: gap.reason.clone() });
    }
    Ok(found.collect())
}

/// Whether a good example is silent for the one reason that it shows.
fn near(page: &Page, example: &Example, pages: &[(String, String)]) -> Result<(), String> {
    let at = format!("{}:{}: `{}`", page.path, example.line, example.title);
    let programs = || {
        let setup = setup(page, example, pages)?;
        let (change, reader) = git::compare_texts(&example.base, &example.head)?;
        let mut loaded = load(&change, &reader, &setup, &Nothing, &mut Log::default());
        Ok((Programs::build(&change, &reader, &mut loaded, &setup), setup))
    };
    let (programs, setup) =
        programs().map_err(|error: Error| format!("{at} could not be run: {}", describe(&error)))?;
    let Some(rule) = setup.rules.first() else { return Ok(()) };
    near_miss(rule, &programs.head, Program::sites)
        .map(|_| ())
        .map_err(|far| format!("{at} is silent, but not because of what it shows: {far}"))
}
