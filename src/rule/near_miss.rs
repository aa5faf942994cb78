//! Near misses: whether a good example is silent for the reason that it shows.
//!
//! In: the program of a good example and its rule. Out: the one word that holds the rule back there,
//! or an error: an example that is silent because an import was misspelt proves nothing.

use super::compile::{Clause, CompiledRule, CompiledSentence};
use super::join::{Joined, Row, SitesOf, join, silences};
use crate::program::{Program, Site};
use crate::syntax::print::function_path;
use crate::word::{Binding, Bound, Context};

/// Why a good example is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// Every word holds at some site but this one (and those that build on it).
    Word(String),
    /// All hold, and this `unless` silences it.
    Unless(String),
}

/// No site of the example comes near the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Far {
    /// There is nothing to look at.
    #[error("there is no site of the kind that the rule flags ({0})")]
    NoSite(String),
    /// Too many words fail everywhere.
    #[error("the nearest site is {place}, where {held} of {words} words hold; these do not:{failed}")]
    Words {
        /// Where it is.
        place: String,
        /// How many hold.
        held: usize,
        /// How many there are.
        words: usize,
        /// Those that do not, one line each with its reason.
        failed: String,
    },
}

/// Looks for a near miss.
///
/// # Errors
/// The site that comes nearest.
pub fn near_miss(rule: &CompiledRule, program: &Program, sites_of: SitesOf) -> Result<Near, Far> {
    let context = Context { program, explain: true, flagged: None };
    let mut best: Option<(usize, Far)> = None;
    for sentence in &rule.sentences {
        for file in program.file_ids() {
            for site in sites_of(program, file, sentence.flags) {
                let context = Context { flagged: Some(site), ..context };
                if let Some(near) = near(context, sentence, site) {
                    return Ok(near);
                }
                let (missing, far) = far(context, sentence, site);
                if best.as_ref().is_none_or(|(least, _)| missing < *least) {
                    best = Some((missing, far));
                }
            }
        }
    }
    let kinds = || rule.sentences.iter().map(|sentence| sentence.flags.name()).collect::<Vec<_>>().join(", ");
    Err(best.map_or_else(|| Far::NoSite(kinds()), |(_, far)| far))
}

fn near(context: Context<'_>, sentence: &CompiledSentence, site: Site) -> Option<Near> {
    let start = Bound::default();
    let all = join(context, &sentence.when, site, &start, &[]).rows;
    if let Some(row) = all.first() {
        let silent = |row: &Row| silences(context, &sentence.unless, site, &row.bound);
        // A row that nothing silences would be a finding, which the example itself refuses.
        return silent(row).map(|at| Near::Unless(sentence.unless.conditions[at].text.clone()));
    }
    let without =
        |at: &usize| !join(context, &sentence.when, site, &start, &dependents(&sentence.when, *at)).rows.is_empty();
    let at = (0..sentence.when.conditions.len()).find(without)?;
    Some(Near::Word(sentence.when.conditions[at].text.clone()))
}

/// A condition and those after it that build on what nobody else gives.
fn dependents(clause: &Clause, at: usize) -> Vec<usize> {
    let mut out = vec![at];
    let mut given: Vec<Binding> = Vec::new();
    for (index, asked) in clause.conditions.iter().enumerate() {
        let lost = |binding: &Binding| clause.conditions[at].word.gives.contains(binding) && !given.contains(binding);
        let builds_on_it = index > at && asked.word.uses.iter().any(lost);
        if index != at && !builds_on_it && asked.word.needs.iter().all(|need| given.contains(need)) {
            given.extend(asked.word.gives);
        } else if index != at {
            out.push(index);
        }
    }
    out
}

/// How many words fail at a site if each that fails is passed over, and which.
fn far(context: Context<'_>, sentence: &CompiledSentence, site: Site) -> (usize, Far) {
    let start = Bound::default();
    let mut joined = join(context, &Clause::default(), site, &start, &[]);
    let mut failed = String::new();
    let mut missing = 0;
    let mut given: Vec<Binding> = Vec::new();
    for (at, asked) in sentence.when.conditions.iter().enumerate() {
        let reason = if asked.word.needs.iter().all(|need| given.contains(need)) {
            let mut next = Joined { rows: joined.rows.clone(), ..Joined::default() };
            let reason = next.step(context, asked, at, site, &start);
            if reason.is_none() {
                joined = next;
                given.extend(asked.word.gives);
            }
            reason.map(std::borrow::Cow::into_owned)
        } else {
            Some("a word that it builds on does not hold".to_owned())
        };
        if let Some(reason) = reason {
            missing += 1;
            failed.push_str("\n    ");
            failed.push_str(&asked.text);
            failed.push_str(": ");
            failed.push_str(&reason);
        }
    }
    let words = sentence.when.conditions.len();
    let file = context.program.file(site.file);
    let line = file.source.lines.line(context.program.span(site).start);
    let function = function_path(&file.module, context.program.function_at(site).function);
    let inside = if function.is_empty() { String::new() } else { format!(" in `{function}`") };
    let place = format!("the {} at {}:{line}{inside}", sentence.flags.name(), file.path);
    (missing, Far::Words { place, held: words - missing, words, failed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::testing::{compiled, program, sites};

    const RULE: &str = "when = [{ named = \"a\" }, { reaches = \"lost\" }, { ends = \"onOne\" }, { beside = { site = \"call\", when = [{ named = \"b\" }] } }]\nunless = [{ beside = { site = \"call\", when = [{ named = \"guard\" }] } }]\nmessage = \"m\"";

    fn near(text: &str) -> Result<Near, String> {
        near_miss(&compiled(RULE), &program(&[("a.ts", text)]), sites).map_err(|far| far.to_string())
    }

    #[test]
    fn one_word_may_fail_with_those_that_build_on_it() {
        assert_eq!(near("f: x() b()\nonOne: c()"), Ok(Near::Word("named = \"a\"".into())));
        assert_eq!(near("f: a() b()"), Ok(Near::Word("reaches = \"lost\"".into())));
        assert_eq!(near("f: a() b()\nonTwo: c()"), Ok(Near::Word("reaches = \"lost\"".into())));
        let relation = "beside = { site = \"call\", when = [{ named = \"b\" }] }";
        assert_eq!(near("f: a()\nonOne: c()"), Ok(Near::Word(relation.into())));
    }

    #[test]
    fn an_unless_alone_may_silence_it() {
        let unless = "beside = { site = \"call\", when = [{ named = \"guard\" }] }";
        assert_eq!(near("f: a() b() guard()\nonOne: c()"), Ok(Near::Unless(unless.into())));
    }

    #[test]
    fn an_example_that_is_silent_for_two_reasons_is_refused() {
        assert_eq!(
            near("f: x() y()\nonOne: c()").unwrap_err(),
            "the nearest site is the call at a.ts:1 in `f`, where 2 of 4 words hold; these do not:\n    named = \"a\": it is called `x`\n    beside = { site = \"call\", when = [{ named = \"b\" }] }: none fits of 1 that were looked at (call)"
        );
        assert_eq!(near("").unwrap_err(), "there is no site of the kind that the rule flags (call)");
    }
}
