//! The part of a finding's identity that is text: the code at its place, free of what a formatter
//! may change.
//!
//! In: source text. Out: the same without white space, comments, and trailing commas, with one kind of
//! quotes; long texts are cut and end with a hash of the rest.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes that are kept as they are: enough to read, short enough to store for every finding.
const KEPT: usize = 200;

/// The anchor of a piece of code. Regular expressions that contain quotes or `//` may lose a part;
/// the same code still gives the same anchor.
pub fn anchor(code: &str) -> String {
    let plain = squeeze(code);
    if plain.len() <= KEPT {
        return plain;
    }
    let mut end = KEPT;
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    let hash = Sha256::digest(&plain.as_bytes()[end..]);
    let mut short = plain[..end].to_owned();
    short.push('#');
    for byte in &hash[..8] {
        // Writing to a String cannot fail.
        let _ = write!(short, "{byte:02x}");
    }
    short
}

/// The code without what a formatter may change, however long it is.
pub fn squeeze(code: &str) -> String {
    let mut plain = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let skip = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' | '\'' | '`' => {
                let end = string_end(rest, c);
                let inner = rest[1..end].strip_suffix(c).unwrap_or(&rest[1..end]);
                let quote = if c == '\'' { '"' } else { c };
                plain.push(quote);
                push_inner(&mut plain, inner, c);
                plain.push(quote);
                end
            }
            ')' | ']' | '}' => {
                if plain.ends_with(',') {
                    plain.pop();
                }
                plain.push(c);
                1
            }
            // Whether statements end with one is a matter of style.
            ';' => 1,
            '=' if rest.starts_with("=>") => {
                bare_parameter(&mut plain);
                plain.push_str("=>");
                2
            }
            _ => {
                if !c.is_whitespace() {
                    plain.push(c);
                }
                c.len_utf8()
            }
        };
        rest = &rest[skip..];
    }
    plain
}

/// Adds what stands between quotes. Which quotes have to be escaped depends on the kind of quotes, and
/// line ends in templates on the system that checked the file out.
fn push_inner(plain: &mut String, inner: &str, quote: char) {
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\r', Some('\n')) => {}
            ('\\', Some(next @ ('"' | '\''))) if quote != '`' => {
                plain.push(*next);
                chars.next();
            }
            ('\\', Some(next)) => {
                plain.extend([c, *next]);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
}

/// Takes the parentheses from `(name)` at the end: an arrow function has them or not.
fn bare_parameter(plain: &mut String) {
    let Some(open) = plain.strip_suffix(')').and_then(|inside| inside.rfind('(')) else { return };
    let name = &plain[open + 1..plain.len() - 1];
    if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$') {
        let name = name.to_owned();
        plain.truncate(open);
        plain.push_str(&name);
    }
}

/// One past the closing quote of the string at the start of `text`.
fn string_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formatter_changes_nothing() {
        let one = "await client.users\n  .info({ user: 'a b', // who\n  /* all */ token, })";
        let two = "await client.users.info({user:\"a b\",token})";
        assert_eq!(anchor(one), anchor(two));
        assert_eq!(anchor(two), "awaitclient.users.info({user:\"a b\",token})");
    }

    #[test]
    fn neither_does_one_with_another_style() {
        assert_eq!(anchor("on(async (e) => { await f(e); g() })"), anchor("on(async e => {await f(e)\n g();})"));
        assert_ne!(anchor("on((a, b) => a)"), anchor("on(a => a)"));
    }

    #[test]
    fn strings_are_left_alone() {
        assert_eq!(anchor("get('http://a//b \\' c')"), "get(\"http://a//b ' c\")");
        assert_eq!(anchor(r#"f('"', "\"", `\``)"#), r#"f(""",""",`\``)"#);
        assert_eq!(anchor("`a\r\nb`"), anchor("`a\nb`"));
        assert_eq!(anchor("f('never closed, "), "f(\"never closed, \"");
        assert_eq!(anchor("f(/* never closed"), "f(");
    }

    #[test]
    fn long_code_ends_with_a_hash() {
        let (one, two) = (format!("f({})", "ä".repeat(300)), format!("f({}b)", "ä".repeat(300)));
        assert_ne!(anchor(&one), anchor(&two));
        assert_eq!(anchor(&one).len(), 200 + 17);
    }
}
