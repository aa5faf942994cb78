//! Which of head's findings base already had.
//!
//! In: both sides' findings, each with whether a comment silences it. Out: head's findings with their
//! verdicts, and how many of base's are gone.
//!
//! Findings are matched one to one, cause by cause, in passes: first those that are equal, then those
//! that differ in what a change may do to code without changing what it means. But for equal ones a
//! match takes that base's place is gone and head's is new: a copy is no move.

use super::lost::Lost;
use super::passes::{self, PASSES, Pass};
use super::place::Side;
use super::unit::{Unit, View, units};
use super::{Key, Policy, SideFindings, renamed};
use crate::change::{Change, ChangedFile};
use crate::finding::{Finding, Judged, Place, Verdict};
use crate::source::Sources;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Head's findings, judged.
pub(super) struct Matched {
    /// In no particular order.
    pub findings: Vec<Judged>,
    /// Base's findings that head does not have.
    pub fixed: u32,
}

/// A side's findings, each with whether a comment silences it.
pub(super) type Findings = Vec<(Finding, bool)>;

/// What judging needs of both sides.
pub(super) struct Sides<'a> {
    pub change: &'a Change,
    pub sources: &'a Sources,
    pub base: &'a SideFindings,
    pub head: &'a SideFindings,
}

/// Judges all findings.
pub(super) fn judge(sides: &Sides<'_>, mut base: Findings, mut head: Findings, policy: &Policy) -> Matched {
    // What a comment silenced before the change was never answered for: it is no excuse now.
    base.retain(|(_, silenced)| !silenced);
    for side in [&mut base, &mut head] {
        side.sort_by(|(a, _), (b, _)| (&a.place, &a.rule, &a.message).cmp(&(&b.place, &b.rule, &b.message)));
    }
    let files: BTreeMap<&str, &ChangedFile> =
        sides.change.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let (before, after) = views(sides);
    let mut pairs = Pairs {
        base: units(base.iter().map(|(finding, _)| finding)),
        head: units(head.iter().map(|(finding, _)| finding)),
        rank: head.iter().map(|(finding, silenced)| (*silenced, is_added(finding, sides.sources, &files))).collect(),
    };
    for pass in PASSES {
        for marks in [false, true] {
            before.marks.set(marks);
            after.marks.set(marks);
            pairs.pass(pass, &before, &after);
        }
    }
    let lost = Lost::new(sides, &before, &after);
    let is_unsure = |finding: &Finding| finding.confidence < policy.threshold(&finding.place.path);
    let fixed = pairs.fixed(|finding| !is_unsure(finding) && !lost.on_head(finding));
    let findings = head.iter().enumerate().map(|(at, (finding, silenced))| {
        let judged = pairs.verdict(at, finding);
        let is_unknown = || lost.on_base(finding) || is_only_entered(finding, &files, &after);
        let is_assumed = judged.0 == Verdict::New && !pairs.rank[at].1 && is_unknown();
        let verdict = match judged.0 {
            _ if *silenced => Verdict::Suppressed,
            _ if is_assumed => Verdict::Existing,
            Verdict::Worse if !is_touched(finding, &files) => Verdict::Existing,
            verdict if verdict.counts() && is_unsure(finding) => Verdict::BelowThreshold,
            verdict => verdict,
        };
        let mut finding = finding.clone();
        if verdict == Verdict::New {
            finding.message.push_str(&judged.1);
        }
        let fingerprint = String::new();
        Judged { finding, verdict, fingerprint, assumed: is_assumed && verdict == Verdict::Existing }
    });
    Matched { findings: named(super::group::group(findings.collect())), fixed }
}

fn views<'a>(sides: &Sides<'a>) -> (View<'a>, View<'a>) {
    let base = Side::new(&sides.sources.base, &sides.base.modules);
    let head = Side::new(&sides.sources.head, &sides.head.modules);
    let (gone, fresh) = renamed::compare(sides.change, &base, &head);
    let files = || sides.change.files.iter();
    let there = files().filter_map(|file| Some((file.base_path()?, file.head_path()))).collect();
    let back = files().filter_map(|file| Some((file.head_path()?, file.base_path()))).collect();
    let before = View { side: base, names: gone, marks: Cell::default(), paths: there, is_base: true };
    let after = View { side: head, names: fresh, marks: Cell::default(), paths: back, is_base: false };
    (before, after)
}

/// Whether any place that a finding speaks of lies in a file that the change touches. Which entries
/// lead to a function is known of the files that were read, and of head more are read than of base: a
/// level that rests on that alone says nothing about the change.
fn is_touched(finding: &Finding, files: &BTreeMap<&str, &ChangedFile>) -> bool {
    finding.places().any(|place| files.contains_key(place.path.as_str()))
}

/// Whether all that the change may have to do with a finding is the way on which something comes in: the
/// failure leaves a call that nobody waits for, somewhere behind the entry, and neither that call nor
/// anything beyond it is touched. Who else comes by there is known only of the files that were read.
fn is_only_entered(finding: &Finding, files: &BTreeMap<&str, &ChangedFile>, after: &View<'_>) -> bool {
    let [entry, way @ .., _] = finding.trace.as_slice() else { return false };
    let Some(handler) = after.side.function_at(&entry.place) else { return false };
    let is_in_handler = entry.place.path == finding.place.path
        && finding.function.strip_prefix(handler).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let labels = finding.labels.iter().map(|label| &label.place);
    let mut own = [&finding.place].into_iter().chain(labels).chain(way.iter().map(|step| &step.place));
    !is_in_handler && own.all(|place| !files.contains_key(place.path.as_str()))
}

/// Whether the change wrote any of a finding's lines.
fn is_added(finding: &Finding, sources: &Sources, files: &BTreeMap<&str, &ChangedFile>) -> bool {
    let Place { path, span } = &finding.place;
    let Some(file) = files.get(path.as_str()) else { return false };
    let lines = sources.head.get(path).map_or((1, 1), |text| {
        (text.lines.line(span.start), text.lines.line(span.end.saturating_sub(1).max(span.start)))
    });
    file.hunks.iter().any(|hunk| hunk.head_start <= lines.1 && lines.0 < hunk.head_start + hunk.head_lines)
}

/// The units of both sides, as far as they are matched.
struct Pairs<'a> {
    base: Vec<Unit<'a>>,
    head: Vec<Unit<'a>>,
    /// Of each of head's findings: whether it is silenced, and whether it stands on added lines. Those
    /// that are neither are matched first.
    rank: Vec<(bool, bool)>,
}

impl<'a> Pairs<'a> {
    /// Matches what is left and alike by `pass`.
    fn pass(&mut self, pass: &Pass, before: &View<'a>, after: &View<'a>) {
        let mut groups: BTreeMap<passes::Key, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, unit) in self.base.iter().enumerate().filter(|(_, unit)| unit.partner.is_none()) {
            let key = (pass.key)(before, unit);
            if !key.is_empty() {
                groups.entry(key).or_default().0.push(at);
            }
        }
        if groups.is_empty() {
            return;
        }
        for (at, unit) in self.head.iter().enumerate().filter(|(_, unit)| unit.partner.is_none()) {
            if let Some(group) = groups.get_mut(&(pass.key)(after, unit)) {
                group.1.push(at);
            }
        }
        for (base, mut head) in groups.into_values() {
            head.sort_by_key(|at| (self.rank[self.head[*at].of], *at));
            for from in base {
                let fits = |to: &&usize| {
                    let (from, to) = (&self.base[from], &self.head[**to]);
                    to.partner.is_none() && (pass.fits)((before, from), (after, to))
                };
                if let Some(to) = head.iter().find(fits).copied() {
                    self.base[from].partner = Some(to);
                    self.head[to].partner = Some(from);
                }
            }
        }
    }

    /// The verdict of one of head's findings, and what its message has to add.
    fn verdict(&self, at: usize, finding: &Finding) -> (Verdict, String) {
        let start = self.head.partition_point(|unit| unit.of < at);
        let own: Vec<&Unit> = self.head[start..].iter().take_while(|unit| unit.of == at).collect();
        let matched: Vec<_> = own.iter().filter_map(|unit| unit.partner).map(|of| &self.base[of]).collect();
        let fresh: Vec<&str> = own.iter().filter(|unit| unit.partner.is_none()).map(|unit| unit.cause).collect();
        if matched.is_empty() {
            (Verdict::New, String::new())
        } else if !fresh.is_empty() {
            (Verdict::New, super::group::what_is_new(&fresh))
        } else if matched.iter().all(|unit| unit.finding.severity < finding.severity) {
            (Verdict::Worse, String::new())
        } else {
            (Verdict::Existing, String::new())
        }
    }

    /// How many of base's findings that `counts` accepts are gone; those at one place count once.
    fn fixed(&self, counts: impl Fn(&Finding) -> bool) -> u32 {
        let mut places: BTreeMap<(&str, &Place), bool> = BTreeMap::new();
        for unit in self.base.iter().filter(|unit| counts(unit.finding)) {
            *places.entry((&unit.finding.rule, &unit.finding.place)).or_insert(true) &= unit.partner.is_none();
        }
        places.values().filter(|gone| **gone).count() as u32
    }
}

/// Gives every finding its name.
fn named(mut findings: Vec<Judged>) -> Vec<Judged> {
    findings.sort_by(|a, b| (&a.finding.place, &a.finding.rule).cmp(&(&b.finding.place, &b.finding.rule)));
    let mut seen: BTreeMap<Key, usize> = BTreeMap::new();
    for judged in &mut findings {
        let key = Key::new(&judged.finding, &judged.finding.place.path);
        let nth = seen.entry(key.clone()).or_default();
        *nth += 1;
        judged.fingerprint = key.fingerprint(*nth);
    }
    findings
}
