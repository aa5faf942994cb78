//! Makes readable what TypeScript accepts and the grammar does not, without moving an offset.
//!
//! In: a text and its tree with errors. Out: a text of the same length and its tree, if it has fewer
//! errors, and what was taken out. Only type syntax, modifiers and the text between tags are blanked;
//! files without errors never come here.

use super::kind::{Kind, Kinds};
use super::parse::parse;
use super::tree::span;
use crate::limits::REPAIR_ROUNDS;
use crate::syntax::Dialect;
use crate::text::{LineIndex, Span};
use std::collections::BTreeSet;
use tree_sitter::Tree;

/// What a repair took out of the text and the lowering puts back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    /// `type` of `export type * from`.
    TypeOnly,
    /// `using` of a loop's head.
    Using { is_await: bool },
    /// Something that holds a call.
    Call,
}

/// A text that reads better than the one it came from.
pub(super) struct Repaired {
    pub(super) text: String,
    pub(super) tree: Tree,
    pub(super) notes: Vec<(Span, Note)>,
}

/// One change: these bytes become blanks, the last of them this word.
struct Edit {
    at: Span,
    word: &'static str,
    note: Option<Note>,
}

impl Edit {
    fn blank(at: Span) -> Self {
        Self { at, word: "", note: None }
    }
}

/// Repairs a text in a few rounds, as long as each leaves fewer errors.
pub(super) fn repair(text: &str, dialect: Dialect, tree: &Tree) -> Option<Repaired> {
    let kinds = Kinds::of(dialect);
    let mut best: Option<Repaired> = None;
    let mut errors = Errors::of(kinds, tree);
    for _ in 0..REPAIR_ROUNDS {
        let before = best.as_ref().map_or(text, |best| &best.text);
        let mut edits = errors.edits(before);
        edits.sort_by_key(|edit| edit.at);
        edits.dedup_by_key(|edit| edit.at);
        if edits.is_empty() {
            break;
        }
        let Some(after) = apply(before, &edits) else { break };
        let Ok(tree) = parse(&after, dialect) else { break };
        let left = Errors::of(kinds, &tree);
        if left.bytes >= errors.bytes {
            break;
        }
        errors = left;
        let mut notes = best.map_or_else(Vec::new, |best| best.notes);
        notes.extend(edits.iter().filter_map(|edit| Some((edit.at, edit.note?))));
        best = Some(Repaired { text: after, tree, notes });
    }
    best
}

fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let range = edit.at.start as usize..edit.at.end as usize;
        let slice = bytes.get_mut(range)?;
        slice.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        let at = slice.len().checked_sub(edit.word.len())?;
        slice[at..].copy_from_slice(edit.word.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// An error region and the node it stands in.
struct Error {
    at: Span,
    parent: Kind,
    parent_at: Span,
}

struct Errors {
    all: Vec<Error>,
    /// Bytes in error regions; a missing token counts as one.
    bytes: u64,
}

impl Errors {
    fn of(kinds: &Kinds, tree: &Tree) -> Self {
        let mut errors = Self { all: Vec::new(), bytes: 0 };
        let mut stack = vec![(tree.root_node(), Kind::Other, Span::default(), true)];
        let mut cursor = tree.walk();
        while let Some((node, parent, parent_at, counts)) = stack.pop() {
            let at = span(&node);
            let broken = node.is_error() || node.is_missing();
            if broken {
                errors.bytes += if counts { u64::from(at.end - at.start).max(1) } else { 0 };
                errors.all.push(Error { at, parent, parent_at });
            }
            if node.has_error() {
                let kind = kinds.kind(&node);
                stack.extend(node.children(&mut cursor).map(|child| (child, kind, at, counts && !broken)));
            }
        }
        errors
    }

    /// What may help. Each node and each line is looked at once, however many errors it holds.
    fn edits(&self, text: &str) -> Vec<Edit> {
        let mut edits = Vec::new();
        let lines = LineIndex::new(text);
        let (mut parents, mut seen_lines) = (BTreeSet::new(), BTreeSet::new());
        for error in &self.all {
            if error.parent == Kind::JsxElement {
                ampersand(text, error.at, &mut edits);
            } else if parents.insert(error.parent_at) {
                match error.parent {
                    Kind::TypeParameters => variance(text, error.parent_at, &mut edits),
                    Kind::FieldDefinition => modifiers(text, error.parent_at, &mut edits),
                    Kind::ExportStatement | Kind::ImportStatement => stars(text, error.parent_at, &mut edits),
                    _ => {}
                }
            }
            import_arguments(text, error.at, &mut edits);
            for line in lines.line(error.at.start)..=lines.line(error.at.end) {
                if seen_lines.insert(line) {
                    let end = if line == lines.len() { text.len() as u32 } else { lines.start(line + 1) };
                    using(text, Span::new(lines.start(line), end), &mut edits);
                    import_types(text, Span::new(lines.start(line), end), &mut edits);
                }
            }
        }
        edits
    }
}

/// The words and signs of a region: names as a whole, everything else byte by byte, blanks left out.
fn words(text: &str, at: Span) -> impl Iterator<Item = (Span, &str)> {
    let end = at.end as usize;
    let mut from = at.start as usize;
    std::iter::from_fn(move || {
        let rest = text.get(from..end)?;
        from += rest.len() - rest.trim_start().len();
        let rest = text.get(from..end)?;
        let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '#';
        let len = match rest.find(|c| !is_name(c)) {
            Some(0) => rest.chars().next()?.len_utf8(),
            Some(len) => len,
            None if rest.is_empty() => return None,
            None => rest.len(),
        };
        let span = Span::new(from as u32, (from + len) as u32);
        from += len;
        Some((span, &rest[..len]))
    })
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$' || c == '#')
}

/// `<in T, out U>`.
fn variance(text: &str, at: Span, edits: &mut Vec<Edit>) {
    let words: Vec<(Span, &str)> = words(text, at).collect();
    let mut leads = false;
    for pair in words.windows(2) {
        let (at, word) = pair[0];
        if leads && matches!(word, "in" | "out") && is_name(pair[1].1) && pair[1].1 != "extends" {
            edits.push(Edit::blank(at));
        } else {
            leads = matches!(word, "<" | ",");
        }
    }
}

/// `static accessor a`, `override declare b`: orders of modifiers that the grammar does not know.
fn modifiers(text: &str, at: Span, edits: &mut Vec<Edit>) {
    let mut words = words(text, at).peekable();
    while let Some((at, word)) = words.next() {
        let next = words.peek().map_or("", |(_, next)| next);
        if !(is_name(next) || matches!(next, "[" | "\"" | "'")) {
            return;
        }
        match word {
            "accessor" | "declare" | "override" | "readonly" | "abstract" => edits.push(Edit::blank(at)),
            "static" | "public" | "private" | "protected" => {}
            _ => return,
        }
    }
}

/// `export type * from`, `import defer * as`.
fn stars(text: &str, at: Span, edits: &mut Vec<Edit>) {
    let words: Vec<(Span, &str)> = words(text, at).take(3).collect();
    match words[..] {
        [(_, "export"), (at, "type"), (_, "*")] => {
            edits.push(Edit { at, word: "", note: Some(Note::TypeOnly) });
        }
        [(_, "import"), (at, "defer"), (_, "*")] => edits.push(Edit::blank(at)),
        _ => {}
    }
}

/// A lone `&` in the text between tags.
fn ampersand(text: &str, at: Span, edits: &mut Vec<Edit>) {
    if at.of(text).starts_with('&') {
        edits.push(Edit::blank(Span::new(at.start, at.start + 1)));
    }
}

/// `import("x").A<B>` as a type: the arguments.
fn import_arguments(text: &str, at: Span, edits: &mut Vec<Edit>) {
    let from = at.start as usize;
    let window = (from.saturating_sub(400)..=from).find(|at| text.is_char_boundary(*at)).unwrap_or(from);
    let (Some(before), Some(after)) = (text.get(window..from), text.get(from..)) else { return };
    let blanks = after.len() - after.trim_start().len();
    if !after.trim_start().starts_with('<') {
        return;
    }
    let path = before.trim_end().trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'));
    let Some(import) = path.strip_suffix(['"', '\'']).or_else(|| path.strip_suffix(')')) else { return };
    let Some(start) = import.rfind("import(") else { return };
    if import[start..].contains(['\n', ';']) {
        return;
    }
    let mut open = 0_u32;
    let mut last = ' ';
    for (offset, sign) in after.char_indices().skip(blanks).take(4_000) {
        match sign {
            '<' => open += 1,
            '>' if last != '=' => open = open.saturating_sub(1),
            ';' => return,
            _ => {}
        }
        last = sign;
        if open == 0 {
            let at = Span::new((from + blanks) as u32, (from + offset + 1) as u32);
            let note = at.of(text).contains('(').then_some(Note::Call);
            edits.push(Edit { at, word: "", note });
            return;
        }
    }
}

/// `import("x").A[]` and `f<typeof import("x")>()` in a line: the brackets, and the whole argument.
fn import_types(text: &str, line: Span, edits: &mut Vec<Edit>) {
    const TYPE_OF: &str = "<typeof import(";
    let shown = line.of(text);
    for (at, _) in shown.match_indices("import(") {
        let Some(close) = shown[at..].find(')').map(|close| at + close + 1) else { return };
        let specifier = shown[at + "import(".len()..close - 1].trim();
        if !specifier.starts_with(['"', '\'']) || !specifier.ends_with(['"', '\'']) {
            continue;
        }
        let named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
        let end = close + shown[close..].find(|c| !named(c)).unwrap_or(shown.len() - close);
        let from = (at + "import(".len()).saturating_sub(TYPE_OF.len());
        if shown.get(from..).is_some_and(|rest| rest.starts_with(TYPE_OF)) && shown[end..].starts_with('>') {
            edits.push(Edit::blank(Span::new(line.start + from as u32, line.start + end as u32 + 1)));
            continue;
        }
        let brackets = shown[end..].len() - shown[end..].trim_start_matches("[]").len();
        if brackets > 0 {
            edits.push(Edit::blank(Span::new(line.start + end as u32, line.start + (end + brackets) as u32)));
        }
    }
}

/// `for (using x of y)` in a line: declared with `const`, and disposed of all the same.
fn using(text: &str, at: Span, edits: &mut Vec<Edit>) {
    let words: Vec<(Span, &str)> = words(text, at).collect();
    for (index, (_, word)) in words.iter().enumerate() {
        let mut next = index + 1;
        if *word != "for" {
            continue;
        }
        let is = |index: usize, word: &str| words.get(index).is_some_and(|(_, found)| *found == word);
        next += usize::from(is(next, "await"));
        if !is(next, "(") {
            continue;
        }
        next += 1;
        let first = next;
        let is_await = is(next, "await");
        next += usize::from(is_await);
        if is(next, "using") && words.get(next + 1).is_some_and(|(_, name)| is_name(name)) && is(next + 2, "of") {
            let at = Span::new(words[first].0.start, words[next].0.end);
            edits.push(Edit { at, word: "const", note: Some(Note::Using { is_await }) });
        }
    }
}
