//! Patterns over dotted names: `@slack/web-api#WebClient.*`, `*.create`, `{get,post}`.
//!
//! In: globs. Out: one matcher for many. `*` stands for any text, also across dots; `{a,b}` for
//! either; everything else for itself.

use super::stars::Stars;
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::sync::OnceLock;

/// Whether a pattern is one. The error says what is wrong with it.
pub(super) fn check(pattern: &str) -> Result<(), globset::Error> {
    if is_sure(pattern) { Ok(()) } else { glob(pattern, false).map(|_| ()) }
}

/// Whether a text is a glob without a look at its grammar: nothing is in it that could be left open.
pub fn is_sure(glob: &str) -> bool {
    let mut is_open = false;
    let fits = |byte: u8| match byte {
        b'[' | b']' | b'\\' => false,
        b'{' | b'}' => {
            let is_right = is_open == (byte == b'}');
            is_open = byte == b'{';
            is_right
        }
        _ => true,
    };
    glob.bytes().all(fits) && !is_open
}

fn glob(pattern: &str, paths: bool) -> Result<Glob, globset::Error> {
    // A bracket is text here: `items[]` is an element, not a set of characters.
    let text = pattern.replace('[', "\\[").replace(']', "\\]");
    GlobBuilder::new(&text).literal_separator(paths).backslash_escape(true).build()
}

/// Bytes of patterns that certainly can be compiled together: the matcher's own bound is megabytes.
const SURE: usize = 64 * 1024;
/// Alternatives of one pattern that are compiled as patterns of their own.
const APART: usize = 256;

/// Many patterns, asked at once. They are compiled when they are first asked.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    texts: Vec<String>,
    paths: bool,
    set: OnceLock<Compiled>,
}

/// Patterns of text and stars, a matcher of the others, and the numbers of those.
#[derive(Debug, Clone, Default)]
struct Compiled {
    stars: Stars,
    set: GlobSet,
    of_set: Vec<u32>,
}

impl Patterns {
    /// Reads patterns. The error names the one that is broken.
    pub fn new<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, globset::Error> {
        Self::build(patterns, false)
    }

    /// The same over paths: `*` stays within one part, `**` crosses them.
    pub fn paths<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, globset::Error> {
        Self::build(patterns, true)
    }

    fn build<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>, paths: bool) -> Result<Self, globset::Error> {
        let texts: Vec<String> = patterns.into_iter().map(|pattern| pattern.as_ref().to_owned()).collect();
        for text in texts.iter().filter(|text| !is_sure(text)) {
            glob(text, paths)?;
        }
        let set = OnceLock::new();
        if texts.iter().map(String::len).sum::<usize>() > SURE {
            // More than a matcher holds is an error of whoever wrote them, to be told now.
            let _ = set.set(compile(&texts, paths)?);
        }
        Ok(Self { texts, paths, set })
    }

    fn set(&self) -> &Compiled {
        self.set.get_or_init(|| compile(&self.texts, self.paths).unwrap_or_default())
    }

    /// Compiles them before they are asked.
    pub fn prepare(&self) {
        self.set();
    }

    /// Whether any pattern is like `text`.
    pub fn matches(&self, text: &str) -> bool {
        if self.texts.is_empty() {
            return false;
        }
        let Compiled { stars, set, .. } = self.set();
        stars.matching(text).next().is_some() || set.is_match(text)
    }

    /// The numbers of the patterns that are like `text`, in the order in which they were given.
    pub fn matching(&self, text: &str) -> Vec<usize> {
        if self.texts.is_empty() {
            return Vec::new();
        }
        let Compiled { stars, set, of_set } = self.set();
        let mut found: Vec<usize> = stars.matching(text).map(|number| number as usize).collect();
        if !set.is_empty() {
            found.extend(set.matches(text).into_iter().map(|at| of_set[at] as usize));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn compile(texts: &[String], paths: bool) -> Result<Compiled, globset::Error> {
    let mut plain = Vec::new();
    let mut rest = Vec::new();
    for (text, number) in texts.iter().zip(0..) {
        match apart(text).filter(|_| !paths) {
            Some(texts) => plain.extend(texts.into_iter().map(|text| (text, number))),
            None => rest.push((text, number)),
        }
    }
    let mut set = GlobSetBuilder::new();
    for (text, _) in &rest {
        set.add(glob(text, paths)?);
    }
    let of_set = rest.into_iter().map(|(_, number)| number).collect();
    Ok(Compiled { stars: Stars::new(plain), set: set.build()?, of_set })
}

/// The alternatives of a pattern, each a text with stars; none if there is more to it.
fn apart(pattern: &str) -> Option<Vec<String>> {
    // Two stars mean folders.
    if !is_sure(pattern) || pattern.contains('?') || pattern.contains("**") {
        return None;
    }
    let mut all = vec![String::new()];
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, behind) = after.split_once('}')?;
        let parts: Vec<&str> = inside.split(',').collect();
        // Globs pass over an alternative that is empty.
        if parts.iter().any(|part| part.is_empty()) || all.len() * parts.len() > APART {
            return None;
        }
        all = all.iter().flat_map(|known| parts.iter().map(move |part| format!("{known}{before}{part}"))).collect();
        rest = behind;
    }
    all.iter_mut().for_each(|text| text.push_str(rest));
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_found_under_their_pattern() {
        let patterns =
            Patterns::new(["a.{b,c*}.d", "{x}", "*.{e,f}", "q{,r}", "items[]", "a.*", "z?"]).expect("patterns");
        for (text, found) in [
            ("a.b.d", &[0, 5][..]),
            ("a.cc.d", &[0, 5]),
            ("x", &[1]),
            ("z.f", &[2]),
            ("a.e", &[2, 5]),
            ("qr", &[3]),
            ("items[]", &[4]),
            ("items", &[]),
            ("zz", &[6]),
        ] {
            assert_eq!(patterns.matching(text), found, "{text}");
            assert_eq!(patterns.matches(text), !found.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_sure_to_be_a_glob_is_one() {
        for text in ["a", "{a,b}.*", "{a}{b}", "**/x", "?"] {
            assert!(is_sure(text) && glob(text, false).is_ok() && glob(text, true).is_ok(), "{text}");
        }
        for text in ["{a", "a}", "{a,{b}}", "[a", "a\\"] {
            assert!(!is_sure(text), "{text}");
        }
        assert!(check("{a").is_err() && Patterns::new(["a", "{b"]).is_err());
    }
}
