//! What could not be analysed on a side is neither new on head nor fixed: nobody knows.
//!
//! In: the gaps of both sides. Out: whether a finding may have been hidden by one.

use super::SideFindings;
use super::matching::Sides;
use super::unit::View;
use crate::finding::{Finding, Place, Role};
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
        if is_left_out(self.sides.base, finding, self.after) {
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
        if is_left_out(self.sides.head, finding, self.before) {
            return true;
        }
        let Place { path, .. } = &finding.place;
        let Some(path) = self.before.paths.get(path.as_str()).copied().unwrap_or(Some(path)) else { return false };
        let Some(gaps) = self.head.get(path) else { return false };
        gaps.iter().any(Option::is_none) || !self.after.side.has(path, &finding.function)
    }
}

/// Whether a bound may have left out, on the other side, a finding that `view` sees: ways of its rule in
/// one of its files, or an answer about one of its functions or what is around them.
fn is_left_out(other: &SideFindings, finding: &Finding, view: &View<'_>) -> bool {
    let SideFindings { cut, unsure, .. } = other;
    if cut.is_empty() && unsure.is_empty() {
        return false;
    }
    let is_unsure = |path: &str, place: &Place| {
        let Some(function) = view.side.function_at(place) else { return false };
        let is_around = |outer: &str| {
            function == outer
                || !outer.is_empty() && function.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
        };
        unsure.iter().any(|(file, outer)| file == path && is_around(outer))
    };
    finding.places().any(|place| {
        let path = view.paths.get(place.path.as_str()).copied().unwrap_or(Some(&place.path));
        path.is_some_and(|path| {
            cut.iter().any(|cut| cut.rule == finding.rule && cut.path == path) || is_unsure(path, place)
        })
    })
}
