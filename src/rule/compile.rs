//! Fills the knobs of a rule and fixes the order in which its words are asked.
//!
//! In: a [`Rule`] and the values of knobs. Out: a [`CompiledRule`], which `join` asks of a program.
//!
//! The order of asking is not the order of the sentence: cheap words go first where that cannot
//! change what is found. A word that gives something stays where it is written, and no other passes
//! it, so that every word hears the same as in the written order; only words of cost 0 that give
//! nothing, which look at the site alone, go before all.

use super::check::allowed;
use super::knob::{self, Knobs};
use super::sentence::{Condition, Rule, Sentence};
use super::template::Template;
use crate::finding::Severity;
use crate::fix::Fix;
use crate::program::SiteKind;
use crate::word::{Parameters, Word};

/// A rule, ready to be asked.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    /// Its id.
    pub id: String,
    /// Its sentences: alternatives.
    pub sentences: Vec<CompiledSentence>,
}

impl CompiledRule {
    /// The same rule with one severity for all it finds, whatever its levels say.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        for sentence in &mut self.sentences {
            sentence.severity = severity;
            sentence.level.clear();
        }
        self
    }
}

/// A sentence, ready to be asked.
#[derive(Debug, Clone)]
pub struct CompiledSentence {
    /// How much a finding matters.
    pub severity: Severity,
    /// What it looks at.
    pub flags: SiteKind,
    /// What must hold.
    pub when: Clause,
    /// What silences it.
    pub unless: Clause,
    /// What changes the severity.
    pub level: Vec<(Clause, Severity)>,
    /// What happens.
    pub message: Template,
    /// What to do.
    pub help: Template,
    /// How the text can be mended.
    pub fix: Option<Fix>,
    /// Whether any of its words looks at callers: then what it finds may be new where nothing differs.
    pub upwards: bool,
}

/// Conditions with their order of asking.
#[derive(Debug, Clone, Default)]
pub struct Clause {
    /// The conditions in the order of the sentence.
    pub conditions: Vec<Asked>,
    /// Their indices in the order of asking.
    pub order: Vec<usize>,
    /// Whether a word among them, or in one of their relations, looks at callers.
    pub upwards: bool,
}

/// One condition, ready to be asked.
#[derive(Clone)]
pub struct Asked {
    /// The word.
    pub word: &'static Word,
    /// As it is written in the page.
    pub text: String,
    /// Its parameters.
    pub parameters: Parameters,
    /// Whether a parameter stands for nothing (an empty knob), so that the condition never holds.
    pub never: bool,
    /// For a relation: the other sites.
    pub relation: Option<Other>,
}

impl Asked {
    /// Whether its word, or one in its relation, looks at callers.
    pub fn upwards(&self) -> bool {
        self.word.upwards || self.relation.as_ref().is_some_and(|other| other.when.upwards || other.unless.upwards)
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// What is said of the other sites of a relation.
#[derive(Debug, Clone)]
pub struct Other {
    /// Their kind.
    pub site: SiteKind,
    /// What must hold of one of them.
    pub when: Clause,
    /// What must not hold of that one.
    pub unless: Clause,
}

/// A knob's value that a word does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not allowed in `{condition}` of `{rule}`: {expected}")]
pub struct KnobError {
    /// The rule.
    pub rule: String,
    /// The knobs in the text; one of them has the value.
    pub knobs: Vec<String>,
    /// The condition, as the page has it.
    pub condition: String,
    /// The value.
    pub value: String,
    /// What is allowed.
    pub expected: String,
}

/// Fills in the knobs: `set` before the page's own defaults, those before the shared ones.
///
/// # Errors
/// The first value that a word does not take.
pub fn compile(rule: &Rule, set: &Knobs) -> Result<CompiledRule, KnobError> {
    let mut knobs = knob::shared();
    knobs.extend(rule.knobs.clone());
    knobs.extend(set.clone());
    let compiler = Compiler { rule: &rule.id, knobs: &knobs };
    let sentences = rule.sentences.iter().map(|sentence| compiler.sentence(sentence)).collect::<Result<_, _>>()?;
    Ok(CompiledRule { id: rule.id.clone(), sentences })
}

struct Compiler<'a> {
    rule: &'a str,
    knobs: &'a Knobs,
}

impl Compiler<'_> {
    fn sentence(&self, sentence: &Sentence) -> Result<CompiledSentence, KnobError> {
        let level = sentence.level.iter().map(|level| Ok((self.clause(&level.when)?, level.is)));
        let level = level.collect::<Result<Vec<_>, _>>()?;
        let when = self.clause(&sentence.when)?;
        let unless = self.clause(&sentence.unless)?;
        let upwards = when.upwards || unless.upwards || level.iter().any(|(clause, _)| clause.upwards);
        Ok(CompiledSentence {
            severity: sentence.severity,
            flags: sentence.flags,
            when,
            unless,
            level,
            upwards,
            message: sentence.message.with_knobs(self.knobs),
            help: sentence.help.with_knobs(self.knobs),
            fix: sentence.fix.clone(),
        })
    }

    fn clause(&self, conditions: &[Condition]) -> Result<Clause, KnobError> {
        let conditions = conditions.iter().map(|condition| self.asked(condition)).collect::<Result<Vec<_>, _>>()?;
        let words: Vec<_> = conditions.iter().map(|condition| condition.word).collect();
        let upwards = conditions.iter().any(Asked::upwards);
        Ok(Clause { order: order(&words), conditions, upwards })
    }

    fn asked(&self, condition: &Condition) -> Result<Asked, KnobError> {
        let mut parameters = Vec::new();
        let mut never = false;
        for (name, values) in &condition.parameters {
            let mut texts = Vec::new();
            for value in values {
                let error = |value: String, expected: String, text: &str| KnobError {
                    rule: self.rule.to_owned(),
                    knobs: knob::names(text).into_iter().map(str::to_owned).collect(),
                    condition: condition.text.clone(),
                    value,
                    expected,
                };
                let expanded = knob::expand(&value.text, self.knobs).map_err(|count| {
                    let most = format!("it stands for {count} values, at most {} are", crate::limits::KNOB_VALUES);
                    error(value.text.clone(), most, &value.text)
                })?;
                let takes = condition.word.parameters.iter().find(|parameter| parameter.name == name);
                for text in &expanded {
                    if let Some(Err(expected)) = takes.map(|parameter| allowed(parameter.values, text)) {
                        return Err(error(text.clone(), expected, &value.text));
                    }
                }
                texts.extend(expanded);
            }
            never |= texts.is_empty();
            parameters.push((name.clone(), texts));
        }
        let relation = match &condition.relation {
            Some(relation) => Some(Other {
                site: relation.site,
                when: self.clause(&relation.when)?,
                unless: self.clause(&relation.unless)?,
            }),
            None => None,
        };
        let text = condition.text.clone();
        Ok(Asked { word: condition.word, text, parameters: Parameters::new(parameters), never, relation })
    }
}

/// The order of asking: repeatedly the cheapest word that may go next, the first of equals.
fn order(words: &[&'static Word]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..words.len()).collect();
    let mut order = Vec::with_capacity(words.len());
    while !left.is_empty() {
        let gives = |at: usize| !words[at].gives.is_empty();
        let may_go = |at: usize| {
            let passes = left[..at].iter().any(|other| gives(*other)) || (at > 0 && gives(left[at]));
            !passes || (words[left[at]].cost == 0 && !gives(left[at]))
        };
        let next = (0..left.len()).filter(|at| may_go(*at)).min_by_key(|at| (words[left[*at]].cost, *at));
        // The first one left may always go.
        order.push(left.remove(next.unwrap_or(0)));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::word::{Answer, Ask, Binding};

    const fn word(name: &'static str, cost: u8, gives: &'static [Binding]) -> Word {
        let ask = Ask::Test(|_, _, _, _| Answer::No(std::borrow::Cow::Borrowed("")));
        Word { name, sites: &[], parameters: &[], gives, needs: &[], uses: &[], cost, upwards: false, ask }
    }
    static SITE: Word = word("site", 0, &[]);
    static CHEAP: Word = word("cheap", 1, &[]);
    static DEAR: Word = word("dear", 9, &[]);
    static GIVER: Word = word("giver", 5, &[Binding::Route]);

    #[test]
    fn cheap_words_go_first_where_the_order_is_free() {
        assert_eq!(order(&[&DEAR, &CHEAP, &SITE]), [2, 1, 0]);
        assert_eq!(order(&[&GIVER, &CHEAP, &SITE]), [2, 0, 1]);
        assert_eq!(order(&[&DEAR, &GIVER, &CHEAP]), [0, 1, 2]);
        assert_eq!(order(&[&CHEAP, &CHEAP]), [0, 1]);
    }
}
