//! What sentences have in common, so that it is asked once and not once for each of them.
//!
//! In: compiled rules. Out: [`Plan`]: the conditions on whole files, each once however many sentences
//! name it, and for each sentence the condition that can tell at once at which sites it may hold.

use super::compile::{Asked, Clause, CompiledRule, CompiledSentence};
use crate::program::{FileId, Program, Site};
use crate::word::{Answer, Ask, Context, OfFile};

/// What is known of rules before any program is looked at.
pub struct Plan<'a> {
    rules: Vec<Planned<'a>>,
    of_files: Vec<(OfFile, &'a Asked)>,
}

/// A rule with its sentences.
pub type Planned<'a> = (&'a CompiledRule, Vec<Steps<'a>>);

/// A sentence and how it is asked of a file.
pub struct Steps<'a> {
    /// The sentence.
    pub sentence: &'a CompiledSentence,
    /// Conditions on files that must hold, by number.
    when: Vec<usize>,
    /// Conditions on files that must not.
    unless: Vec<usize>,
    /// The condition that is asked first of every site.
    first: Option<&'a Asked>,
}

/// The conditions on one file that have been asked, and what they said.
pub struct OnFile<'p, 'a> {
    plan: &'p Plan<'a>,
    context: Context<'p>,
    file: FileId,
    known: Vec<Option<bool>>,
}

impl<'a> Plan<'a> {
    /// Looks through rules.
    pub fn new(rules: &'a [CompiledRule]) -> Self {
        let mut plan = Self { rules: Vec::new(), of_files: Vec::new() };
        for rule in rules {
            let steps = rule.sentences.iter().map(|sentence| plan.steps(sentence)).collect();
            plan.rules.push((rule, steps));
        }
        plan
    }

    fn steps(&mut self, sentence: &'a CompiledSentence) -> Steps<'a> {
        let (when, unless) = (self.of_files(&sentence.when), self.of_files(&sentence.unless));
        // Conditions on the file have been asked by then.
        let mut order = sentence.when.order.iter().map(|at| &sentence.when.conditions[*at]);
        Steps { sentence, when, unless, first: order.find(|asked| !matches!(asked.word.ask, Ask::File(_))) }
    }

    fn of_files(&mut self, clause: &'a Clause) -> Vec<usize> {
        let mut numbers = Vec::new();
        for asked in &clause.conditions {
            let Ask::File(test) = asked.word.ask else { continue };
            let is_same = |(_, other): &(OfFile, &Asked)| {
                other.word.name == asked.word.name && other.never == asked.never && other.parameters == asked.parameters
            };
            numbers.push(self.of_files.iter().position(is_same).unwrap_or(self.of_files.len()));
            if numbers.last() == Some(&self.of_files.len()) {
                self.of_files.push((test, asked));
            }
        }
        numbers
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[Planned<'a>] {
        &self.rules
    }

    /// A file, of which nothing has been asked yet.
    pub fn on<'p>(&'p self, context: Context<'p>, file: FileId) -> OnFile<'p, 'a> {
        OnFile { plan: self, context, file, known: vec![None; self.of_files.len()] }
    }
}

impl OnFile<'_, '_> {
    /// Whether a sentence has nothing to say of the file, as words tell that speak of files as a whole.
    pub fn is_idle(&mut self, steps: &Steps<'_>) -> bool {
        steps.unless.iter().any(|number| self.holds(*number)) || !steps.when.iter().all(|number| self.holds(*number))
    }

    fn holds(&mut self, number: usize) -> bool {
        let (test, asked) = self.plan.of_files[number];
        let ask = || !asked.never && matches!(test(self.context, self.file, &asked.parameters), Answer::Yes(_));
        *self.known[number].get_or_insert_with(ask)
    }
}

impl Steps<'_> {
    /// The sites at which the sentence may hold: where its first condition is one that cannot hold, nothing
    /// else would be asked.
    pub fn sieve(&self, program: &Program, sites: &[Site]) -> Option<Vec<Site>> {
        let first = self.first.filter(|first| !first.never)?;
        match first.word.ask {
            Ask::Sieved { sieve, .. } => Some(sieve(program, sites, &first.parameters)),
            Ask::File(_) | Ask::Test(_) | Ask::Relation(_) => None,
        }
    }
}
