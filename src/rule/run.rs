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
use crate::program::{At, FileId, Program, Site, SiteKind};
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

/// What the rules say of a program: findings, sorted by place, rule and message, and where bounds were
/// reached, by rule and file.
pub type Said = (Vec<Finding>, Vec<Cut>);

/// Asks `rules` of the sites in `files` (of all files, if there are none), in parallel by file.
pub fn run(rules: &[CompiledRule], program: &Program, files: Option<&BTreeSet<FileId>>) -> Said {
    run_with(rules, program, files, Program::sites)
}

/// Like [`run`], with sites that `sites_of` finds.
pub fn run_with(
    rules: &[CompiledRule],
    program: &Program,
    files: Option<&BTreeSet<FileId>>,
    sites_of: SitesOf,
) -> Said {
    let ids: Vec<FileId> = program.file_ids().filter(|id| files.is_none_or(|files| files.contains(id))).collect();
    let plan = Plan::new(rules);
    let found: Vec<_> = ids.par_iter().map(|file| in_file(context(program), &plan, *file, sites_of, None)).collect();
    merge(rules, found)
}

/// Asks `rules` of both sides of a change. Most files behave alike on both: where nothing holds on head, and
/// no caller had to be looked at to see that, nothing holds on base either, and it is not asked again.
pub fn run_sides(rules: &[CompiledRule], base: &Program, head: &Program) -> (Said, Said) {
    let plan = Plan::new(rules);
    let ids: Vec<FileId> = head.file_ids().collect();
    let found: Vec<OfFile> =
        ids.par_iter().map(|file| in_file(context(head), &plan, *file, Program::sites, None)).collect();
    let said = |file: FileId| {
        let said = OnHead { program: head, file, open: &found[file.0 as usize].open };
        head.twin_in_base(base, file).map(|twin| (twin, said))
    };
    let said: BTreeMap<FileId, OnHead<'_>> = head.file_ids().filter_map(said).collect();
    let ids: Vec<FileId> = base.file_ids().collect();
    let of_base = |file: &FileId| in_file(context(base), &plan, *file, Program::sites, said.get(file));
    let of_base: Vec<OfFile> = ids.par_iter().map(of_base).collect();
    (merge(rules, of_base), merge(rules, found))
}

fn context(program: &Program) -> Context<'_> {
    Context { program, explain: false, flagged: None }
}

/// Joins what was found in files, in the order of the files: threads change nothing.
fn merge(rules: &[CompiledRule], found: Vec<OfFile>) -> Said {
    let mut merged: BTreeMap<(Place, String, String), Finding> = BTreeMap::new();
    let mut limits = BTreeSet::new();
    for of_file in found {
        limits.extend(of_file.limits);
        for finding in of_file.findings {
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

/// What the rules say of one file.
struct OfFile {
    findings: Vec<Finding>,
    limits: Vec<Cut>,
    open: Open,
}

/// Where sentences are asked, by number.
pub(super) type Open = BTreeMap<usize, Vec<At>>;

/// What was said of a file of head with the same code.
struct OnHead<'a> {
    program: &'a Program,
    file: FileId,
    open: &'a Open,
}

impl OnHead<'_> {
    /// The only sites at which something may hold on base, if that is known of all.
    fn sites(&self, number: usize) -> Option<&[At]> {
        let open = self.open.get(&number).map_or(&[][..], Vec::as_slice);
        self.program.behaves_as_on_base(self.file).then_some(open)
    }

    /// Whether nothing holds at a site on base.
    fn settles(&self, number: usize, site: Site) -> bool {
        let is_open = || self.open.get(&number).is_some_and(|open| open.contains(&site.at));
        self.program.is_as_on_base(Site { file: self.file, ..site }) && !is_open()
    }
}

/// Asks the rules of one file, on base only where it is open what they say.
fn in_file(
    context: Context<'_>,
    plan: &Plan<'_>,
    file: FileId,
    sites_of: SitesOf,
    on_head: Option<&OnHead<'_>>,
) -> OfFile {
    let mut said = OfFile { findings: Vec::new(), limits: Vec::new(), open: Open::new() };
    let mut known = BTreeMap::new();
    let mut names = Names::new();
    let mut on_file = plan.on(context, file);
    let mut number = 0;
    for (rule, sentences) in plan.rules() {
        let mut by_site: BTreeMap<Site, Finding> = BTreeMap::new();
        let mut reached = false;
        for steps in sentences {
            number += 1;
            let sentence = steps.sentence;
            let upwards = sentence.upwards;
            let anywhere = upwards || context.program.is_touched_at_all(file);
            if !anywhere || on_file.is_idle(steps) {
                continue;
            }
            // What a change is as a whole, no file tells.
            let on_head = on_head.filter(|_| !sentence.flags.is_of_change());
            let sites = if let Some(open) = on_head.and_then(|said| said.sites(number)) {
                open.iter().map(|at| Site { file, at: *at, kind: sentence.flags }).collect()
            } else {
                let all = known.entry(sentence.flags);
                let all = all.or_insert_with(|| sites_of(context.program, file, sentence.flags));
                steps.sieve(context.program, all).unwrap_or_else(|| all.clone())
            };
            let may_differ = |site: &Site| {
                (upwards || context.program.is_touched(*site))
                    && !on_head.is_some_and(|said| said.settles(number, *site))
            };
            for site in sites.into_iter().filter(may_differ) {
                let context = Context { flagged: Some(site), ..context };
                let joined = rows(context, sentence, site);
                reached |= joined.reached;
                if joined.open {
                    said.open.entry(number).or_default().push(site.at);
                }
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
            said.limits.push(Cut { rule: rule.id.clone(), path: context.program.file(file).path.clone() });
        }
        said.findings.extend(by_site.into_values());
    }
    said
}

/// The rows that nothing silences, and whether a bound was reached.
pub(super) struct Held {
    /// The rows, in their order.
    pub rows: Vec<Row>,
    /// Whether some were left out.
    pub reached: bool,
    /// Whether more than the code of the site and what it calls has been looked at: if not, nothing holds
    /// at the same site of another program where that code behaves alike.
    pub open: bool,
}

/// Joins a sentence at a site.
pub(super) fn rows(context: Context<'_>, sentence: &CompiledSentence, site: Site) -> Held {
    if silenced_at_once(context, &sentence.unless, site) {
        return Held { rows: Vec::new(), reached: false, open: false };
    }
    let joined = join(context, &sentence.when, site, &Bound::default(), &[]);
    let reached = joined.reached;
    let open = reached || joined.upwards || !joined.rows.is_empty();
    let stays = |row: &Row| silences(context, &sentence.unless, site, &row.bound).is_none();
    Held { rows: joined.rows.into_iter().filter(stays).collect(), reached, open }
}
