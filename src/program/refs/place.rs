//! Places: which declaration a place of the text belongs to.
//!
//! In: the spans of declarations, some inside others, some the same. Out: [`Places`], asked by offset.

use crate::text::Span;
use std::collections::BTreeSet;

/// The text cut where declarations begin and end.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Where a piece begins, and the declarations that it belongs to; none: the module's body.
    pieces: Vec<(u32, Box<[usize]>)>,
}

impl Places {
    /// Cuts the text by these spans.
    pub fn new(mut spans: Vec<(Span, usize)>) -> Self {
        spans.sort_by_key(|(span, node)| (span.start, std::cmp::Reverse(span.end), *node));
        let mut pieces: Vec<(u32, Box<[usize]>)> = Vec::new();
        let mut open: Vec<(Span, Vec<usize>)> = Vec::new();
        let mut cut = |at: u32, open: &[(Span, Vec<usize>)]| {
            let nodes: Box<[usize]> = open.last().map_or(Box::default(), |(_, nodes)| nodes.as_slice().into());
            match pieces.last_mut() {
                Some((start, last)) if *start == at => *last = nodes,
                _ => pieces.push((at, nodes)),
            }
        };
        for (span, node) in spans {
            while let Some((last, _)) = open.last()
                && last.end <= span.start
            {
                let end = last.end;
                open.pop();
                cut(end, &open);
            }
            match open.last_mut() {
                // Several names may share one value.
                Some((last, nodes)) if *last == span => nodes.push(node),
                _ => open.push((span, vec![node])),
            }
            cut(span.start, &open);
        }
        while let Some((last, _)) = open.pop() {
            cut(last.end, &open);
        }
        Self { pieces }
    }

    /// The declarations that a place belongs to: the innermost; none for the module's body.
    pub fn at(&self, offset: u32) -> &[usize] {
        let end = self.pieces.partition_point(|(start, _)| *start <= offset);
        end.checked_sub(1).map_or(&[], |at| &self.pieces[at].1)
    }

    /// The declarations that a span touches; the module's body is the first of all.
    pub fn within(&self, span: Span) -> impl Iterator<Item = usize> {
        let first = self.pieces.partition_point(|(start, _)| *start <= span.start).saturating_sub(1);
        let before = self.pieces.first().is_none_or(|(start, _)| span.start < *start).then_some(0);
        let pieces = self.pieces[first..].iter().take_while(move |(start, _)| *start < span.end);
        let nodes = pieces.flat_map(|(_, nodes)| if nodes.is_empty() { &[0][..] } else { nodes });
        before.into_iter().chain(nodes.copied())
    }
}

impl Places {
    /// The text that belongs to some declarations; the module's body is the first of all.
    pub fn spans(&self, of: &BTreeSet<usize>) -> Vec<Span> {
        let first = self.pieces.first().map_or(u32::MAX, |(start, _)| *start);
        let mut spans: Vec<Span> = Vec::new();
        let mut add = |start: u32, end: u32| match spans.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => spans.push(Span::new(start, end)),
        };
        if of.contains(&0) {
            add(0, first);
        }
        for (at, (start, nodes)) in self.pieces.iter().enumerate() {
            let end = self.pieces.get(at + 1).map_or(u32::MAX, |(next, _)| *next);
            let is_body = nodes.is_empty() && of.contains(&0);
            if is_body || nodes.iter().any(|node| of.contains(node)) {
                add(*start, end);
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_declaration_has_a_place() {
        let span = Span::new;
        let places = Places::new(vec![
            (span(10, 50), 1),
            (span(20, 30), 2),
            (span(30, 40), 3),
            (span(60, 70), 4),
            (span(60, 70), 5),
        ]);
        let at = |offset| places.at(offset).to_vec();
        assert_eq!([at(0), at(10), at(20), at(29)], [vec![], vec![1], vec![2], vec![2]]);
        assert_eq!([at(30), at(40), at(49), at(50)], [vec![3], vec![1], vec![1], vec![]]);
        assert_eq!([at(60), at(69), at(70)], [vec![4, 5], vec![4, 5], vec![]]);
    }

    #[test]
    fn declarations_have_their_text_without_that_of_others_inside() {
        let span = Span::new;
        let places = Places::new(vec![(span(10, 50), 1), (span(20, 30), 2), (span(30, 40), 3), (span(60, 70), 4)]);
        let of = |nodes: &[usize]| places.spans(&nodes.iter().copied().collect());
        assert_eq!(of(&[1]), [span(10, 20), span(40, 50)]);
        assert_eq!(of(&[1, 2, 3]), [span(10, 50)]);
        assert_eq!(of(&[0, 2]), [span(0, 10), span(20, 30), span(50, 60), span(70, u32::MAX)]);
        assert_eq!(Places::default().spans(&BTreeSet::from([0])), [span(0, u32::MAX)]);
    }
}
