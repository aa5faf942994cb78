//! What every file has: a header that says why it exists, and an end.
//!
//! In: paths and texts. Out: the files without.

use crate::source::files;

/// The most lines a file may have.
const LINES: usize = 500;

/// Files over the limit that are still to be split. Nothing may be added here.
const TO_SPLIT: [&str; 0] = [];

/// Faults in the headers of all Rust files.
pub fn all_headers() -> Vec<String> {
    let all = files("src", "rs").into_iter().chain(files("tests", "rs"));
    all.filter_map(|(path, text)| header(&path, &text)).collect()
}

/// Faults in the lengths of all files that are written by hand.
pub fn all_lengths() -> Vec<String> {
    let all = [("src", "rs"), ("tests", "rs"), ("rules", "toml"), ("rules", "md")];
    let all = all.into_iter().flat_map(|(folder, extension)| files(folder, extension));
    let due = all.filter(|(path, _)| !TO_SPLIT.contains(&path.as_str()));
    due.filter_map(|(path, text)| length(&path, &text)).collect()
}

/// What is wrong with the header of a file.
fn header(path: &str, text: &str) -> Option<String> {
    let header: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    if header.first().is_none_or(|first| first.is_empty()) {
        return Some(format!("{path}: it does not begin with a `//!` header"));
    }
    if says_it_shortly(path, header[0]) {
        return None;
    }
    let header = header.join(" ");
    let missing: Vec<&str> = ["In:", "Out:"].into_iter().filter(|part| !header.contains(part)).collect();
    (!missing.is_empty()).then(|| format!("{path}: its header does not say {}", missing.join(" and ")))
}

/// Files for which a sentence is enough: the roots, tests, and words, all of which are given a program
/// and a site and give an answer; theirs begins with the word.
fn says_it_shortly(path: &str, first: &str) -> bool {
    let is_root = ["src/lib.rs", "src/main.rs"].contains(&path);
    let is_test = path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs");
    let is_word = path.starts_with("src/word/") && first.starts_with('`');
    is_root || is_test || is_word
}

/// What is wrong with the length of a file.
fn length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LINES).then(|| format!("{path}: {lines} lines, and the limit is {LINES}"))
}

#[test]
fn a_header_must_say_what_goes_in_and_out() {
    assert_eq!(header("src/a.rs", "//! Why.\n//!\n//! In: x. Out:\n//! y.\n"), None);
    assert!(header("src/a.rs", "//! Why.\n//!\n//! In: x.\n").is_some_and(|fault| fault.ends_with("say Out:")));
    assert!(header("src/a.rs", "use b;\n//! Why. In: x. Out: y.\n").is_some());
    assert!(header("src/a.rs", "//!\n//! In: x. Out: y.\n").is_some());
    assert_eq!(header("src/word/does.rs", "//! `does`: what it does.\n"), None);
    assert!(header("src/word/mod.rs", "//! Words.\n").is_some());
    assert_eq!(header("tests/a/b.rs", "//! Tests of b.\n"), None);
    assert!(header("tests/a/b.rs", "").is_some());
}

#[test]
fn a_long_file_is_refused() {
    assert_eq!(length("src/a.rs", &"x\n".repeat(LINES)), None);
    assert!(length("src/a.rs", &"x\n".repeat(LINES + 1)).is_some());
}
