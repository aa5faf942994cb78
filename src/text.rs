//! Positions in text: byte spans, and the lines and UTF-16 columns that outputs print; numbers of things.
//!
//! In: source text. Out: spans and 1-based positions. Everything inside the program counts bytes;
//! only the outputs speak of lines and columns.

pub mod safe;

use serde::{Deserialize, Serialize};

/// So many things, in English.
pub fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// A half-open range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies inside this span (equal spans included).
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text under the span; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A place as outputs print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in UTF-16 code units, counted from 1.
    pub column: u32,
}

/// Where the lines of a text begin. A line ends at `\n`; `\r` before it belongs to the line.
#[derive(Debug, Clone, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1));
        Self { starts }
    }

    /// The line (from 1) that holds the byte `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset).max(1) as u32
    }

    /// Line and UTF-16 column of the byte `offset`; an offset past the end is clamped to it.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset as u32);
        let start = self.start(line) as usize;
        let column = text[start..offset].chars().map(|c| c.len_utf16() as u32).sum::<u32>() + 1;
        Position { line, column }
    }

    /// The first byte of `line` (from 1); the last line's first byte for a line past the end.
    pub fn start(&self, line: u32) -> u32 {
        let at = (line.max(1) as usize - 1).min(self.starts.len().saturating_sub(1));
        self.starts.get(at).copied().unwrap_or(0)
    }

    /// How many lines there are; an empty text has one.
    pub fn len(&self) -> u32 {
        self.starts.len().max(1) as u32
    }

    /// Never true: even an empty text has a line.
    pub fn is_empty(&self) -> bool {
        false
    }
}

/// The candidate that `name` was most likely meant to be, if one is near enough; the first of equals.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names in settings are short; a longer one is no misspelling, and comparing it would cost.
    if name.len() > 100 {
        return None;
    }
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    let scored = candidates.into_iter().map(|candidate| (strsim::osa_distance(name, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, near)| near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units_from_one() {
        let text = "a\n\u{1F600}b\r\nc";
        let lines = LineIndex::new(text);
        assert_eq!(lines.position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(lines.position(text, 6), Position { line: 2, column: 3 });
        assert_eq!(lines.position(text, 999), Position { line: 3, column: 2 });
        assert_eq!(lines.len(), 3);
    }
}
