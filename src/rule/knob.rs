//! Knobs: lists of names and globs that a sentence leaves open (`$tests`) and settings fill in.
//!
//! In: a value as written and the knobs' values. Out: the values that it stands for.

use crate::limits::KNOB_VALUES;
use std::collections::BTreeMap;

/// Values of knobs, by name.
pub type Knobs = BTreeMap<String, Vec<String>>;

/// Knobs that every page may use without declaring them.
const SHARED: [(&str, &[&str]); 3] = [
    // The critical paths that settings name; nothing until they do.
    ("declared", &[]),
    (
        "tests",
        &[
            "**/*.test.*",
            "**/*.spec.*",
            "**/*.e2e.*",
            "**/__tests__/**",
            "**/__mocks__/**",
            "**/__fixtures__/**",
            "**/test/**",
            "**/tests/**",
            "**/e2e/**",
            "**/*-tests/**",
            "**/test-utils/**",
        ],
    ),
    (
        "critical",
        &[
            "**/auth/**",
            "**/billing/**",
            "**/credits/**",
            "**/ingress/**",
            "**/payment/**",
            "**/payments/**",
            "**/webhook/**",
            "**/webhooks/**",
            "**/*auth*.*",
            "**/*billing*.*",
            "**/*payment*.*",
            "**/*webhook*.*",
        ],
    ),
];

/// The knobs that every page may use, with their defaults.
pub fn shared() -> Knobs {
    SHARED.iter().map(|(name, values)| ((*name).to_owned(), values.iter().map(|v| (*v).to_owned()).collect())).collect()
}

/// The names of the knobs in a value (`https://$cdn/*` has `cdn`), in order.
pub fn names(value: &str) -> Vec<&str> {
    pieces(value).into_iter().filter_map(|(is_knob, text)| is_knob.then_some(text)).collect()
}

/// The parts of a value, each with whether it is the name of a knob. A `$` that no small letter
/// follows stands for itself.
fn pieces(value: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(at) = value[from..].find('$').map(|at| from + at) {
        let name = &value[at + 1..];
        let end =
            name.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')).unwrap_or(name.len());
        if name.starts_with(|c: char| c.is_ascii_lowercase()) {
            pieces.push((false, &value[from..at]));
            pieces.push((true, &name[..end]));
            from = at + 1 + end;
        } else {
            pieces.push((false, &value[from..=at]));
            from = at + 1;
        }
    }
    pieces.push((false, &value[from..]));
    pieces
}

/// Everything that a value stands for: one text for each combination of its knobs' values. Unknown
/// knobs stand for nothing; the reader of pages has refused them.
///
/// # Errors
/// The number of values, where it is over [`KNOB_VALUES`].
pub fn expand(value: &str, knobs: &Knobs) -> Result<Vec<String>, usize> {
    let mut texts = vec![String::new()];
    for (is_knob, piece) in pieces(value) {
        if !is_knob {
            texts.iter_mut().for_each(|text| text.push_str(piece));
            continue;
        }
        let values = knobs.get(piece).map_or(&[][..], Vec::as_slice);
        let count = texts.len().saturating_mul(values.len());
        if count > KNOB_VALUES {
            return Err(count);
        }
        texts = texts.iter().flat_map(|text| values.iter().map(move |value| format!("{text}{value}"))).collect();
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knobs() -> Knobs {
        let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect();
        [("a".to_owned(), list(&["1", "2"])), ("b-c".to_owned(), list(&["x", "y"])), ("none".to_owned(), Vec::new())]
            .into()
    }

    #[test]
    fn a_knob_expands_per_value() {
        assert_eq!(expand("$a", &knobs()).unwrap(), ["1", "2"]);
        assert_eq!(expand("p/$a-/$b-c.ts", &knobs()).unwrap(), Vec::<String>::new());
        assert_eq!(expand("p/$a/$b-c.ts", &knobs()).unwrap(), ["p/1/x.ts", "p/1/y.ts", "p/2/x.ts", "p/2/y.ts"]);
        assert_eq!(expand("$none", &knobs()).unwrap(), Vec::<String>::new());
        assert_eq!(expand("cost: $5, $", &knobs()).unwrap(), ["cost: $5, $"]);
    }

    #[test]
    fn names_are_found() {
        assert_eq!(names("https://$cdn/$path.js"), ["cdn", "path"]);
        assert!(names("$ and $5").is_empty());
    }

    #[test]
    fn products_are_bounded() {
        let many: Knobs = [("a".to_owned(), vec![String::new(); 100])].into();
        assert_eq!(expand("$a$a$a", &many), Err(10_000));
    }
}
