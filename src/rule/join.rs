//! Joins the conditions of a sentence at one site.
//!
//! In: a clause, a site and what is bound already. Out: [`Row`]s: each one way in which every
//! condition holds, with what the words said. Rows that bind the same with the same confidence are one
//! (the first in the order of the sentence), so neither the order of asking nor the number of ways in
//! which a word holds changes what is found.

use super::compile::{Asked, Clause, Other};
use crate::finding::{Confidence, Label};
use crate::limits::JOIN;
use crate::program::{FileId, Program, Site, SiteKind};
use crate::word::{Answer, Ask, Bound, Context, Evidence};
use std::borrow::Cow;
use std::cmp::Reverse;

/// Finds the sites of a kind in a file.
pub type SitesOf = fn(&Program, FileId, SiteKind) -> Vec<Site>;

/// One condition in one way in which it holds.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which condition, in the order of the sentence.
    pub at: usize,
    /// Which of its ways.
    pub which: usize,
    /// How sure it is.
    pub confidence: Confidence,
    /// Texts for the message; words' own names come bare and after the word's name (`calls.callee`),
    /// those of relations only after it.
    pub captures: Vec<(String, String)>,
    /// The other sites of relations, by the relation's name.
    pub others: Vec<(String, Site)>,
    /// Places worth showing.
    pub labels: Vec<Label>,
    /// What it binds.
    pub bound: Bound,
}

/// One way in which all conditions hold.
#[derive(Debug, Clone)]
pub struct Row {
    /// The conditions, in the order of the sentence.
    pub parts: Vec<Part>,
    /// What they bind together.
    pub bound: Bound,
    /// The least of their confidences.
    pub confidence: Confidence,
}

impl Row {
    fn new(bound: Bound) -> Self {
        Self { parts: Vec::new(), bound, confidence: Confidence::High }
    }

    fn key(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().map(|part| part.which)
    }

    fn with(&self, part: Part, start: &Bound) -> Self {
        let mut parts = self.parts.clone();
        let confidence = self.confidence.min(part.confidence);
        let place = parts.partition_point(|other| other.at < part.at);
        parts.insert(place, part);
        let mut bound = start.clone();
        parts.iter().for_each(|part| bound.merge(&part.bound));
        Self { parts, bound, confidence }
    }
}

/// What a join gives.
#[derive(Debug, Default)]
pub struct Joined {
    /// The rows, the surest first, equals in the order of the sentence.
    pub rows: Vec<Row>,
    /// Whether there were more than [`JOIN`].
    pub reached: bool,
    /// Whether a condition was asked that looks at callers.
    pub upwards: bool,
}

/// Joins `clause` at `site`, starting with what is bound. `without` names conditions that are left out.
pub fn join(context: Context<'_>, clause: &Clause, site: Site, start: &Bound, without: &[usize]) -> Joined {
    let mut order = clause.order.iter().copied().filter(|at| !without.contains(at));
    let mut joined = Joined::default();
    match order.next() {
        None => joined.rows.push(Row::new(start.clone())),
        // At most sites the first condition says no: nothing is made for its sake.
        Some(first) => {
            joined.upwards = clause.conditions[first].upwards();
            match ask(context, &clause.conditions[first], site, start) {
                Ok(found) => {
                    let all = extend(&mut joined.rows, found, first, &Row::new(start.clone()), start);
                    joined.reached = !all;
                }
                Err(_) => return joined,
            }
        }
    }
    for at in order {
        if joined.rows.is_empty() {
            break;
        }
        joined.step(context, &clause.conditions[at], at, site, start);
    }
    joined.rows.sort_by(|a, b| Reverse(a.confidence).cmp(&Reverse(b.confidence)).then_with(|| a.key().cmp(b.key())));
    joined
}

impl Joined {
    /// Asks one more condition of every row; what it says no to is gone. Whether any is left, or why not.
    pub(super) fn step(
        &mut self,
        context: Context<'_>,
        asked: &Asked,
        at: usize,
        site: Site,
        start: &Bound,
    ) -> Option<Cow<'static, str>> {
        self.upwards |= asked.upwards();
        let mut rows: Vec<Row> = Vec::new();
        let mut reason = None;
        for row in &self.rows {
            match ask(context, asked, site, &row.bound) {
                Ok(found) => self.reached |= !extend(&mut rows, found, at, row, start),
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        self.rows = rows;
        if self.rows.is_empty() { reason.or(Some(Cow::Borrowed("nothing is left to ask of"))) } else { None }
    }
}

/// Adds a row for each way in which one more condition holds. False if some were left out.
fn extend(rows: &mut Vec<Row>, found: Found, at: usize, row: &Row, start: &Bound) -> bool {
    let mut all = !found.reached;
    for mut part in found.parts {
        part.at = at;
        all &= add(rows, row.with(part, start));
    }
    all
}

/// Adds a row unless another binds the same; of two such the one that comes first in the order of the
/// sentence stays. False if there is no room.
fn add(rows: &mut Vec<Row>, row: Row) -> bool {
    if let Some(same) = rows.iter_mut().find(|other| other.confidence == row.confidence && other.bound == row.bound) {
        if row.key().lt(same.key()) {
            *same = row;
        }
        return true;
    }
    let room = rows.len() < JOIN;
    if room {
        rows.push(row);
    }
    room
}

/// The ways in which one condition holds.
#[derive(Debug, Default)]
pub struct Found {
    /// The ways; never empty.
    pub parts: Vec<Part>,
    /// Whether a bound was reached inside a relation.
    pub reached: bool,
}

/// Asks one condition of one site.
///
/// # Errors
/// Why it does not hold.
pub fn ask(context: Context<'_>, asked: &Asked, site: Site, bound: &Bound) -> Result<Found, Cow<'static, str>> {
    if asked.never {
        return Err(Cow::Borrowed("its list is empty"));
    }
    let answer = match (asked.word.ask, &asked.relation) {
        (Ask::File(test), _) => test(context, site.file, &asked.parameters),
        (Ask::Test(test) | Ask::Sieved { test, .. }, _) => test(context, site, &asked.parameters, bound),
        (Ask::Relation(relate), Some(other)) => {
            let related = relate(context, site, other.site, &asked.parameters, bound);
            return among(context, asked.word.name, other, related, bound);
        }
        (Ask::Relation(_), None) => return Err(Cow::Borrowed("it names no other site")),
    };
    match answer {
        Answer::Yes(ways) => {
            let parts = (0..).zip(ways).map(|(which, evidence)| said(asked.word.name, which, evidence)).collect();
            Ok(Found { parts, reached: false })
        }
        Answer::No(reason) => Err(reason),
    }
}

fn said(word: &str, which: usize, evidence: Evidence) -> Part {
    let Evidence { confidence, captures, labels, bound } = evidence;
    let prefixed = captures.iter().map(|(name, text)| (format!("{word}.{name}"), text.clone()));
    let mut all: Vec<_> = captures.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    all.extend(prefixed);
    Part { at: 0, which, confidence, captures: all, others: Vec::new(), labels, bound }
}

/// The other sites of which the rest of a relation holds, each in its surest way. What the conditions
/// of the other site bind stays with it.
fn among(
    context: Context<'_>,
    word: &str,
    other: &Other,
    related: Vec<(Site, Evidence)>,
    bound: &Bound,
) -> Result<Found, Cow<'static, str>> {
    if related.is_empty() {
        return Err(if context.explain {
            Cow::Owned(format!("no {} is there", other.site.name()))
        } else {
            Cow::Borrowed("nothing like that is there")
        });
    }
    let count = related.len();
    let mut found = Found::default();
    for (which, (site, evidence)) in related.into_iter().enumerate() {
        let mut start = bound.clone();
        start.merge(&evidence.bound);
        let joined = join(context, &other.when, site, &start, &[]);
        found.reached |= joined.reached;
        let silenced = |row: &Row| silences(context, &other.unless, site, &row.bound).is_some();
        let Some(row) = joined.rows.into_iter().find(|row| !silenced(row)) else { continue };
        let Evidence { confidence, captures, mut labels, bound } = evidence;
        let mut captures: Vec<_> = captures.into_iter().map(|(name, text)| (format!("{word}.{name}"), text)).collect();
        let mut others = vec![(word.to_owned(), site)];
        for part in row.parts {
            captures.extend(part.captures.into_iter().map(|(name, text)| (format!("{word}.{name}"), text)));
            others.extend(part.others.into_iter().map(|(name, site)| (format!("{word}.{name}"), site)));
            labels.extend(part.labels);
        }
        let confidence = confidence.min(row.confidence);
        found.parts.push(Part { at: 0, which, confidence, captures, others, labels, bound });
    }
    if other.site == SiteKind::File {
        let fitting = found.parts.len().to_string();
        found.parts.iter_mut().for_each(|part| part.captures.push((format!("{word}.count"), fitting.clone())));
    }
    if found.parts.is_empty() && !context.explain {
        return Err(Cow::Borrowed("none fits"));
    }
    if found.parts.is_empty() {
        return Err(Cow::Owned(format!("none fits of {count} that were looked at ({})", other.site.name())));
    }
    Ok(found)
}

/// The first condition of an `unless` that holds, in the order of asking.
pub fn silences(context: Context<'_>, unless: &Clause, site: Site, bound: &Bound) -> Option<usize> {
    unless.order.iter().copied().find(|at| ask(context, &unless.conditions[*at], site, bound).is_ok())
}

/// Whether an `unless` holds whatever is bound: only words that look at the site alone are asked.
pub fn silenced_at_once(context: Context<'_>, unless: &Clause, site: Site) -> bool {
    let is_alone = |asked: &&Asked| {
        let of_file = matches!(asked.word.ask, Ask::File(_));
        asked.word.cost == 0 && asked.word.needs.is_empty() && !of_file
    };
    let mut alone = unless.conditions.iter().filter(is_alone);
    alone.any(|asked| ask(context, asked, site, &Bound::default()).is_ok())
}
