//! Texts with holes: the message and the help of a sentence.
//!
//! In: text such as ``if `{callee}` fails``. Out: the text with its holes filled.

use super::knob::Knobs;

/// What a hole prints that nothing fills. Pages whose examples print it fail.
pub const UNFILLED: &str = "{\u{2026}}";

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// It stands as it is.
    Text(String),
    /// `{name}`: what a word has captured under this name.
    Capture(String),
    /// `{$name}`: the values of a knob.
    Knob(String),
}

/// A text with holes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

impl Template {
    /// Reads a text; `{{` and `}}` stand for braces.
    ///
    /// `None` if a hole is not closed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let tail = &rest[at..];
            if tail.starts_with("{{") || tail.starts_with("}}") {
                plain.push_str(&tail[..1]);
                rest = &tail[2..];
            } else if let Some(after) = tail.strip_prefix('}') {
                plain.push('}');
                rest = after;
            } else {
                let end = tail.find('}')?;
                let name = tail[1..end].trim();
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(match name.strip_prefix('$') {
                    Some(knob) => Piece::Knob(knob.to_owned()),
                    None => Piece::Capture(name.to_owned()),
                });
                rest = &tail[end + 1..];
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Some(Self(pieces))
    }

    /// The names of its captures, in order.
    pub fn captures(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| if let Piece::Capture(name) = piece { Some(name.as_str()) } else { None })
    }

    /// The names of its knobs, in order.
    pub fn knobs(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| if let Piece::Knob(name) = piece { Some(name.as_str()) } else { None })
    }

    /// The same text with the knobs filled in.
    #[must_use]
    pub fn with_knobs(&self, knobs: &Knobs) -> Self {
        let fill = |piece: &Piece| match piece {
            Piece::Knob(name) => Piece::Text(knobs.get(name).map_or_else(String::new, |values| values.join(", "))),
            other => other.clone(),
        };
        Self(self.0.iter().map(fill).collect())
    }

    /// The text, with what `find` knows in its holes.
    pub fn fill(&self, find: impl Fn(&str) -> Option<String>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Capture(name) => text.push_str(find(name).as_deref().unwrap_or(UNFILLED)),
                Piece::Knob(_) => text.push_str(UNFILLED),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled() {
        let template = Template::parse("if `{callee}` fails, {{x}} {gone} {$lines}.").unwrap();
        assert_eq!(template.captures().collect::<Vec<_>>(), ["callee", "gone"]);
        let knobs = [("lines".to_owned(), vec!["400".to_owned(), "9".to_owned()])].into();
        let text = template.with_knobs(&knobs).fill(|name| (name == "callee").then(|| "a.b".to_owned()));
        assert_eq!(text, "if `a.b` fails, {x} {\u{2026}} 400, 9.");
    }

    #[test]
    fn an_open_hole_is_an_error() {
        assert_eq!(Template::parse("a {b"), None);
        assert_eq!(Template::parse("a } b").unwrap().fill(|_| None), "a } b");
    }
}
