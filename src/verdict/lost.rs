//! What could not be analysed on a side is neither new on head nor fixed: nobody knows.
//!
//! In: the gaps of both sides. Out: whether a finding may have been hidden by one.

use super::SideFindings;
use super::matching::Sides;
use super::unit::View;
use crate::finding::{Finding, Place, Role};
use crate::rule::Cut;
use crate::source::NotAnalysed;
use crate::text::Span;
use std::collections::BTreeMap;

/// The gaps of both sides.
pub(super) struct Lost<'v, 'a> {
    before: &'v View<'a>,
    after: &'v View<'a>,
    sides: &'v Sides<'a>,
    base: Gaps<'a>,
    head: Gaps<'a>,
}

/// By path: lines, or the whole file.
type Gaps<'a> = BTreeMap<&'a str, Vec<Option<(u32, u32)>>>;

fn gaps<'a>(all: impl Iterator<Item = &'a NotAnalysed>) -> Gaps<'a> {
    let mut gaps = Gaps::new();
    for gap in all {
        gaps.entry(&gap.path).or_default().push(gap.lines);
    }
    gaps
}

impl<'v, 'a> Lost<'v, 'a> {
    pub fn new(sides: &'v Sides<'a>, before: &'v View<'a>, after: &'v View<'a>) -> Self {
        let base = gaps(sides.sources.base_skipped.iter().chain(&sides.base.not_analysed));
        let head = gaps(sides.sources.head_skipped.iter().chain(&sides.head.not_analysed));
        Self { before, after, sides, base, head }
    }

    /// Whether base may have had a finding of head, in a part that could not be analysed there: its
    /// place, or a place on its way. Or among the ways that were left out there.
    pub fn on_base(&self, finding: &Finding) -> bool {
        if self.sides.change.all {
            return false;
        }
        if is_cut(self.sides.base, finding, self.after) || self.is_unsure(finding) {
            return true;
        }
        if self.base.is_empty() {
            return false;
        }
        let causes = finding.labels.iter().filter(|label| label.role == Role::Cause).map(|label| &label.place);
        let steps = finding.trace.iter().map(|step| &step.place);
        [&finding.place].into_iter().chain(causes).chain(steps).any(|place| {
            let path = self.after.paths.get(place.path.as_str()).copied().unwrap_or(Some(&place.path));
            path.is_some_and(|path| self.hides(path, self.after.side.function_at(place)))
        })
    }

    /// Whether a question about the finding's function was not answered to its end on base.
    fn is_unsure(&self, finding: &Finding) -> bool {
        let Place { path, .. } = &finding.place;
        let path = self.after.paths.get(path.as_str()).copied().unwrap_or(Some(path));
        let unsure = &self.sides.base.unsure;
        path.is_some_and(|path| unsure.iter().any(|(file, function)| file == path && *function == finding.function))
    }

    /// Whether a file of base has a gap where this function is, or has no such function: it may be
    /// what the gap holds.
    fn hides(&self, path: &str, function: Option<&str>) -> bool {
        let Some(gaps) = self.base.get(path) else { return false };
        let Some(source) = self.sides.sources.base.get(path) else { return true };
        let spans = function.map(|function| self.before.side.spans(path, function)).unwrap_or_default();
        let lines = |span: &Span| (source.lines.line(span.start), source.lines.line(span.end));
        let touches = |span: &Span, gap: &(u32, u32)| lines(span).0 <= gap.1 && gap.0 <= lines(span).1;
        gaps.iter().any(|gap| gap.is_none_or(|gap| spans.is_empty() || spans.iter().any(|span| touches(span, &gap))))
    }

    /// Whether head's version of the place of one of base's findings could not be analysed: it may
    /// still be there.
    pub fn on_head(&self, finding: &Finding) -> bool {
        if is_cut(self.sides.head, finding, self.before) {
            return true;
        }
        let Place { path, .. } = &finding.place;
        let Some(path) = self.before.paths.get(path.as_str()).copied().unwrap_or(Some(path)) else { return false };
        let Some(gaps) = self.head.get(path) else { return false };
        gaps.iter().any(Option::is_none) || !self.after.side.has(path, &finding.function)
    }
}

/// Whether ways of its rule were left out, on the other side, in a file of a finding that `view` sees.
fn is_cut(other: &SideFindings, finding: &Finding, view: &View<'_>) -> bool {
    let is_here = |cut: &Cut, place: &Place| {
        let there = view.paths.get(place.path.as_str()).copied().unwrap_or(Some(&place.path));
        there == Some(cut.path.as_str())
    };
    let mut of_rule = other.cut.iter().filter(|cut| cut.rule == finding.rule);
    of_rule.any(|cut| finding.places().any(|place| is_here(cut, place)))
}
