//! Which of head's findings base already had.
//!
//! In: both sides' findings, each with whether a comment silences it. Out: head's findings with
//! their verdicts, and how many of base's are gone. One pass over equal keys, counted: where base has
//! two and head three, one of the three is new.

use super::{Key, Policy};
use crate::change::{Change, ChangedFile, RepoPath};
use crate::finding::{Confidence, Finding, Judged, Verdict};
use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// Head's findings, judged.
pub(super) struct Matched {
    /// In no particular order.
    pub findings: Vec<Judged>,
    /// Base's findings that head does not have.
    pub fixed: u32,
}

/// The findings of both sides that have one key.
#[derive(Default)]
struct Group {
    base: Vec<Finding>,
    head: Vec<Finding>,
    silenced: Vec<Finding>,
}

/// Judges all findings.
pub(super) fn judge(
    change: &Change,
    sources: &Sources,
    base_lost: &BTreeSet<RepoPath>,
    base: Vec<(Finding, bool)>,
    head: Vec<(Finding, bool)>,
    policy: &Policy,
) -> Matched {
    let moved: BTreeMap<&str, &str> =
        change.files.iter().filter_map(|file| Some((file.base_path()?, file.head_path()?))).collect();
    let files: BTreeMap<&str, &ChangedFile> = change.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for (finding, silenced) in base {
        // What a comment silenced before the change was never answered for: it is no excuse now.
        if !silenced {
            let path = moved.get(finding.place.path.as_str()).copied().unwrap_or(&finding.place.path);
            groups.entry(Key::new(&finding, path)).or_default().base.push(finding);
        }
    }
    for (finding, silenced) in head {
        let group = groups.entry(Key::new(&finding, &finding.place.path)).or_default();
        if silenced { group.silenced.push(finding) } else { group.head.push(finding) }
    }
    let threshold = policy.min_confidence.unwrap_or(Confidence::Low);
    let is_added = |finding: &Finding| {
        let line = sources.head.get(&finding.place.path).map_or(1, |text| text.lines.line(finding.place.span.start));
        files.get(finding.place.path.as_str()).is_some_and(|file| file.is_added(line))
    };
    let was_lost = |finding: &Finding| {
        let path = finding.place.path.as_str();
        let before = files.get(path).map_or(Some(path), |file| file.base_path());
        !change.all && before.is_some_and(|before| base_lost.contains(before))
    };
    let mut matched = Matched { findings: Vec::new(), fixed: 0 };
    for (key, group) in groups {
        group.judge(&key, threshold, &is_added, &was_lost, &mut matched);
    }
    matched
}

impl Group {
    fn judge(
        mut self,
        key: &Key,
        threshold: Confidence,
        is_added: &dyn Fn(&Finding) -> bool,
        was_lost: &dyn Fn(&Finding) -> bool,
        matched: &mut Matched,
    ) {
        for side in [&mut self.base, &mut self.head, &mut self.silenced] {
            side.sort_by(|a, b| (&a.place, &a.message, a.severity).cmp(&(&b.place, &b.message, b.severity)));
        }
        let new = choose_new(&self.head, self.base.len(), is_added);
        let spare = self.base.len().saturating_sub(self.head.len() + self.silenced.len());
        let gone = self.base.iter().rev().take(spare).filter(|finding| finding.confidence >= threshold);
        matched.fixed += gone.count() as u32;
        let mut before = self.base.iter();
        let mut verdicts = Vec::new();
        for (at, finding) in self.head.iter().enumerate() {
            let verdict = if new.contains(&at) {
                // Base's file could not be read: only what the change wrote is surely its doing.
                if was_lost(finding) && !is_added(finding) { Verdict::Existing } else { Verdict::New }
            } else if before.next().is_some_and(|before| before.severity < finding.severity) {
                Verdict::Worse
            } else {
                Verdict::Existing
            };
            let unsure = verdict.counts() && finding.confidence < threshold;
            verdicts.push(if unsure { Verdict::BelowThreshold } else { verdict });
        }
        let judged = self.head.into_iter().zip(verdicts);
        let silenced = self.silenced.into_iter().map(|finding| (finding, Verdict::Suppressed));
        let mut all: Vec<_> = judged.chain(silenced).collect();
        all.sort_by(|(a, _), (b, _)| a.place.cmp(&b.place));
        for (nth, (finding, verdict)) in all.into_iter().enumerate() {
            matched.findings.push(Judged { finding, verdict, fingerprint: key.fingerprint(nth + 1) });
        }
    }
}

/// The indices of the findings that base does not have: those on added lines before others, later
/// ones before earlier ones.
fn choose_new(head: &[Finding], in_base: usize, is_added: &dyn Fn(&Finding) -> bool) -> BTreeSet<usize> {
    let mut order: Vec<usize> = (0..head.len()).collect();
    order.sort_by_key(|&at| (!is_added(&head[at]), std::cmp::Reverse(at)));
    order.into_iter().take(head.len().saturating_sub(in_base)).collect()
}
