//! Asks every rule of every site.
//!
//! In: compiled rules and a program. Out: findings in a fixed order, whatever the number of threads,
//! and where bounds were reached.

use super::assemble::{Names, assemble, unite};
use super::compile::{CompiledRule, CompiledSentence};
use super::join::{Row, SitesOf, join, silenced_at_once, silences};
use super::plan::Plan;
use crate::change::RepoPath;
use crate::finding::{Finding, Label, Place, Role};
use crate::limits::{JOIN, Reached};
use crate::program::{FileId, Program, Site, SiteKind};
use crate::word::{Bound, Context};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Of a rule, ways in which it holds at a place of a file were left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub path: RepoPath,
}

impl Cut {
    /// As outputs tell it.
    pub fn reached(&self) -> Reached {
        let Self { rule, path } = self;
        let text = format!("`{rule}` held in more than {JOIN} ways at a place in {path}; the rest was left out");
        Reached { name: "join".to_owned(), text }
    }
}

/// Asks `rules` of the sites in `files` (of all files, if there are none), in parallel by file.
/// The findings are sorted by place, rule and message; what was cut by rule and file.
pub fn run(rules: &[CompiledRule], program: &Program, files: Option<&BTreeSet<FileId>>) -> (Vec<Finding>, Vec<Cut>) {
    run_with(rules, program, files, Program::sites)
}

/// Like [`run`], with sites that `sites_of` finds.
pub fn run_with(
    rules: &[CompiledRule],
    program: &Program,
    files: Option<&BTreeSet<FileId>>,
    sites_of: SitesOf,
) -> (Vec<Finding>, Vec<Cut>) {
    let context = Context { program, explain: false, flagged: None };
    let ids: Vec<FileId> = program.file_ids().filter(|id| files.is_none_or(|files| files.contains(id))).collect();
    let plan = Plan::new(rules);
    // One result per file, in the order of files: threads change nothing.
    let found: Vec<_> = ids.par_iter().map(|file| in_file(context, &plan, *file, sites_of)).collect();
    let mut merged: BTreeMap<(Place, String, String), Finding> = BTreeMap::new();
    let mut limits = BTreeSet::new();
    for (findings, reached) in found {
        limits.extend(reached);
        for finding in findings {
            let key = (finding.place.clone(), finding.rule.clone(), finding.message.clone());
            match merged.get_mut(&key) {
                Some(same) => unite(same, finding),
                None => {
                    merged.insert(key, finding);
                }
            }
        }
    }
    (once_per_variable(rules, merged.into_values()), limits.into_iter().collect())
}

/// One variable is one finding, however often it is read: it stands at the first read, and the others
/// are labels.
fn once_per_variable(rules: &[CompiledRule], found: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let of_reads = |rule: &&CompiledRule| rule.sentences.iter().all(|sentence| sentence.flags == SiteKind::EnvRead);
    let of_reads: BTreeSet<&str> = rules.iter().filter(of_reads).map(|rule| rule.id.as_str()).collect();
    let mut first = BTreeMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    for finding in found {
        if !of_reads.contains(finding.rule.as_str()) {
            findings.push(finding);
            continue;
        }
        match first.entry((finding.rule.clone(), finding.message.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(findings.len());
                findings.push(finding);
            }
            Entry::Occupied(entry) => {
                let text = "it is read here too".to_owned();
                findings[*entry.get()].labels.push(Label { role: Role::Context, place: finding.place, text });
            }
        }
    }
    findings
}

fn in_file(context: Context<'_>, plan: &Plan<'_>, file: FileId, sites_of: SitesOf) -> (Vec<Finding>, Vec<Cut>) {
    let mut findings = Vec::new();
    let mut limits = Vec::new();
    let mut known = BTreeMap::new();
    let mut names = Names::new();
    let mut on_file = plan.on(context, file);
    for (rule, sentences) in plan.rules() {
        let mut by_site: BTreeMap<Site, Finding> = BTreeMap::new();
        let mut reached = false;
        for steps in sentences {
            let upwards = steps.sentence.upwards;
            let anywhere = upwards || context.program.is_touched_at_all(file);
            if !anywhere || on_file.is_idle(steps) {
                continue;
            }
            let sentence = steps.sentence;
            let sites = known.entry(sentence.flags).or_insert_with(|| sites_of(context.program, file, sentence.flags));
            let sieved = steps.sieve(context.program, sites);
            let may_differ = |site: &Site| upwards || context.program.is_touched(*site);
            for site in sieved.as_ref().unwrap_or(sites).iter().copied().filter(may_differ) {
                let context = Context { flagged: Some(site), ..context };
                let joined = rows(context, sentence, site);
                reached |= joined.reached;
                let Some(assembled) = assemble(context, &mut names, &rule.id, sentence, site, &joined.rows) else {
                    continue;
                };
                reached |= assembled.reached;
                let finding = assembled.finding;
                // Sentences are alternatives: the severest speaks, of equals the first.
                let weaker = by_site.get(&site).is_none_or(|other| other.severity < finding.severity);
                if weaker {
                    by_site.insert(site, finding);
                }
            }
        }
        if reached {
            limits.push(Cut { rule: rule.id.clone(), path: context.program.file(file).path.clone() });
        }
        findings.extend(by_site.into_values());
    }
    (findings, limits)
}

/// The rows that nothing silences, and whether a bound was reached.
pub(super) struct Rows {
    /// The rows, in their order.
    pub rows: Vec<Row>,
    /// Whether some were left out.
    pub reached: bool,
}

/// Joins a sentence at a site.
pub(super) fn rows(context: Context<'_>, sentence: &CompiledSentence, site: Site) -> Rows {
    if silenced_at_once(context, &sentence.unless, site) {
        return Rows { rows: Vec::new(), reached: false };
    }
    let joined = join(context, &sentence.when, site, &Bound::default(), &[]);
    let reached = joined.reached;
    let stays = |row: &Row| silences(context, &sentence.unless, site, &row.bound).is_none();
    Rows { rows: joined.rows.into_iter().filter(stays).collect(), reached }
}
