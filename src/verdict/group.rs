//! One fix, one finding: what a rule finds at one place for several reasons is told once.
//!
//! In: judged findings. Out: one for each rule and place. The one that counts most speaks, so that a
//! new cause beside known ones is what the message is about; the others' causes become labels.

use crate::finding::{Confidence, Judged, Label, Place, Role, Severity, Verdict};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Causes that a message names.
const NAMED: usize = 3;

/// Groups findings by rule and place.
pub(super) fn group(findings: Vec<Judged>) -> Vec<Judged> {
    let mut groups: BTreeMap<(Place, String), Vec<Judged>> = BTreeMap::new();
    for judged in findings {
        let key = (judged.finding.place.clone(), judged.finding.rule.clone());
        groups.entry(key).or_default().push(judged);
    }
    groups.into_values().filter_map(one).collect()
}

fn one(mut group: Vec<Judged>) -> Option<Judged> {
    group.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut rest = group.into_iter();
    let mut main = rest.next()?;
    for other in rest {
        if main.verdict.counts() == other.verdict.counts() {
            main.finding.severity = main.finding.severity.max(other.finding.severity);
        }
        for label in other.finding.labels.into_iter().filter(|label| label.role != Role::Context) {
            add(&mut main, label);
        }
        main.finding.causes.extend(other.finding.causes);
    }
    main.finding.causes.sort();
    main.finding.causes.dedup();
    Some(main)
}

fn add(main: &mut Judged, label: Label) {
    let is_known = main.finding.labels.iter().any(|known| known.place == label.place && known.role == label.role);
    if !is_known && label.place != main.finding.place {
        main.finding.labels.push(label);
    }
}

fn order(judged: &Judged) -> (u8, Reverse<Severity>, Reverse<Confidence>, &str) {
    let rank = match judged.verdict {
        Verdict::New => 0,
        Verdict::Worse => 1,
        Verdict::Existing => 2,
        Verdict::BelowThreshold => 3,
        Verdict::Suppressed => 4,
    };
    (rank, Reverse(judged.finding.severity), Reverse(judged.finding.confidence), &judged.finding.message)
}

/// What a message adds where some of the causes are known and these are new.
pub(super) fn what_is_new(causes: &[&str]) -> String {
    let say = |cause: &&str| match cause.split_once(" -> ") {
        Some((sink, entry)) => format!("`{sink}` in {entry}"),
        None => format!("`{cause}`"),
    };
    let mut said: Vec<String> = causes.iter().take(NAMED).map(say).collect();
    if causes.len() > NAMED {
        said.push(format!("{} more", causes.len() - NAMED));
    }
    format!("; new here: {}", said.join(", "))
}
