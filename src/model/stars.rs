//! Patterns of text and stars, asked at once: `*.create`, `stripe#*.webhooks.*`.
//!
//! In: patterns whose only sign is `*`, for any text. Out: [`Stars`], which says which of them are like a
//! text. An automaton takes longer to build than many changes take to judge; here a few bytes stand for each
//! pattern, and only patterns whose bytes are in the text are compared.

use rustc_hash::FxHashMap;

/// Patterns, each with the number under which it is found.
#[derive(Debug, Clone, Default)]
pub(super) struct Stars {
    /// Patterns without a star.
    exact: FxHashMap<String, Vec<u32>>,
    /// Patterns by four bytes that stand in them.
    by_four: FxHashMap<[u8; 4], Vec<Star>>,
    /// Patterns with no four bytes between stars, by two of them.
    by_two: FxHashMap<[u8; 2], Vec<Star>>,
    /// Those with no two.
    rest: Vec<Star>,
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
    /// Makes them ready.
    pub fn new(patterns: impl IntoIterator<Item = (String, u32)>) -> Self {
        let mut stars = Self::default();
        for (pattern, number) in patterns {
            if !pattern.contains('*') {
                stars.exact.entry(pattern).or_default().push(number);
                continue;
            }
            let parts: Vec<String> = pattern.split('*').map(str::to_owned).collect();
            let longest = parts.iter().map(String::as_bytes).max_by_key(|part| part.len()).unwrap_or_default();
            if let Some(four) = rarest(longest, &stars.by_four) {
                stars.by_four.entry(four).or_default().push(Star { parts, number });
            } else if let Some(two) = rarest(longest, &stars.by_two) {
                stars.by_two.entry(two).or_default().push(Star { parts, number });
            } else {
                stars.rest.push(Star { parts, number });
            }
        }
        stars
    }

    /// The numbers of the patterns that are like a text, in no order, some more than once.
    pub fn matching<'s>(&'s self, text: &'s str) -> impl Iterator<Item = u32> + 's {
        let by_four = within(text, &self.by_four).chain(&self.rest);
        let starred = by_four.chain(within(text, &self.by_two));
        let found = starred.filter(move |star| star.fits(text)).map(|star| star.number);
        let exact = self.exact.get(text).into_iter().flatten();
        exact.copied().chain(found)
    }
}

/// Of the bytes next to each other in a piece, those that stand for the fewest patterns so far.
fn rarest<const N: usize>(piece: &[u8], known: &FxHashMap<[u8; N], Vec<Star>>) -> Option<[u8; N]> {
    piece.array_windows().copied().min_by_key(|bytes| known.get(bytes).map_or(0, Vec::len))
}

/// The patterns whose bytes are in a text.
fn within<'s, const N: usize>(
    text: &'s str,
    known: &'s FxHashMap<[u8; N], Vec<Star>>,
) -> impl Iterator<Item = &'s Star> + 's {
    let bytes: &[u8] = if known.is_empty() { &[] } else { text.as_bytes() };
    bytes.array_windows().filter_map(|bytes| known.get(bytes)).flatten()
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
            let stars = Stars::new([(pattern.to_owned(), 7)]);
            assert_eq!(stars.matching(text).next() == Some(7), fits, "{pattern} {text}");
            // Globs say the same.
            let glob = globset::Glob::new(pattern).expect("a glob").compile_matcher();
            assert_eq!(glob.is_match(text), fits, "{pattern} {text}");
            assert_eq!(Patterns::new([pattern]).expect("a pattern").matches(text), fits, "{pattern} {text}");
        }
    }
}
