//! Whether two texts are the same code, laid out in another way.
//!
//! In: two texts. Out: yes or no, told from tokens alone, without parsing. "No" may be wrong, "yes" may
//! not: what the texts differ in is white space between tokens, what may stand before a closing bracket,
//! brackets around the whole of what is returned or given, and the quotes of plain strings. A line break counts where the grammar looks at it. Comments have to be
//! the same, so that nothing hides in what is only taken for one.

/// Words behind which a line break ends something, or makes something else of them.
const ENDING: [&str; 27] = [
    "return",
    "throw",
    "break",
    "continue",
    "yield",
    "async",
    "type",
    "interface",
    "abstract",
    "declare",
    "namespace",
    "module",
    "global",
    "get",
    "set",
    "static",
    "accessor",
    "readonly",
    "let",
    "using",
    "await",
    "override",
    "public",
    "private",
    "protected",
    "out",
    "enum",
];
/// Words that go on with an expression only in the same line.
const GOING_ON: [&str; 4] = ["as", "satisfies", "is", "asserts"];

/// Whether both texts are the same code.
pub fn same_code(one: &str, other: &str) -> bool {
    let (one, other) = (tokens(one), tokens(other));
    let mut last = Token { kind: Kind::Mark, text: "", breaks: true, touches: false };
    one.len() == other.len()
        && one.iter().zip(&other).all(|(left, right)| is_same(std::mem::replace(&mut last, *left), *left, *right))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// A string without quotes and escapes in it: the text is what stands between its quotes.
    Plain,
    /// Any other string or template, as it is written.
    Quoted,
    Comment,
    Mark,
}

#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    kind: Kind,
    text: &'t str,
    /// Whether a line ends before it.
    breaks: bool,
    /// Whether nothing stands between it and the token before.
    touches: bool,
}

impl Token<'_> {
    fn is(&self, marks: &[&str]) -> bool {
        self.kind == Kind::Mark && marks.contains(&self.text)
    }

    /// Whether marks of this kind make other marks when they stand together.
    fn joins(&self) -> bool {
        self.kind == Kind::Mark && !self.is(&["(", ")", "[", "]", "{", "}", ",", ";"])
    }
}

fn is_same(last: Token<'_>, one: Token<'_>, other: Token<'_>) -> bool {
    if one.kind != other.kind {
        return false;
    }
    let same_text = match one.kind {
        Kind::Comment => bare(one.text).eq(bare(other.text)),
        _ => one.text == other.text,
    };
    // `> >` is nothing but the end of two lists of types.
    let is_free_to_join = !(last.joins() && one.joins()) || last.is(&[">"]) && one.is(&[">"]);
    same_text && (one.touches == other.touches || is_free_to_join) && (one.breaks == other.breaks || is_free(last, one))
}

/// Whether it is all the same if a line ends between two tokens.
fn is_free(last: Token<'_>, next: Token<'_>) -> bool {
    let is_step = |token: &Token<'_>| token.is(&["++", "--"]);
    let is_odd = |token: &Token<'_>| token.kind == Kind::Comment || is_step(token);
    if is_odd(&last) || is_step(&next) {
        return false;
    }
    match (last.kind, next.kind) {
        // A comment says itself where its line ends.
        (kind, Kind::Comment) => kind == Kind::Mark,
        (Kind::Word, _) if ENDING.contains(&last.text) => false,
        (_, Kind::Word) => !GOING_ON.contains(&next.text),
        _ => true,
    }
}

/// A comment without its indentation. Where it ends lines, it ends them for the code around it too.
fn bare(comment: &str) -> impl Iterator<Item = char> {
    comment.chars().filter(|c| *c == '\n' || !c.is_whitespace())
}

/// The tokens of a text, without those that a formatter may add or take away.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut kept: Vec<Token<'_>> = Vec::with_capacity(text.len() / 4);
    // Where brackets are open, and whether these may be left out.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut dropped: Vec<usize> = Vec::new();
    let mut all = Tokens { rest: text }.peekable();
    while let Some(token) = all.next() {
        let before = kept.last().copied();
        let next = all.peek();
        let opens = before.is_none_or(|before| before.is(&[",", ";", "[", "(", "{"]));
        let is_trailing = token.is(&[",", ";"]) && !opens && next.is_some_and(|next| next.is(&[")", "]", "}"]));
        let is_leading = token.is(&["|"]) && before.is_some_and(|before| before.is(&["=", ":", "(", "<", ","]));
        if is_leading || is_trailing && !(token.text == ";" && next.is_some_and(|next| next.is(&[")", "]"]))) {
            continue;
        }
        if token.is(&["("]) {
            open.push((kept.len(), may_be_left_out(&kept, next)));
        } else if token.is(&["[", "{"]) {
            open.push((kept.len(), false));
        } else if token.is(&[",", ";"]) {
            // Several values in brackets are something else without them.
            open.last_mut().into_iter().for_each(|open| open.1 = false);
        } else if token.is(&[")", "]", "}"])
            && let Some((start, true)) = open.pop()
            && next.is_none_or(|next| next.is(&[",", ";", ")", "]", "}", ":"]))
            && kept.len() > start + 1
        {
            dropped.extend([start, kept.len()]);
        }
        kept.push(token);
    }
    dropped.sort_unstable();
    let mut again = dropped.into_iter().peekable();
    let mut left: Vec<Token<'_>> = Vec::with_capacity(kept.len());
    // What stands first in brackets that are left out stands where they did.
    let mut place = None;
    for (at, token) in kept.into_iter().enumerate() {
        if again.next_if_eq(&at).is_some() {
            place = place.or((token.text == "(").then_some(token));
            continue;
        }
        let Token { breaks, touches, .. } = place.take().unwrap_or(token);
        left.push(Token { breaks, touches, ..token });
    }
    left
}

/// Whether a bracket opens around the whole of what is returned, thrown, given or assigned.
fn may_be_left_out(before: &[Token<'_>], next: Option<&Token<'_>>) -> bool {
    // Behind an arrow, these begin something else without a bracket.
    let is_plain = next.is_some_and(|next| match next.kind {
        Kind::Word => !matches!(next.text, "function" | "class" | "let" | "async" | "using"),
        Kind::Comment => false,
        _ => !next.is(&["{", "[", ")"]),
    });
    let Some((last, before)) = before.split_last() else { return false };
    let is_arrow = last.is(&[">"]) && last.touches && before.last().is_some_and(|two| two.is(&["="]));
    let gives = last.kind == Kind::Word && matches!(last.text, "return" | "throw");
    // `=` may be the end of a comparison.
    let is_alone = !last.touches || before.last().is_none_or(|two| !two.joins());
    is_plain && (is_arrow || gives || is_alone && last.is(&["=", ":"]))
}

/// All tokens of a text.
struct Tokens<'t> {
    rest: &'t str,
}

impl<'t> Tokens<'t> {
    fn take(&mut self, length: usize) -> &'t str {
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        token
    }

    /// A string, up to the end of the line if nothing closes it, or a template up to its next quote.
    fn string(&mut self, quote: char) -> (Kind, &'t str) {
        let bytes = self.rest.as_bytes();
        let mut at = 1;
        let mut is_plain = quote != '`';
        while at < bytes.len() {
            match bytes[at] {
                b'\\' => {
                    is_plain = false;
                    at += 1;
                }
                b'\n' if quote != '`' => {
                    is_plain = false;
                    break;
                }
                byte if byte == quote as u8 => {
                    at += 1;
                    break;
                }
                b'"' | b'\'' => is_plain = false,
                _ => {}
            }
            at += 1;
        }
        let mut end = at.min(bytes.len());
        while !self.rest.is_char_boundary(end) {
            end += 1;
        }
        let whole = self.take(end);
        let inner = whole.get(1..whole.len() - 1).filter(|_| is_plain && whole.ends_with(quote) && whole.len() > 1);
        inner.map_or((Kind::Quoted, whole), |inner| (Kind::Plain, inner))
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let trimmed = self.rest.trim_start();
        let space = &self.rest[..self.rest.len() - trimmed.len()];
        let (breaks, touches) = (space.contains(['\n', '\r', '\u{2028}', '\u{2029}']), space.is_empty());
        self.rest = trimmed;
        let first = self.rest.chars().next()?;
        let of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '\u{200C}' | '\u{200D}');
        let (kind, text) = match first {
            '/' if self.rest.starts_with("//") => {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                (Kind::Comment, self.take(end))
            }
            '/' if self.rest.starts_with("/*") => {
                let end = self.rest.find("*/").map_or(self.rest.len(), |end| end + 2);
                (Kind::Comment, self.take(end))
            }
            '"' | '\'' | '`' => self.string(first),
            _ if of_word(first) => {
                let end = self.rest.find(|c| !of_word(c)).unwrap_or(self.rest.len());
                (Kind::Word, self.take(end))
            }
            '+' if self.rest.starts_with("++") => (Kind::Mark, self.take(2)),
            '-' if self.rest.starts_with("--") => (Kind::Mark, self.take(2)),
            _ => (Kind::Mark, self.take(first.len_utf8())),
        };
        Some(Token { kind, text, breaks, touches })
    }
}

#[cfg(test)]
mod tests {
    use super::same_code;

    #[test]
    fn layout_is_no_code() {
        let same = [
            ("f(a, b)", "f(\n  a,\n  b,\n)"),
            ("const x = 'a';", "const x =\n  \"a\";"),
            ("if (a) return b;", "if (a)\n  return b;"),
            ("a.b().c()", "a\n  .b()\n  .c()"),
            ("{ x: [1, 2,], }", "{x:[1,2]}"),
            ("x = a ? b : c;", "x =\n  a\n    ? b\n    : c;"),
            ("/** says\n * this */\nf()", "  /** says\n   * this */\n  f()"),
            ("", "\n"),
            ("return a && b;", "return (\n  a &&\n  b\n);"),
            ("const f = () => <div a b />;", "const f = () => (\n  <div\n    a\n    b\n  />\n);"),
            ("type A = { a: string };", "type A = {\n  a: string;\n};"),
            ("type A = 'a' | 'b';", "type A =\n  | 'a'\n  | 'b';"),
            ("let a: Map<A, Set<B>>;", "let a: Map<\n  A,\n  Set<B>\n>;"),
            ("f(`a\n`)", "f(\n  `a\n`,\n)"),
        ];
        for (one, other) in same {
            assert!(same_code(one, other), "{one} | {other}");
            assert!(same_code(other, one), "{other} | {one}");
        }
    }

    #[test]
    fn what_means_something_else_is_not_the_same() {
        let differ = [
            ("return auth();", "return\nauth();"),
            ("throw (x)", "throw\n(x)"),
            ("a + +b", "a ++b"),
            ("a - -b", "a --b"),
            ("a\n++b", "a++\nb"),
            ("a != b", "a! = b"),
            ("[a,,]", "[a,]"),
            ("[,]", "[]"),
            ("f(a)", "f(b)"),
            ("f = () => ({ a })", "f = () => { a }"),
            ("return (a, b);", "return a, b;"),
            ("x = (a).b;", "x = a.b;"),
            ("x === (a || b);", "x === a || b;"),
            ("x >= (a || b);", "x >= a || b;"),
            ("x => (a || b);", "x >= a || b;"),
            ("f = (a) => b;", "f = a => b;"),
            ("return (\n  a\n)", "return\n  a"),
            ("x = () => (function () {});", "x = () => function () {};"),
            ("for (;;) {}", "for (;) {}"),
            ("if (a) {;} b", "if (a) b"),
            ("f() as (x)", "f()\nas (x)"),
            ("'a b'", "'a  b'"),
            ("`a\n`", "`a`"),
            ("'it\\'s'", "'it\\\\'s'"),
            ("// a\nb", "// a b"),
            ("// a\nb", "// ab"),
            ("/* a */ b", "/* a b */"),
            ("return /* */ a", "return /*\n*/ a"),
            ("async\nf()", "async f()"),
            ("ab", "a b"),
            ("'a", "a"),
        ];
        for (one, other) in differ {
            assert!(!same_code(one, other), "{one} | {other}");
            assert!(!same_code(other, one), "{other} | {one}");
        }
    }
}
