//! Edits put into text.
//!
//! In: a text and edits of it. Out: the new text.

use crate::finding::Edit;
use std::collections::BTreeMap;

/// The text after the edits; `None` if two of them overlap or one does not fit the text.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    // What is inserted at one place keeps its order.
    edits.sort_by_key(|edit| (edit.place.span.start, edit.place.span.end));
    let mut new = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut done = 0;
    for edit in edits {
        let (start, end) = (edit.place.span.start as usize, edit.place.span.end as usize);
        if start < done {
            return None;
        }
        new.push_str(text.get(done..start)?);
        text.get(start..end)?;
        new.push_str(&edit.text);
        done = end;
    }
    new.push_str(text.get(done..)?);
    Some(new)
}

/// Which of these fixes can be made together: each that touches nothing that one before it touches.
pub fn compatible(fixes: &[&[Edit]]) -> Vec<usize> {
    let mut taken: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for (at, fix) in fixes.iter().enumerate() {
        let touches = |edit: &Edit| {
            let span = edit.place.span;
            let others = taken.get(edit.place.path.as_str()).into_iter().flatten();
            others.clone().any(|(start, end)| span.start <= *end && *start <= span.end)
        };
        if fix.is_empty() || fix.iter().any(touches) {
            continue;
        }
        for edit in *fix {
            let span = edit.place.span;
            taken.entry(edit.place.path.as_str()).or_default().push((span.start, span.end));
        }
        chosen.push(at);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Place;
    use crate::text::Span;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { place: Place { path: "a.ts".into(), span: Span::new(start, end) }, text: text.to_owned() }
    }

    #[test]
    fn edits_are_put_in_by_place() {
        let edits = [edit(4, 5, "X"), edit(0, 0, "<"), edit(0, 0, "-"), edit(6, 6, ">")];
        assert_eq!(apply("abcdef", &edits).as_deref(), Some("<-abcdXf>"));
        assert_eq!(apply("abc", &[edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(apply("abc", &[edit(2, 9, "")]), None);
        assert_eq!(apply("ä", &[edit(1, 1, "x")]), None);
    }

    #[test]
    fn of_two_fixes_at_one_place_the_first_is_made() {
        let (one, two, three) = ([edit(0, 3, "a")], [edit(3, 4, "b")], [edit(5, 6, "c")]);
        assert_eq!(compatible(&[&one, &two, &three, &[]]), [0, 2]);
    }
}
