//! Why a rule says something at a line, or does not: what every word answered there.
//!
//! In: a rule, a program, a file and a line. Out: [`Why`], plain data that can be written as text.

use super::assemble::{Names, assemble, callee};
use super::compile::{Asked, Clause, CompiledRule, CompiledSentence};
use super::join::{Joined, Row, SitesOf, join, silences};
use super::run::rows;
use crate::finding::{Confidence, Severity};
use crate::program::{FileId, Program, Site, SiteKind};
use crate::text::{nearest, plural};
use crate::word::{Ask, Binding, Bound, Context};

/// Other sites of a relation, and ways in which a word holds, that are told of each condition.
const TOLD: usize = 5;

/// There is nothing to explain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhyError {
    /// The program has no such file.
    #[error("`{path}` is not among the files that were analysed{instead}")]
    NoFile {
        /// The path.
        path: String,
        /// The nearest one, as a question.
        instead: String,
    },
    /// The file is shorter.
    #[error("`{path}` has {}; there is no line {line}", plural(*.lines as usize, "line"))]
    NoLine {
        /// The path.
        path: String,
        /// Its length.
        lines: u32,
        /// The line that was asked for.
        line: u32,
    },
}

/// What a rule makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What each of its sentences makes of it.
    pub sentences: Vec<SentenceWhy>,
}

/// What a sentence makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceWhy {
    /// What it looks at.
    pub flags: SiteKind,
    /// The sites that begin on the line or are reported there; without any, the innermost around it.
    pub sites: Vec<SiteWhy>,
    /// Without a site: the kinds of sites that begin on the line.
    pub kinds: Vec<SiteKind>,
    /// Without a site: the nearest lines with one, nearest first.
    pub lines: Vec<u32>,
}

/// What a sentence makes of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteWhy {
    /// Its file.
    pub path: String,
    /// Its first line, from 1.
    pub line: u32,
    /// Its code, in short.
    pub code: String,
    /// What every condition answered, in the order of the sentence.
    pub steps: Vec<StepWhy>,
    /// What comes of it.
    pub outcome: Outcome,
}

/// To which part of a sentence a condition belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `when`.
    When,
    /// `unless`.
    Unless,
    /// `level`, with its severity.
    Level(Severity),
}

/// What one condition answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepWhy {
    /// Where it stands.
    pub part: Part,
    /// The condition, as the page has it.
    pub text: String,
    /// The answer.
    pub says: Says,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It holds: in how many ways, and some of them.
    Yes(usize, Vec<Way>),
    /// It does not hold: why, and what was said of the other sites of a relation.
    No(String, Vec<String>),
    /// It was not asked, because this is missing.
    NotAsked(&'static str),
}

/// One way in which a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// How sure it is.
    pub confidence: Confidence,
    /// What it captured.
    pub captures: Vec<(String, String)>,
}

/// What comes of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A finding: severity, confidence, message, and the line (from 1) with its path.
    Flagged(Severity, Confidence, String, String, u32),
    /// Nothing: this condition of `when` was the first to say no.
    Stopped(String),
    /// Nothing: this condition of `unless` holds.
    Silenced(String),
}

/// Explains `rule` at `line` (from 1) of the file at `path`.
///
/// # Errors
/// If there is no such file or line.
pub fn why(rule: &CompiledRule, program: &Program, path: &str, line: u32, sites_of: SitesOf) -> Result<Why, WhyError> {
    let Some(file) = program.file_ids().find(|id| program.file(*id).path == path) else {
        let near = nearest(path, program.files.iter().map(|file| file.path.as_str()));
        let instead = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(WhyError::NoFile { path: path.to_owned(), instead });
    };
    let lines = program.file(file).source.lines.len();
    if line == 0 || line > lines {
        return Err(WhyError::NoLine { path: path.to_owned(), lines, line });
    }
    let asker =
        Asker { context: Context { program, explain: true, flagged: None }, rule: &rule.id, file, line, sites_of };
    let sentences = rule.sentences.iter().map(|sentence| asker.sentence(sentence)).collect();
    Ok(Why { rule: rule.id.clone(), path: path.to_owned(), line, sentences })
}

struct Asker<'a> {
    context: Context<'a>,
    rule: &'a str,
    file: FileId,
    line: u32,
    sites_of: SitesOf,
}

impl<'a> Asker<'a> {
    /// The same about one flagged site.
    fn about(&self, site: Site) -> Asker<'a> {
        Asker { context: Context { flagged: Some(site), ..self.context }, ..*self }
    }

    fn sentence(&self, sentence: &CompiledSentence) -> SentenceWhy {
        let program = self.context.program;
        let here = (self.sites_of)(program, self.file, sentence.flags);
        let mut sites: Vec<Site> =
            here.iter().copied().filter(|site| first_line(program, *site) == self.line).collect();
        for site in self.reported(sentence) {
            if !sites.contains(&site) {
                sites.push(site);
            }
        }
        if sites.is_empty() {
            let around = here.iter().copied().filter(|site| self.touches(*site));
            sites.extend(around.min_by_key(|site| {
                let span = program.span(*site);
                (span.end - span.start, *site)
            }));
        }
        let (mut kinds, mut lines) = (Vec::new(), Vec::new());
        if sites.is_empty() {
            let begins = |site: &Site| first_line(program, *site) == self.line;
            let has = |kind: SiteKind| (self.sites_of)(program, self.file, kind).iter().any(begins);
            let spoken = SiteKind::EVERY.iter().copied();
            kinds.extend(spoken.filter(|kind| !matches!(kind, SiteKind::Change | SiteKind::Manifest) && has(*kind)));
            lines.extend(here.iter().map(|site| first_line(program, *site)));
            lines.sort_by_key(|line| (line.abs_diff(self.line), *line));
            lines.dedup();
            lines.truncate(TOLD);
        }
        let mut sites: Vec<SiteWhy> = sites.into_iter().map(|site| self.about(site).site(sentence, site)).collect();
        // What comes nearest to a finding is what somebody asks about.
        sites.sort_by_key(|site| {
            let failed = |step: &&StepWhy| step.part == Part::When && !matches!(step.says, Says::Yes(..));
            (!matches!(site.outcome, Outcome::Flagged(..)), site.steps.iter().filter(failed).count())
        });
        SentenceWhy { flags: sentence.flags, sites, kinds, lines }
    }

    fn touches(&self, site: Site) -> bool {
        let program = self.context.program;
        let span = program.span(site);
        let last = program.file(site.file).source.lines.line(span.end.saturating_sub(1).max(span.start));
        (first_line(program, site)..=last).contains(&self.line)
    }

    /// Sites anywhere whose finding stands on the line: a failure is reported where a guard belongs.
    fn reported(&self, sentence: &CompiledSentence) -> Vec<Site> {
        let program = self.context.program;
        let is_here = |row: &Row| {
            row.bound.primary.is_some_and(|at| at.file == self.file && first_line(program, at) == self.line)
        };
        let sites = program.file_ids().flat_map(|file| (self.sites_of)(program, file, sentence.flags));
        sites.filter(|site| rows(self.about(*site).context, sentence, *site).rows.iter().any(is_here)).collect()
    }

    fn site(&self, sentence: &CompiledSentence, site: Site) -> SiteWhy {
        let program = self.context.program;
        let start = Bound::default();
        let mut steps = Vec::new();
        let stopped = self.clause(&sentence.when, Part::When, site, &start, &mut steps);
        let outcome = if let Some(at) = stopped {
            Outcome::Stopped(sentence.when.conditions[at].text.clone())
        } else {
            self.outcome(sentence, site, &mut steps)
        };
        let code = callee(program, site).filter(|_| matches!(site.kind, SiteKind::Call | SiteKind::Element));
        let code = code.unwrap_or_else(|| first_words(program.text(site.file, program.span(site))));
        let path = program.file(site.file).path.clone();
        SiteWhy { path, line: first_line(program, site), code, steps, outcome }
    }

    /// What comes of a site at which all of `when` holds.
    fn outcome(&self, sentence: &CompiledSentence, site: Site, steps: &mut Vec<StepWhy>) -> Outcome {
        let context = self.context;
        let all = join(context, &sentence.when, site, &Bound::default(), &[]).rows;
        let loud = |row: &&Row| silences(context, &sentence.unless, site, &row.bound).is_none();
        let main = all.iter().find(loud).or(all.first());
        let bound = main.map(|row| row.bound.clone()).unwrap_or_default();
        for asked in &sentence.unless.conditions {
            let mut joined = join(context, &Clause::default(), site, &bound, &[]);
            let says = self.ask(&mut joined, asked, 0, site, &bound);
            steps.push(StepWhy { part: Part::Unless, text: asked.text.clone(), says });
        }
        let left: Vec<Row> = all.iter().filter(loud).cloned().collect();
        let Some(assembled) = assemble(context, &mut Names::new(), self.rule, sentence, site, &left) else {
            let at = silences(context, &sentence.unless, site, &bound).unwrap_or_default();
            let text = sentence.unless.conditions.get(at).map(|asked| asked.text.clone());
            return Outcome::Silenced(text.unwrap_or_default());
        };
        for (when, severity) in &sentence.level {
            if self.clause(when, Part::Level(*severity), site, &bound, steps).is_none() {
                break;
            }
        }
        let finding = assembled.finding;
        let files = context.program.files.iter().find(|file| file.path == finding.place.path);
        let line = files.map_or(1, |file| file.source.lines.line(finding.place.span.start));
        Outcome::Flagged(finding.severity, finding.confidence, finding.message, finding.place.path, line)
    }

    /// Asks the conditions in the order of the sentence, passing over those that fail. The first that
    /// fails.
    fn clause(
        &self,
        clause: &Clause,
        part: Part,
        site: Site,
        start: &Bound,
        steps: &mut Vec<StepWhy>,
    ) -> Option<usize> {
        let mut joined = join(self.context, &Clause::default(), site, start, &[]);
        let mut stopped = None;
        let mut lost: Vec<Binding> = Vec::new();
        for (at, asked) in clause.conditions.iter().enumerate() {
            let missing = asked.word.needs.iter().find(|need| lost.contains(need));
            let says = match missing {
                Some(need) => Says::NotAsked(name_of(*need)),
                None => self.ask(&mut joined, asked, at, site, start),
            };
            if matches!(says, Says::Yes(..)) {
                lost.retain(|binding| !asked.word.gives.contains(binding));
            } else {
                stopped = stopped.or(Some(at));
                lost.extend(asked.word.gives);
            }
            steps.push(StepWhy { part, text: asked.text.clone(), says });
        }
        stopped
    }

    /// Asks one condition of all rows; if it says no, the rows stay as they were.
    fn ask(&self, joined: &mut Joined, asked: &Asked, at: usize, site: Site, start: &Bound) -> Says {
        let mut next = Joined { rows: joined.rows.clone(), ..Joined::default() };
        if let Some(reason) = next.step(self.context, asked, at, site, start) {
            let bound = joined.rows.first().map_or(start, |row| &row.bound);
            return Says::No(reason.into_owned(), self.others(asked, site, bound));
        }
        let ways = next.rows.iter().filter_map(|row| row.parts.iter().find(|part| part.at == at));
        let ways = ways.map(|part| Way { confidence: part.confidence, captures: told_of(asked, &part.captures) });
        let told = ways.take(TOLD).collect();
        *joined = next;
        Says::Yes(joined.rows.len(), told)
    }

    /// What the other sites of a relation lack.
    fn others(&self, asked: &Asked, site: Site, bound: &Bound) -> Vec<String> {
        let (Ask::Relation(relate), Some(other)) = (asked.word.ask, &asked.relation) else { return Vec::new() };
        let program = self.context.program;
        let mut told = Vec::new();
        for (found, evidence) in relate(self.context, site, other.site, &asked.parameters, bound).into_iter().take(TOLD)
        {
            let mut start = bound.clone();
            start.merge(&evidence.bound);
            let name = callee(program, found).filter(|_| found.kind == SiteKind::Call);
            let name = name.unwrap_or_else(|| first_words(program.text(found.file, program.span(found))));
            let mut joined = join(self.context, &Clause::default(), found, &start, &[]);
            let failed = other.when.conditions.iter().enumerate().find_map(|(at, inner)| {
                joined.step(self.context, inner, at, found, &start).map(|reason| format!("{}: {reason}", inner.text))
            });
            let why = failed.unwrap_or_else(|| "its `unless` holds".to_owned());
            told.push(format!("`{name}` in line {}: {why}", first_line(program, found)));
        }
        told
    }
}

/// Captures without their second names: a word's own come bare and after the word's name as well.
fn told_of(asked: &Asked, captures: &[(String, String)]) -> Vec<(String, String)> {
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    let mut told: Vec<(String, String)> = Vec::new();
    for (name, text) in captures.iter().filter(|(name, _)| asked.relation.is_some() || !name.contains('.')) {
        let known = |(other, same): &(String, String)| same == text && last(other) == last(name);
        if !told.iter().any(known) {
            told.push((name.clone(), text.clone()));
        }
    }
    told
}

fn name_of(binding: Binding) -> &'static str {
    match binding {
        Binding::Route => "a route",
        Binding::Error => "an error",
        Binding::Secret => "a secret",
    }
}

fn first_line(program: &Program, site: Site) -> u32 {
    program.file(site.file).source.lines.line(program.span(site).start)
}

/// The beginning of a piece of code, on one line.
fn first_words(code: &str) -> String {
    const CHARS: usize = 60;
    let words: Vec<_> = code.split_whitespace().take(CHARS).collect();
    let line = words.join(" ");
    if line.chars().count() <= CHARS { line } else { line.chars().take(CHARS - 3).chain("...".chars()).collect() }
}
