//! Patterns of text and stars, asked at once: `*.create`, `stripe#*.webhooks.*`.
//!
//! In: patterns whose only sign is `*`, for any text. Out: [`Stars`], which says which of them are like a
//! text. An automaton of patterns takes longer to build than most changes take to judge; here one finds the longest
//! piece of each pattern in the text, and only patterns whose piece is there are compared.

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

/// Patterns, each with the number under which it is found.
#[derive(Debug, Clone, Default)]
pub(super) struct Stars {
    /// Patterns without a star.
    exact: FxHashMap<String, Vec<u32>>,
    /// Nothing but stars.
    always: Vec<u32>,
    pieces: Option<AhoCorasick>,
    /// The patterns with each piece.
    with_piece: Vec<Vec<Star>>,
}

/// A pattern with a star.
#[derive(Debug, Clone)]
struct Star {
    /// What stands between the stars; the first and the last may be empty.
    parts: Vec<String>,
    number: u32,
}

impl Star {
    fn fits(&self, text: &str) -> bool {
        let [first, between @ .., last] = self.parts.as_slice() else { return false };
        let rest = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
        let behind = |rest: &'_ str, part: &String| rest.find(part.as_str()).map(|at| at + part.len());
        let Some(mut rest) = rest else { return false };
        for part in between {
            let Some(at) = behind(rest, part) else { return false };
            rest = &rest[at..];
        }
        true
    }
}

impl Stars {
    /// Makes them ready; none if they are more than can be looked for at once.
    pub fn new(patterns: &[(String, u32)]) -> Option<Self> {
        let mut stars = Self::default();
        let mut pieces: FxHashMap<&str, usize> = FxHashMap::default();
        let mut texts: Vec<&str> = Vec::new();
        for (pattern, number) in patterns {
            let parts = || pattern.split('*');
            let longest = parts().max_by_key(|part| part.len()).unwrap_or_default();
            if !pattern.contains('*') {
                stars.exact.entry(pattern.clone()).or_default().push(*number);
            } else if longest.is_empty() {
                stars.always.push(*number);
            } else {
                let at = *pieces.entry(longest).or_insert_with(|| {
                    texts.push(longest);
                    texts.len() - 1
                });
                stars.with_piece.resize_with(texts.len(), Vec::new);
                stars.with_piece[at].push(Star { parts: parts().map(str::to_owned).collect(), number: *number });
            }
        }
        if !texts.is_empty() {
            stars.pieces = Some(AhoCorasick::new(texts).ok()?);
        }
        Some(stars)
    }

    /// The numbers of the patterns that are like a text, in no order, some more than once.
    pub fn matching<'s>(&'s self, text: &'s str) -> impl Iterator<Item = u32> + 's {
        let hits = self.pieces.iter().flat_map(move |pieces| pieces.find_overlapping_iter(text));
        let with_piece = hits.flat_map(|hit| &self.with_piece[hit.pattern().as_usize()]);
        let found = with_piece.filter(move |star| star.fits(text)).map(|star| star.number);
        let exact = self.exact.get(text).into_iter().flatten();
        exact.chain(&self.always).copied().chain(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Patterns;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, fits) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("**", "x", true),
            ("a*", "a", true),
            ("a*", "ba", false),
            ("*a", "ba", true),
            ("ab*ba", "aba", false),
            ("ab*ba", "abba", true),
            ("*a*a*", "a", false),
            ("*a*a*", "xaya", true),
            ("*.a*b.*", "x.aab.", true),
            ("a*b*c", "abbc", true),
            ("a*bc*c", "abc", false),
            ("*\u{e9}*", "\u{e9}", true),
        ] {
            let stars = Stars::new(&[(pattern.to_owned(), 7)]).expect("few");
            assert_eq!(stars.matching(text).next() == Some(7), fits, "{pattern} {text}");
            // Globs say the same.
            let glob = globset::Glob::new(pattern).expect("a glob").compile_matcher();
            assert_eq!(glob.is_match(text), fits, "{pattern} {text}");
            assert_eq!(Patterns::new([pattern]).expect("a pattern").matches(text), fits, "{pattern} {text}");
        }
    }
}
