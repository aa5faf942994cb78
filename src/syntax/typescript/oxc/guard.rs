//! Which texts the fast parser may be given. It descends by recursion and tries some readings twice, so a
//! text that is made for it could overflow the stack or keep it busy without end.
//!
//! In: a text. Out: how much stack parsing it can take at most, or nothing where the text is nested
//! deeper than code is; the tolerant parser, which does not recurse, is for those.

use crate::limits::{BRACKET_DEPTH, OPEN_CONDITIONS, OPEN_TYPE_ARGUMENTS, PARSER_STACK_BYTES, SPECULATION_DEPTH};
use crate::syntax::Dialect;

/// KiB of stack that parsing takes apart from nesting.
const AT_REST: usize = 128;

/// What the fast parser needs for a text.
pub(super) struct Needs {
    /// The stack that parsing can take, in bytes.
    pub stack: usize,
    /// Whether it is certain that it ends soon: in a text with markup, or with a slash that may begin a
    /// regular expression, strings cannot be told from code without parsing.
    pub is_tame: bool,
}

/// What parsing a text takes; nothing where it is nested deeper than code is.
pub(super) fn needs(text: &str, dialect: Dialect) -> Option<Needs> {
    let stack = (AT_REST + descent(text)) * 1024;
    let is_code = stack <= PARSER_STACK_BYTES && inferred(text) <= SPECULATION_DEPTH;
    let is_certain = is_code.then(|| Shape::new(text).fits())??;
    Some(Needs { stack, is_tame: is_certain && dialect == Dialect::TypeScript })
}

/// What is to be done about a byte.
mod class {
    /// KiB of stack that what begins with it takes at most; half as much again as was measured.
    pub(super) const DESCENT: u8 = 3;
    /// A part of a word.
    pub(super) const WORD: u8 = 4;
    /// A blank.
    pub(super) const BLANK: u8 = 8;
    /// It changes what is open.
    pub(super) const SHAPES: u8 = 16;
}

/// The classes of all bytes.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        let shapes = matches!(
            byte,
            b'\'' | b'"' | b'`' | b'/' | b'(' | b'[' | b'{' | b')' | b']' | b'}' | b',' | b';' | b'?' | b'<' | b'>'
        );
        let class = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => class::BLANK,
            b',' | b';' | b'.' | b')' | b']' | b'}' => 0,
            b'(' | b'[' | b'{' | b'<' => class::DESCENT,
            b'_' => class::WORD,
            _ if byte.is_ascii_alphanumeric() => class::WORD,
            _ => 1,
        };
        classes[at] = if shapes { class | class::SHAPES } else { class };
        at += 1;
    }
    classes
};

/// KiB of stack that nesting takes at most: every token counts that can begin something inside something,
/// also a blank after a word, which may be an operator. Nothing is taken back for what ends and nothing is
/// left out, as whether a bracket stands in a string is only certain after parsing.
fn descent(text: &str) -> usize {
    let mut sum = 0;
    let mut before = 0;
    for byte in text.as_bytes() {
        let own = CLASSES[usize::from(*byte)];
        let operator = (before & class::WORD != 0) && (own & class::BLANK != 0);
        sum += usize::from(own & class::DESCENT) + usize::from(operator);
        before = own;
    }
    sum
}

/// How often `infer` may be the operator with a constraint, which is read twice. Where it cannot be told
/// by blanks alone, it counts.
fn inferred(text: &str) -> usize {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let constrains = |at: usize| {
        let rest = text.get(at + "infer".len()..).unwrap_or("");
        let name = rest.trim_start_matches(blank);
        let after = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'));
        let next = after.trim_start_matches(blank);
        let is_plain = next.starts_with(|c: char| c.is_ascii() && !matches!(c, '/' | '\\'));
        !(is_plain || next.is_empty()) || next.starts_with("extends")
    };
    memchr::memmem::find_iter(text.as_bytes(), "infer").filter(|at| constrains(*at)).count()
}

/// What is open inside a bracket.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    /// `name<`.
    arguments: usize,
    /// `a ?`.
    conditions: usize,
    /// Whether it is `${`.
    is_hole: bool,
}

/// The brackets of a text as they are passed. Strings, comments and regular expressions are told apart by
/// what stands before them.
struct Shape<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Where the last comment ended, and the byte before it that is not blank.
    comment: (usize, u8),
    levels: Vec<Level>,
    arguments: usize,
    conditions: usize,
    /// Levels with open arguments: what is in them may be read twice for each.
    tried: usize,
    /// Whether something may have been taken for what it is not.
    is_unsure: bool,
}

impl<'t> Shape<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        Self {
            bytes,
            at: 0,
            comment: (0, b';'),
            levels: vec![Level::default()],
            arguments: 0,
            conditions: 0,
            tried: 0,
            is_unsure: false,
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Whether strings and code were told apart for certain; nothing where something is nested deeper than
    /// in code.
    fn fits(mut self) -> Option<bool> {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            if CLASSES[usize::from(byte)] & class::SHAPES == 0 {
                self.at += 1;
                continue;
            }
            match byte {
                b'\'' | b'"' => self.string(byte),
                b'`' => self.template(),
                b'/' => self.slash(),
                b'(' | b'[' | b'{' => self.open(false),
                b')' | b']' | b'}' => {
                    let is_hole = self.close() && byte == b'}';
                    if is_hole {
                        self.template();
                    }
                }
                b',' => self.conditions -= std::mem::take(&mut self.level().conditions),
                b';' => {
                    self.conditions -= std::mem::take(&mut self.level().conditions);
                    self.forget_arguments();
                }
                b'?' if !matches!(self.peek(1), b'.' | b'?' | b':' | b',' | b')' | b';' | b'=')
                    && self.before() != b'?' =>
                {
                    self.level().conditions += 1;
                    self.conditions += 1;
                }
                b'<' if self.takes_arguments() => self.open_arguments(),
                b'>' if self.before() != b'=' && self.peek(1) != b'=' => self.close_arguments(),
                _ => {}
            }
            if self.levels.len() > BRACKET_DEPTH
                || self.arguments > OPEN_TYPE_ARGUMENTS as usize
                || self.conditions > OPEN_CONDITIONS
                || self.tried > SPECULATION_DEPTH
            {
                return None;
            }
            self.at += 1;
        }
        Some(!self.is_unsure)
    }

    /// The last byte before this one that is neither blank nor in a comment.
    fn before(&self) -> u8 {
        let (comment, before) = self.comment;
        let rest = &self.bytes[comment.min(self.at)..self.at];
        let blank = |byte: &&u8| CLASSES[usize::from(**byte)] & class::BLANK == 0;
        rest.iter().rev().find(blank).copied().unwrap_or(before)
    }

    fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn open(&mut self, is_hole: bool) {
        self.levels.push(Level { is_hole, ..Level::default() });
    }

    /// Closes a bracket; whether it was `${`.
    fn close(&mut self) -> bool {
        self.forget_arguments();
        self.conditions -= std::mem::take(&mut self.level().conditions);
        if self.levels.len() > 1 { self.levels.pop().is_some_and(|level| level.is_hole) } else { false }
    }

    /// Whether a `<` may open type arguments: after a value, and not `<=` or `</`.
    fn takes_arguments(&self) -> bool {
        let before = self.before();
        let after_value = before.is_ascii_alphanumeric()
            || matches!(before, b'_' | b'$' | b')' | b']' | b'}' | b'\'' | b'"' | b'`' | b'!' | b'.' | b'<' | 0x80..);
        after_value && !matches!(self.peek(1), b'=' | b'/')
    }

    fn open_arguments(&mut self) {
        self.level().arguments += 1;
        self.arguments += 1;
        self.tried += usize::from(self.level().arguments == 1);
    }

    fn close_arguments(&mut self) {
        if self.level().arguments > 0 {
            self.level().arguments -= 1;
            self.arguments -= 1;
            self.tried -= usize::from(self.level().arguments == 0);
        }
    }

    fn forget_arguments(&mut self) {
        let open = std::mem::take(&mut self.level().arguments);
        self.arguments -= open;
        self.tried -= usize::from(open > 0);
    }

    /// Goes to the end of a string. A quote that is not closed in its line is text.
    fn string(&mut self, quote: u8) {
        let mut at = self.at + 1;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'\n' => break,
                _ if *byte == quote => {
                    self.at = at;
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        self.is_unsure = true;
    }

    /// Goes to the end of a template or into its next hole.
    fn template(&mut self) {
        while let Some(found) = memchr::memchr3(b'`', b'$', b'\\', self.bytes.get(self.at + 1..).unwrap_or(&[])) {
            self.at += found + 1;
            match (self.bytes[self.at], self.peek(1)) {
                (b'`', _) => return,
                (b'$', b'{') => {
                    self.at += 1;
                    self.open(true);
                    return;
                }
                (b'\\', _) => self.at += 1,
                _ => {}
            }
        }
        self.at = self.bytes.len();
    }

    /// Goes to the end of a comment or of a regular expression.
    fn slash(&mut self) {
        let rest = &self.bytes[self.at..];
        let before = self.before();
        match self.peek(1) {
            b'/' => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()) - 1,
            b'*' => {
                let end = memchr::memmem::find(rest.get(2..).unwrap_or(&[]), b"*/");
                self.at += end.map_or(rest.len(), |end| end + 4) - 1;
            }
            _ if before.is_ascii_alphanumeric()
                || matches!(before, b'_' | b'$' | b')' | b']' | b'}' | b'\'' | b'"' | b'`' | b'<' | 0x80..) =>
            {
                // A division, unless the line has another slash: then both may be a regular expression.
                let line = &rest[1..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
                self.is_unsure |= line.contains(&b'/');
                return;
            }
            _ => {
                // Behind these it may be a division all the same.
                self.is_unsure |= matches!(before, b'+' | b'-' | b'!' | b'>');
                return self.regex();
            }
        }
        self.comment = (self.at + 1, before);
    }

    fn regex(&mut self) {
        let mut in_class = false;
        let mut at = self.at + 1;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'\n' => return,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.at = at;
                    return;
                }
                _ => {}
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_counted_and_what_is_closed_is_not() {
        let shape = |text: &str| Shape::new(text).fits().is_some();
        assert!(!shape(&"f(".repeat(BRACKET_DEPTH + 1)));
        assert!(shape(&"f();[a];{}".repeat(10_000)));
        assert!(!shape(&"f<(a = ".repeat(SPECULATION_DEPTH + 1)));
        assert!(!shape(&"f<(a = \")\", ".repeat(SPECULATION_DEPTH + 1)));
        assert!(!shape(&"f<(a = /* ) */ ".repeat(SPECULATION_DEPTH + 1)));
        assert!(!shape(&"f<(a = `${')'})`+ ".repeat(SPECULATION_DEPTH + 1)));
        assert!(!shape(&"f/**/<(a = ".repeat(SPECULATION_DEPTH + 1)));
        assert!(!shape(&"f<(a = b + /)\\/[/]/, ".repeat(SPECULATION_DEPTH + 1)));
        assert!(shape(&"f<(a: b) => c>(d < e);".repeat(10_000)));
        assert!(!shape(&"a ? (b) : c => ".repeat(OPEN_CONDITIONS + 1)));
        assert!(shape(&"a ? b : c; d?.e ?? f, { g?: h }".repeat(10_000)));
        assert!(shape(&"<p>don't `${f(\"it's\")}` do</p>;`a${`b${c}`}`".repeat(1_000)));
    }

    #[test]
    fn what_may_be_a_string_or_code_is_not_certain() {
        for text in ["a / b;\nc(d) / 2", "const a = \"it's\"; // don't", "f(a, /'/)", "x = `'${a}'`"] {
            assert_eq!(Shape::new(text).fits(), Some(true), "{text}");
        }
        for text in ["if (a) /'/.test(b)", "<p>don't</p>", "a++ /'/ b"] {
            assert_eq!(Shape::new(text).fits(), Some(false), "{text}");
        }
    }

    #[test]
    fn every_token_that_nests_counts() {
        for unit in ["(", "!", "- ", "new ", "typeof\n", "a=>", "a?b:", "`${", "<a>", "if(a)", "a:", "@a ", "\u{a0}"] {
            assert!(descent(&unit.repeat(100)) >= 100, "{unit}");
        }
        assert_eq!(descent("a.b.c;"), 0);
    }

    #[test]
    fn only_infer_with_a_constraint_counts() {
        assert_eq!(inferred("z.infer<T>; type A<B> = B extends (infer C)[] ? C : inferred"), 0);
        for operator in ["infer A extends B", "infer/**/A extends B", "infer A/**/extends B", "infer\u{a0}A extends B"]
        {
            assert_eq!(inferred(operator), 1, "{operator}");
        }
    }
}
